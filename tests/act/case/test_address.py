"""The address of the customer's page reaches the customer: with the first step that somebody takes, and when we ask."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.act.case.conftest import NOON
from tests.act.conftest import Post

from mindgap.act.case import actions, verification
from mindgap.act.models import Case, CaseEvent
from mindgap.collect.channels import catalog
from mindgap.collect.models import Delivery, SendingAccount
from mindgap.ground import clock
from mindgap.keep import optout
from mindgap.keep.models import Customer, OptOut, Organization

WORDS = {
    "en": "On your own page you can read how far we are",
    "zh-hans": "您可以在您的专属页面上查看进展",
    "zh-hant": "您可以在您的專屬頁面查看進度",
}


@pytest.fixture
def mail(chain: Organization, post: Post) -> SendingAccount:
    """The chain sends mail, to the server on loopback."""
    settings = {each.name: each.default for each in catalog()["smtp"].fields if each.default}
    settings |= {"host": "127.0.0.1", "port": str(post.port), "security": "none", "from": "care@chain.org"}
    return SendingAccount.objects.create(
        organization=chain, channel="smtp", name="Mail", way="email", settings=settings
    )


def bodies(post: Post) -> list[str]:
    """What Wang got, plain."""
    return [each.get_body(("plain",)).get_content() for each in post.to("wang")]


@pytest.mark.parametrize("code", WORDS)
def test_the_first_step_brings_the_customer_the_address_once_in_their_language(
    case: Case,
    people: SimpleNamespace,
    mail: SendingAccount,
    post: Post,
    send_all: Callable[[], None],
    code: str,
) -> None:
    Customer.objects.update(language=code)
    actions.acknowledge(case.pk, people.nina, version=0)
    actions.contact(case.pk, people.nina, version=1)
    send_all()
    (told,) = bodies(post)
    assert WORDS[code] in told
    assert f"/k/{case.token}/" in told
    event = CaseEvent.objects.get(case=case, kind="linked")
    assert event.changes == {"channel": "email"}
    # The trail is read by many; the address is a key.
    assert case.token not in str(list(CaseEvent.objects.values_list("words", "changes")))


def test_who_is_asked_something_first_gets_the_address_to_answer_at(
    case: Case, people: SimpleNamespace, mail: SendingAccount, post: Post, send_all: Callable[[], None]
) -> None:
    actions.await_customer(case.pk, people.nina, version=0, words="Which colour?")
    send_all()
    assert [f"/k/{case.token}/" in each for each in bodies(post)] == [True]


@pytest.mark.parametrize("code", WORDS)
def test_the_mail_that_asks_whether_it_was_put_right_carries_the_address_too(
    case: Case,
    people: SimpleNamespace,
    mail: SendingAccount,
    post: Post,
    send_all: Callable[[], None],
    code: str,
) -> None:
    Customer.objects.update(language=code)
    actions.resolve(case.pk, people.nina, version=0, fault="company", cause="x", severity="forgivable")
    with clock.frozen(NOON + timedelta(days=3)):
        verification.ask_due()
        send_all()
    (asked,) = bodies(post)
    beside = {"en": "What we did, and", "zh-hans": "请看您的专属页面", "zh-hant": "請看您的專屬頁面"}[code]
    assert asked.index(beside) < asked.index(f"/k/{case.token}/") < asked.index("/s/")


def test_who_opted_out_or_cannot_be_reached_is_sent_nothing_and_the_step_is_done_all_the_same(
    case: Case, people: SimpleNamespace, mail: SendingAccount, opened: Callable[..., Case]
) -> None:
    OptOut.objects.create(organization=case.organization, customer_id=1, channel=optout.EVERYWHERE)
    assert actions.acknowledge(case.pk, people.nina, version=0).acknowledged_at == NOON
    nameless = opened("k2", customer=None)
    assert actions.acknowledge(nameless.pk, people.nina, version=0).acknowledged_at == NOON
    assert not Delivery.objects.exists()
    assert not CaseEvent.objects.filter(kind="linked").exists()


def test_at_night_it_waits_for_the_morning(case: Case, people: SimpleNamespace, mail: SendingAccount) -> None:
    with clock.frozen(NOON + timedelta(hours=11)):
        actions.acknowledge(case.pk, people.nina, version=0)
    assert Delivery.objects.get().next_at.astimezone(clock.zone("Asia/Shanghai")).hour == 9


def test_wording_that_is_registered_with_a_provider_cannot_bring_it(
    case: Case, people: SimpleNamespace, chain: Organization
) -> None:
    SendingAccount.objects.create(organization=chain, channel="aliyun_sms", name="SMS", way="sms")
    actions.acknowledge(case.pk, people.nina, version=0)
    assert not Delivery.objects.exists()
