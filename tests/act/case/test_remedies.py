"""Remedies: within the giver's authority and budget, else a lead decides (R187)."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from tests.act.case.conftest import NOON

from mindgap.act.case import actions
from mindgap.act.case.errors import Incomplete, NotAllowed, NotPossible
from mindgap.act.case.remedies import Room, room
from mindgap.act.models import Authority, Case, Notice, Remedy
from mindgap.ground import clock
from mindgap.keep.models import Organization


@pytest.fixture
def mine(opened: Callable[..., Case], people: SimpleNamespace) -> Case:
    """A case of Fay's."""
    return opened(owner=people.fay)


@pytest.fixture
def limits(chain: Organization) -> None:
    """Front line people may give 100 yuan in a case and 250 in a month; branch managers 1,000 and 5,000."""
    for role, case, month in (("front_line", 10_000, 25_000), ("branch_manager", 100_000, 500_000)):
        Authority.objects.create(organization=chain, role=role, per_case_minor=case, per_month_minor=month)


def give(case: Case, member: object, cost: int) -> Remedy:
    case.refresh_from_db()
    actions.remedy(case.pk, member, version=case.version, kind="voucher", cost_minor=cost, words="Sorry")
    return Remedy.objects.latest("id")


def test_within_authority_it_is_given_and_beyond_it_the_lead_is_asked(
    mine: Case, people: SimpleNamespace, limits: None
) -> None:
    assert give(mine, people.fay, 10_000).state == "given"
    assert give(mine, people.fay, 1).state == "asked"
    told = Notice.objects.get(kind="remedy_asked")
    assert (told.member, told.words["facts"]["amount"]) == (people.nina, "0.01 CNY")


def test_the_month_ends_the_budget_and_the_next_one_begins_it_in_the_organizations_zone(
    opened: Callable[..., Case], people: SimpleNamespace, limits: None
) -> None:
    given = [give(opened(key, owner=people.fay), people.fay, 10_000).state for key in ("a", "b", "c")]
    assert given == ["given", "given", "asked"]
    # 31 March, noon in Shanghai; in 13 hours it is April there, though not yet in UTC.
    with clock.frozen(NOON + timedelta(hours=13)):
        assert give(opened("d", owner=people.fay), people.fay, 10_000).state == "given"


def test_a_members_own_authority_comes_before_that_of_the_role(
    mine: Case, people: SimpleNamespace, limits: None, chain: Organization
) -> None:
    Authority.objects.create(organization=chain, member=people.fay, per_case_minor=0, per_month_minor=0)
    assert room(people.fay, mine) == Room(0, 0)
    assert give(mine, people.fay, 1).state == "asked"


def test_without_any_rule_only_managers_of_the_whole_give_without_asking(
    mine: Case, people: SimpleNamespace
) -> None:
    assert room(people.fay, mine) == room(people.nina, mine) == Room(0, 0)
    assert room(people.ann, mine) == Room(None, None)
    assert give(mine, people.fay, 1).state == "asked"
    assert Notice.objects.get(kind="remedy_asked").member == people.ann


def test_an_apology_costs_nothing_and_needs_nobody(mine: Case, people: SimpleNamespace) -> None:
    assert give(mine, people.fay, 0).state == "given"


def test_a_lead_approves_and_it_counts_on_the_leads_account(
    mine: Case, people: SimpleNamespace, limits: None
) -> None:
    asked = give(mine, people.fay, 50_000)
    mine.refresh_from_db()
    actions.approve(mine.pk, people.nina, version=mine.version, remedy=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.approved_by) == ("given", people.nina)
    assert room(people.nina, mine) == Room(50_000, 450_000)
    assert room(people.fay, mine).in_month == 25_000
    assert Notice.objects.get(kind="remedy_approved").member == people.fay
    with pytest.raises(NotPossible):
        actions.approve(mine.pk, people.nina, version=mine.version + 1, remedy=asked.pk)


def test_a_lead_refuses_with_a_reason_and_whoever_asked_hears_it(
    mine: Case, people: SimpleNamespace, limits: None
) -> None:
    asked = give(mine, people.fay, 50_000)
    mine.refresh_from_db()
    with pytest.raises(Incomplete):
        actions.refuse(mine.pk, people.nina, version=mine.version, remedy=asked.pk, words=" ")
    actions.refuse(mine.pk, people.nina, version=mine.version, remedy=asked.pk, words="Offer half")
    asked.refresh_from_db()
    assert asked.state == "refused"
    assert Notice.objects.get(kind="remedy_refused").words["facts"]["reason"] == "Offer half"


def test_nobody_allows_their_own_or_more_than_they_may(
    mine: Case, people: SimpleNamespace, limits: None
) -> None:
    own, large = give(mine, people.nina, 200_000), give(mine, people.fay, 200_000)
    mine.refresh_from_db()
    for remedy in (own, large):
        with pytest.raises(NotAllowed):
            actions.approve(mine.pk, people.nina, version=mine.version, remedy=remedy.pk)
    actions.approve(mine.pk, people.ann, version=mine.version, remedy=own.pk)


@pytest.mark.parametrize(("kind", "cost"), [("gold", 1), ("voucher", -1), ("voucher", 10**18)])
def test_what_is_no_remedy_is_refused_with_words(
    mine: Case, people: SimpleNamespace, kind: str, cost: int
) -> None:
    with pytest.raises(Incomplete):
        actions.remedy(mine.pk, people.fay, version=0, kind=kind, cost_minor=cost)
    assert not Remedy.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_remedies_at_the_same_moment_cannot_together_be_too_much(
    opened: Callable[..., Case], people: SimpleNamespace, chain: Organization
) -> None:
    Authority.objects.create(
        organization=chain, role="front_line", per_case_minor=10_000, per_month_minor=10_000
    )
    cases = [opened(key, owner=people.fay) for key in ("a", "b", "c", "d")]
    together = threading.Barrier(len(cases))

    def run(case: Case) -> None:
        try:
            together.wait(30)
            actions.remedy(case.pk, people.fay, version=0, kind="voucher", cost_minor=6_000)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in cases]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(Remedy.objects.values_list("state", flat=True)) == ["asked", "asked", "asked", "given"]
