import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure import (
    BadArgument,
    BadCounts,
    TooFewAnswers,
    among_worst,
    between_variance,
    nps_cells,
    shrink,
)

REFERENCE = frozen("shrink")
scores = st.lists(
    st.tuples(st.floats(-100, 100), st.floats(0.01, 500)), min_size=2, max_size=15
).map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))  # fmt: skip


@pytest.mark.parametrize("method", ["reml", "paule-mandel", "dersimonian-laird"])
def test_the_variance_between_touchpoints_is_the_one_of_statsmodels(method: str) -> None:
    found = between_variance(REFERENCE["values"], REFERENCE["variances"], method=method)
    assert found == pytest.approx(REFERENCE["tau2"][method], rel=1e-4)


def test_a_touchpoint_of_four_answers_moves_as_in_r() -> None:
    """Three detractors, one promoter; a second value places the common mean where R had it."""
    row = REFERENCE["touchpoint"]
    v = float(nps_cells(*row["classes"]).variance) / 1e4
    own, other = 1 / (v + row["tau2"]), 1 / row["tau2"]
    counterpart = row["centre"] + (row["centre"] - row["nps"]) * own / other
    found = shrink([row["nps"], counterpart], [v, 1e-12], tau2=row["tau2"])
    assert found.centre == pytest.approx(row["centre"], abs=1e-6)
    assert found.values[0] == pytest.approx(row["shrunk"], abs=1e-3)
    assert found.method == "given"


def test_the_batting_averages_of_efron_and_morris_are_reproduced() -> None:
    row = REFERENCE["baseball"]
    x = math.sqrt(45) * np.arcsin(2 * np.array(row["hits"]) / 45 - 1)
    keep = 1 - (x.size - 3) / ((x - x.mean()) ** 2).sum()
    found = shrink(x, np.ones_like(x), tau2=keep / (1 - keep))
    averages = (np.sin(found.values / math.sqrt(45)) + 1) / 2
    assert averages.round(3).tolist() == row["james_stein"]


def test_standard_errors_are_those_of_the_joint_normal_model() -> None:
    """Apart from our formula: the inverse of the precision matrix with a flat mean."""
    y, v, tau2 = np.array(REFERENCE["values"]), np.array(REFERENCE["variances"]), 0.05
    m = y.size
    precision = np.diag(1 / v) + (np.eye(m) - np.full((m, m), 1 / m)) / tau2
    covariance = np.linalg.inv(precision)
    found = shrink(y, v, tau2=tau2)
    assert found.values == pytest.approx(covariance @ (y / v))
    assert found.ses == pytest.approx(np.sqrt(np.diag(covariance)))
    assert found.highs - found.values == pytest.approx(1.959964 * found.ses)


def test_touchpoints_that_do_not_differ_move_all_the_way() -> None:
    found = shrink([10, 11, 9], [400, 400, 400])
    assert found.tau2 == 0
    assert found.values == pytest.approx([10, 10, 10])
    assert found.pull == pytest.approx([1, 1, 1])
    for method in ("paule-mandel", "dersimonian-laird"):
        assert between_variance([10, 11, 9], [400, 400, 400], method=method) == 0


def test_equal_touchpoints_have_no_variance_between_them() -> None:
    assert shrink([5, 5, 5], [1, 2, 3]).tau2 == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("values", "variances"), [([1], [1]), ([], [])])
def test_one_touchpoint_has_nothing_to_move_to(values: list[float], variances: list[float]) -> None:
    with pytest.raises(TooFewAnswers):
        shrink(values, variances)


@pytest.mark.parametrize(
    ("values", "variances"),
    [([1, 2], [1, 0]), ([1, 2], [1, -1]), ([1, math.nan], [1, 1]), ([1, 2], [1, 1, 1]), ([[1, 2]], [[1, 1]])],
)
def test_impossible_touchpoints_are_refused(values: object, variances: object) -> None:
    with pytest.raises(BadCounts):
        shrink(values, variances)


def test_an_unknown_way_to_shrink_is_refused() -> None:
    with pytest.raises(BadArgument):
        shrink([1, 2], [1, 1], method="guess")
    with pytest.raises(BadCounts):
        shrink([1, 2], [1, 1], tau2=-1)


@given(scores)
def test_every_touchpoint_moves_towards_the_common_mean_and_not_past_it(drawn: tuple) -> None:
    y, v = drawn
    found = shrink(y, v)
    assert (np.abs(found.values - found.centre) <= np.abs(y - found.centre) + 1e-9).all()
    assert ((found.values - found.centre) * (y - found.centre) >= -1e-9).all()
    assert (found.lows <= found.values).all()


@given(scores, st.sampled_from(["reml", "paule-mandel", "dersimonian-laird"]))
def test_the_variance_follows_the_unit_and_not_the_origin(drawn: tuple, method: str) -> None:
    y, v = drawn
    found = between_variance(y, v, method=method)
    moved = between_variance(10 * y + 7, 100 * v, method=method)
    assert moved == pytest.approx(100 * found, rel=1e-5, abs=1e-4)


@given(scores)
def test_restricted_likelihood_has_no_better_variance_nearby(drawn: tuple) -> None:
    y, v = drawn
    best = between_variance(y, v)

    def minus_log(t: float) -> float:
        w = 1 / (v + t)
        centre = (w @ y) / w.sum()
        return -np.log(w).sum() + np.log(w.sum()) + (w * (y - centre) ** 2).sum()

    around = [best * f for f in (0.3, 0.9, 1.1, 3)] + [best + s for s in (0.01, 1.0, 50.0)]
    assert all(minus_log(best) <= minus_log(t) + 1e-6 for t in around)


def simulated(values: list[float], ses: list[float], k: int) -> np.ndarray:
    draws = np.random.default_rng(11).normal(values, ses, (200_000, len(values)))
    ranks = draws.argsort(axis=1)[:, :k]
    return np.bincount(ranks.ravel(), minlength=len(values)) / draws.shape[0]


@pytest.mark.parametrize(
    ("values", "ses", "k"),
    [
        ([0, 1, 2, 3], [1, 1, 1, 1], 1),
        ([0, 1, 2, 3, 4, 5], [0.1, 3, 0.5, 2, 1, 8], 2),
        ([-0.0185, 0.0213, 0.2, 0.31, 0.4], [0.188, 0.07, 0.05, 0.15, 0.1], 1),
        ([5, 5, 5.001, 5], [1e-4, 10, 1e-4, 1e-5], 3),
    ],
)
def test_the_chance_to_be_the_worst_is_that_of_many_draws(
    values: list[float], ses: list[float], k: int
) -> None:
    assert among_worst(values, ses, k=k) == pytest.approx(simulated(values, ses, k), abs=0.006)


def test_two_touchpoints_have_the_chance_of_a_normal_difference() -> None:
    from scipy.stats import norm

    found = among_worst([1.0, 2.0], [0.6, 0.8], k=1)
    assert found == pytest.approx([norm.cdf(1), norm.cdf(-1)], abs=0.002)


def test_the_worst_tenth_of_forty_is_four() -> None:
    rng = np.random.default_rng(2)
    found = among_worst(rng.normal(0, 10, 40), rng.uniform(1, 9, 40))
    assert found.sum() == pytest.approx(4)
    assert among_worst(np.zeros(5), np.ones(5)).sum() == pytest.approx(1)


def test_equal_touchpoints_have_equal_chances() -> None:
    assert among_worst([3, 3, 3, 3], [0, 0, 0, 0], k=1) == pytest.approx([0.25] * 4)
    assert among_worst([3, 3, 3], [2, 2, 2], k=2) == pytest.approx([2 / 3] * 3)


def test_all_touchpoints_are_among_the_worst_of_all() -> None:
    assert among_worst([1, 2, 3], [1, 1, 1], k=3) == pytest.approx([1, 1, 1])
    assert among_worst([7], [1]) == pytest.approx([1])


def test_where_lower_is_better_the_largest_is_the_worst() -> None:
    values, ses = [1.0, 2.0, 4.0], [1.0, 0.5, 2.0]
    mirrored = among_worst([-v for v in values], ses, k=1)
    assert among_worst(values, ses, k=1, better="lower") == pytest.approx(mirrored)


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"k": 4}, {"share": 0}, {"share": 1.5}, {"better": "up"}, {"share": math.nan}]
)
def test_impossible_questions_about_the_worst_are_refused(wrong: dict) -> None:
    with pytest.raises(BadArgument):
        among_worst([1, 2, 3], [1, 1, 1], **wrong)


def test_impossible_posteriors_are_refused() -> None:
    with pytest.raises(BadCounts):
        among_worst([1, 2], [1, -1])
    with pytest.raises(BadCounts):
        among_worst([1, 2], [1])
    with pytest.raises(TooFewAnswers):
        among_worst([], [])


@given(scores)
def test_chances_add_up_and_do_not_depend_on_the_order(drawn: tuple) -> None:
    y, v = drawn
    found = among_worst(y, np.sqrt(v), k=1)
    assert found.sum() == pytest.approx(1)
    assert ((found >= 0) & (found <= 1)).all()
    assert among_worst(y[::-1], np.sqrt(v)[::-1], k=1)[::-1] == pytest.approx(found, abs=1e-9)


@pytest.mark.slow
def test_shrinking_finds_the_truly_worst_more_often_than_the_raw_score() -> None:
    """Ten touchpoints, n = 5 to 1000, true sd 10 points: the raw minimum is mostly the smallest n."""
    rng = np.random.default_rng(8)
    ns = np.array([5, 8, 10, 20, 40, 80, 150, 300, 600, 1000])
    raw_right = shrunk_right = raw_small = shrunk_small = 0
    runs = 600
    for _ in range(runs):
        truth = rng.normal(0.3, 0.1, ns.size)
        pro, det = 0.45 + truth / 2, 0.45 - truth / 2
        drawn = np.array([rng.multinomial(n, [d, 0.1, p]) for n, d, p in zip(ns, det, pro, strict=True)])
        cells = nps_cells(*drawn.T)
        worst = int(np.argmin(truth))
        raw, shrunk = int(np.argmin(cells.value)), int(np.argmin(shrink(cells.value, cells.variance).values))
        raw_right += raw == worst
        shrunk_right += shrunk == worst
        raw_small += ns[raw] <= 10
        shrunk_small += ns[shrunk] <= 10
    assert shrunk_right > raw_right
    assert shrunk_small < raw_small / 2
