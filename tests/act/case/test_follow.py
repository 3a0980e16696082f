"""The customer's page: what they see and say by their token, and nothing else (F1, F4)."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.act.case.conftest import NOON

from mindgap.act.case import actions, follow
from mindgap.act.case.errors import Incomplete, NoSuchCase, NotPossible, TooOften
from mindgap.act.models import Case, CaseEvent, Notice
from mindgap.ground import clock
from mindgap.keep.models import Customer

WHY = {"fault": "company", "cause": "warehouse", "severity": "forgivable"}


def test_the_customer_sees_what_was_said_to_them_and_nothing_said_among_colleagues(
    case: Case, people: SimpleNamespace
) -> None:
    actions.note(case.pk, people.nina, words="He always complains")
    actions.contact(case.pk, people.nina, version=0, words="Shouted at me")
    actions.apologise(case.pk, people.nina, version=1, words="We are sorry for the delay")
    actions.promise_recovery(case.pk, people.nina, version=2, words="A new box", due=NOON + timedelta(days=2))
    seen = follow.standing(case.token)
    assert [(each.kind, each.words) for each in seen.said] == [
        ("apology", "We are sorry for the delay"),
        ("promise", "A new box"),
    ]
    assert (seen.recovery_promise, seen.recovery_due) == ("A new box", NOON + timedelta(days=2))
    told = str({**asdict(seen), "organization": "", "touchpoint": ""})
    for secret in ("complains", "Shouted", "Nina", "Delivered two days late", "王小明", case.token):
        assert secret not in told


@pytest.mark.parametrize("token", ["", "x", "0" * 24, "ü" * 24, "\x00"])
def test_without_the_token_there_is_nothing(case: Case, token: str) -> None:
    for each in (
        follow.standing,
        lambda it: follow.reply(it, "x"),
        lambda it: follow.confirm(it, recovered=True),
    ):
        with pytest.raises(NoSuchCase):
            each(token)
    with pytest.raises(NoSuchCase):
        follow.standing(case.token[:-1])


def test_a_reply_lets_the_clocks_run_again_and_the_owner_hears_it_without_numbers(
    case: Case, people: SimpleNamespace
) -> None:
    actions.await_customer(case.pk, people.nina, version=0, words="Which number?")
    assert follow.standing(case.token).is_awaited
    with clock.frozen(NOON + timedelta(hours=5)):
        replied = follow.reply(case.token, "Call me at 13800001111")
    assert (replied.state, replied.paused_since, replied.paused_seconds) == ("resolving", None, 5 * 3600)
    told = Notice.objects.get(kind="case_replied")
    assert told.member == people.nina
    assert told.words["facts"]["words"] == "Call me at ***"
    assert CaseEvent.objects.get(kind="replied").by_customer


def test_a_reply_after_the_end_opens_the_case_again_with_its_first_times(
    case: Case, people: SimpleNamespace
) -> None:
    actions.resolve(case.pk, people.nina, version=0, **WHY)
    actions.close(case.pk, people.nina, version=1)
    with clock.frozen(NOON + timedelta(days=1)):
        again = follow.reply(case.token, "It broke again")
    assert (again.state, again.resolved_at, again.closed_at, again.level) == ("resolving", NOON, None, 1)


def test_only_the_customers_word_makes_it_recovered(case: Case, people: SimpleNamespace) -> None:
    with pytest.raises(NotPossible):
        follow.confirm(case.token, recovered=True)
    resolved = actions.resolve(case.pk, people.nina, version=0, **WHY)
    assert resolved.outcome == ""
    confirmed = follow.confirm(case.token, recovered=True, words="Thank you")
    assert (confirmed.state, confirmed.outcome, confirmed.verified_at) == ("verified", "recovered", NOON)
    with pytest.raises(NotPossible):
        follow.confirm(case.token, recovered=True)


def test_a_customer_who_says_no_on_the_page_opens_it_again(case: Case, people: SimpleNamespace) -> None:
    actions.resolve(case.pk, people.nina, version=0, **WHY)
    again = follow.confirm(case.token, recovered=False, words="Nobody came")
    assert (again.state, again.outcome, again.level, again.verify_at) == (
        "resolving",
        "not_recovered",
        1,
        None,
    )


def test_closing_without_a_word_is_never_recovered(case: Case, people: SimpleNamespace) -> None:
    actions.resolve(case.pk, people.nina, version=0, **WHY)
    closed = actions.close(case.pk, people.nina, version=1)
    assert (closed.state, closed.outcome) == ("closed", "no_answer")
    assert follow.confirm(case.token, recovered=True).outcome == "recovered"


def test_nobody_writes_without_end_or_without_words(case: Case) -> None:
    with pytest.raises(Incomplete):
        follow.reply(case.token, " \x00 ")
    for _ in range(12):
        follow.reply(case.token, "and another thing")
    with pytest.raises(TooOften):
        follow.reply(case.token, "and another thing")
    with clock.frozen(NOON + timedelta(hours=2)):
        follow.reply(case.token, "one more")


def test_the_token_of_a_merged_case_shows_the_case_that_goes_on(
    opened: Callable[..., Case], people: SimpleNamespace
) -> None:
    first, second = opened("a"), opened("b")
    actions.merge(second.pk, people.nina, version=0, into=first.number)
    follow.reply(second.token, "Anybody there?")
    assert CaseEvent.objects.get(kind="replied").case == first
    assert follow.standing(second.token).number == first.number


def test_cases_of_two_people_or_of_nobody_known_are_never_merged(
    opened: Callable[..., Case], people: SimpleNamespace, chain: object
) -> None:
    other = Customer.objects.create(id=2, organization=chain, name="Li")
    first, second, third, fourth = (
        opened("a"),
        opened("b", customer=other),
        opened("c", customer=None),
        opened("d", customer=None),
    )
    for left, right in ((first, second), (third, fourth)):
        with pytest.raises(actions.Incomplete) as caught:
            actions.merge(left.pk, people.nina, version=0, into=right.number)
        assert caught.value.code == "other_customer"
