import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.counts import Counts
from mindgap.measure.difference import mover
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.mean import mean
from mindgap.measure.propagation import Uncertain, propagate
from mindgap.measure.proportion import proportion

numbers = st.floats(-100, 100)
widths = st.floats(0, 10)


@given(numbers, widths, widths, numbers, widths, widths)
def test_a_difference_is_that_of_variance_recovery(a, a_down, a_up, b, b_down, b_up) -> None:
    first, second = Estimate(a, a - a_down, a + a_up, 10, "x"), Estimate(b, b - b_down, b + b_up, 20, "y")
    found = propagate(lambda x, y: y - x, first, second)
    assert (found.low, found.high) == pytest.approx(mover(first, second), abs=1e-9)
    assert found.n == 10


@given(st.floats(0.1, 100), st.floats(0.01, 0.99), st.floats(1.01, 5))
def test_on_the_log_scale_products_and_ratios_stay_positive(value: float, low: float, high: float) -> None:
    part = Estimate(value, value * low, value * high, 10, "x")
    product = propagate(lambda x, y: x * y, part, part, scale="log")
    ratio = propagate(lambda x, y: x / y, part, part, scale="log")
    assert 0 < product.low < product.value < product.high
    assert ratio.low * ratio.high == pytest.approx(1)


def test_numbers_known_exactly_add_nothing() -> None:
    found = propagate(lambda x, y: x * y, 3.0, 4.0)
    assert (found.low, found.value, found.high, found.n) == (12, 12, 12, 0)
    part = Estimate(2.0, 1, 4, 10, "x", (Caution.ALL_EQUAL,))
    assert propagate(lambda x: -x, part).low == -4
    assert propagate(lambda x: -x, part).warnings == (Caution.ALL_EQUAL,)


def test_limits_without_end_are_said() -> None:
    part = Estimate(2.0, -math.inf, math.inf, 10, "x")
    found = propagate(lambda x: x + 1, part)
    assert found.warnings == (Caution.OPEN_LOW, Caution.OPEN_HIGH)
    below = propagate(lambda x: x, Estimate(2.0, -1, 3, 10, "x"), scale="log")
    assert below.low == 0


def test_figures_that_are_none_are_refused() -> None:
    with pytest.raises(BadArgument):
        propagate(lambda x: x, 1.0, scale="root")  # type: ignore[arg-type]
    with pytest.raises(NotIdentified):
        propagate(lambda x: math.inf * x, 1.0)
    with pytest.raises(NotIdentified):
        propagate(lambda x: x, -1.0, scale="log")
    with pytest.raises(NotIdentified):
        propagate(lambda x: x - x, Estimate(2.0, -math.inf, 3, 10, "x"))


def test_quantiles_are_those_of_the_shape() -> None:
    assert Uncertain.fixed(3).quantile(0.1) == 3
    assert Uncertain.normal(3, sd=2).quantile(0.975) == pytest.approx(3 + 1.959964 * 2)
    assert Uncertain.given([1, 2, 3, 4]).quantile(0.5) == 2.5
    assert Uncertain.lognormal(3, sd=0).quantile(0.9) == pytest.approx(3)
    with pytest.raises(BadArgument):
        Uncertain.fixed(3).quantile(1)


@given(st.floats(0.1, 100), st.floats(0.01, 3))
def test_a_lognormal_figure_has_the_mean_it_was_given(mean_given: float, spread: float) -> None:
    figure = Uncertain.lognormal(mean_given, sd=spread * mean_given)
    centre, sd = figure.logs()
    assert math.exp(centre + sd**2 / 2) == pytest.approx(mean_given)
    assert figure.estimate().low > 0


@pytest.mark.parametrize(
    "figure",
    [Uncertain.fixed(2), Uncertain.normal(2, sd=1), Uncertain.lognormal(2, sd=1), Uncertain.given([1, 1, 4])],
)
def test_draws_have_the_mean_and_spread_of_the_figure(figure: Uncertain) -> None:
    drawn = figure.draw(np.random.default_rng(1), 40_000)
    assert drawn.mean() == pytest.approx(2, abs=0.03)
    assert drawn.std() == pytest.approx(figure.sd, rel=0.05)
    assert figure.is_certain == (drawn.std() == 0)


def test_estimates_become_as_wide_as_their_interval() -> None:
    figure = Uncertain.of(Estimate(5, 4, 6, 10, "x"))
    assert figure.sd == pytest.approx(1 / 1.959964)
    assert figure.estimate().high == pytest.approx(6)
    assert Uncertain.of(Difference(5, 4, 6, 0.1, 1, 1, "x")).sd == figure.sd
    assert Uncertain.of(figure) is figure
    assert Uncertain.of(5).is_certain
    with pytest.raises(NotIdentified):
        Uncertain.of(Estimate(5, 4, math.inf, 10, "x"))


def test_impossible_figures_are_refused() -> None:
    for make in (
        lambda: Uncertain.normal(1, sd=-1),
        lambda: Uncertain.normal(math.nan, sd=1),
        lambda: Uncertain.fixed(math.inf),
        lambda: Uncertain.given([[1, 2]]),
        lambda: Uncertain.given([1, math.nan]),
    ):
        with pytest.raises(BadCounts):
            make()
    with pytest.raises(TooFewAnswers):
        Uncertain.given([1])
    with pytest.raises(BadArgument):
        Uncertain.lognormal(0, sd=1)


@pytest.mark.slow
def test_recovered_intervals_cover_a_product() -> None:
    rng, runs, covered = np.random.default_rng(8), 1500, 0
    for _ in range(runs):
        share = proportion(float(rng.binomial(40, 0.85)), 40)
        amount = mean(Counts.observed(rng.normal(50, 15, 25)))
        covered += not propagate(lambda a, b: a * b, share, amount, scale="log").excludes(0.85 * 50)
    assert 0.93 < covered / runs < 0.97
