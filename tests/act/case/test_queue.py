"""The queue and what became of cases: the most urgent first, in a bounded number of queries, with honest figures."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.act.case.conftest import NOON

from mindgap.act.case import queue, record
from mindgap.act.models import Case
from mindgap.ground import clock
from mindgap.keep.models import Organization, Unit
from mindgap.measure import proportion


@pytest.fixture
def many(chain: Organization, people: SimpleNamespace) -> list[Case]:
    """Sixty cases at `n1`, due one after the other from ten hours ago; every third is Fay's, every third nobody's."""
    unit, owners = Unit.objects.get(code="n1"), (people.fay, None, people.nina)
    return Case.objects.bulk_create(
        Case(
            organization=chain, number=number + 1, title=f"Case {number}", key=str(number), unit=unit,
            owner=owners[number % 3], opened_at=NOON - timedelta(days=1), due_at=NOON + timedelta(hours=number - 10),
        )
        for number in range(60)
    )  # fmt: skip


def test_the_most_urgent_come_first_and_everybody_sees_their_own_counts(
    many: list[Case], people: SimpleNamespace
) -> None:
    found = queue.queue(people.nina, per_page=25, number=3)
    assert [each.number for each in found.rows] == list(range(51, 61))
    assert (found.pages, found.counts["open"], found.counts["overdue"], found.counts["unowned"]) == (
        3,
        60,
        10,
        20,
    )
    # Until midnight in Shanghai there are twelve hours.
    assert found.counts["today"] == 12
    assert queue.counts(people.fay) == {
        **dict.fromkeys(queue.SHOWN, 0),
        "mine": 20,
        "unowned": 20,
        "overdue": 7,
        "today": 8,
        "open": 40,
    }
    assert queue.queue(people.tom).rows == ()
    assert {each.owner for each in queue.queue(people.nina, shown="mine").rows} == {people.nina}


def test_a_case_without_a_due_moment_comes_last(many: list[Case], people: SimpleNamespace) -> None:
    Case.objects.filter(number=1).update(due_at=None)
    assert queue.queue(people.nina, per_page=100).rows[-1].number == 1


def test_the_queue_is_narrowed_by_unit_words_and_number(many: list[Case], people: SimpleNamespace) -> None:
    assert [each.number for each in queue.queue(people.ann, words="#17").rows] == [17]
    assert [each.title for each in queue.queue(people.ann, words="case 16").rows] == ["Case 16"]
    assert queue.queue(people.ann, unit=Unit.objects.get(code="south")).rows == ()
    assert (
        len(queue.queue(people.ann, unit=Unit.objects.get(code="north"), number=99, per_page=25).rows) == 10
    )
    with pytest.raises(ValueError, match="none of"):
        queue.queue(people.ann, shown="everything")


def test_a_page_of_the_queue_takes_four_queries_however_many_cases_there_are(
    many: list[Case], people: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        rows = queue.queue(people.nina).rows
        assert [str(each.unit) + str(each.owner) for each in rows]


def test_only_what_customers_said_is_recovered_and_silence_is_seen(
    many: list[Case], people: SimpleNamespace
) -> None:
    for outcome, numbers in (
        ("recovered", range(1, 13)),
        ("not_recovered", range(13, 17)),
        ("no_answer", range(17, 37)),
    ):
        Case.objects.filter(number__in=numbers).update(state="closed", outcome=outcome, closed_at=NOON)
    found = {each.code: each for each in record.figures(people.ann)}
    share, expected = found["case.recovered"], proportion(12, 16)
    assert (share.value, share.low, share.high) == (expected.value, expected.low, expected.high)
    assert (share.n, share.asked) == (16, 36)
    assert {each.why for each in record.figures(people.tom)} == {"too_few"}


def test_cases_that_still_wait_count_in_how_long_it_takes(many: list[Case], people: SimpleNamespace) -> None:
    opened = NOON - timedelta(days=1)
    Case.objects.filter(number__lte=40).update(
        contacted_at=opened + timedelta(hours=2), contact_due=opened + timedelta(hours=1)
    )
    Case.objects.filter(number__lte=20).update(contacted_at=opened + timedelta(hours=1))
    Case.objects.filter(number__gt=40).update(contact_due=NOON - timedelta(hours=1))
    found = {each.code: each for each in record.figures(people.ann)}
    assert found["case.hours.contact"].value == 2
    assert found["case.hours.acknowledge"].why == "not_reached"
    in_time = found["case.in_time.contact"]
    assert (in_time.value, in_time.n) == (pytest.approx(20 / 60), 60)


def test_figures_are_of_a_period(opened: Callable[..., Case], people: SimpleNamespace) -> None:
    with clock.frozen(NOON + timedelta(days=1)):
        opened("later")
    assert record.figures(people.ann, until=NOON + timedelta(hours=1))[-1].n == 0
    assert record.figures(people.ann, since=NOON + timedelta(hours=1))[-1].n == 1
