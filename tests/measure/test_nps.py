import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from tests.measure.frozen import frozen

from mindgap.measure import (
    BadArgument,
    BadCounts,
    Counts,
    TooFewAnswers,
    classes,
    nps,
    nps_cells,
    nps_difference,
    nps_differences,
)

REFERENCE = frozen("scores")
# Detractors, passives, promoters.
SCENARIOS = {
    "typical": (0.15, 0.25, 0.60),
    "middling": (0.30, 0.30, 0.40),
    "low": (0.45, 0.30, 0.25),
    "extreme": (0.02, 0.08, 0.90),
    "balanced": (1 / 3, 1 / 3, 1 / 3),
    "polar": (0.50, 0.00, 0.50),
    "very bad": (0.80, 0.15, 0.05),
}
small = st.integers(0, 40)
counts_of_ten = st.lists(st.integers(0, 30), min_size=11, max_size=11).map(Counts).filter(lambda c: c.n >= 2)


def outcomes(n: int) -> np.ndarray:
    """All ways n answers can fall into three classes, shape (m, 3)."""
    return np.array([(d, n - d - p, p) for d in range(n + 1) for p in range(n + 1 - d)], dtype=float)


def chances(all_outcomes: np.ndarray, shares: tuple[float, float, float]) -> np.ndarray:
    from scipy.stats import multinomial

    return multinomial.pmf(all_outcomes, n=int(all_outcomes[0].sum()), p=shares)


def of_classes(det: float, pas: float, pro: float) -> Counts:
    return Counts.of({3: det, 7: pas, 10: pro})


def test_the_score_is_promoters_minus_detractors_in_points() -> None:
    """R86."""
    estimate = nps(Counts([0, 0, 0, 0, 0, 0, 10, 20, 20, 30, 20]))
    assert estimate.value == 40
    assert estimate.n == 100
    assert estimate.method == "score"


def test_classes_are_cut_between_6_and_7_and_between_8_and_9() -> None:
    """R86."""
    assert classes(Counts([1] * 11)) == (7, 2, 2)


@pytest.mark.parametrize("row", REFERENCE["score_interval"], ids=lambda row: str(row["classes"]))
def test_the_score_interval_is_the_one_r_gives(row: dict) -> None:
    cells = nps_cells(*row["classes"])
    found = [float(part) / 100 for part in (cells.value, cells.low, cells.high)]
    assert found == pytest.approx(
        [row["nps"], row["low"], row["high"]], abs=0.51 * 10.0 ** -row.get("digits", 4)
    )


@pytest.mark.parametrize("row", [(3, 3, 4), (1, 0, 4), (0, 4, 6), (40, 1, 300), (2, 17, 0)])
def test_the_score_interval_agrees_with_the_likelihood_written_out(row: tuple[int, int, int]) -> None:
    """Apart from our closed form: maximise the likelihood under each trial difference."""
    det, _, pro = row
    n = sum(row)

    def minus_log(share: float, trial: float) -> float:
        parts = (share, 1 - trial - 2 * share, share + trial)
        return -sum(k * math.log(max(p, 1e-300)) for k, p in zip(row, parts, strict=True) if k)

    def z(trial: float) -> float:
        bounds = (max(0.0, -trial), (1 - trial) / 2)
        share = minimize_scalar(
            minus_log, bounds=bounds, args=(trial,), method="bounded", options={"xatol": 1e-13}
        ).x
        return (pro - det - n * trial) / math.sqrt(n * (2 * share + trial - trial * trial))

    score, critical = (pro - det) / n, 1.959963984540054
    low = brentq(lambda t: z(t) - critical, -1 + 1e-9, score)
    high = brentq(lambda t: z(t) + critical, score, 1 - 1e-9)
    cells = nps_cells(*row)
    assert (float(cells.low), float(cells.high)) == pytest.approx((100 * low, 100 * high), abs=1e-3)


@pytest.mark.parametrize("n", [5, 10, 30])
def test_the_score_interval_covers_the_truth_often_enough(n: int) -> None:
    """Every possible sample is counted: mean at least 94.5 %, worst at least 93 %."""
    every = outcomes(n)
    cells = nps_cells(*every.T)
    coverage = []
    for det, pas, pro in SCENARIOS.values():
        truth = 100 * (pro - det)
        holds = (cells.low <= truth + 1e-9) & (truth - 1e-9 <= cells.high)
        coverage.append(float(chances(every, (det, pas, pro))[holds].sum()))
    assert np.mean(coverage) >= 0.945
    assert min(coverage) >= 0.93


def test_the_adjusted_interval_loses_its_level_where_nobody_is_passive() -> None:
    every = outcomes(10)
    cells = nps_cells(*every.T, method="adjusted")
    coverage = []
    for det, pas, pro in SCENARIOS.values():
        truth = 100 * (pro - det)
        holds = (cells.low <= truth + 1e-9) & (truth - 1e-9 <= cells.high)
        coverage.append(float(chances(every, (det, pas, pro))[holds].sum()))
    worst = min(range(len(coverage)), key=coverage.__getitem__)
    assert list(SCENARIOS)[worst] == "polar"
    assert min(coverage) == pytest.approx(0.8906, abs=1e-3)
    assert np.mean(coverage) >= 0.935


def test_the_adjusted_interval_adds_three_answers() -> None:
    estimate = nps(of_classes(10, 30, 60), method="adjusted")
    centre = (60.75 - 10.75) / 103
    half = 1.959963984540054 * math.sqrt((71.5 / 103 - centre**2) / 103)
    assert (estimate.low, estimate.high) == pytest.approx((100 * (centre - half), 100 * (centre + half)))
    assert estimate.method == "adjusted"


def test_all_promoters_do_not_prove_a_score_of_100() -> None:
    estimate = nps(of_classes(0, 0, 10))
    assert estimate.value == estimate.high == 100
    assert estimate.low < 50


def test_a_sample_that_is_the_whole_population_has_no_interval_left() -> None:
    estimate = nps(of_classes(1, 2, 3), population=6)
    assert estimate.low == estimate.value == estimate.high
    assert estimate.method == "census"


def test_a_small_population_narrows_the_interval() -> None:
    endless, small_one = nps(of_classes(10, 30, 40)), nps(of_classes(10, 30, 40), population=200)
    ratio = small_one.half_width / endless.half_width
    assert ratio == pytest.approx(math.sqrt(120 / 199), abs=0.02)
    assert small_one.n == 80


def test_a_population_smaller_than_the_sample_is_refused() -> None:
    with pytest.raises(BadArgument):
        nps(of_classes(1, 2, 3), population=5)


@pytest.mark.parametrize("counts", [Counts([]), Counts.of({9: 1})])
def test_fewer_than_two_answers_are_no_score(counts: Counts) -> None:
    with pytest.raises(TooFewAnswers) as caught:
        nps(counts)
    assert caught.value.needed == 2


@pytest.mark.parametrize("value", [-1, 11, 7.5])
def test_an_invalid_answer_is_not_a_passive(value: float) -> None:
    with pytest.raises(BadCounts):
        nps(Counts.of({value: 1, 9: 5}))


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.nan])
def test_a_level_outside_0_and_1_is_refused(level: float) -> None:
    with pytest.raises(BadArgument):
        nps(of_classes(1, 1, 1), level=level)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(BadArgument):
        nps(of_classes(1, 1, 1), method="wald")


def test_an_empty_cell_is_nan_and_does_not_spoil_the_others() -> None:
    cells = nps_cells([0, 3], [0, 3], [0, 4])
    assert np.isnan([cells.value[0], cells.low[0], cells.high[0], cells.variance[0]]).all()
    assert cells.n.tolist() == [0, 10]
    assert cells.value[1] == 10


@pytest.mark.parametrize("bad", [[-1], [math.nan], [math.inf], [1, 2]])
def test_impossible_cells_are_refused(bad: list[float]) -> None:
    with pytest.raises(BadCounts):
        nps_cells(bad, [1], [1])


def test_cells_keep_their_shape_and_equal_single_scores() -> None:
    rng = np.random.default_rng(5)
    table = rng.integers(1, 30, (3, 4, 5))
    cells = nps_cells(*table)
    assert cells.low.shape == (4, 5)
    single = nps(of_classes(*table[:, 2, 3]))
    assert (cells.value[2, 3], cells.low[2, 3], cells.high[2, 3]) == pytest.approx(
        (single.value, single.low, single.high), abs=1e-9
    )


def test_the_variance_for_shrinking_is_never_zero() -> None:
    cells = nps_cells([0, 10, 0], [0, 0, 10], [10, 0, 0])
    assert (cells.variance > 0).all()
    assert nps_cells(3, 0, 1).variance == pytest.approx(1005.83, abs=0.01)


@given(counts_of_ten)
def test_the_interval_holds_the_score_and_stays_on_the_scale(counts: Counts) -> None:
    for method in ("score", "adjusted"):
        estimate = nps(counts, method=method)
        assert -100 <= estimate.low <= estimate.value <= estimate.high <= 100
        assert estimate.low < estimate.high


@given(small, small, small.filter(bool))
def test_turning_promoters_into_detractors_mirrors_the_interval(det: int, pas: int, pro: int) -> None:
    one, other = nps_cells(det, pas, pro), nps_cells(pro, pas, det)
    assert float(one.low) == pytest.approx(-float(other.high), abs=1e-9)
    assert float(one.value) == -float(other.value)


@given(counts_of_ten)
def test_a_higher_level_gives_a_wider_interval(counts: Counts) -> None:
    narrow, wide = nps(counts, level=0.8), nps(counts, level=0.99)
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@given(counts_of_ten)
def test_ten_times_the_answers_give_a_narrower_interval(counts: Counts) -> None:
    assert nps(counts.scaled(10)).half_width < nps(counts).half_width


@pytest.mark.slow
def test_a_hundred_thousand_cells_take_less_than_a_second() -> None:
    import timeit

    cells = np.random.default_rng(1).integers(0, 200, (3, 100_000))
    assert min(timeit.repeat(lambda: nps_cells(*cells), number=1, repeat=3)) < 1


def test_the_difference_is_the_one_r_gives() -> None:
    row = REFERENCE["difference"]
    found = nps_difference(of_classes(*row["a"]), of_classes(*row["b"]))
    assert found.value == pytest.approx(100 * row["value"])
    assert found.p == pytest.approx(row["pooled_p"], abs=5e-5)
    assert (found.low / 100, found.high / 100) == pytest.approx((row["low"], row["high"]), abs=5e-5)
    assert (found.n_a, found.n_b) == (100, 100)


def test_two_groups_of_one_class_show_no_difference() -> None:
    found = nps_difference(of_classes(0, 0, 5), of_classes(0, 0, 7))
    assert (found.value, found.p) == (0, 1)
    assert found.low < 0 < found.high


def test_all_against_all_is_a_difference_of_200_points() -> None:
    found = nps_difference(of_classes(9, 0, 0), of_classes(0, 0, 9))
    assert found.value == found.high == 200
    assert found.p < 0.001


def test_a_group_of_one_cannot_be_compared() -> None:
    with pytest.raises(TooFewAnswers):
        nps_difference(of_classes(0, 0, 1), of_classes(1, 1, 1))
    with pytest.raises(TooFewAnswers):
        nps_difference(of_classes(1, 1, 1), of_classes(0, 0, 1))


def test_many_differences_at_once_equal_single_ones() -> None:
    a, b = [[3, 3, 4], [0, 0, 0], [1, 1, 1]], [[1, 2, 9], [1, 2, 3], [0, 0, 0]]
    many = nps_differences(a, b)
    one = nps_difference(of_classes(*a[0]), of_classes(*b[0]))
    assert (many.value[0], many.low[0], many.high[0], many.p[0]) == (one.value, one.low, one.high, one.p)
    assert np.isnan([many.value[1:], many.low[1:], many.high[1:], many.p[1:]]).all()


def test_differences_need_three_classes() -> None:
    with pytest.raises(BadCounts):
        nps_differences([[1, 2]], [[1, 2]])
    with pytest.raises(BadCounts):
        nps_differences(1, 2)


@given(counts_of_ten, counts_of_ten)
def test_the_way_back_is_the_mirror_of_the_way_there(a: Counts, b: Counts) -> None:
    there, back = nps_difference(a, b), nps_difference(b, a)
    assert there.value == pytest.approx(-back.value)
    assert there.p == pytest.approx(back.p)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert -200 <= there.low <= there.value <= there.high <= 200
    assert 0 <= there.p <= 1


def false_alarms(n_a: int, n_b: int, shares: tuple[float, float, float]) -> tuple[float, float]:
    """Chance that the pooled test, and the Wald test, see a difference where there is none."""
    a, b = outcomes(n_a), outcomes(n_b)
    likely = chances(b, shares)
    b, likely = b[likely > 1e-12], likely[likely > 1e-12]
    pooled = wald = 0.0
    for row, chance in zip(a, chances(a, shares), strict=True):
        before = np.broadcast_to(row, b.shape)
        found = nps_differences(before, b)
        pooled += chance * likely[found.p < 0.05].sum()
        x, y = row / n_a, b / n_b
        variance = x[0] + x[2] - (x[2] - x[0]) ** 2
        variances = variance / n_a + (y[:, 0] + y[:, 2] - (y[:, 2] - y[:, 0]) ** 2) / n_b
        z = np.abs(found.value / 100) / np.sqrt(np.maximum(variances, 1e-12))
        wald += chance * likely[z > 1.959964].sum()
    return pooled, wald


@pytest.mark.slow
def test_ten_against_two_hundred_answers_do_not_raise_false_alarms() -> None:
    """Every pair of samples is counted; the usual Wald test is wrong 28 times in 100 here."""
    pooled, wald = false_alarms(10, 200, (0.02, 0.10, 0.88))
    assert pooled <= 0.06
    assert pooled == pytest.approx(0.045, abs=0.002)
    assert wald == pytest.approx(0.283, abs=0.002)


@pytest.mark.parametrize("shares", list(SCENARIOS.values()), ids=list(SCENARIOS))
def test_ten_against_twenty_answers_do_not_raise_false_alarms(shares: tuple[float, float, float]) -> None:
    pooled, _ = false_alarms(10, 20, shares)
    assert pooled <= 0.06


def test_two_answers_are_enough_for_a_score() -> None:
    found = nps(Counts.of({10: 1, 3: 1}))
    assert (found.value, found.n) == (0, 2)
    assert nps_difference(Counts.of({10: 2}), Counts.of({3: 2})).value == -200


def test_a_cell_of_one_answer_has_a_variance() -> None:
    assert np.isfinite(nps_cells([1, 0], [0, 0], [0, 0]).variance).tolist() == [True, False]


def test_adjusted_limits_stay_within_the_scale() -> None:
    cells = nps_cells([2, 0], [0, 0], [0, 2], method="adjusted")
    assert cells.low[0] == -100
    assert cells.high[1] == 100
