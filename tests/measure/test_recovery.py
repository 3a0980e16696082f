"""Recovered customers against those without a problem."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, TooFewAnswers
from mindgap.measure.recovery import recovery

NEVER = Counts.likert([10, 25, 60, 180, 175], 1)
tables = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(lambda xs: sum(xs) >= 3)


def test_recovered_customers_as_content_as_others_are_restored() -> None:
    found = recovery(Counts.likert([5, 10, 20, 60, 55], 1), NEVER, margin=0.3)
    assert found.verdict == "restored"
    assert found.repaired is None


def test_recovered_customers_better_off_are_a_paradox() -> None:
    found = recovery(Counts.likert([0, 0, 5, 40, 160], 1), NEVER, margin=0.2)
    assert found.verdict == "paradox"
    assert found.gap.value > 0


def test_recovered_customers_worse_off_fall_short() -> None:
    bad = Counts.likert([30, 40, 40, 30, 10], 1)
    assert recovery(bad, NEVER, margin=0.2).verdict == "short"
    assert recovery(bad, NEVER, margin=0.2, better="lower").verdict == "paradox"


def test_better_than_the_unrecovered_alone_is_no_paradox() -> None:
    """Solving gains two points, and the recovered are still worse off than the others."""
    solved, unsolved = Counts.likert([10, 20, 40, 50, 30], 1), Counts.likert([90, 40, 15, 4, 1], 1)
    found = recovery(solved, NEVER, margin=0.2, unrecovered=unsolved)
    assert found.repaired is not None
    assert found.repaired.value > 1.5
    assert found.verdict == "short"


def test_few_answers_decide_nothing() -> None:
    assert recovery(Counts.likert([1, 0, 1, 2, 2], 1), NEVER, margin=0.2).verdict == "undecided"


@settings(max_examples=25)
@given(tables, tables)
def test_exchanging_the_groups_exchanges_paradox_and_short(a: list, b: list) -> None:
    one = recovery(Counts.likert(a, 1), Counts.likert(b, 1), margin=0.3).verdict
    other = recovery(Counts.likert(b, 1), Counts.likert(a, 1), margin=0.3).verdict
    turned = {"paradox": "short", "short": "paradox"}
    assert other == turned.get(one, one)


def test_recoveries_that_cannot_be_are_refused() -> None:
    with pytest.raises(TooFewAnswers):
        recovery(Counts([1]), NEVER, margin=0.2)
    with pytest.raises(BadArgument):
        recovery(NEVER, NEVER, margin=0.2, better="up")
