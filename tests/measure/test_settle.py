import numpy as np
import pytest

from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.path_model import PathModel
from mindgap.measure.settle import percentile, settled

DRAWN = np.arange(1001.0)
TWO = PathModel.of({"quality": ["q1", "q2"], "loyalty": ["l1"]}, [("quality", "loyalty")])


@pytest.mark.parametrize(("level", "low", "high"), [(0.95, 25, 975), (0.8, 100, 900), (0.5, 250, 750)])
def test_a_percentile_interval_leaves_out_as_much_on_either_side(
    level: float, low: float, high: float
) -> None:
    found = percentile(500, DRAWN, n=40, level=level)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert (found.value, found.n) == (500, 40)


def test_a_percentile_interval_is_widened_to_hold_the_value() -> None:
    assert percentile(10, DRAWN, n=40, level=0.95).low == 10
    assert percentile(990, DRAWN, n=40, level=0.95).high == 990


@pytest.mark.parametrize(
    ("shift", "flag", "warned"),
    [
        (500, True, True),
        (0, True, False),
        (1000, True, False),
        (26, True, True),
        (974, True, True),
        (500, False, False),
    ],
)
def test_an_interval_that_holds_zero_says_so_where_zero_means_nothing(
    shift: float, flag: bool, warned: bool
) -> None:
    found = percentile(500 - shift, DRAWN - shift, n=40, level=0.95, flag=flag)
    assert (Caution.COVERS_ZERO in found.warnings) is warned


def stack(*tables: np.ndarray) -> GramStack:
    return GramStack.of([Gram.of(table, names=TWO.items) for table in tables])


def test_each_matrix_is_settled_as_if_alone_and_a_bad_one_stops_no_other() -> None:
    rng = np.random.default_rng(3)
    good = rng.normal(size=(40, 1)) + rng.normal(size=(40, 3))
    bad = good.copy()
    bad[:, 1] = 4
    cancelled = good.copy()
    cancelled[:, 1] = -cancelled[:, 0]
    many = settled(stack(good, bad, cancelled, 2 * good), TWO, scheme="centroid", standardized=False)
    alone = settled(stack(good), TWO, scheme="centroid", standardized=False)
    assert many.ok.tolist() == [True, False, False, True]
    assert many.reason == ("", "constant item", "items of a block cancel out", "")
    assert many.weights[0] == pytest.approx(alone.weights[0])
    assert many.weights[3] == pytest.approx(alone.weights[0] / 2)
    assert many.coefficients[3] == pytest.approx(alone.coefficients[0])
    assert np.isfinite(many.weights).all()


def test_latents_are_turned_towards_the_loadings_given() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(60, 1)) + 0.5 * rng.normal(size=(60, 3))
    up = settled(stack(rows), TWO, scheme="path", standardized=True)
    turned = np.where(TWO.inside, [-0.9, 0.4], 0.0)
    down = settled(stack(rows), TWO, scheme="path", standardized=True, towards=turned)
    assert down.loadings[0, :, 0] == pytest.approx(-up.loadings[0, :, 0])
    assert down.loadings[0, :, 1] == pytest.approx(up.loadings[0, :, 1])
    assert down.weights[0, :, 0] == pytest.approx(-up.weights[0, :, 0])
    assert down.coefficients[0, 1, 0] == pytest.approx(-up.coefficients[0, 1, 0])
    assert down.r2[0] == pytest.approx(up.r2[0])
