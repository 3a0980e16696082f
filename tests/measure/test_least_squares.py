import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.least_squares import grouped, least_squares


def rows(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
    return design @ [1, 2, 0, -1] + rng.normal(size=n) * (1 + np.abs(design[:, 1])), design


@pytest.mark.parametrize("lags", [0, 3, 12])
def test_newey_west_is_that_of_statsmodels(lags: int) -> None:
    y, design = rows(1)
    theirs = sm.OLS(y, design).fit().get_robustcov_results("HAC", maxlags=lags, use_correction=True)
    ours = least_squares(y, design)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-10)
    assert ours.newey_west(lags) == pytest.approx(theirs.cov_params(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_clustered_and_classical_are_those_of_statsmodels(weighted: bool) -> None:
    y, design = rows(2)
    groups = np.arange(40) % 7
    w = np.linspace(0.5, 2, 40) if weighted else np.ones(40)
    theirs = sm.WLS(y, design, weights=w).fit()
    ours = least_squares(y, design, weights=w)
    robust = theirs.get_robustcov_results("cluster", groups=groups)
    assert ours.classical == pytest.approx(theirs.cov_params(), rel=1e-9, abs=1e-12)
    assert ours.clustered(groups) == pytest.approx(robust.cov_params(), rel=1e-9, abs=1e-12)


@given(st.integers(0, 10_000), st.floats(0.001, 1000))
def test_the_unit_of_a_column_changes_its_coefficient_only(seed: int, unit: float) -> None:
    y, design = rows(seed, 12)
    other = least_squares(y, design * [1, unit, 1, 1])
    plain = least_squares(y, design)
    assert other.residuals == pytest.approx(plain.residuals, abs=1e-8)
    assert other.coefficients[1] * unit == pytest.approx(plain.coefficients[1], rel=1e-6, abs=1e-8)


@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    y, design = rows(3, 12)
    groups = np.arange(12) // 3
    one, other = least_squares(y, design), least_squares(y[order], design[order])
    assert other.coefficients == pytest.approx(one.coefficients)
    assert other.clustered(groups[order]) == pytest.approx(one.clustered(groups))


def test_rows_without_rest_are_an_exact_fit() -> None:
    assert least_squares([3, 3, 3], [[1], [1], [1]]).is_exact
    assert least_squares([0, 0, 0], [[1], [1], [1]]).is_exact
    assert not least_squares([3, 3, 4], [[1], [1], [1]]).is_exact


@pytest.mark.parametrize("design", [[[1, 1]] * 4, [[1, 0]] * 4, [[1, 2], [2, 4], [3, 6], [5, 10]]])
def test_columns_that_follow_from_others_are_told(design: list) -> None:
    with pytest.raises(NotIdentified):
        least_squares([1, 2, 3, 5], design)


def test_too_few_rows_are_told() -> None:
    with pytest.raises(TooFewAnswers):
        least_squares([1, 2], [[1, 0], [1, 1]])
    with pytest.raises(TooFewAnswers):
        least_squares([], np.empty((0, 1)))


@pytest.mark.parametrize(
    ("y", "design", "weights"),
    [
        ([1, 2, math.nan], [[1]] * 3, None),
        ([1, 2, 3], [[1]] * 2, None),
        ([[1, 2]], [[1]], None),
        ([1, 2, 3], [1, 1, 1], None),
        ([1, 2, 3], [[1]] * 3, [1, 1]),
        ([1, 2, 3], [[1]] * 3, [1, 1, 0]),
        ([1, 2, 3], [[1]] * 3, [1, 1, -1]),
    ],
)
def test_rows_that_cannot_be_are_refused(y: list, design: list, weights: list | None) -> None:
    with pytest.raises(BadCounts):
        least_squares(y, design, weights=weights)


def test_one_cluster_or_too_many_lags_are_refused() -> None:
    fit = least_squares([1, 2, 4], [[1]] * 3)
    with pytest.raises(NotIdentified):
        fit.clustered([1, 1, 1])
    with pytest.raises(BadArgument):
        fit.newey_west(3)
    with pytest.raises(BadArgument):
        fit.newey_west(-1)


def test_groups_may_have_any_labels() -> None:
    assert grouped(["b", "a", "b"], n=3).tolist() == [1, 0, 1]
    with pytest.raises(BadCounts):
        grouped(["b"], n=3)
