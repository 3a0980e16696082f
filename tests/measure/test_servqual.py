import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram
from mindgap.measure.servqual import servqual, servqual_from_sums

REFERENCE = frozen("expectation")
R, MADE = REFERENCE["r"], REFERENCE["made"]


def with_moments(means: list, covariance: list, n: int) -> np.ndarray:
    """Rows that have exactly these means and covariances: a t interval sees nothing else."""
    rows = np.random.default_rng(3).normal(size=(n, len(means)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(np.cov(rows, rowvar=False)).T)
    return rows @ np.linalg.cholesky(np.array(covariance)).T + means


def answers(seed: int, n: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(1, 8, (n, 5)), rng.integers(1, 8, (n, 5))


NAMES = ["easy", "easy", "clean", "clean", "clean"]


def test_the_gap_of_mobile_customers_is_that_of_r() -> None:
    """R11: gap = experienced - expected, + is good."""
    rows = with_moments(MADE["means"], MADE["covariance_means"], MADE["n"])
    found = servqual(rows[:, :1], rows[:, 1:], dimensions=["all"]).overall
    for name in ("value", "low", "high"):
        assert getattr(found, name) == pytest.approx(R["gap"][name], abs=5e-4)
    assert found.p == pytest.approx(R["gap"]["p"], abs=5e-5)


def test_the_rows_of_mobile_customers_give_the_same() -> None:
    table = sets.mobi()
    e = np.column_stack([table[f"CUEX{j}"] for j in (1, 2, 3)]).mean(axis=1, keepdims=True)
    p = np.column_stack([table[f"PERQ{j}"] for j in range(1, 8)]).mean(axis=1, keepdims=True)
    found = servqual(e, p, dimensions=["all"])
    assert found.overall.p == pytest.approx(R["gap"]["p"], abs=5e-5)
    assert found.reliability is None


@given(st.integers(0, 10_000))
def test_dimensions_are_means_of_items_and_the_whole_of_dimensions(seed: int) -> None:
    e, p = answers(seed)
    found = servqual(e, p, dimensions=NAMES)
    gaps = [one.value for one in found.items]
    assert gaps == pytest.approx((p - e).mean(axis=0))
    assert [one.gap.value for one in found.dimensions] == pytest.approx(
        [np.mean(gaps[:2]), np.mean(gaps[2:])]
    )
    assert found.overall.value == pytest.approx(np.mean([one.gap.value for one in found.dimensions]))
    assert found.weighted == found.overall
    assert [one.weight for one in found.dimensions] == [0.5, 0.5]
    for one in found.dimensions:
        assert one.perceived.value - one.expected.value == pytest.approx(one.gap.value)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_order_of_respondents_and_items_does_not_matter(seed: int) -> None:
    e, p = answers(seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(12), rng.permutation(5)
    weights = {"easy": 30, "clean": 70}
    one = servqual(e, p, dimensions=NAMES, weights=weights)
    other = servqual(
        e[rows][:, columns],
        p[rows][:, columns],
        dimensions=[NAMES[j] for j in columns],
        weights=dict(reversed(weights.items())),
    )
    assert other.weighted.value == pytest.approx(one.weighted.value)
    assert other.weighted.high == pytest.approx(one.weighted.high)
    swapped = servqual(p, e, dimensions=NAMES)
    assert swapped.overall.value == pytest.approx(-one.overall.value)


def test_points_weigh_each_respondents_own_gap() -> None:
    e, p = np.array([[4, 4], [4, 4], [5, 4]]), np.array([[5, 3], [6, 4], [5, 2]])
    points = {"easy": [100, 0, 50], "clean": [0, 100, 50]}
    found = servqual(e, p, dimensions=["easy", "clean"], weights=points)
    assert found.weighted.value == pytest.approx((1 + 0 - 1) / 3)
    assert [one.weight for one in found.dimensions] == [0.5, 0.5]
    common = servqual(e, p, dimensions=["easy", "clean"], weights={"easy": 60, "clean": 20})
    assert common.weighted.value == pytest.approx(0.75 * 1 + 0.25 * -1)


def test_a_ranking_of_customers_is_warned_of_where_the_gap_is_noise() -> None:
    found = servqual(*answers(4, 40), dimensions=NAMES)
    assert found.reliability is not None
    assert found.reliability.warnings == (Caution.UNRELIABLE,)
    assert all(one.reliability is not None for one in found.dimensions)


def test_an_item_on_which_all_agree_does_not_harm_the_rest() -> None:
    e, p = answers(4, 40)
    e[:, 1] = 7
    found = servqual(e, p, dimensions=NAMES)
    assert found.reliability is not None
    assert math.isfinite(found.reliability.low)


def test_equal_answers_have_gaps_and_no_reliability() -> None:
    found = servqual([[5, 5]] * 6, [[4, 4]] * 6, dimensions=["easy", "easy"])
    assert found.overall.value == -1
    assert found.overall.warnings == (Caution.ALL_EQUAL,)
    assert found.overall.p == pytest.approx(2 / 64)
    assert found.reliability is None
    assert found.dimensions[0].reliability is None


@pytest.mark.parametrize(
    ("e", "p", "how", "error"),
    [
        ([[5, 5]], [[4, 4]], {}, TooFewAnswers),
        (np.empty((0, 2)), np.empty((0, 2)), {}, TooFewAnswers),
        ([5, 5], [4, 4], {}, BadCounts),
        (np.empty((3, 0)), np.empty((3, 0)), {}, BadCounts),
        ([[5, 5], [4, math.nan]], [[4, 4], [4, 4]], {}, BadCounts),
        ([[5, 5], [4, 5]], [[4, 4], [4, math.inf]], {}, BadCounts),
        ([[5, 5], [4, 5]], [[4], [4]], {}, BadCounts),
        ([[5, 5], [4, 5]], [[4, 4], [4, 5]], {"dimensions": ["easy"]}, BadArgument),
        ([[5, 5], [4, 5]], [[4, 4], [4, 5]], {"weights": {"easy": 1}}, BadArgument),
        ([[5, 5], [4, 5]], [[4, 4], [4, 5]], {"weights": {"easy": 1, "clean": -1}}, BadCounts),
        ([[5, 5], [4, 5]], [[4, 4], [4, 5]], {"weights": {"easy": 0, "clean": 0}}, BadCounts),
        ([[5, 5], [4, 5]], [[4, 4], [4, 5]], {"weights": {"easy": 1, "clean": [1, 2, 3]}}, BadCounts),
        ([[5, 5], [4, 5]], [[4, 4], [4, 5]], {"level": 1.5}, BadArgument),
    ],
)
def test_what_cannot_be_is_refused(e: object, p: object, how: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        servqual(e, p, **{"dimensions": ["easy", "clean"], **how})


@pytest.mark.parametrize("weights", [None, {"easy": 70, "clean": 30}])
@pytest.mark.parametrize("seed", [1, 2])
def test_sums_of_products_give_what_the_rows_give(seed: int, weights: dict | None) -> None:
    e, p = answers(seed)
    names = [*(f"e{j}" for j in range(5)), *(f"p{j}" for j in range(5))]
    gram = Gram.of(np.hstack([e, p]), names=names)
    found = servqual_from_sums(
        gram, expected=names[:5], perceived=names[5:], dimensions=NAMES, weights=weights
    )
    same = servqual(e, p, dimensions=NAMES, weights=weights)

    def flat(whole: object) -> list[float]:
        parts = [*whole.items, whole.overall, whole.weighted, *(each.gap for each in whole.dimensions)]
        steps = [number for each in parts for number in (each.value, each.low, each.high, each.p)]
        levels = [each for one in whole.dimensions for each in (one.expected, one.perceived, one.reliability)]
        return steps + [
            number for each in (*levels, whole.reliability) for number in (each.value, each.low, each.high)
        ]

    assert flat(found) == pytest.approx(flat(same))
    assert [each.weight for each in found.dimensions] == pytest.approx(
        [each.weight for each in same.dimensions]
    )
    assert found.n == same.n


def test_sums_of_equal_answers_have_no_reliability() -> None:
    gram = Gram.of([[5, 5, 3, 3]] * 4, names=("e1", "e2", "p1", "p2"))
    found = servqual_from_sums(gram, expected=["e1", "e2"], perceived=["p1", "p2"], dimensions=["x", "x"])
    assert (found.overall.value, found.reliability) == (-2, None)
    assert found.overall.warnings == (Caution.ALL_EQUAL,)
    one = servqual_from_sums(gram, expected=["e1"], perceived=["p1"], dimensions=["x"])
    assert one.dimensions[0].reliability is None


def test_sums_that_do_not_fit_are_refused() -> None:
    gram = Gram.of([[5, 5, 3, 3]] * 4, names=("e1", "e2", "p1", "p2"))
    with pytest.raises(BadArgument):
        servqual_from_sums(gram, expected=["e1"], perceived=["p1", "p2"], dimensions=["x"])
    with pytest.raises(TooFewAnswers):
        servqual_from_sums(
            Gram.of([[5, 3]], names=("e", "p")), expected=["e"], perceived=["p"], dimensions=["x"]
        )
