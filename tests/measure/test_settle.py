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


@pytest.mark.parametrize(("shift", "warned"), [(250.0, True), (249.5, False), (750.0, True), (750.5, False)])
def test_zero_at_the_end_of_an_interval_is_in_it(shift: float, warned: bool) -> None:
    found = percentile(500 - shift, DRAWN - shift, n=40, level=0.5, flag=True)
    assert (Caution.COVERS_ZERO in found.warnings) is warned


def test_nothing_is_said_of_zero_unless_asked_for() -> None:
    assert percentile(0, DRAWN - 500, n=40, level=0.95).warnings == ()


def uneven(n: int = 60, seed: int = 5) -> np.ndarray:
    """Items that go with their latent to a different degree, so that weights take several rounds to settle."""
    rng = np.random.default_rng(seed)
    quality, loyalty = rng.normal(size=(2, n))
    loyalty = 0.6 * quality + loyalty
    noise = rng.normal(size=(n, 3)) * [0.3, 2.0, 0.8]
    return np.column_stack([quality, 0.5 * quality, loyalty]) + noise


def test_weights_are_settled_to_nine_digits_unless_told_otherwise() -> None:
    model = PathModel.of({"quality": ["q1", "q2"], "loyalty": ["l1", "l2"]}, [("quality", "loyalty")])
    rng = np.random.default_rng(6)
    rows = uneven()
    table = np.column_stack([rows, rows[:, 0] - rows[:, 2] + 2 * rng.normal(size=60)])
    many = GramStack.of([Gram.of(table, names=model.items)])
    exact = settled(many, model, scheme="centroid", standardized=False, tolerance=1e-14)
    usual = settled(many, model, scheme="centroid", standardized=False)
    rough = settled(many, model, scheme="centroid", standardized=False, tolerance=0.5)
    assert usual.weights[0] == pytest.approx(exact.weights[0], rel=1e-7)
    assert np.abs(rough.weights[0] - exact.weights[0]).max() > 1e-6
    assert rough.rounds < usual.rounds <= exact.rounds


def test_what_does_not_settle_is_given_up_after_so_many_rounds() -> None:
    never = settled(stack(uneven()), TWO, scheme="centroid", standardized=False, tolerance=-1.0)
    assert (never.rounds, never.ok.tolist(), never.reason) == (300, [False], ("",))
    once = settled(stack(uneven()), TWO, scheme="centroid", standardized=False, max_rounds=1)
    assert once.rounds == 1
    assert np.isfinite(once.distance).all()
    assert not settled(stack(uneven()), TWO, scheme="centroid", standardized=False, max_rounds=0).ok.any()


def test_a_distance_that_is_just_allowed_has_settled() -> None:
    first = settled(stack(uneven()), TWO, scheme="centroid", standardized=False, max_rounds=1)
    again = settled(
        stack(uneven()), TWO, scheme="centroid", standardized=False, max_rounds=1, tolerance=first.distance[0]
    )
    assert again.ok.tolist() == [True]


def test_collinear_causes_are_named_once_the_weights_have_settled() -> None:
    model = PathModel.of({"a": ["a1", "a2"], "b": ["b1", "b2"], "c": ["c1"]}, [("a", "c"), ("b", "c")])
    rows = uneven()
    table = np.column_stack([rows[:, :2], rows[:, :2], rows[:, 2]])
    many = GramStack.of([Gram.of(table, names=model.items)])
    first = settled(many, model, scheme="centroid", standardized=False, max_rounds=1)
    assert first.reason == ("",)
    just = settled(
        many, model, scheme="centroid", standardized=False, max_rounds=1, tolerance=first.distance[0]
    )
    assert (just.reason, just.ok.tolist()) == (("collinear causes",), [False])


def test_what_cannot_be_settled_is_not_even_begun() -> None:
    bad, cancelled = uneven(), uneven()
    bad[:, 1] = 4
    cancelled[:, 1] = -cancelled[:, 0]
    for table in (bad, cancelled):
        found = settled(stack(table), TWO, scheme="centroid", standardized=False, tolerance=0.0)
        assert (found.rounds, found.distance.tolist(), found.ok.tolist()) == (0, [0.0], [False])
    beside = settled(
        stack(bad, uneven()), TWO, scheme="centroid", standardized=False, tolerance=0.0, max_rounds=1
    )
    assert beside.distance[0] == 0.0
    assert beside.distance[1] > 0.0


def test_a_latent_without_neighbours_is_seen_in_the_first_round() -> None:
    rows = np.array([[1, 1, 1], [1, 1, -1], [-1, -1, 1], [-1, -1, -1]], dtype=float)
    found = settled(stack(rows), TWO, scheme="factorial", standardized=False)
    assert (found.rounds, found.reason) == (1, ("latent without neighbours",))


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_neighbours_may_be_faint_whatever_the_unit(unit: float) -> None:
    """A correlation of a ten-thousandth is one; a latent is lonely only where nothing but rounding is left."""
    u = np.array([1, 1, -1, -1], dtype=float)
    v = np.array([1, -1, 1, -1], dtype=float)
    rows = unit * np.column_stack([u, 1.5 * u, v + 1e-4 * u])
    found = settled(stack(rows), TWO, scheme="factorial", standardized=False)
    assert found.ok.tolist() == [True]
    assert found.coefficients[0, 1, 0] == pytest.approx(1e-4, rel=1e-3)


def test_two_rows_have_the_spread_of_two_rows() -> None:
    rows = np.array([[1.0, 3.0, 2.0], [4.0, 5.0, 7.0]])
    found = settled(stack(rows), TWO, scheme="centroid", standardized=False)
    scores = rows @ found.weights[0]
    assert scores.var(axis=0, ddof=1) == pytest.approx([1, 1])


def test_a_direction_that_says_nothing_turns_nothing() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(60, 1)) + 0.5 * rng.normal(size=(60, 3))
    found = settled(stack(rows), TWO, scheme="centroid", standardized=False, towards=np.zeros((3, 2)))
    assert (found.weights[0][TWO.inside] > 0).all()


def test_loadings_are_correlations_and_stay_so_under_rounding() -> None:
    single = PathModel.of({"quality": ["q"], "loyalty": ["l"]}, [("quality", "loyalty")])
    rng = np.random.default_rng(8)
    tables = [Gram.of(rng.normal(size=(9, 2)) * rng.uniform(0.1, 9), names=single.items) for _ in range(300)]
    for standardized in (False, True):
        found = settled(GramStack.of(tables), single, scheme="path", standardized=standardized)
        assert np.abs(found.loadings).max() <= 1.0
        turned = settled(
            GramStack.of(tables), single, scheme="path", standardized=standardized, towards=-np.eye(2)
        )
        assert turned.loadings.min() >= -1.0
