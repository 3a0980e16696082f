import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure.counts import Counts
from mindgap.measure.equivalence import mean_equivalence, nps_equivalence, proportion_equivalence
from mindgap.measure.errors import BadArgument, TooFewAnswers
from mindgap.measure.normal import t_tail

A, B = Counts([40, 60, 100]), Counts([38, 62, 100])
tables = st.lists(st.integers(0, 30), min_size=3, max_size=3).filter(lambda xs: sum(xs) >= 5)


def test_the_p_value_is_that_of_two_one_sided_welch_tests() -> None:
    """statsmodels ttost_ind with usevar="unequal" by another road."""
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    sides = [DescrStatsW(c.values, weights=c.counts) for c in (B, A)]
    p, _ = CompareMeans(*sides).ttost_ind(-0.2, 0.2, usevar="unequal")
    found = mean_equivalence(A, B, margin=0.2)
    assert found.p == pytest.approx(p, rel=1e-6)
    assert found.verdict == "equivalent"


def test_equal_groups_are_equivalent_only_when_large() -> None:
    few, many = Counts([2, 3, 5]), Counts([200, 300, 500])
    assert mean_equivalence(few, few, margin=0.3).verdict == "undecided"
    assert mean_equivalence(many, many, margin=0.3).verdict == "equivalent"


def test_a_difference_beyond_the_margin_is_not_equivalent() -> None:
    found = proportion_equivalence(50, 100, 90, 100, margin=0.05)
    assert (found.verdict, found.p) == ("different", 1.0)
    assert (
        nps_equivalence(Counts([0] * 9 + [50, 50]), Counts([50] + [0] * 9 + [50]), margin=5).verdict
        == "different"
    )


def test_a_small_sure_difference_is_equivalent_all_the_same() -> None:
    found = proportion_equivalence(50_000, 100_000, 50_900, 100_000, margin=0.05)
    assert found.difference.excludes(0)
    assert found.verdict == "equivalent"
    assert found.p < 1e-6


def test_constant_groups_that_agree_are_surely_equivalent() -> None:
    same = Counts.of({3: 20})
    assert mean_equivalence(same, same, margin=0.1).p == 0


@settings(max_examples=30)
@given(tables, tables, st.floats(0.01, 2))
def test_verdict_and_p_value_agree_and_do_not_depend_on_the_order(a: list, b: list, margin: float) -> None:
    one = mean_equivalence(Counts(a), Counts(b), margin=margin)
    other = mean_equivalence(Counts(b), Counts(a), margin=margin)
    assert one.verdict == other.verdict
    assert one.p == pytest.approx(other.p, abs=1e-9)
    if abs(one.p - 0.05) > 1e-6:
        assert (one.verdict == "equivalent") == (one.p < 0.05)
    assert one.low >= one.difference.low - 1e-12
    assert one.high <= one.difference.high + 1e-12


@settings(max_examples=25)
@given(tables, tables)
def test_a_wider_margin_is_never_less_equivalent(a: list, b: list) -> None:
    ps = [mean_equivalence(Counts(a), Counts(b), margin=m).p for m in (0.2, 0.5, 1.0)]
    assert ps == sorted(ps, reverse=True)
    assert t_tail(0, 5) == pytest.approx(1)


@pytest.mark.parametrize("margin", [0, -1, math.nan, math.inf])
def test_a_margin_must_be_positive(margin: float) -> None:
    with pytest.raises(BadArgument):
        mean_equivalence(A, B, margin=margin)


def test_groups_too_small_are_told() -> None:
    with pytest.raises(TooFewAnswers):
        mean_equivalence(Counts([1]), A, margin=1)
    with pytest.raises(TooFewAnswers):
        proportion_equivalence(0, 0, 1, 2, margin=0.1)
    with pytest.raises(BadArgument):
        mean_equivalence(A, B, margin=1, level=0.3)
