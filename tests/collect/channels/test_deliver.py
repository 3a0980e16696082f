"""The outbox: once for each invitation, again when it did not work, never to whom it must not go (F4, F11, J3)."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from tests.collect.channels.conftest import CUT, Receiver, reference

from mindgap.collect.channels import callback, deliver, events, outbox, pace, suppression
from mindgap.collect.channels.contract import Callback, Event
from mindgap.collect.channels.deliver import hand_over, run_next
from mindgap.collect.channels.delivery import Delivery, SeenCallback, Suppression
from mindgap.collect.channels.message import Message
from mindgap.collect.lane.application import Lane
from mindgap.collect.models import SendingAccount
from mindgap.collect.outgoing import Http
from mindgap.ground import clock
from mindgap.keep import optout
from mindgap.keep.models import Invitation, OptOut

pytestmark = pytest.mark.django_db

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def hook(account: Callable[..., SendingAccount], receiver: Receiver) -> SendingAccount:
    """An account whose provider is the receiver."""
    receiver.answer = lambda request: (200, b'{"id": "p1"}', {})
    return account("webhook", url=f"{receiver.url}/hook", secret=SECRET)


def run(http: Http) -> int:
    """Everything that is due; how many steps it took."""
    steps = 0
    while run_next(http=http):
        steps += 1
        assert steps < 1000
    return steps


def later(http: Http, **span: float) -> None:
    with clock.frozen(clock.now() + timedelta(**span)):
        run(http)


def test_an_invitation_leaves_once_and_knows_it(hook, receiver, person, ask, http) -> None:
    invitation, first = ask(person(email="ann@x.org"), hook)
    _, second = ask(person(email="bo@x.org"), hook)
    again = hand_over(hook, Message(reference=reference(), to="ann@x.org"), invitation=invitation)
    assert again.pk == first.pk
    run(http)
    run(http)
    assert len(receiver.asked) == 2
    first.refresh_from_db()
    invitation.refresh_from_db()
    assert (first.state, first.provider_id, invitation.state) == ("sent", "p1", "sent")
    assert second.pk != first.pk


def test_the_link_of_an_invitation_is_not_readable_in_the_database(hook, person, ask) -> None:
    _, row = ask(person(email="ann@x.org"), hook)
    token = deliver.token_of(deliver.letter_of(row.invitation))
    with connection.cursor() as cursor:
        cursor.execute("select * from collect_delivery")
        stored = str(cursor.fetchall())
        cursor.execute("select * from collect_sendingaccount")
        stored += str(cursor.fetchall())
    assert len(token) == 24
    assert token not in stored
    assert SECRET not in stored
    assert "ann@x.org" not in stored


def test_what_did_not_work_is_tried_again_and_then_given_up(hook, receiver, person, ask, http) -> None:
    receiver.answer = lambda request: (503, b"", {})
    _, row = ask(person(email="ann@x.org"), hook)
    run(http)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 1)
    with clock.frozen(row.next_at - timedelta(seconds=1)):
        assert not run_next(http=http)
    while row.state == "waiting":
        with clock.frozen(row.next_at):
            run(http)
        row.refresh_from_db()
    assert (row.state, row.attempts, len(receiver.asked)) == ("failed", 10, 10)
    assert len({request.headers["webhook-id"] for request in receiver.asked}) == 1


def test_the_provider_says_how_long_to_wait(hook, receiver, person, ask, http) -> None:
    receiver.answer = lambda request: (429, b"", {"Retry-After": "900"})
    _, row = ask(person(email="ann@x.org"), hook)
    run(http)
    row.refresh_from_db()
    assert row.next_at - clock.now() > timedelta(seconds=880)


def test_a_customer_who_opted_out_meanwhile_gets_nothing(hook, receiver, person, ask, http) -> None:
    """F11."""
    ann = person(email="ann@x.org")
    _, row = ask(ann, hook)
    OptOut.objects.create(organization=hook.organization, customer=ann, channel="")
    run(http)
    row.refresh_from_db()
    assert (row.state, row.code, receiver.asked) == ("suppressed", "opted_out", [])


@pytest.mark.parametrize("state", ["answered", "revoked", "bounced", "expired"])
def test_an_invitation_that_is_over_is_not_sent(hook, receiver, person, ask, http, state) -> None:
    invitation, row = ask(person(email="ann@x.org"), hook)
    Invitation.objects.filter(pk=invitation.pk).update(state=state)
    run(http)
    row.refresh_from_db()
    assert (row.state, row.code, receiver.asked) == ("suppressed", "invitation_over", [])


def test_the_same_words_to_one_address_leave_once_in_twelve_hours(hook, receiver, person, ask, http) -> None:
    ann = person(email="ann@x.org")
    ask(ann, hook)
    _, second = ask(ann, hook)
    run(http)
    second.refresh_from_db()
    assert (len(receiver.asked), second.state, second.code) == (1, "suppressed", "same_again")
    _, third = ask(ann, hook)
    later(http, hours=13)
    third.refresh_from_db()
    assert third.state == "sent"


def test_a_dead_address_gets_nothing_more(hook, person, ask, http) -> None:
    invitation, row = ask(person(email="Ann@x.org"), hook)
    run(http)
    events.apply(hook, [Event("bounced", reference=row.reference, code="5.1.1", is_hard=True)])
    row.refresh_from_db()
    invitation.refresh_from_db()
    assert (row.state, invitation.state) == ("bounced", "bounced")
    assert suppression.is_suppressed(hook.organization_id, hook.way, row.address)
    _, next_row = ask(person(email=" ann@X.org"), hook)
    run(http)
    next_row.refresh_from_db()
    assert next_row.code == "suppressed_address"


def test_a_complaint_stops_the_channel_for_the_person(hook, person, ask, http) -> None:
    ann = person(email="ann@x.org")
    _, row = ask(ann, hook)
    run(http)
    events.apply(hook, [Event("complained", reference=row.reference)])
    assert optout.is_out(ann, hook.way)
    assert not optout.is_out(ann, "another")


def test_an_event_of_another_account_changes_nothing(hook, account, person, ask, http) -> None:
    """F9: swapped account."""
    _, row = ask(person(email="ann@x.org"), hook)
    run(http)
    other = account("webhook", url="https://x.example/", secret=SECRET)
    assert events.apply(other, [Event("bounced", reference=row.reference, is_hard=True)]) == 0
    row.refresh_from_db()
    assert (row.state, Suppression.objects.count()) == ("sent", 0)


def test_a_worker_that_died_leaves_a_row_that_is_taken_up_again(hook, receiver, person, ask, http) -> None:
    _, row = ask(person(email="ann@x.org"), hook)
    Delivery.objects.filter(pk=row.pk).update(state="sending", attempts=1, tried_at=clock.now())
    assert run(http) == 0
    later(http, minutes=11)
    row.refresh_from_db()
    assert row.state == "waiting"
    with clock.frozen(row.next_at):
        run(http)
    row.refresh_from_db()
    assert (row.state, len(receiver.asked)) == ("sent", 1)


def test_an_invitation_whose_end_is_open_is_given_up_where_a_repeat_would_be_a_second_one(
    account, receiver, person, ask, http
) -> None:
    over = account(
        "twilio_sms", account_sid="AC1", auth_token="t", sender_number="+15005550006", endpoint=receiver.url
    )
    receiver.answer = lambda request: CUT
    _, row = ask(person(phone="+14155550100"), over)
    run(http)
    row.refresh_from_db()
    assert (row.state, row.code, len(receiver.asked)) == ("failed", "unknown_end", 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_row(hook, receiver, person, ask, http) -> None:
    for number in range(20):
        ask(person(email=f"p{number}@x.org"), hook)

    def work() -> None:
        try:
            run(http)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [request.headers["webhook-id"] for request in receiver.asked]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_an_account_keeps_its_limit_over_a_restart(hook, receiver, person, ask, http) -> None:
    hook.settings |= {"per_minute": "3"}
    hook.save()
    for number in range(5):
        ask(person(email=f"p{number}@x.org"), hook)
    start = clock.now()
    with clock.frozen(start):
        run(http)
        assert len(receiver.asked) == 3
        assert pace.next_allowed(hook, start) == start + timedelta(minutes=1)
    with clock.frozen(start + timedelta(seconds=61)):
        run(http)
    assert len(receiver.asked) == 5


def test_an_account_that_is_switched_off_keeps_its_messages(hook, receiver, person, ask, http) -> None:
    ask(person(email="ann@x.org"), hook)
    SendingAccount.objects.update(is_active=False)
    assert run(http) == 0
    SendingAccount.objects.update(is_active=True)
    run(http)
    assert len(receiver.asked) == 1


def test_a_report_that_comes_twice_counts_once(hook, person, ask, http) -> None:
    """F9."""
    _, row = ask(person(email="ann@x.org"), hook)
    run(http)
    from mindgap.collect.channels.webhook.channel import sign

    body = f'{{"events": [{{"kind": "delivered", "reference": "{row.reference}"}}]}}'.encode()
    now = str(int(clock.now().timestamp()))
    good = {"webhook-id": "m1", "webhook-timestamp": now, "webhook-signature": sign(SECRET, "m1", now, body)}
    for _ in range(2):
        assert callback.take(hook.short, Callback(headers=good, body=body)).status == 200
    assert SeenCallback.objects.count() == 1
    row.refresh_from_db()
    assert row.delivered_at is not None
    assert callback.take(hook.short, Callback(headers=good, body=body + b" ")).status == 401
    assert callback.take("unknown", Callback(headers=good, body=body)).status == 404
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert callback.take(hook.short, Callback(headers=good, body=body)).status == 401


def test_letters_are_forgotten_when_the_invitation_is_over(hook, person, ask, http) -> None:
    invitation, _ = ask(person(email="ann@x.org"), hook)
    run(http)
    assert deliver.sweep() == 0
    assert deliver.letter_of(invitation) is not None
    Invitation.objects.filter(pk=invitation.pk).update(state="answered")
    assert deliver.sweep() == 1
    assert deliver.letter_of(invitation) is None


@pytest.mark.django_db(transaction=True)
def test_a_provider_reports_over_the_public_lane(account) -> None:
    over = account("smtp", host="127.0.0.1", inbound_token="t" * 30, **{"from": "a@x.org"})

    async def talk():
        lane = Lane(body_max=1000, queue_max=10)
        transport = httpx.ASGITransport(app=lane)
        async with httpx.AsyncClient(transport=transport, base_url="http://lane") as client:
            good = {"authorization": f"Bearer {'t' * 30}"}
            path = f"/c/v1/sending/{over.short}"
            return [
                (await client.post(path, content=b"x", headers=good)).status_code,
                (await client.post(path, content=b"x")).status_code,
                (await client.post("/c/v1/sending/unknown", content=b"x")).status_code,
                (await client.post(path, content=b"x" * 1_100_000, headers=good)).status_code,
                (await client.delete(path)).status_code,
            ]

    assert asyncio.run(talk()) == [200, 401, 404, 413, 405]


@pytest.mark.django_db(transaction=True)
def test_the_outbox_runs_beside_the_worker_until_it_is_stopped(
    hook, receiver, person, ask, http, monkeypatch
) -> None:
    monkeypatch.setattr(deliver, "_http", lambda: http)
    ask(person(email="ann@x.org"), hook)
    stopping = threading.Event()

    def work() -> None:
        try:
            outbox.run(stopping)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(200):
        if Delivery.objects.filter(state="sent").exists():
            break
        stopping.wait(0.05)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()
    assert len(receiver.asked) == 1
