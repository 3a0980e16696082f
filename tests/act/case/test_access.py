"""Who sees a case and who acts on it: for each action, everybody for whom it is not (I5, R140)."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.act.case.conftest import NOON

from mindgap.act.case import actions, permission, visible
from mindgap.act.case.errors import NoSuchCase, NotAllowed
from mindgap.act.models import Case, CaseEvent, Remedy
from mindgap.keep.models import Member

WHY = {"fault": "company", "cause": "warehouse", "severity": "forgivable"}
# Every action, with what it needs to be said.
GIVEN: dict[str, dict[str, Any]] = {
    "acknowledge": {},
    "contact": {"words": "Called"},
    "note": {"words": "Note"},
    "reassign": {"owner": None, "reason": "On leave"},
    "escalate": {"reason": "Too big for me"},
    "await_customer": {"words": "Which colour?"},
    "resolve": WHY,
    "remedy": {"kind": "voucher", "cost_minor": 100},
    "approve": {"remedy": 0},
    "refuse": {"remedy": 0, "words": "Too much"},
    "apologise": {"words": "We are sorry"},
    "promise_recovery": {"words": "A new one", "due": NOON + timedelta(days=2)},
    "keep_promise": {},
    "merge": {"into": 2},
    "not_actionable": {"reason": "Spam"},
    "close": {},
    "reopen": {"reason": "Still broken"},
}
BLIND = ("sol", "tom", "chen", "zoe", "gus")
# They see the case of Nina's shop and change nothing.
LOOKERS = ("eve", "al")


def act(verb: str, case: Case, member: Member) -> None:
    seen = {} if verb == "note" else {"version": case.version}
    getattr(actions, verb)(case.pk, member, **seen, **GIVEN[verb])


def test_every_action_is_tried_here() -> None:
    assert set(GIVEN) == set(actions.__all__)
    assert set(GIVEN) | {"improve"} == set(permission.VERBS)


@pytest.mark.parametrize("verb", GIVEN)
def test_for_outsiders_a_case_does_not_exist_whatever_they_do(
    case: Case, people: SimpleNamespace, verb: str
) -> None:
    before = (Case.objects.values().get(pk=case.pk), CaseEvent.objects.count(), Remedy.objects.count())
    for name in BLIND:
        with pytest.raises(NoSuchCase):
            act(verb, case, getattr(people, name))
    assert (
        Case.objects.values().get(pk=case.pk),
        CaseEvent.objects.count(),
        Remedy.objects.count(),
    ) == before


@pytest.mark.parametrize("verb", GIVEN)
def test_executives_and_analysts_look_and_change_nothing(
    case: Case, people: SimpleNamespace, verb: str
) -> None:
    for name in LOOKERS:
        assert visible.cases(getattr(people, name)).filter(pk=case.pk).exists()
        with pytest.raises(NotAllowed):
            act(verb, case, getattr(people, name))


@pytest.mark.parametrize("verb", permission.LEAD)
def test_front_line_people_do_not_decide_for_others(
    opened: Callable[..., Case], people: SimpleNamespace, verb: str
) -> None:
    case = opened(owner=people.fay)
    assert permission.may(people.nina, verb, case)
    assert not permission.may(people.fay, verb, case)
    if verb in GIVEN:
        with pytest.raises(NotAllowed):
            act(verb, case, people.fay)


def test_front_line_people_work_on_their_own_cases_and_take_those_of_nobody(
    opened: Callable[..., Case], people: SimpleNamespace
) -> None:
    mine, free = opened("a", owner=people.fay), opened("b")
    Case.objects.filter(pk=free.pk).update(owner=None)
    assert set(visible.cases(people.fay)) == {mine, free}
    assert set(visible.cases(people.gus)) == {free}
    taken = actions.acknowledge(free.pk, people.gus, version=0)
    assert taken.owner == people.gus
    assert not visible.cases(people.fay).filter(pk=free.pk).exists()


def test_whoever_leads_sees_all_below_and_nothing_beside(
    opened: Callable[..., Case], people: SimpleNamespace
) -> None:
    case, nowhere = opened("a"), opened("b", unit=None)
    assert set(visible.cases(people.bo)) == set(visible.cases(people.nina)) == {case}
    assert set(visible.cases(people.ann)) == {case, nowhere}
    assert not visible.cases(people.tom).exists()


def test_what_is_said_of_one_case_is_what_the_query_says(
    opened: Callable[..., Case], people: SimpleNamespace
) -> None:
    cases = [
        opened("a"),
        opened("b", unit=None),
        opened("c", owner=people.fay),
        opened("d", owner=people.gus),
    ]
    Case.objects.filter(pk=cases[1].pk).update(owner=None)
    for member in vars(people).values():
        seen = set(visible.cases(member).values_list("pk", flat=True))
        for each in Case.objects.select_related("unit"):
            assert visible.sees(member, each) == (each.pk in seen), (member, each)


def test_a_case_is_not_given_to_somebody_who_would_not_see_it(case: Case, people: SimpleNamespace) -> None:
    for name in ("sol", "tom", "chen", "zoe", "eve", "al"):
        with pytest.raises(actions.Incomplete) as caught:
            actions.reassign(case.pk, people.nina, version=0, owner=getattr(people, name), reason="Help")
        assert caught.value.code == "cannot_see"


def test_owner_is_whoever_answers_for_the_touchpoint_there_else_the_manager_of_the_unit(
    opened: Callable[..., Case], people: SimpleNamespace, chain: Any
) -> None:
    touchpoint = chain.touchpoints.get(code="delivery")
    touchpoint.owner = people.sol
    touchpoint.save()
    assert opened("elsewhere").owner == people.nina
    touchpoint.owner = people.fay
    touchpoint.save()
    assert opened("here", touchpoint=touchpoint).owner == people.fay
    assert opened("north", unit=chain.units.get(code="north")).owner == people.bo
    assert opened("nowhere", unit=None).owner is None
