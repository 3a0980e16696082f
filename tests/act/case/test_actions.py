"""Actions on a case: its way from opening to the customer's word, and nobody's words lost."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.act.case.conftest import NOON

from mindgap.act.case import actions
from mindgap.act.case.errors import ChangedMeanwhile
from mindgap.act.models import Case, CaseEvent, Notice
from mindgap.ground import clock

WHY = {"fault": "company", "cause": "warehouse", "severity": "forgivable"}


def test_a_case_goes_from_opening_to_put_right_and_every_step_is_in_its_trail(
    case: Case, people: SimpleNamespace
) -> None:
    with clock.frozen(NOON + timedelta(hours=1)):
        acknowledged = actions.acknowledge(case.pk, people.nina, version=0)
    with clock.frozen(NOON + timedelta(hours=2)):
        actions.contact(case.pk, people.nina, version=acknowledged.version, words="Called")
    with clock.frozen(NOON + timedelta(hours=3)):
        done = actions.resolve(case.pk, people.nina, version=2, **WHY)
    assert (done.state, done.version) == ("resolved", 3)
    assert done.acknowledged_at == NOON + timedelta(hours=1)
    assert done.contacted_at == NOON + timedelta(hours=2)
    assert done.resolved_at == NOON + timedelta(hours=3)
    assert done.due_at is None
    assert done.verify_at == done.resolved_at + timedelta(days=3)
    kinds = list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True))
    assert kinds == ["opened", "acknowledged", "contacted", "resolved"]
    assert CaseEvent.objects.get(kind="contacted").changes["state"] == ["triaged", "contacted"]


def test_the_second_of_two_who_act_at_once_is_told_what_the_first_did(
    case: Case, people: SimpleNamespace
) -> None:
    actions.acknowledge(case.pk, people.nina, version=0)
    with pytest.raises(ChangedMeanwhile) as caught:
        actions.contact(case.pk, people.bo, version=0, words="mine")
    assert [event.kind for event in caught.value.since] == ["acknowledged"]
    assert caught.value.case.version == 1
    assert not CaseEvent.objects.filter(words="mine").exists()


def test_a_note_is_kept_whatever_happened_meanwhile(case: Case, people: SimpleNamespace) -> None:
    actions.acknowledge(case.pk, people.nina, version=0)
    noted = actions.note(case.pk, people.bo, words="She called me, too")
    assert noted.version == 1
    assert CaseEvent.objects.get(kind="note").by == people.bo


def test_whoever_gets_a_case_from_another_is_told(case: Case, people: SimpleNamespace) -> None:
    actions.reassign(case.pk, people.nina, version=0, owner=people.fay, reason="She knows the customer")
    told = Notice.objects.get(kind="case_assigned")
    assert told.member == people.fay
