"""Escalation: the clocks speak by themselves, on the business clock too, across weekends and holidays (I6, J6)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.act.case.conftest import NOON

from mindgap.act.case import actions, change, escalation
from mindgap.act.hours import public_holidays
from mindgap.act.hours.reckoning import USUAL_WEEK
from mindgap.act.models import Calendar, Case, CaseEvent, Notice, ServiceLevel
from mindgap.collect.channels import catalog
from mindgap.collect.models import Delivery, SendingAccount
from mindgap.ground import clock
from mindgap.keep.models import Organization, Unit


@pytest.fixture
def mail(chain: Organization) -> SendingAccount:
    """An account over which everybody could be told; nothing leaves here."""
    settings = {each.name: each.default for each in catalog()["smtp"].fields if each.default}
    return SendingAccount.objects.create(
        organization=chain,
        channel="smtp",
        name="Mail",
        way="email",
        settings=settings | {"from": "a@chain.org"},
    )


def pass_time(until: datetime) -> None:
    """Move the clock to where it is needed next, until then, and let the worker look each time."""
    while True:
        due = (
            Case.objects.filter(check_at__lte=until)
            .order_by("check_at")
            .values_list("check_at", flat=True)
            .first()
        )
        if due is None:
            break
        with clock.frozen(max(due, clock.now())):
            assert escalation.run_next()
    with clock.frozen(until):
        escalation.run_next()


def told() -> list[tuple[str, str]]:
    return [(each.kind, str(each.member)) for each in Notice.objects.order_by("id")]


def said(case: Case) -> list[tuple[str, str, int]]:
    events = CaseEvent.objects.filter(case=case, kind__in=("warned", "breached", "escalated"))
    return [(each.kind, each.changes["step"], each.changes["share"]) for each in events]


def test_an_ignored_case_warns_breaches_and_goes_up_to_the_lead_the_manager_and_the_executive(
    case: Case, people: SimpleNamespace
) -> None:
    pass_time(NOON + timedelta(days=20))
    case.refresh_from_db()
    assert case.level == 3
    steps = [each for each in said(case) if each[1] == "resolve"]
    assert steps == [
        ("warned", "resolve", 75),
        ("breached", "resolve", 100),
        ("escalated", "resolve", 150),
        ("escalated", "resolve", 200),
    ]
    heard = [each for each in told() if each[0] == "case_escalated"]
    assert heard == [("case_escalated", "Bo"), ("case_escalated", "Ann")]
    assert ("case_warned", "Nina") in told()
    assert not Notice.objects.filter(member=people.eve).exists()
    with clock.frozen(NOON + timedelta(days=20)):
        escalation.tell_executives()
        escalation.tell_executives()
    assert Notice.objects.filter(kind="case_digest", member=people.eve).count() == 1


def test_running_again_and_again_says_nothing_twice(case: Case) -> None:
    later = NOON + timedelta(days=3)
    with clock.frozen(later):
        escalation.run_next()
        before = (told(), said(case))
        Case.objects.filter(pk=case.pk).update(check_at=later)
        escalation.run_next()
    assert (told(), said(case)) == before


def test_clocks_stand_while_the_customer_is_awaited_and_the_time_is_shown(
    case: Case, people: SimpleNamespace
) -> None:
    with clock.frozen(NOON + timedelta(hours=10)):
        actions.await_customer(case.pk, people.nina, version=0, words="Which colour?")
    pass_time(NOON + timedelta(days=30))
    case.refresh_from_db()
    assert case.level == 0
    assert case.due_at is None
    with clock.frozen(NOON + timedelta(days=30)):
        resumed = actions.contact(case.pk, people.nina, version=1, words="Blue")
        resolve = change.reckoner(resumed).clock("resolve", clock.now())
    assert resumed.resolve_due == NOON + timedelta(days=37) - timedelta(hours=10)
    assert resolve.customer_seconds == 10 * 3600
    assert resolve.paused_seconds == resumed.paused_seconds == 30 * 86400 - 10 * 3600


@pytest.mark.parametrize(
    ("zone", "country", "begins", "due"),
    [
        # Wednesday before National Day: 7 hours on 30 September; the 1st to the 7th are days off; on the 8th one more.
        ("Asia/Shanghai", "CN", "2026-09-30T11:00", "2026-10-08T10:00"),
        # Friday before a worked Saturday (10 October 2026 makes up for the 7th).
        ("Asia/Shanghai", "CN", "2026-10-09T14:00", "2026-10-10T13:00"),
        # Friday before Tiradentes on Tuesday: 2 hours on Friday, 6 on Monday.
        ("America/Sao_Paulo", "BR", "2026-04-17T16:00", "2026-04-20T15:00"),
        # Monday before it: 2 hours, then the holiday, then 6 hours on Wednesday.
        ("America/Sao_Paulo", "BR", "2026-04-20T16:00", "2026-04-22T15:00"),
    ],
)  # fmt: skip
def test_eight_business_hours_run_across_a_weekend_and_a_holiday(
    chain: Organization,
    people: SimpleNamespace,
    opened: Callable[..., Case],
    zone: str,
    country: str,
    begins: str,
    due: str,
) -> None:
    there, unit = ZoneInfo(zone), Unit.objects.get(code="n1")
    calendar = Calendar(organization=chain, code="usual", week=USUAL_WEEK, country=country, zone=zone)
    public_holidays.fill_in(calendar, 2026, 2026)
    calendar.save()
    calendar.units.add(unit)
    began = datetime.fromisoformat(begins).replace(tzinfo=there)
    with clock.frozen(began):
        case = opened()
    breach = datetime.fromisoformat(due).replace(tzinfo=there)
    assert case.acknowledge_due == breach
    with clock.frozen(breach - timedelta(minutes=1)):
        escalation.run_next()
        assert [each for each in said(case) if each[1] == "acknowledge"] == [("warned", "acknowledge", 75)]
    with clock.frozen(breach):
        escalation.run_next()
        clocks = change.reckoner(case).clock("acknowledge", clock.now())
    assert ("breached", "acknowledge", 100) in said(case)
    assert ("case_escalated", "Bo") in told()
    assert clocks.business_seconds == 8 * 3600
    assert clocks.customer_seconds == (breach - began).total_seconds()
    assert clocks.customer_due == began + timedelta(hours=8)


def test_a_repeated_complaint_begins_one_level_up_with_half_the_time(opened: Callable[..., Case]) -> None:
    first, second = opened("a"), opened("b")
    assert (first.repeat, first.level, second.repeat, second.level) == (1, 0, 2, 1)
    assert second.resolve_due - NOON == (first.resolve_due - NOON) / 2
    assert ("case_escalated", "Bo") in told()
    with clock.frozen(NOON + timedelta(days=91)):
        assert opened("c").repeat == 1


def test_a_safety_case_has_two_hours_and_not_a_working_day(opened: Callable[..., Case]) -> None:
    made = opened("burnt", is_safety=True)
    assert made.urgency == "critical"
    assert made.acknowledge_due == NOON + timedelta(hours=2)


def test_an_organization_sets_its_own_times(chain: Organization, opened: Callable[..., Case]) -> None:
    ServiceLevel.objects.create(
        organization=chain, urgency="normal", step="contact", seconds=3600, counts="business"
    )
    assert opened().contact_due == NOON + timedelta(hours=1)


def test_a_case_without_an_owner_is_told_to_whoever_leads(
    opened: Callable[..., Case], chain: Organization
) -> None:
    case = opened(unit=None)
    assert case.owner is None
    pass_time(NOON + timedelta(days=2))
    assert ("case_breached", "Ann") in told()


def test_a_clock_set_back_makes_nobody_hear_anything_again(case: Case) -> None:
    pass_time(NOON + timedelta(days=3))
    before = told()
    with clock.frozen(NOON - timedelta(days=5)):
        escalation.run_next()
    with clock.frozen(NOON + timedelta(days=3)):
        escalation.run_next()
    assert told() == before


def test_a_worker_that_comes_back_late_does_not_warn_of_what_is_over(case: Case) -> None:
    with clock.frozen(NOON + timedelta(days=60)):
        escalation.run_next()
    assert not CaseEvent.objects.filter(case=case, kind="warned").exists()
    case.refresh_from_db()
    assert (case.level, case.check_at) == (3, None)


def test_reopened_cases_have_half_the_time_to_put_it_right(case: Case, people: SimpleNamespace) -> None:
    why = {"fault": "company", "cause": "warehouse", "severity": "forgivable"}
    first = actions.resolve(case.pk, people.nina, version=0, **why)
    with clock.frozen(NOON + timedelta(days=5)):
        again = actions.reopen(case.pk, people.nina, version=1, reason="Still broken")
    assert again.resolved_at == first.resolved_at == NOON
    assert again.resolve_due == NOON + timedelta(days=5, hours=84)
    assert (again.state, again.level) == ("resolving", 1)
    pass_time(datetime(2026, 5, 1, tzinfo=UTC))
    assert ("breached", "resolve", 100) in said(case)


def overdue(chain: Organization, people: SimpleNamespace, count: int) -> None:
    """So many cases of `n1` that nobody has looked at for a day."""
    unit = Unit.objects.get(code="n1")
    begun = Case.objects.count()
    made = Case.objects.bulk_create(
        Case(
            organization=chain, number=begun + number, title="Late", key=f"o{begun + number}", unit=unit,
            owner=people.nina, opened_at=NOON - timedelta(days=1), check_at=NOON,
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    CaseEvent.objects.bulk_create(CaseEvent(case=each, kind="opened") for each in made)


def test_many_overdue_cases_take_as_many_queries_as_few(
    chain: Organization, people: SimpleNamespace, mail: SendingAccount, django_assert_max_num_queries: Any
) -> None:
    overdue(chain, people, 3)
    with CaptureQueriesContext(connection) as few:
        assert escalation.run_next()
    overdue(chain, people, escalation.BATCH)
    # SQLite takes 999 values in one statement: two tables are written by two of them.
    with django_assert_max_num_queries(len(few) + 3):
        assert escalation.run_next()
    assert not escalation.run_next()
    every = escalation.BATCH + 3
    # Bo leads the region; each of the two hears of each case over mail that is ready to leave.
    assert Notice.objects.filter(kind="case_breached", member=people.nina).count() == every
    assert Notice.objects.filter(kind="case_escalated", member=people.bo).count() == every
    assert Delivery.objects.filter(state="waiting").count() == Notice.objects.exclude(delivery=None).count()
    assert Delivery.objects.count() == Notice.objects.count() == 2 * every
    assert len(few) <= 20


def test_a_case_that_cannot_be_looked_at_keeps_no_other_waiting(
    chain: Organization, people: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    overdue(chain, people, 3)
    south = Unit.objects.get(code="south")
    broken = Calendar.objects.create(organization=chain, name="broken", week={"0": "never"})
    broken.units.add(south)
    Case.objects.filter(number=2).update(unit=south)
    assert escalation.run_next()
    assert set(CaseEvent.objects.filter(kind="breached").values_list("case__number", flat=True)) == {1, 3}
    later = Case.objects.get(number=2).check_at
    assert later is not None
    assert later > NOON
    assert "went wrong" in caplog.text
