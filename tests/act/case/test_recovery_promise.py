"""Recovery promises: watched like a clock, and counted like every other promise (R151)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.act.case.conftest import NOON

from mindgap.act.case import actions, escalation
from mindgap.act.case.errors import Incomplete
from mindgap.act.models import Case, CaseEvent, Notice
from mindgap.ground import clock
from mindgap.keep import recorder
from mindgap.keep.interaction import CANCELLED, COMPLETED, OPEN
from mindgap.keep.models import Arrival, Interaction, Quarantine

# On PostgreSQL an arrival is read only when its transaction has ended.
pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"fault": "company", "cause": "warehouse", "severity": "forgivable"}
DUE = NOON + timedelta(days=2)


@pytest.fixture
def promised(case: Case, people: SimpleNamespace) -> Case:
    return actions.promise_recovery(case.pk, people.nina, version=0, words="A new box", due=DUE)


def recorded() -> list[Interaction]:
    recorder.catch_up()
    assert not Quarantine.objects.exists()
    return list(Interaction.objects.filter(touchpoint__code="recovery").order_by("id"))


def test_a_promise_that_is_kept_is_an_interaction_with_both_dates(
    promised: Case, people: SimpleNamespace
) -> None:
    (made,) = recorded()
    assert (made.state, made.promised, made.customer_id, made.unit.code) == (OPEN, 2, 1, "n1")
    with clock.frozen(NOON + timedelta(days=1)):
        kept = actions.keep_promise(promised.pk, people.nina, version=1)
    assert kept.recovery_kept is True
    (done,) = recorded()
    assert (done.pk, done.state, done.promised, done.value) == (made.pk, COMPLETED, 2, 1)
    assert done.promise.code == "recovery_promise"


def test_putting_it_right_keeps_the_promise(promised: Case, people: SimpleNamespace) -> None:
    assert actions.resolve(promised.pk, people.nina, version=1, **WHY).recovery_kept is True


def test_a_promise_whose_date_passes_is_missed_and_the_case_goes_up(
    promised: Case, people: SimpleNamespace
) -> None:
    assert promised.due_at <= DUE
    with clock.frozen(DUE + timedelta(minutes=1)):
        escalation.run_next()
        escalation.run_next()
    promised.refresh_from_db()
    assert promised.recovery_kept is False
    assert promised.level >= 1
    assert CaseEvent.objects.filter(kind="recovery_missed").count() == 1
    assert {each.member for each in Notice.objects.filter(kind="recovery_missed")} == {people.nina, people.bo}
    with clock.frozen(DUE + timedelta(days=2)):
        promised.refresh_from_db()
        late = actions.resolve(promised.pk, people.nina, version=promised.version, **WHY)
    assert late.recovery_kept is False
    (done,) = recorded()
    assert (done.promised, done.value) == (2, 4)


def test_a_promise_that_is_changed_in_time_is_taken_back_and_the_new_one_holds(
    promised: Case, people: SimpleNamespace
) -> None:
    with clock.frozen(NOON + timedelta(hours=1)):
        actions.promise_recovery(
            promised.pk, people.nina, version=1, words="Money back", due=DUE + timedelta(days=1)
        )
    assert [each.state for each in recorded()] == [CANCELLED, OPEN]


def test_what_is_past_cannot_be_promised(case: Case, people: SimpleNamespace) -> None:
    with pytest.raises(Incomplete) as caught:
        actions.promise_recovery(case.pk, people.nina, version=0, words="Yesterday", due=NOON)
    assert caught.value.field == "due"
    assert not Arrival.objects.exists()
