import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.surface import Surface, response_surface, surface_from_products

REFERENCE = frozen("expectation")
R, MADE = REFERENCE["r"]["surface"], REFERENCE["made"]


def check(found: Surface) -> None:
    critical = 1.9697
    for name in ("a1", "a3", "a4"):
        value, se = R[name]
        at = getattr(found, name)
        assert at.value == pytest.approx(value, abs=5e-4)
        assert at.half_width / critical == pytest.approx(se, abs=5e-4)
    assert found.a2.value == pytest.approx(R["a2"], abs=5e-4)
    assert found.r2_gap.value == pytest.approx(R["r2_gap"], abs=5e-4)
    assert found.r2_plane.value == pytest.approx(R["r2_plane"], abs=5e-4)
    assert found.constraint.f == pytest.approx(R["constraint_f"], abs=0.5)
    assert found.quadratic.p == pytest.approx(R["quadratic_p"], abs=5e-3)


def simulated(n: int = 80, seed: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    e, p = rng.integers(1, 8, n).astype(float), rng.integers(1, 8, n).astype(float)
    return e, p, 1 + 0.5 * p - 0.2 * e + 0.1 * (p - e) ** 2 + rng.normal(size=n)


def test_the_surface_of_mobile_customers_is_that_of_r_from_their_sums_of_products() -> None:
    """Finding 6: the gap alone explains .092, expectation and experience apart .627."""
    check(surface_from_products(MADE["products"]))


def test_the_surface_of_mobile_customers_is_that_of_r_from_their_rows() -> None:
    table = sets.mobi()
    e, p, s = (
        np.column_stack([table[name] for name in table if name.startswith(block)]).mean(axis=1)
        for block in ("CUEX", "PERQ", "CUSA")
    )
    check(response_surface(e, p, s, midpoint=5.5))


def test_rows_and_sums_of_products_agree() -> None:
    e, p, s = simulated()
    x, y = e - 4, p - 4
    columns = np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y, s])
    one, other = response_surface(e, p, s, midpoint=4), surface_from_products(columns.T @ columns)
    for name in ("a1", "a2", "a3", "a4", "expected", "perceived", "r2_gap", "r2_plane", "r2_surface"):
        left, right = getattr(one, name), getattr(other, name)
        assert (left.value, left.low, left.high) == pytest.approx(
            (right.value, right.low, right.high), abs=1e-6
        )
    assert one.constraint.f == pytest.approx(other.constraint.f)
    assert one.quadratic.p == pytest.approx(other.quadratic.p)


def test_errors_that_hold_whatever_the_spread_change_the_limits_only() -> None:
    classic = response_surface(*simulated(), midpoint=4)
    robust = response_surface(*simulated(), midpoint=4, errors="hc3")
    assert robust.a1.value == pytest.approx(classic.a1.value)
    assert robust.a1.half_width != pytest.approx(classic.a1.half_width, rel=1e-3)
    assert robust.a1.method == "hc3 t"


def test_an_outcome_made_of_the_gap_does_not_refute_the_gap() -> None:
    rng = np.random.default_rng(8)
    e, p = rng.normal(size=300), rng.normal(size=300)
    found = response_surface(e, p, p - e + rng.normal(size=300), midpoint=0)
    assert found.constraint.p > 0.05
    assert found.r2_gap.value == pytest.approx(found.r2_plane.value, abs=0.01)
    assert found.a3.high < 0 < found.perceived.low


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(-100, 100))
def test_only_the_distance_from_the_midpoint_counts(seed: int, shift: float) -> None:
    e, p, s = simulated(30, seed)
    one = response_surface(e, p, s, midpoint=4)
    other = response_surface(e + shift, p + shift, s, midpoint=4 + shift)
    assert other.a1.value == pytest.approx(one.a1.value, abs=1e-7)
    assert other.a4.high == pytest.approx(one.a4.high, abs=1e-7)
    assert 0 <= one.r2_gap.value <= one.r2_plane.value + 1e-12 <= one.r2_surface.value + 2e-12 <= 1 + 3e-12


@pytest.mark.parametrize(
    ("e", "p", "s", "error"),
    [
        ([1, 2, 3, 4, 5, 6], [1, 3, 2, 5, 4, 6], [1, 2, 3, 4, 5, 6], TooFewAnswers),
        ([], [], [], TooFewAnswers),
        ([4] * 9, range(9), range(9), NotIdentified),
        (range(9), range(9), range(9), NotIdentified),
        ([1, 2] * 5, [1, 1, 2, 2, 1] * 2, range(10), NotIdentified),
        ([1, math.nan], [1, 2], [1, 2], BadCounts),
        ([1, 2], [1, 2, 3], [1, 2], BadCounts),
        ([[1, 2]], [[1, 2]], [[1, 2]], BadCounts),
    ],
)
def test_what_says_nothing_about_a_surface_is_refused(
    e: object, p: object, s: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        response_surface(list(e), list(p), list(s), midpoint=3)


def test_sums_of_another_size_are_refused() -> None:
    with pytest.raises(BadCounts):
        surface_from_products(np.eye(6))
