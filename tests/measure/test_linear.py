import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.linear import LinearFit, _r2_below, linear, linear_from_products


def sample(n: int = 60, seed: int = 1) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=n), rng.integers(0, 5, n).astype(float)
    return 1 + 2 * a - b + rng.normal(size=n) * (1 + np.abs(a)), {"a": a, "b": b}


def same(left: LinearFit, right: LinearFit) -> None:
    assert left.coefficients == pytest.approx(right.coefficients)
    assert left.covariance == pytest.approx(right.covariance)
    assert (left.n, left.df, left.r2) == pytest.approx((right.n, right.df, right.r2))


def test_coefficients_errors_and_tests_are_those_of_statsmodels() -> None:
    import statsmodels.api as sm

    y, x = sample()
    design = sm.add_constant(np.column_stack(list(x.values())))
    who = np.arange(60) // 3
    kinds = [
        (linear(y, x), {"cov_type": "HC3", "use_t": True}),
        (linear(y, x, errors="classic"), {}),
        (linear(y, x, clusters=who), {"cov_type": "cluster", "cov_kwds": {"groups": who}, "use_t": True}),
    ]
    for fit, how in kinds:
        other = sm.OLS(y, design).fit(**how)
        assert fit.coefficients == pytest.approx(other.params)
        assert [fit.se(name) for name in fit.names] == pytest.approx(other.bse)
        assert fit.r2 == pytest.approx(other.rsquared)
        assert [fit.p(name) for name in fit.names] == pytest.approx(other.pvalues)
        assert (fit.estimate("a").low, fit.estimate("a").high) == pytest.approx(other.conf_int()[1])
        both = other.f_test(np.eye(3)[1:])
        assert fit.test("a", "b").f == pytest.approx(float(both.fvalue))
        assert fit.test("a", "b").p == pytest.approx(float(both.pvalue))
        summed = other.t_test([0, 1, 1])
        assert fit.estimate({"a": 1, "b": 1}).value == pytest.approx(summed.effect[0])
        assert fit.se({"a": 1, "b": 1}) == pytest.approx(float(np.ravel(summed.sd)[0]))


def test_counts_stand_for_repeated_rows() -> None:
    y, x = sample(20)
    counts = np.arange(20) % 4
    again = {name: np.repeat(column, counts) for name, column in x.items()}
    for errors in ("hc3", "classic"):
        same(linear(y, x, counts=counts, errors=errors), linear(np.repeat(y, counts), again, errors=errors))
    who = np.arange(20) // 2
    left = linear(y, x, counts=counts, clusters=who)
    same(left, linear(np.repeat(y, counts), again, clusters=np.repeat(who, counts)))


def test_sums_of_products_say_the_same_as_rows() -> None:
    y, x = sample()
    columns = np.column_stack([np.ones_like(y), x["a"], x["b"], y])
    same(linear_from_products(columns.T @ columns, ("a", "b")), linear(y, x, errors="classic"))
    only = np.column_stack([np.ones_like(y), y])
    same(linear_from_products(only.T @ only, ()), linear(y, {}, errors="classic"))


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_order_and_units_do_not_matter(seed: int, factor: float, shift: float) -> None:
    y, x = sample(15, seed)
    turned = np.random.default_rng(seed).permutation(15)
    fit = linear(y, x)
    other = linear(y[turned], {name: factor * column[turned] + shift for name, column in x.items()})
    assert other.r2 == pytest.approx(fit.r2)
    assert other.estimate("a").value * factor == pytest.approx(fit.estimate("a").value)
    assert other.se("a") * factor == pytest.approx(fit.se("a"))
    assert other.test("a", "b").f == pytest.approx(fit.test("a", "b").f)


@given(st.floats(0, 0.999), st.integers(8, 300), st.integers(1, 4))
def test_the_interval_of_r2_holds_it_and_stays_between_0_and_1(r2: float, n: int, k: int) -> None:
    fit = LinearFit(("constant", *"abcd"[:k]), np.zeros(k + 1), np.eye(k + 1), n, n - k - 1, r2, "")
    at = fit.r2_estimate()
    assert 0 <= at.low <= at.value == r2 <= at.high <= 1
    wider = fit.r2_estimate(level=0.99)
    assert wider.low <= at.low
    assert wider.high >= at.high


def test_a_perfect_fit_leaves_no_doubt() -> None:
    x = np.arange(6.0)
    fit = linear(2 * x, {"x": x}, errors="classic")
    assert fit.r2_estimate().low == pytest.approx(1)
    assert fit.p("x") == pytest.approx(0, abs=1e-12)
    exact = LinearFit(("constant", "x"), np.array([0.0, 2.0]), np.zeros((2, 2)), 6, 4, 1.0, "")
    assert (exact.test("x").f, exact.p("x"), exact.p("constant")) == (math.inf, 0, 1)


def test_a_constant_outcome_has_slope_0_and_says_so() -> None:
    fit = linear([3.0] * 6, {"x": np.arange(6.0)})
    assert fit.estimate("x").value == pytest.approx(0, abs=1e-12)
    assert fit.r2 == 0
    assert fit.warnings == (Caution.ALL_EQUAL,)
    assert linear([0.0] * 6, {"x": np.arange(6.0)}).warnings == (Caution.ALL_EQUAL,)
    assert linear([1.0, 2.0, 4.0], {}).r2_estimate().high == 0
    columns = np.column_stack([np.ones(6), np.arange(6.0), np.full(6, 0.1)])
    sums = linear_from_products(columns.T @ columns, ("x",))
    assert (sums.estimate("x").value, sums.p("x"), sums.warnings) == (0, 1, (Caution.ALL_EQUAL,))


def test_few_clusters_are_pointed_out() -> None:
    y, x = sample()
    assert linear(y, x, clusters=np.arange(60) % 9).warnings == (Caution.FEW_CLUSTERS,)
    assert linear(y, x, clusters=[f"c{i % 10}" for i in range(60)]).warnings == ()


@pytest.mark.parametrize(
    ("y", "x", "how", "error"),
    [
        ([1, 2], {"a": [1, 2]}, {}, TooFewAnswers),
        ([], {"a": []}, {}, TooFewAnswers),
        ([1, 2, 3, 4], {"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]}, {}, NotIdentified),
        ([1, 2, 3, 4], {"a": [0, 0, 0, 0]}, {}, NotIdentified),
        ([1, 2, 3, 4], {"a": [0, 0, 0, 1]}, {}, NotIdentified),
        ([1, 2, 3, math.nan], {"a": [1, 2, 3, 4]}, {}, BadCounts),
        ([1, 2, 3, 4], {"a": [1, 2, 3, math.inf]}, {}, BadCounts),
        ([1, 2, 3, 4], {"a": [1, 2, 3]}, {}, BadCounts),
        ([1, 2, 3, 4], {"constant": [1, 2, 3, 4]}, {}, BadCounts),
        ([1, 2, 3, 4], {"a": [1, 2, 3, 5]}, {"counts": [1, 1, 1, -1]}, BadCounts),
        ([1, 2, 3, 4], {"a": [1, 2, 3, 5]}, {"clusters": [1, 1, 1, 1]}, TooFewAnswers),
        ([1, 2, 3, 4], {"a": [1, 2, 3, 5]}, {"clusters": [1, 1, 1]}, BadCounts),
        ([1, 2, 3, 4], {"a": [1, 2, 3, 5]}, {"clusters": [1, 1, 1, math.nan]}, BadCounts),
        ([1, 2, 3, 4], {"a": [1, 2, 3, 5]}, {"errors": "hc9"}, BadArgument),
    ],
)
def test_what_cannot_be_fitted_is_refused(y: list, x: dict, how: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        linear(y, x, **how)


def test_impossible_sums_of_products_are_refused() -> None:
    with pytest.raises(BadCounts):
        linear_from_products([[1, 2], [3, 4]], ("a",))
    with pytest.raises(BadCounts):
        linear_from_products([[-1.0]], ())
    with pytest.raises(TooFewAnswers):
        linear_from_products(np.eye(3) * 2, ("a",))
    with pytest.raises(NotIdentified):
        linear_from_products([[5, 5, 5], [5, 5, 5], [5, 5, 9]], ("a",))
    with pytest.raises(NotIdentified):
        linear_from_products([[9, 0, 0, 0], [0, 4, 4, 1], [0, 4, 4, 1], [0, 1, 1, 9]], ("a", "b"))
    with pytest.raises(BadArgument):
        linear([1, 2, 4], {}).estimate("a")


def test_the_limits_of_r2_lie_at_the_tails() -> None:
    at = LinearFit(("constant", "a", "b"), np.zeros(3), np.eye(3), 30, 27, 0.4, "").r2_estimate()
    assert _r2_below(0.4, at.low, 30, 2) == pytest.approx(0.975)
    assert _r2_below(0.4, at.high, 30, 2) == pytest.approx(0.025)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "k", "r2"), [(12, 5, 0.0), (30, 2, 0.02), (60, 3, 0.3), (40, 2, 0.9)])
def test_the_interval_of_r2_covers_for_random_predictors(n: int, k: int, r2: float) -> None:
    """The true R² is inside exactly if the one seen is not in a tail of its distribution."""
    rng = np.random.default_rng(11)
    runs = 1500
    seen = []
    for _ in range(runs):
        x = rng.normal(size=(n, k))
        y = math.sqrt(r2 / (1 - r2)) * x[:, 0] + rng.normal(size=n)
        seen.append(linear(y, {str(j): x[:, j] for j in range(k)}, errors="classic").r2)
    held = sum(0.025 <= _r2_below(one, r2, n, k) <= 0.975 for one in seen)
    assert held / runs == pytest.approx(0.95, abs=0.017)
