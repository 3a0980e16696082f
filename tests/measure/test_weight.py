import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure import (
    BadArgument,
    BadCounts,
    BadMargins,
    Margin,
    NotConverged,
    TooFewAnswers,
    calibrated_mean,
    calibrated_se,
    design_effect,
    effective_n,
    rake,
)

REFERENCE = frozen("weight")


def schools() -> dict[str, np.ndarray]:
    """One row per school; its score is that of its cell's mean, which no weighted sum can tell apart."""
    cells = np.array(REFERENCE["cells"], dtype=float)
    rows = np.repeat(cells, cells[:, 3].astype(int), axis=0)
    return {
        "district": rows[:, 0].astype(int),
        "type": rows[:, 1].astype(int),
        "wide": rows[:, 2].astype(int),
        "score": rows[:, 4] / rows[:, 3],
        "base": np.full(rows.shape[0], REFERENCE["weight"]),
    }


def school_margins() -> list[Margin]:
    at = schools()
    return [Margin(at["type"], REFERENCE["type_totals"]), Margin(at["wide"], REFERENCE["wide_totals"])]


def test_raked_schools_have_the_weights_mean_and_error_that_r_gives() -> None:
    at, margins = schools(), school_margins()
    raked = rake(margins, base=at["base"])
    assert raked.smallest == pytest.approx(REFERENCE["smallest"], abs=5e-5)
    assert raked.largest == pytest.approx(REFERENCE["largest"], abs=5e-5)
    assert raked.effective_n == pytest.approx(REFERENCE["effective_n"], abs=0.5)
    ask = {
        "base": at["base"],
        "margins": margins,
        "clusters": at["district"],
        "population": REFERENCE["districts"],
    }
    found = calibrated_mean(at["score"], raked.weights, **ask)
    assert found.value == pytest.approx(REFERENCE["mean"], abs=5e-5)
    assert calibrated_se(at["score"], raked.weights, **ask) == pytest.approx(REFERENCE["se"], abs=5e-5)
    assert found.n == 183


def test_clusters_cost_far_more_than_weights_tell() -> None:
    """Kish sees 174 of 183 schools; the districts leave about 20."""
    at = schools()
    cells = np.array(REFERENCE["cells"], dtype=float)
    n, total, squares = cells[:, 3].sum(), cells[:, 4].sum(), cells[:, 5].sum()
    spread = (squares - total**2 / n) / (n - 1) * (1 - n / REFERENCE["schools"])
    se = calibrated_se(at["score"], at["base"], clusters=at["district"], population=REFERENCE["districts"])
    effect = design_effect(se**2, spread=spread, n=n)
    assert effect == pytest.approx(REFERENCE["design_effect"], abs=5e-3)
    assert n / effect == pytest.approx(19.6, abs=0.05)


def test_raking_meets_all_margins() -> None:
    rng = np.random.default_rng(4)
    codes = [rng.integers(0, k, 500) for k in (2, 3, 5)]
    totals = [np.array(t, dtype=float) for t in ([40, 60], [20, 30, 50], [10, 20, 30, 20, 20])]
    raked = rake([Margin(c, t) for c, t in zip(codes, totals, strict=True)])
    for code, total in zip(codes, totals, strict=True):
        assert np.bincount(code, weights=raked.weights) == pytest.approx(total, rel=1e-9)
    assert raked.distance < 1e-9
    assert raked.trimmed == 0


def test_one_margin_is_plain_weighting_up() -> None:
    raked = rake([Margin(np.array([0, 0, 0, 1]), [0.5, 0.5])])
    assert raked.weights == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])
    assert raked.effective_n == pytest.approx(1 / (3 / 36 + 1 / 4))


def test_margins_given_as_shares_or_numbers_give_the_same_weights() -> None:
    codes = [np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 1, 1])]
    numbers = rake([Margin(codes[0], [30, 70]), Margin(codes[1], [50, 50])])
    shares = rake([Margin(codes[0], [30, 70]), Margin(codes[1], [0.5, 0.5])])
    assert shares.weights == pytest.approx(numbers.weights)


def test_trimming_holds_its_limits_and_says_what_it_costs() -> None:
    codes = np.array([0] * 95 + [1] * 5)
    free = rake([Margin(codes, [50, 50])])
    held = rake([Margin(codes, [50, 50])], trim=(0.2, 3))
    assert free.largest / free.weights.mean() == pytest.approx(10)
    assert held.largest / free.weights.mean() == pytest.approx(3)
    assert held.trimmed == 5
    assert held.distance > 0.5
    assert held.effective_n > free.effective_n


def test_trimming_what_needs_no_trimming_changes_nothing() -> None:
    codes = np.array([0, 0, 1, 1])
    margin = Margin(codes, [60, 40])
    assert rake([margin], trim=(0.1, 10)).weights == pytest.approx(rake([margin]).weights)


def test_trimming_lets_the_others_carry_what_one_may_not() -> None:
    """Two answers share a category: the one with the huge base weight is cut, the other grows."""
    codes = np.array([0, 0, 0, 1, 1, 1])
    held = rake([Margin(codes, [3, 3])], base=[10, 1, 1, 1, 1, 1], trim=(0.1, 1.5))
    assert held.largest <= 1.5 * (1 + 1e-9)
    assert np.bincount(codes, weights=held.weights) == pytest.approx([3, 3], rel=1e-3)


@pytest.mark.parametrize("trim", [(1, 3), (-0.1, 3), (0.1, 1), (math.nan, 3)])
def test_impossible_limits_are_refused(trim: tuple[float, float]) -> None:
    with pytest.raises(BadArgument):
        rake([Margin(np.array([0, 1]), [1, 1])], trim=trim)


@pytest.mark.parametrize(
    ("codes", "totals"),
    [
        ([0, 0, 0], [1, 1]),
        ([0, 1, 1], [1, 0]),
        ([0, 1, 2], [1, 1]),
        ([-1, 0, 1], [1, 1]),
        ([0, 1], [1, 1]),
        ([0.0, 1.0, 1.0], [1, 1]),
        ([[0, 1, 1]], [1, 1]),
        ([0, 1, 1], [1, -1]),
        ([0, 1, 1], [1, math.nan]),
        ([0, 0, 0], [0]),
        ([0, 1, 1], [[1, 1]]),
    ],
)
def test_a_margin_that_contradicts_the_sample_is_refused(codes: list, totals: list) -> None:
    good = Margin(np.array([0, 1, 1]), [1, 1])
    with pytest.raises(BadMargins) as caught:
        rake([good, Margin(codes, totals)])
    assert caught.value.margin == 1


def test_a_category_nobody_is_in_and_nobody_answered_is_no_matter() -> None:
    assert rake([Margin(np.array([0, 1]), [1, 3, 0])]).weights == pytest.approx([1, 3])


def test_margins_that_contradict_each_other_do_not_converge() -> None:
    same = np.array([0, 0, 1, 1])
    with pytest.raises(NotConverged) as caught:
        rake([Margin(same, [50, 50]), Margin(same, [20, 80])], max_rounds=30)
    assert caught.value.rounds == 30
    assert caught.value.distance > 0.1


@pytest.mark.parametrize("base", [[1, 0], [1, -1], [1], [math.nan, 1]])
def test_base_weights_are_above_zero(base: list[float]) -> None:
    with pytest.raises(BadCounts):
        rake([Margin(np.array([0, 1]), [1, 1])], base=base)


def test_raking_needs_margins_and_answers() -> None:
    with pytest.raises(BadArgument):
        rake([])
    with pytest.raises(BadCounts):
        rake([Margin(np.array([], dtype=int), [1])])


def test_many_wide_margins_do_not_overflow() -> None:
    rng = np.random.default_rng(1)
    codes = [rng.permutation(400) for _ in range(8)]
    raked = rake([Margin(c, np.full(400, 2.0)) for c in codes])
    assert raked.weights == pytest.approx(np.full(400, 2.0))


def test_effective_n_is_kishs() -> None:
    assert effective_n([1, 1, 1, 1]) == 4
    assert effective_n([1, 3]) == pytest.approx(16 / 10)
    assert effective_n([]) == effective_n([0, 0]) == 0
    with pytest.raises(BadCounts):
        effective_n([-1])


@pytest.mark.parametrize("wrong", [(-1, 1, 1), (1, 0, 1), (1, 1, 0), (math.nan, 1, 1)])
def test_an_impossible_design_effect_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(BadArgument):
        design_effect(wrong[0], spread=wrong[1], n=wrong[2])


def test_without_weights_margins_and_clusters_it_is_the_plain_mean() -> None:
    answers = np.array([1.0, 4, 2, 8, 5])
    assert calibrated_se(answers) == pytest.approx(answers.std(ddof=1) / math.sqrt(5))
    found = calibrated_mean(answers)
    assert found.value == 4
    assert found.half_width == pytest.approx(2.776445 * calibrated_se(answers))


def test_clustered_errors_are_those_of_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(9)
    group = rng.integers(0, 12, 80)
    answers = rng.normal(size=80) + 0.7 * group
    fit = sm.OLS(answers, np.ones(80)).fit(
        cov_type="cluster", cov_kwds={"groups": group, "use_correction": False}
    )
    expected = fit.bse[0] * math.sqrt(12 / 11)
    assert calibrated_se(answers, clusters=group) == pytest.approx(expected)


def test_what_the_margins_explain_is_no_longer_uncertain() -> None:
    codes = np.array([0] * 30 + [1] * 30)
    answers = codes * 10.0 + np.tile([0, 1], 30)
    margin = Margin(codes, [1, 1])
    weights = rake([margin]).weights
    assert calibrated_se(answers, weights, margins=[margin]) < calibrated_se(answers, weights) / 5


def test_clusters_may_be_names() -> None:
    by_name = calibrated_se([1, 2, 4, 9], clusters=["a", "b", "a", "b"])
    assert by_name == calibrated_se([1, 2, 4, 9], clusters=[0, 1, 0, 1])


def test_a_single_cluster_has_no_error() -> None:
    with pytest.raises(TooFewAnswers):
        calibrated_se([1, 2, 3], clusters=[7, 7, 7])
    with pytest.raises(TooFewAnswers):
        calibrated_se([])


def test_impossible_answers_and_weights_are_refused() -> None:
    wrong = (
        {"answers": [1, math.nan]},
        {"answers": [1, 2], "weights": [1]},
        {"answers": [1, 2], "weights": [0, 0]},
        {"answers": [1, 2], "weights": [1, -1]},
        {"answers": [[1, 2]]},
        {"answers": [1, 2], "clusters": [1, 2, 3]},
        {"answers": [1, 2], "margins": [Margin(np.array([0, 1, 1]), [1, 1])]},
        {"answers": [1, 2], "base": [1, 2, 3]},
    )
    for given_wrong in wrong:
        with pytest.raises(BadCounts):
            calibrated_se(**given_wrong)
    with pytest.raises(BadArgument):
        calibrated_se([1, 2, 3], population=2)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(2, 4))
def test_raking_keeps_the_ratios_within_cells_and_meets_the_margins(seed: int, k: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, k, 300), rng.integers(0, m, 300)
    base = rng.uniform(0.5, 2, 300)
    totals = rng.uniform(1, 5, k), rng.uniform(1, 5, m)
    raked = rake([Margin(first, totals[0]), Margin(second, totals[1])], base=base)
    factor = raked.weights / base
    for a in range(k):
        for b in range(m):
            cell = factor[(first == a) & (second == b)]
            assert cell.size == 0 or np.ptp(cell) <= 1e-9 * cell.max()
    assert np.bincount(first, weights=raked.weights) == pytest.approx(totals[0], rel=1e-8)
    assert raked.effective_n <= 300
