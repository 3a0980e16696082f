import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure import BadArgument, Counts, TooFewAnswers, gap, mean, proportion, quantile

gaps = (
    st.dictionaries(st.integers(-9, 9), st.integers(0, 20), max_size=10)
    .map(Counts.of)
    .filter(lambda c: c.n >= 2)
)


def test_the_gap_is_its_mean_its_quantiles_and_three_shares() -> None:
    """R8, R11: expected in 5 days, came in 3 = +2 exceeded, in 7 = -2 missed."""
    counts = Counts.of({2: 2, 1: 1, 0: 4, -1: 6, -2: 7})
    found = gap(counts)
    assert found.mean == mean(counts)
    assert found.exceeded == proportion(3, 20)
    assert found.met == proportion(4, 20)
    assert found.missed == proportion(13, 20)
    assert found.quantiles == tuple((q, quantile(counts, q)) for q in (0.1, 0.5, 0.9))


def test_lateness_becomes_a_gap_by_turning_its_sign() -> None:
    lateness = Counts.of({2: 13, -2: 3})
    assert gap(lateness.negated()).missed.value == 13 / 16


def test_a_tolerance_widens_what_counts_as_met() -> None:
    found = gap(Counts.of({2: 3, 1: 4, -1: 5, -2: 8}), tolerance=1)
    assert (found.exceeded.value, found.met.value, found.missed.value) == (0.15, 0.45, 0.4)


@pytest.mark.parametrize("tolerance", [-1, float("nan")])
def test_an_impossible_tolerance_is_refused(tolerance: float) -> None:
    with pytest.raises(BadArgument):
        gap(Counts([1, 1]), tolerance=tolerance)


@pytest.mark.parametrize("counts", [Counts([]), Counts.of({1: 1})])
def test_fewer_than_two_gaps_are_no_summary(counts: Counts) -> None:
    with pytest.raises(TooFewAnswers):
        gap(counts)


@given(gaps)
def test_exceeded_met_and_missed_add_up(counts: Counts) -> None:
    found, mirrored = gap(counts), gap(counts.negated())
    assert found.exceeded.value + found.met.value + found.missed.value == pytest.approx(1)
    assert found.exceeded == mirrored.missed
