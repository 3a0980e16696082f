import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.ecsi import satisfaction_model
from mindgap.measure.errors import BadArgument, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.path_model import PathModel
from mindgap.measure.pls import PlsBootstrap, pls, pls_bootstrap

REFERENCE = frozen("ecsi")
MODEL = satisfaction_model(REFERENCE["blocks"])
TWO = PathModel.of({"quality": ["q1", "q2"], "loyalty": ["l1", "l2"]}, [("quality", "loyalty")])


def customers() -> Gram:
    """The 250 mobile phone customers as the sums their questions leave."""
    names, n, means = REFERENCE["items"], REFERENCE["n"], np.array(REFERENCE["means"])
    covariance = np.zeros((len(names), len(names)))
    covariance[np.tril_indices(len(names))] = REFERENCE["covariance_lower"]
    covariance += np.tril(covariance, -1).T
    return Gram(tuple(names), float(n), means, covariance * (n - 1))


def people(n: int, *, slope: float = 0.6, seed: int = 1) -> np.ndarray:
    """Rows of q1, q2, l1, l2: two latents, two questions each."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=n)
    loyalty = slope * quality + math.sqrt(1 - slope**2) * rng.normal(size=n)
    return np.column_stack([quality, quality, loyalty, loyalty]) + 0.5 * rng.normal(size=(n, 4))


def gram(rows: np.ndarray) -> Gram:
    return Gram.of(rows, names=TWO.items)


def units(rows: np.ndarray) -> GramStack:
    return GramStack.of_groups(rows, np.arange(len(rows)), names=TWO.items)


@pytest.mark.parametrize("column", ["standardized_centroid", "standardized_path", "raw_centroid"])
def test_the_published_model_of_mobile_phone_customers_is_reproduced(column: str) -> None:
    """R112 to R115: semPLS = plspm, semPLS = seminr, and Tenenhaus et al. (2005), to four digits."""
    wanted = REFERENCE[column]
    fit = pls(customers(), MODEL, scheme=wanted["scheme"], standardized=wanted["standardized"])
    found = {f"{cause}>{effect}": fit.path(cause, effect) for cause, effect in MODEL.paths}
    assert found == pytest.approx(wanted["paths"], abs=5.1e-5)
    r2 = {latent: fit.r2[MODEL.latents.index(latent)] for latent in wanted["r2"]}
    assert r2 == pytest.approx(wanted["r2"], abs=5.1e-5)
    if "gof" in wanted:
        assert fit.gof == pytest.approx(wanted["gof"], abs=5.1e-5)


def test_raw_and_standardized_items_cannot_be_mixed_up_unseen() -> None:
    raw, standard = pls(customers(), MODEL), pls(customers(), MODEL, standardized=True)
    assert raw.path("expectation", "satisfaction") < 0.04 < standard.path("expectation", "satisfaction")
    assert "raw" in raw.method
    assert "standardized" in standard.method


@pytest.mark.parametrize(("standardized", "name"), [(False, "alpha"), (True, "standardized_alpha")])
def test_alpha_is_that_of_the_items_as_analysed_and_weak_blocks_are_marked(
    standardized: bool, name: str
) -> None:
    fit = pls(customers(), MODEL, standardized=standardized)
    found = dict(zip(MODEL.latents, fit.alpha, strict=True))
    assert found.pop("complaints") == 1
    assert found == pytest.approx(REFERENCE[name], abs=5e-4)
    assert fit.warnings == (Caution.WEAK_BLOCK,)
    assert pls(gram(people(100)), TWO).warnings == ()


def test_the_rows_of_the_reference_have_the_sums_that_are_frozen() -> None:
    rows = sets.mobi()
    seen = Gram.of(np.column_stack([rows[name] for name in REFERENCE["items"]]), names=REFERENCE["items"])
    assert seen.covariance() == pytest.approx(customers().covariance(), rel=1e-10)
    assert seen.mean == pytest.approx(customers().mean, rel=1e-11)


def test_scores_made_with_the_weights_have_variance_one_and_the_correlations_said() -> None:
    rows = people(200)
    fit = pls(gram(rows), TWO, standardized=True)
    scores = rows @ (TWO.inside * fit.weights[:, None])
    assert scores.std(axis=0, ddof=1) == pytest.approx([1, 1])
    assert np.corrcoef(scores.T)[0, 1] == pytest.approx(fit.correlations[0, 1])
    assert fit.path("quality", "loyalty") == pytest.approx(fit.correlations[0, 1])
    assert fit.r2.tolist() == pytest.approx([0, fit.correlations[0, 1] ** 2])
    for i in range(4):
        for j in range(2):
            assert np.corrcoef(rows[:, i], scores[:, j])[0, 1] == pytest.approx(fit.loadings[i, j])


def test_communality_and_variance_extracted_are_squared_loadings() -> None:
    fit = pls(customers(), MODEL)
    own = fit.loadings[MODEL.inside]
    assert fit.communality == pytest.approx(own**2)
    assert fit.ave[0] == pytest.approx((own[:5] ** 2).mean())
    assert fit.ave[MODEL.latents.index("complaints")] == pytest.approx(1)


def test_total_effects_add_the_ways_round() -> None:
    fit = pls(customers(), MODEL)
    at = MODEL.latents.index
    through = fit.path("quality", "value") * fit.path("value", "satisfaction")
    total = fit.total_effects[at("satisfaction"), at("quality")]
    assert total == pytest.approx(fit.path("quality", "satisfaction") + through)
    assert fit.total_effects[at("quality"), at("satisfaction")] == pytest.approx(0)


def test_with_single_items_a_path_model_is_plain_regression() -> None:
    """R115: and goodness of fit then counts those items, there being no others."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 80))
    rows = np.column_stack([a, b, a - 0.5 * b + rng.normal(size=80)])
    model = PathModel.of({"a": ["a"], "b": ["b"], "y": ["y"]}, [("a", "y"), ("b", "y")])
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    slopes = np.linalg.lstsq(z[:, :2], z[:, 2], rcond=None)[0]
    for scheme in ("centroid", "factorial", "path"):
        fit = pls(Gram.of(rows, names=("a", "b", "y")), model, scheme=scheme)
        assert [fit.path("a", "y"), fit.path("b", "y")] == pytest.approx(slopes)
        assert fit.gof == pytest.approx(math.sqrt(fit.r2[2]))


numbers = st.integers(0, 2**32 - 1)


@settings(max_examples=15)
@given(numbers, st.sampled_from(["centroid", "factorial", "path"]))
def test_order_and_merging_of_rows_and_order_of_items_do_not_matter(seed: int, scheme: str) -> None:
    rows = people(60, seed=seed)
    turned = np.random.default_rng(seed).permutation(60)
    first = pls(gram(rows), TWO, scheme=scheme)
    merged = gram(rows[turned[:20]]) + gram(rows[turned[20:]])
    mixed = PathModel.of({"loyalty": ["l2", "l1"], "quality": ["q2", "q1"]}, [("quality", "loyalty")])
    for again in (pls(merged, TWO, scheme=scheme), pls(gram(rows), mixed, scheme=scheme)):
        assert again.path("quality", "loyalty") == pytest.approx(first.path("quality", "loyalty"), abs=1e-7)


@settings(max_examples=15)
@given(numbers, st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_the_unit_of_all_raw_items_and_of_each_standardized_item_does_not_matter(
    seed: int, unit: float, shift: float
) -> None:
    rows = people(60, seed=seed)
    raw, standard = pls(gram(rows), TWO), pls(gram(rows), TWO, standardized=True)
    all_alike = pls(gram(rows * unit), TWO)
    each = pls(gram(rows * [unit, 1, 2, 3] + shift), TWO, standardized=True)
    assert all_alike.path("quality", "loyalty") == pytest.approx(raw.path("quality", "loyalty"), abs=1e-6)
    assert all_alike.weights * unit == pytest.approx(raw.weights, rel=1e-5)
    assert each.path("quality", "loyalty") == pytest.approx(standard.path("quality", "loyalty"), abs=1e-5)


@settings(max_examples=30)
@given(numbers, st.integers(8, 40))
def test_whatever_the_answers_shares_are_shares_and_correlations_correlations(seed: int, n: int) -> None:
    rows = np.random.default_rng(seed).integers(1, 6, size=(n, 4)).astype(float)
    try:
        fit = pls(gram(rows), TWO, scheme="path")
    except (NotIdentified, NotConverged):
        return
    assert ((fit.r2 >= 0) & (fit.r2 <= 1)).all()
    assert (np.abs(fit.loadings) <= 1).all()
    assert 0 <= fit.gof <= 1
    assert np.isfinite(fit.weights).all()
    assert fit.loadings[:2, 0].sum() >= 0
    assert fit.loadings[2:, 1].sum() >= 0


def test_a_latent_points_where_most_of_its_items_point() -> None:
    rows = people(150)
    rows[:, 1] = -0.2 * rows[:, 1]
    fit = pls(gram(rows), TWO)
    assert fit.loadings[0, 0] > 0
    assert fit.weights[1] < 0
    assert fit.path("quality", "loyalty") > 0


def test_loyalty_that_falls_with_quality_has_a_negative_path() -> None:
    rows = people(150, slope=-0.6)
    for scheme in ("centroid", "factorial", "path"):
        assert pls(gram(rows), TWO, scheme=scheme).path("quality", "loyalty") < -0.2


@pytest.mark.parametrize("standardized", [False, True])
def test_answers_that_cannot_say_it_are_refused_with_the_reason(standardized: bool) -> None:
    rows = people(40)

    def reason(changed: np.ndarray, model: PathModel = TWO) -> str:
        with pytest.raises(NotIdentified) as caught:
            pls(Gram.of(changed, names=model.items), model, standardized=standardized)
        return caught.value.reason

    constant, cancelled, lonely = rows.copy(), rows.copy(), rows.copy()
    constant[:, 1] = 3
    assert reason(constant) == "constant item"
    cancelled[:, 1] = -cancelled[:, 0]
    assert reason(cancelled) == "items of a block cancel out"
    half = np.array([[1, 1, 1, 1], [-1, -1, 1, 1], [1, 1, -1, -1], [-1, -1, -1, -1]], dtype=float)
    lonely = np.vstack([half] * 10)
    assert reason(lonely) == "latent without neighbours"
    three = PathModel.of({"a": ["a"], "b": ["b"], "y": ["y"]}, [("a", "y"), ("b", "y")])
    assert reason(np.column_stack([rows[:, 0], 2 * rows[:, 0], rows[:, 2]]), three) == "collinear causes"


def test_too_few_answers_are_refused() -> None:
    with pytest.raises(TooFewAnswers) as caught:
        pls(gram(people(40)[:2]), TWO)
    assert (caught.value.n, caught.value.needed) == (2, 3)
    with pytest.raises(TooFewAnswers):
        pls(gram(np.empty((0, 4))), TWO)
    with pytest.raises(TooFewAnswers):
        pls_bootstrap(GramStack.of([gram(people(40))]), TWO, rng=np.random.default_rng(1))


def test_weights_that_do_not_settle_are_not_shown() -> None:
    with pytest.raises(NotConverged) as caught:
        pls(customers(), MODEL, max_rounds=2)
    assert caught.value.rounds == 2
    assert caught.value.distance > 1e-9


@pytest.mark.parametrize(
    ("blocks", "paths"),
    [
        ({"a": ["x"], "b": ["y"]}, []),
        ({"a": ["x"], "b": ["y"], "c": ["z"]}, [("a", "b")]),
        ({"a": ["x"], "b": ["y"]}, [("a", "c")]),
        ({"a": ["x"], "b": ["y"]}, [("a", "b"), ("a", "b")]),
        ({"a": ["x"], "b": ["y"]}, [("a", "b"), ("b", "a")]),
        ({"a": ["x"], "b": ["y"]}, [("a", "a"), ("a", "b")]),
        ({"a": ["x"], "b": []}, [("a", "b")]),
        ({"a": ["x"], "b": ["x"]}, [("a", "b")]),
    ],
)
def test_a_model_that_makes_no_sense_is_refused(blocks: dict, paths: list) -> None:
    with pytest.raises(BadArgument):
        PathModel.of(blocks, paths)


def test_names_that_do_not_exist_are_refused() -> None:
    fit = pls(gram(people(40)), TWO)
    with pytest.raises(BadArgument):
        fit.path("loyalty", "quality")
    with pytest.raises(BadArgument):
        pls(Gram.of(people(40), names=("q1", "q2", "l1", "other")), TWO)
    with pytest.raises(BadArgument):
        pls(gram(people(40)), TWO, scheme="guess")
    with pytest.raises(BadArgument):
        boot(people(40)).effect("loyalty", "quality")


def boot(rows: np.ndarray, *, seed: int = 5, replicates: int = 200, **kwargs: bool) -> PlsBootstrap:
    return pls_bootstrap(units(rows), TWO, rng=np.random.default_rng(seed), replicates=replicates, **kwargs)


def test_resampled_customers_leave_three_published_paths_open() -> None:
    """Expectation to value and satisfaction, complaints to loyalty: their intervals hold 0."""
    rows = sets.mobi()
    table = np.column_stack([rows[name] for name in REFERENCE["items"]])
    blocks = GramStack.of_groups(table, np.arange(len(table)), names=REFERENCE["items"])
    for standardized in (False, True):
        found = pls_bootstrap(blocks, MODEL, rng=np.random.default_rng(7), standardized=standardized)
        opened = [
            f"{one.cause}>{one.effect}"
            for one in found.effects
            if Caution.COVERS_ZERO in one.estimate.warnings
        ]
        assert opened == REFERENCE["covers_zero"]
        assert found.lost == 0
        assert found.warnings == (Caution.WEAK_BLOCK,)


def test_every_interval_holds_its_value_and_the_same_chance_gives_the_same_interval() -> None:
    one, two = boot(people(80)), boot(people(80))
    assert one.effects == two.effects
    assert one.replicates == 200
    for estimate in (
        one.effect("quality", "loyalty"),
        *(load.estimate for load in one.loadings),
        one.r2[0][1],
    ):
        assert estimate.low <= estimate.value <= estimate.high
        assert estimate.n == 80
        assert estimate.method == "bootstrap percentile"
        assert estimate.warnings == ()
    assert [load.item for load in one.loadings] == list(TWO.items)
    assert [load.latent for load in one.loadings] == ["quality", "quality", "loyalty", "loyalty"]
    assert one.r2[0][0] == "loyalty"
    assert one.effect("quality", "loyalty").value == one.fit.path("quality", "loyalty")
    assert (one.weights.shape, one.means.shape) == ((200, 4), (200, 4))


def test_answers_of_the_same_customer_are_drawn_together() -> None:
    """Everybody copied four times: as single answers the interval shrinks by half, as customers not at all."""
    rows = people(60)
    plain = boot(rows).effect("quality", "loyalty")
    copied = np.repeat(rows, 4, axis=0)
    who = np.repeat(np.arange(60), 4)
    stack = GramStack.of_groups(copied, who, names=TWO.items)
    same = pls_bootstrap(stack, TWO, rng=np.random.default_rng(5), replicates=200).effect(
        "quality", "loyalty"
    )
    naive = boot(copied).effect("quality", "loyalty")
    assert same.half_width == pytest.approx(plain.half_width, rel=1e-3)
    assert naive.half_width < 0.65 * plain.half_width


def test_a_latent_of_a_replicate_is_turned_to_point_the_way_of_the_fit() -> None:
    """Two items that nearly cancel: left alone, half of the replicates would point the other way."""
    rng = np.random.default_rng(2)
    quality = rng.normal(size=120)
    rows = np.column_stack([quality, -quality, quality, quality]) + 0.6 * rng.normal(size=(120, 4))
    found = boot(rows, standardized=True)
    estimate = found.effect("quality", "loyalty")
    assert estimate.low * estimate.high > 0


def test_few_blocks_and_lost_replicates_are_said() -> None:
    rows = people(12)
    assert Caution.FEW_BLOCKS in boot(rows).warnings
    assert Caution.FEW_BLOCKS not in boot(people(20)).warnings
    rare = people(30)
    rare[:, 1] = 0
    rare[0, 1] = 1
    found = boot(rare)
    assert found.lost > 0
    assert found.replicates + found.lost == 200
    assert Caution.REPLICATES_LOST in found.warnings


def test_a_bootstrap_that_mostly_fails_is_refused() -> None:
    rows = people(8)
    rows[:, 0] = [1, 0, 0, 0, 0, 0, 0, 0]
    rows[:, 1] = [0, 1, 0, 0, 0, 0, 0, 0]
    with pytest.raises(NotIdentified) as caught:
        boot(rows)
    assert caught.value.what == "bootstrap"


def test_too_few_replicates_and_impossible_levels_are_refused() -> None:
    with pytest.raises(BadArgument):
        boot(people(30), replicates=49)
    assert boot(people(30), replicates=50).replicates == 50
    with pytest.raises(BadArgument):
        pls_bootstrap(units(people(30)), TWO, rng=np.random.default_rng(1), level=1)


def test_a_wider_level_gives_a_wider_interval() -> None:
    rows, wide = people(60), []
    for level in (0.5, 0.9, 0.99):
        found = pls_bootstrap(units(rows), TWO, rng=np.random.default_rng(4), replicates=400, level=level)
        wide.append(found.effect("quality", "loyalty").half_width)
    assert wide == sorted(wide)


@pytest.mark.slow
def test_the_interval_of_a_path_holds_it_about_as_often_as_it_says() -> None:
    """True coefficient = that of the same model fitted to a million people."""
    truth = pls(gram(people(400_000, seed=99)), TWO).path("quality", "loyalty")
    held = 0
    for seed in range(150):
        stack = units(people(80, seed=seed))
        found = pls_bootstrap(stack, TWO, rng=np.random.default_rng(seed), replicates=200)
        estimate = found.effect("quality", "loyalty")
        held += estimate.low <= truth <= estimate.high
    assert held / 150 >= 0.90
