import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen
from tests.measure.test_pls import MODEL, customers

from mindgap.measure.ecsi import ACSI_PATHS, ECSI_PATHS, Ecsi, ecsi, latent_index, satisfaction_model
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified
from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.path_model import PathModel
from mindgap.measure.pls import pls
from mindgap.measure.scale import Scale

REFERENCE = frozen("ecsi")
TEN = Scale(1, 10)
TWO = PathModel.of({"quality": ["q1", "q2"], "loyalty": ["l1"]}, [("quality", "loyalty")])


def answers(n: int, *, seed: int = 1) -> np.ndarray:
    """q1, q2, l1 from 1 to 10."""
    rng = np.random.default_rng(seed)
    liking = rng.normal(size=(n, 1))
    return np.clip(np.round(6 + 1.5 * liking + rng.normal(size=(n, 3))), 1, 10)


def opposed(n: int) -> np.ndarray:
    """q2 runs against q1 and l1, less strongly."""
    rows = answers(n)
    rng = np.random.default_rng(8)
    rows[:, 1] = np.clip(np.round(11 - 0.3 * rows[:, 0] - 0.3 * rows[:, 2] - 2 * rng.normal(size=n)), 1, 10)
    return rows


def units(rows: np.ndarray) -> GramStack:
    return GramStack.of_groups(rows, np.arange(len(rows)), names=TWO.items)


def found(rows: np.ndarray, *, replicates: int = 100) -> Ecsi:
    return ecsi(units(rows), TWO, scale=TEN, rng=np.random.default_rng(1), replicates=replicates)


def test_the_published_indices_are_reproduced() -> None:
    """R113, R114: to two digits; equal weights would give satisfaction 71.97 instead of 71.25."""
    gram, wanted = customers(), REFERENCE["index"]
    fit = pls(gram, MODEL)
    seen = {latent: latent_index(fit, gram, latent=latent, scale=TEN) for latent in MODEL.latents}
    assert {name: one.estimate.value for name, one in seen.items()} == pytest.approx(wanted, abs=5.1e-3)
    assert seen["satisfaction"].simple == pytest.approx(REFERENCE["simple_satisfaction"], abs=5e-3)
    assert seen["expectation"].estimate.warnings == (Caution.WEAK_BLOCK,)
    assert seen["quality"].estimate.warnings == ()
    assert seen["complaints"].shares == (("CUSCO", 1.0),)
    for one in seen.values():
        assert sum(share for _, share in one.shares) == pytest.approx(1)


def test_the_interval_of_an_index_is_that_of_a_mean_when_there_is_one_question() -> None:
    """Complaints: one question, so 100 (x - 1) / 9 with a t interval on 250 answers."""
    gram = customers()
    one = latent_index(pls(gram, MODEL), gram, latent="complaints", scale=TEN).estimate
    sd = gram.pick(["CUSCO"]).deviation()[0]
    assert one.half_width == pytest.approx(1.969537 * sd / math.sqrt(250) * 100 / 9, rel=1e-5)
    wide = latent_index(pls(gram, MODEL), gram, latent="complaints", scale=TEN, level=0.99).estimate
    assert wide.half_width > one.half_width


def test_resampled_intervals_agree_with_those_of_known_weights_where_the_block_is_strong() -> None:
    rows = sets.mobi()
    table = np.column_stack([rows[name] for name in REFERENCE["items"]])
    blocks = GramStack.of_groups(table, np.arange(len(table)), names=REFERENCE["items"])
    whole = ecsi(blocks, MODEL, scale=TEN, rng=np.random.default_rng(3))
    assert {one.latent: one.estimate.value for one in whole.indices} == pytest.approx(
        REFERENCE["index"], abs=6e-3
    )
    assert whole.refused == ()
    assert whole.warnings == (Caution.WEAK_BLOCK,)
    known = latent_index(whole.model.fit, customers(), latent="quality", scale=TEN).estimate
    drawn = whole.index("quality").estimate
    assert drawn.low == pytest.approx(known.low, abs=0.3)
    assert drawn.high == pytest.approx(known.high, abs=0.3)
    assert drawn.method == "bootstrap percentile"


def test_the_american_model_is_the_european_one_without_image() -> None:
    assert len(ECSI_PATHS) == 12
    assert len(ACSI_PATHS) == 9
    blocks = {name: items for name, items in REFERENCE["blocks"].items() if name != "image"}
    model = satisfaction_model(blocks, paths=ACSI_PATHS)
    assert set(model.paths) == set(ACSI_PATHS)
    assert satisfaction_model(blocks).paths == model.paths


def test_a_latent_that_was_not_asked_about_is_left_out_with_its_paths() -> None:
    model = satisfaction_model({"quality": ["a"], "satisfaction": ["b"], "loyalty": ["c"]})
    assert model.paths == (("quality", "satisfaction"), ("satisfaction", "loyalty"))
    with pytest.raises(BadArgument):
        satisfaction_model({"quality": ["a"], "loyalty": ["c"]})
    with pytest.raises(BadArgument):
        satisfaction_model({"quality": ["a"], "satisfaction": ["b"], "weather": ["c"]})


def test_an_index_in_which_better_answers_would_count_against_is_refused() -> None:
    rows = opposed(200)
    gram = Gram.of(rows, names=TWO.items)
    with pytest.raises(NotIdentified) as caught:
        latent_index(pls(gram, TWO), gram, latent="quality", scale=TEN)
    assert caught.value.reason == "negative weight"
    whole = found(rows)
    assert whole.refused == ("quality",)
    assert [one.latent for one in whole.indices] == ["loyalty"]
    with pytest.raises(NotIdentified):
        whole.index("quality")
    with pytest.raises(BadArgument):
        whole.index("weather")


def test_the_weights_of_an_earlier_wave_may_be_kept() -> None:
    """Everybody one step better: with the weights of the first wave the index moves by 100 / 9."""
    rows = np.clip(answers(100), 1, 9)
    first, second = (Gram.of(rows + step, names=TWO.items) for step in (0, 1))
    fit = pls(first, TWO)
    before = latent_index(fit, first, latent="quality", scale=TEN).estimate.value
    after = latent_index(fit, second, latent="quality", scale=TEN).estimate.value
    assert after - before == pytest.approx(100 / 9)


def test_every_question_may_have_a_scale_of_its_own() -> None:
    rows = answers(100)
    gram = Gram.of(rows, names=TWO.items)
    fit = pls(gram, TWO, standardized=True)
    plain = latent_index(fit, gram, latent="quality", scale=TEN)
    wide = rows * [1, 10, 1]
    scaled = Gram.of(wide, names=TWO.items)
    scales = {"q1": TEN, "q2": Scale(10, 100), "l1": TEN}
    other = latent_index(pls(scaled, TWO, standardized=True), scaled, latent="quality", scale=scales)
    assert other.estimate.value == pytest.approx(plain.estimate.value)
    assert other.estimate.low == pytest.approx(plain.estimate.low)
    assert other.simple == pytest.approx((scaled.mean[1] - 10 + scaled.mean[0] - 1) / 0.99)
    assert dict(other.shares) == pytest.approx(dict(plain.shares))


@pytest.mark.parametrize(
    "scale", [{"q1": TEN}, {"q1": TEN, "q2": Scale(1, 10, better="lower")}, Scale(1, 10, better="lower")]
)
def test_a_scale_that_is_missing_or_the_wrong_way_round_is_refused(scale: object) -> None:
    gram = Gram.of(answers(50), names=TWO.items)
    with pytest.raises(BadArgument):
        latent_index(pls(gram, TWO), gram, latent="quality", scale=scale)


def test_answers_off_the_scale_and_unknown_latents_are_refused() -> None:
    gram = Gram.of(answers(50), names=TWO.items)
    fit = pls(gram, TWO)
    with pytest.raises(BadCounts):
        latent_index(fit, gram, latent="quality", scale=Scale(1, 5))
    with pytest.raises(BadCounts):
        latent_index(fit, gram, latent="quality", scale=Scale(8, 10))
    with pytest.raises(BadArgument):
        latent_index(fit, gram, latent="weather", scale=TEN)
    with pytest.raises(BadArgument):
        latent_index(fit, gram, latent="quality", scale=TEN, level=0)


def test_equal_answers_have_an_index_without_width_and_a_warning() -> None:
    """The weights of an earlier wave, and a wave in which everybody says 10."""
    fit = pls(Gram.of(answers(50), names=TWO.items), TWO)
    best = latent_index(fit, Gram.of(np.full((20, 3), 10.0), names=TWO.items), latent="quality", scale=TEN)
    assert (best.estimate.low, best.estimate.value, best.estimate.high) == (100, 100, 100)
    assert Caution.ALL_EQUAL in best.estimate.warnings


def test_an_interval_stays_on_the_scale() -> None:
    fit = pls(Gram.of(answers(50), names=TWO.items), TWO)
    few = np.array([[10, 10, 10], [10, 10, 10], [8, 9, 9.0]])
    low = 11 - few
    top = latent_index(fit, Gram.of(few, names=TWO.items), latent="quality", scale=TEN).estimate
    bottom = latent_index(fit, Gram.of(low, names=TWO.items), latent="quality", scale=TEN).estimate
    assert top.high == 100
    assert bottom.low == 0
    assert top.value == pytest.approx(100 - bottom.value)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(10, 60))
def test_an_index_lies_between_its_worst_and_best_question(seed: int, n: int) -> None:
    rows = answers(n, seed=seed)
    gram = Gram.of(rows, names=TWO.items)
    try:
        one = latent_index(pls(gram, TWO), gram, latent="quality", scale=TEN)
    except NotIdentified:
        return
    means = 100 * (gram.mean[:2] - 1) / 9
    assert means.min() - 1e-9 <= one.estimate.value <= means.max() + 1e-9
    assert 0 <= one.estimate.low <= one.estimate.value <= one.estimate.high <= 100


@pytest.mark.slow
def test_the_interval_of_an_index_holds_it_about_as_often_as_it_says() -> None:
    truth_gram = Gram.of(answers(400_000, seed=77), names=TWO.items)
    truth = latent_index(pls(truth_gram, TWO), truth_gram, latent="quality", scale=TEN).estimate.value
    drawn = known = 0
    for seed in range(200):
        rows = answers(60, seed=seed)
        gram = Gram.of(rows, names=TWO.items)
        one = latent_index(pls(gram, TWO), gram, latent="quality", scale=TEN).estimate
        two = found(rows).index("quality").estimate
        known += one.low <= truth <= one.high
        drawn += two.low <= truth <= two.high
    assert known / 200 >= 0.92
    assert drawn / 200 >= 0.90
