import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.saturation import asymmetry, curvature, saturation

REFERENCE = frozen("driver")["hinge"]
X, Y = np.array(REFERENCE["x"]), np.array(REFERENCE["y"])


def rng() -> np.random.Generator:
    return np.random.default_rng(50)


def bent(change: float, *, n: int = 300, seed: int = 1, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """0 to 10, slope 1 up to 6, then 1 + change."""
    chance = np.random.default_rng(seed)
    x = chance.integers(0, 11, n).astype(float)
    return x, x + change * np.maximum(x - 6, 0) + noise * chance.normal(size=n)


def test_a_bend_at_a_given_knot_is_that_of_statsmodels_with_hc3() -> None:
    found = saturation(X, Y, knot=REFERENCE["knot"])
    assert found.below.value == pytest.approx(REFERENCE["below"], rel=1e-9)
    assert found.change.value == pytest.approx(REFERENCE["change"], rel=1e-9)
    assert (found.change.low, found.change.high) == pytest.approx(REFERENCE["change_limits"], rel=1e-9)
    assert found.p == pytest.approx(REFERENCE["p"], rel=1e-6)
    assert found.above.value == pytest.approx(found.below.value + found.change.value)
    assert found.is_given


def test_a_curve_is_that_of_statsmodels_with_hc3() -> None:
    found = curvature(X, Y)
    assert found.curve.value == pytest.approx(REFERENCE["curve"], rel=1e-9)
    assert (found.curve.low, found.curve.high) == pytest.approx(REFERENCE["curve_limits"], rel=1e-9)


def test_easy_interaction_that_adds_no_loyalty_any_more_saturates() -> None:
    """R111."""
    found = saturation(*bent(-1), rng=rng(), replicates=299)
    assert (found.shape, found.knot) == ("saturates", 6)
    assert not found.is_given
    assert found.p < 0.01
    assert found.below.low > 0.8
    assert not found.above.excludes(0)


@pytest.mark.parametrize(("change", "shape"), [(-0.6, "flattens"), (1.0, "steepens"), (0.0, "straight")])
def test_a_line_is_called_by_what_it_does(change: float, shape: str) -> None:
    assert saturation(*bent(change), rng=rng(), replicates=299).shape == shape
    assert saturation(*bent(change), knot=6).shape == shape


def test_pairs_with_counts_are_people() -> None:
    x, y = np.round(bent(-1)[0]), np.round(bent(-1)[1])
    pairs, counts = np.unique(np.column_stack([x, y]), axis=0, return_counts=True)
    asked = {"counts": np.append(counts, 0)}
    # A pair nobody gave changes nothing.
    driver, outcome = np.append(pairs[:, 0], 99), np.append(pairs[:, 1], 99)
    plain, counted = saturation(x, y, knot=5), saturation(driver, outcome, knot=5, **asked)
    assert counted.change.low == pytest.approx(plain.change.low)
    assert counted.p == pytest.approx(plain.p)
    assert curvature(driver, outcome, **asked).p == pytest.approx(curvature(x, y).p)
    searched = saturation(driver, outcome, rng=rng(), replicates=299, **asked)
    person = saturation(x, y, rng=rng(), replicates=299)
    assert (searched.knot, searched.n) == (person.knot, person.n)
    assert searched.change.value == pytest.approx(person.change.value)
    assert searched.change.half_width == pytest.approx(person.change.half_width, rel=0.2)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-100, 100))
def test_units_and_origin_do_not_matter(seed: int, unit: float, origin: float) -> None:
    x, y = bent(-0.5, n=60, seed=seed)
    plain = saturation(x, y, knot=5)
    moved = saturation(unit * x + origin, 3 * y - 7, knot=unit * 5 + origin)
    assert moved.change.value == pytest.approx(3 / unit * plain.change.value, rel=1e-6)
    assert moved.p == pytest.approx(plain.p, rel=1e-5, abs=1e-12)
    assert moved.shape == plain.shape


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_turning_the_driver_round_swaps_loss_and_gain(seed: int) -> None:
    x, y = bent(-0.5, n=60, seed=seed)
    plain, turned = asymmetry(x, y, reference=6), asymmetry(-x, -y, reference=-6)
    assert turned.loss.value == pytest.approx(plain.gain.value)
    assert turned.difference.value == pytest.approx(-plain.difference.value)
    assert turned.p == pytest.approx(plain.p)


def test_falling_short_of_a_promise_costs_more_than_exceeding_it_brings() -> None:
    chance = np.random.default_rng(3)
    gap = chance.normal(size=400)
    loyal = np.where(gap < 0, 2 * gap, 0.5 * gap) + 0.5 * chance.normal(size=400)
    found = asymmetry(gap, loyal, reference=0)
    assert found.loss.value == pytest.approx(2, abs=0.3)
    assert found.gain.value == pytest.approx(0.5, abs=0.3)
    assert found.difference.low > 1
    assert found.difference.value == pytest.approx(found.loss.value - found.gain.value)


def test_a_peak_is_told_only_where_there_are_answers() -> None:
    x = np.linspace(0, 10, 50)
    ripple = np.sin(7 * x)
    inside, outside = curvature(x, -((x - 6) ** 2) + ripple), curvature(x, -((x - 30) ** 2) + ripple)
    assert inside.peak == pytest.approx(6, abs=0.2)
    assert outside.peak is None


def test_an_outcome_that_never_changes_is_straight() -> None:
    x = np.tile(np.arange(11.0), 3)
    flat = np.full(33, 4.0)
    found = saturation(x, flat, rng=rng(), replicates=20)
    assert (found.shape, found.p) == ("straight", 1.0)
    assert saturation(x, flat, knot=5).p == 1
    assert curvature(x, flat).peak is None


def test_a_line_without_noise_is_straight() -> None:
    x = np.tile(np.arange(11.0), 3)
    for found in (saturation(x, 0.7 * x + 0.1, knot=5), saturation(x, 0.7 * x, rng=rng(), replicates=20)):
        assert (found.shape, found.p) == ("straight", 1.0)
        assert found.below.value == pytest.approx(0.7)
    assert curvature(x, 0.7 * x).p == 1


def test_a_perfect_bend_is_seen_though_nothing_is_left_over() -> None:
    x = np.tile(np.arange(11.0), 3)
    found = saturation(x, np.minimum(x, 5), knot=5)
    assert found.shape == "saturates"
    assert found.change.value == pytest.approx(-1)


def test_many_values_are_searched_at_fifty_places() -> None:
    chance = np.random.default_rng(4)
    x = chance.normal(size=800)
    found = saturation(x, np.minimum(x, 0.3) + 0.3 * chance.normal(size=800), rng=rng(), replicates=49)
    assert found.knot == pytest.approx(0.3, abs=0.35)
    assert found.shape == "saturates"


@pytest.mark.parametrize("n", [0, 1, 5])
def test_too_few_answers_are_refused(n: int) -> None:
    for ask in (curvature, lambda x, y: saturation(x, y, knot=2)):
        with pytest.raises(TooFewAnswers):
            ask(np.arange(n), np.arange(n))


def test_answers_on_one_side_show_no_bend() -> None:
    x, y = bent(-1)
    for knot in (0, 10, 99):
        with pytest.raises(NotIdentified):
            saturation(x, y, knot=knot)
    with pytest.raises(NotIdentified):
        saturation(np.repeat([1.0, 2.0], 10), np.arange(20.0), rng=rng())
    with pytest.raises(NotIdentified):
        saturation(np.repeat([1.0, 3.0], 10), np.arange(20.0), knot=2)
    with pytest.raises(NotIdentified):
        curvature(np.repeat([1.0, 2.0], 10), np.arange(20.0))


@pytest.mark.parametrize(
    ("x", "y", "counts"),
    [
        ([math.nan, *range(6)], range(7), None),
        (range(7), [math.inf, *range(6)], None),
        (range(7), range(7), [-1, 1, 1, 1, 1, 1, 1]),
        (range(7), range(6), None),
        ([[1, 2, 3, 4, 5, 6]], [[1, 2, 3, 4, 5, 6]], None),
    ],
)
def test_impossible_answers_are_refused(x: object, y: object, counts: object) -> None:
    with pytest.raises(BadCounts):
        saturation(x, y, counts=counts, knot=3)


def test_a_search_needs_chance_and_replicates() -> None:
    x, y = bent(-1)
    with pytest.raises(BadArgument):
        saturation(x, y)
    with pytest.raises(BadArgument):
        saturation(x, y, rng=rng(), replicates=0)
    with pytest.raises(BadArgument):
        saturation(x, y, knot=5, level=2)


@pytest.mark.slow
@pytest.mark.parametrize("searched", [True, False])
def test_a_straight_line_is_called_bent_in_one_case_of_twenty(searched: bool) -> None:
    """Unequal spread; the plain p-value of the best of nine knots would be far too small."""
    chance, hits = np.random.default_rng(5), 0
    for _ in range(400):
        x = chance.integers(0, 11, 100).astype(float)
        y = x + (1 + x / 5) * chance.normal(size=100)
        if searched:
            hits += saturation(x, y, rng=chance, replicates=99).shape != "straight"
        else:
            hits += saturation(x, y, knot=5).shape != "straight"
    assert 0.02 <= hits / 400 <= 0.08
