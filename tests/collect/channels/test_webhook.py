"""Webhooks as Standard Webhooks 1.0.0 say: signed, tried ten times, stopped by 410, never into the own network (F1-F6)."""

import json
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from tests.collect.channels.conftest import Receiver, opened

from mindgap.collect.channels import deliver
from mindgap.collect.channels.contract import Callback, NotGenuine
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.webhook.channel import CHANNEL, sign, signatures
from mindgap.collect.models import SendingAccount
from mindgap.collect.outgoing import Blocked, Guard, Http, OutgoingProblem, Reply
from mindgap.ground import clock
from mindgap.show.pages.settings.sending_form import AccountForm

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SAID = Message(reference="r" * 32, to="ann@x.org", subject="Hi", text="质量", link="https://x.example/s/a/b")


def test_the_signature_is_that_of_the_specification() -> None:
    right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}') == right


def test_the_body_that_is_signed_is_the_body_that_is_sent(receiver: Receiver, http: Http) -> None:
    def check(request):
        name, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        assert request.headers["webhook-signature"] == sign(SECRET, name, at, request.body)
        assert json.loads(request.body)["data"]["text"] == "质量"
        return 204, b"", {}

    receiver.answer = check
    ours = opened("webhook", url=f"{receiver.url}/in", secret=SECRET)
    assert CHANNEL.send(ours, CHANNEL.render(SAID, ours), http).state == "accepted"


@pytest.mark.parametrize(
    ("status", "state"),
    [(301, "retry"), (302, "retry"), (307, "retry"), (308, "retry"), (410, "refused"), (500, "retry")],
)
def test_anything_but_2xx_is_a_failure(receiver: Receiver, http: Http, status: int, state: str) -> None:
    receiver.answer = lambda request: (status, b"", {"Location": f"{receiver.url}/other"})
    ours = opened("webhook", url=f"{receiver.url}/in", secret=SECRET)
    assert CHANNEL.send(ours, CHANNEL.render(SAID, ours), http).state == state
    assert len(receiver.asked) == 1


def test_an_address_inside_the_network_is_refused_at_sending_as_well(receiver: Receiver) -> None:
    """F1."""
    ours = opened("webhook", url=f"{receiver.url}/in", secret=SECRET)
    outcome = CHANNEL.send(ours, CHANNEL.render(SAID, ours), Http(Guard()))
    assert (outcome.state, outcome.code, receiver.asked) == ("refused", "blocked_address", [])


NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_the_reference_implementation_believes_us_with_either_secret(receiver: Receiver, http: Http) -> None:
    """F5: while the secret is changed, who knows the old one and who knows the new one both find theirs."""

    def check(request):
        for secret in (SECRET, NEW):
            assert Webhook(secret).verify(request.body, request.headers)["data"]["text"] == "质量"
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(request.body + b" ", request.headers)
        return 204, b"", {}

    receiver.answer = check
    ours = opened("webhook", url=f"{receiver.url}/in", secret=NEW, previous_secret=SECRET)
    assert CHANNEL.send(ours, CHANNEL.render(SAID, ours), http).state == "accepted"


def test_a_report_signed_with_either_secret_is_believed_and_no_other() -> None:
    ours = opened("webhook", url="https://x.example/", secret=NEW, previous_secret=SECRET)
    body, now = b'{"events": [{"kind": "delivered", "reference": "r"}]}', str(int(clock.now().timestamp()))
    for secret, is_ours in ((SECRET, True), (NEW, True), ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", False)):
        given = {
            "webhook-id": "m",
            "webhook-timestamp": now,
            "webhook-signature": sign(secret, "m", now, body),
        }
        if is_ours:
            assert len(CHANNEL.receive(ours, Callback(headers=given, body=body)).events) == 1
        else:
            with pytest.raises(NotGenuine):
                CHANNEL.receive(ours, Callback(headers=given, body=body))
    assert len(signatures(ours, "m", now, body).split()) == 2


# Ways to write what is not of the open internet.
INSIDE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://127\u30020\u30020\u30021/", "https://\uff11\uff12\uff17.0.0.1/", "https://localhost/", "https://LOCALHOST./",
    "https://[::1]/", "https://[::]/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fec0::1]/", "https://[fe80::1]/",
    "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.0.1/",
    "https://169.254.169.254/", "https://100.100.100.200/", "https://100.64.0.1/", "https://192.0.0.192/",
    "https://198.18.0.1/", "https://168.63.129.16/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://user@127.0.0.1/", "https://example.org@127.0.0.1/", "http://93.184.216.34/", "http://127.0.0.1:8000/",
    "https://93.184.216.34:22/", "gopher://127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "//127.0.0.1/",
    "https:///x", "https://127.0.0.1\\@example.org/", "https://exa mple.org/",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("url", INSIDE)
def test_an_address_that_leads_inside_is_refused_at_save_at_test_and_at_send(
    url: str, shop, receiver: Receiver
) -> None:
    """F1: and nobody was asked anything."""
    guard = Guard()
    with pytest.raises(OutgoingProblem):
        guard.check(url)
    form = AccountForm(
        {"name": "Hook", "way": "email", "is_active": "on", "url": url, "secret": SECRET},
        channel=CHANNEL, account=SendingAccount(organization=shop, channel="webhook"),
    )  # fmt: skip
    is_refused = not form.is_valid() and "url" in form.errors
    kept = SendingAccount(organization=shop, channel="webhook", name="x", way="email", settings={"url": url})
    kept.close({"secret": SECRET})
    kept.save()
    outcome, _ = deliver.try_out(kept, SAID, Http(guard, seconds=2))
    # A name that nobody resolves may be saved, since it may exist tomorrow; it is not sent to.
    assert is_refused or outcome.code == "unreachable"
    assert outcome.state == "refused" or outcome.code == "unreachable"
    row = deliver.hand_over(kept, SAID)
    deliver.run_next(http=Http(guard, seconds=2))
    row.refresh_from_db()
    assert row.state in ("failed", "waiting")
    assert receiver.asked == []


def test_a_name_that_moves_inside_between_look_up_and_connection_is_not_followed(receiver: Receiver) -> None:
    """F3: what was checked is what is connected to; a second look-up would be the wrong one."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    guard = Guard(resolve=lambda _host, _port: next(answers))
    guard.check("https://moving.example/")
    with pytest.raises(Blocked):
        Http(guard, seconds=1).post("https://moving.example/", b"{}", headers={})
    assert receiver.asked == []


@pytest.fixture
def hook(account, receiver: Receiver) -> SendingAccount:
    return account("webhook", url=f"{receiver.url}/in", secret=SECRET)


def drain(row: Delivery, http: Http) -> list[float]:
    """Let it be tried until its end; the seconds between the attempts."""
    waits = []
    while row.state == "waiting":
        with clock.frozen(row.next_at):
            before = row.next_at
            while deliver.run_next(http=http):
                pass
        row.refresh_from_db()
        if row.state == "waiting":
            waits.append((row.next_at - before).total_seconds())
    return waits


@pytest.mark.django_db
def test_it_is_tried_ten_times_at_the_stated_times(hook, receiver: Receiver, http: Http) -> None:
    """F4."""
    receiver.answer = lambda _: (500, b"", {})
    row = deliver.hand_over(hook, SAID)
    waits = drain(row, http)
    stated = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert len(waits) == len(stated)
    assert all(0.9 * right <= wait <= 1.1 * right + 1 for right, wait in zip(stated, waits, strict=True))
    assert (row.state, len(receiver.asked)) == ("failed", 10)
    assert {each.headers["webhook-id"] for each in receiver.asked} == {SAID.reference}


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["number", "date"])
def test_the_receiver_says_how_long_to_wait(
    hook, receiver: Receiver, http: Http, status: int, form: str
) -> None:
    """F4."""
    now = clock.now().replace(microsecond=0)
    date = (now + timedelta(seconds=1_000)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    receiver.answer = lambda _: (status, b"", {"Retry-After": "1000" if form == "number" else date})
    row = deliver.hand_over(hook, SAID, at=now)
    with clock.frozen(now):
        deliver.run_next(http=http)
    row.refresh_from_db()
    assert (row.next_at - now).total_seconds() == pytest.approx(1_000, abs=1)


@pytest.mark.django_db
def test_a_receiver_that_is_gone_is_asked_no_more(hook, receiver: Receiver, http: Http) -> None:
    """F4: 410 switches the account off; what waits stays until somebody switches it on again."""
    receiver.answer = lambda _: (410, b"", {})
    first = deliver.hand_over(hook, SAID)
    deliver.run_next(http=http)
    second = deliver.hand_over(hook, Message(reference="s" * 32, kind="notice", text="x"))
    assert not deliver.run_next(http=http)
    for row in (hook, first, second):
        row.refresh_from_db()
    assert (hook.is_active, hook.last_code) == (False, "gone")
    assert (first.state, second.state, len(receiver.asked)) == ("failed", "waiting", 1)


@pytest.mark.django_db
def test_what_is_delivered_again_has_the_same_id(hook, receiver: Receiver, http: Http) -> None:
    """F4: manual replay."""
    row = deliver.hand_over(hook, SAID)
    deliver.run_next(http=http)
    deliver.sweep()
    row.refresh_from_db()
    deliver.redeliver(row, SAID)
    deliver.run_next(http=http)
    row.refresh_from_db()
    assert row.state == "sent"
    assert [each.headers["webhook-id"] for each in receiver.asked] == [SAID.reference] * 2


class Wire:
    """An edge: what lies between an account and a receiver which loses, doubles and holds up thirty in a hundred."""

    def __init__(self, seed: int) -> None:
        self.chance, self.ledger, self.taken, self.signed = np.random.default_rng(seed), {}, Counter(), 0
        self.held: list[tuple[str, bytes]] = []

    def post(self, _url: str, body: bytes, *, headers: dict[str, str]) -> Reply:
        fate, name = self.chance.random(), headers["webhook-id"]
        if fate < 0.06:
            raise OutgoingProblem("the line broke")
        if fate < 0.12:
            return Reply(500, b"", {})
        if fate < 0.18:
            # Held up on the way: it arrives after others that were sent later; the sender hears nothing of it.
            self.held.append((name, body))
            raise OutgoingProblem("no reply in time", is_sent=True)
        self.take(name, body)
        if fate < 0.24:
            # Taken, and yet the sender hears nothing of it, or that it failed.
            raise OutgoingProblem("cut off", is_sent=True)
        if fate < 0.30:
            return Reply(503, b"", {})
        if self.held and fate < 0.5:
            self.take(*self.held.pop(int(self.chance.integers(len(self.held)))))
        return Reply(200, b"{}", {})

    def take(self, name: str, body: bytes) -> None:
        self.taken[name] += 1
        said = json.loads(body)["data"]["text"]
        assert self.ledger.setdefault(name, said) == said


EVENTS = 10_000


@pytest.mark.slow
@pytest.mark.django_db
def test_a_receiver_that_loses_doubles_and_reorders_ends_with_what_was_sent(hook) -> None:
    """F6: a ledger by `webhook-id` equals the database, though 30 % of 10,000 replies are not what they seem."""
    wire = Wire(seed=6)
    sent = {f"{number:032x}": f"event {number}" for number in range(EVENTS)}
    order = [f"{number:032x}" for number in wire.chance.permutation(EVENTS)]
    start = clock.now()
    # The clock stands, so that on a slow machine nothing is tried again earlier than on a fast one.
    with clock.frozen(start):
        for first in range(0, EVENTS, 500):
            batch = order[first : first + 500]
            letters = [(hook, Message(reference=each, kind="notice", text=sent[each])) for each in batch]
            deliver.hand_over_all(letters)
            for _ in range(5):
                deliver.run_next(http=wire)
    for day in range(10):
        with clock.frozen(start + timedelta(days=day)):
            while deliver.run_next(http=wire):
                pass
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert wire.ledger == sent
    # It was hard: a good part came more than once, or after others.
    assert sum(each > 1 for each in wire.taken.values()) > EVENTS / 20


@pytest.mark.django_db
def test_what_was_claimed_and_not_tried_is_given_back(hook, receiver: Receiver, http: Http) -> None:
    """F4: a receiver that wants less is not asked for the rest, and none of it has lost an attempt."""
    receiver.answer = lambda _: (
        (200, b"{}", {}) if len(receiver.asked) < 3 else (429, b"", {"Retry-After": "1000"})
    )
    now = clock.now().replace(microsecond=0)
    with clock.frozen(now):
        deliver.hand_over_all(
            [(hook, Message(reference=f"{number:032x}", kind="notice", text="x")) for number in range(8)]
        )
        while deliver.run_next(http=http):
            pass
    rows = list(Delivery.objects.order_by("id").values_list("state", "attempts"))
    assert rows == [("sent", 1)] * 2 + [("waiting", 1)] + [("waiting", 0)] * 5
    assert len(receiver.asked) == 3
    first = Delivery.objects.filter(state="waiting").earliest("next_at").next_at
    assert (first - now).total_seconds() >= 1_000
    receiver.answer = lambda _: (200, b"{}", {})
    with clock.frozen(now + timedelta(seconds=1_001)):
        while deliver.run_next(http=http):
            pass
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
