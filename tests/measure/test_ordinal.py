import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.ordinal import odds_proportionality, ordinal_importance, proportional_odds

REFERENCE = frozen("driver")["table"]
COUNTS = np.array(REFERENCE["counts"])
NAMES = ("infl_medium", "infl_high", "apartment", "atrium", "terrace", "cont_high")
TERMS = {"infl": NAMES[:2], "type": NAMES[2:5], "cont": NAMES[5:]}


def rng() -> np.random.Generator:
    return np.random.default_rng(70)


def table() -> tuple[np.ndarray, np.ndarray]:
    """Patterns of the table, satisfaction fastest, then influence, type and contact."""
    place = np.arange(72)
    infl, kind, cont = place // 3 % 3, place // 9 % 4, place // 36
    columns = [infl == 1, infl == 2, kind == 1, kind == 2, kind == 3, cont == 1]
    return np.column_stack(columns).astype(float), place % 3


def drawn(seed: int, n: int = 200, steps: int = 4, slope: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(n, 2))
    latent = slope * x[:, 0] - 0.5 * slope * x[:, 1] + chance.logistic(size=n)
    return x, np.digitize(latent, np.linspace(-1.5, 1.5, steps - 1))


def test_housing_is_that_of_polr() -> None:
    x, y = table()
    known = frozen("driver")["housing"]
    found = proportional_odds(x, y, counts=sets.housing()["Freq"], names=NAMES)
    assert [slope.estimate.value for slope in found.slopes] == pytest.approx(known["slopes"], abs=1e-4)
    assert found.deviance == pytest.approx(known["deviance"], abs=5e-4)
    assert (found.n, found.slopes[0].name) == (1681, "infl_medium")


def test_a_table_is_that_of_statsmodels() -> None:
    x, y = table()
    found = proportional_odds(x, y, counts=COUNTS, names=NAMES)
    slopes = [slope.estimate.value for slope in found.slopes]
    assert slopes == pytest.approx(REFERENCE["python_slopes"], abs=2e-6)
    assert [slope.se for slope in found.slopes] == pytest.approx(REFERENCE["python_se"], rel=1e-4)
    assert found.deviance == pytest.approx(REFERENCE["python_deviance"], abs=1e-8)
    assert found.r2 == pytest.approx(1 - found.deviance / found.null_deviance)


def test_people_one_by_one_are_the_same_as_counts() -> None:
    x, y = table()
    rows, steps = np.repeat(x, COUNTS, axis=0), np.repeat(y, COUNTS)
    one, other = proportional_odds(rows, steps), proportional_odds(x, y, counts=COUNTS)
    assert one.deviance == pytest.approx(other.deviance)
    assert one.slopes[2].estimate.low == pytest.approx(other.slopes[2].estimate.low, rel=1e-6)


def test_proportionality_is_brants_formula_written_out() -> None:
    x, y = table()
    found = odds_proportionality(x, y, counts=COUNTS, names=NAMES)
    assert found.chi2 == pytest.approx(REFERENCE["brant"], rel=1e-6)
    assert [chi2 for _, chi2, _ in found.each] == pytest.approx(REFERENCE["brant_each"], rel=1e-6)
    assert (found.df, found.df_each, found.warnings) == (6, 1, ())
    assert found.p == pytest.approx(chi2.sf(found.chi2, 6))


def test_a_driver_that_moves_the_top_only_is_not_proportional() -> None:
    chance = np.random.default_rng(1)
    x = chance.normal(size=(1500, 1))
    top = chance.random(1500) < 1 / (1 + np.exp(-2 * x[:, 0]))
    y = np.where(top, 2, chance.integers(0, 2, 1500))
    found = odds_proportionality(x, y)
    assert found.warnings == (Caution.NOT_PROPORTIONAL,)
    with pytest.raises(NotIdentified):
        odds_proportionality(x, top)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(0.05, 20), st.floats(-50, 50))
def test_units_of_drivers_and_names_of_steps_do_not_matter(seed: int, unit: float, origin: float) -> None:
    x, y = drawn(seed)
    plain = proportional_odds(x, y)
    moved = proportional_odds(unit * x + origin, np.array([1, 5, 7, 100])[y])
    assert moved.deviance == pytest.approx(plain.deviance)
    assert unit * moved.slopes[0].estimate.value == pytest.approx(plain.slopes[0].estimate.value, rel=1e-4)
    assert unit * moved.slopes[0].se == pytest.approx(plain.slopes[0].se, rel=1e-4)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_steps_upside_down_turn_the_signs(seed: int) -> None:
    x, y = drawn(seed)
    plain, turned = proportional_odds(x, y), proportional_odds(x, -y)
    assert turned.slopes[1].estimate.value == pytest.approx(-plain.slopes[1].estimate.value, rel=1e-5)
    assert turned.thresholds == pytest.approx([-t for t in plain.thresholds[::-1]], rel=1e-4, abs=1e-6)


def test_a_step_nobody_chose_does_not_exist() -> None:
    x, y = drawn(2)
    assert len(proportional_odds(x, np.where(y == 2, 9, y)).thresholds) == 3
    counted = proportional_odds(np.vstack([x, x[:1]]), np.append(y, 50), counts=np.append(np.ones(200), 0))
    assert len(counted.thresholds) == 3


def test_nothing_runs_away_unseen() -> None:
    x = np.arange(40.0)[:, None]
    with pytest.raises(NotIdentified) as caught:
        proportional_odds(x, x[:, 0] > 20)
    assert caught.value.reason == "separated"
    rare = np.zeros((200, 1))
    rare[:2] = 1
    with pytest.raises(NotIdentified):
        proportional_odds(rare, np.where(rare[:, 0] == 1, 2, np.arange(200) % 3))
    with pytest.raises(NotIdentified):
        proportional_odds(x, np.ones(40))
    with pytest.raises(NotIdentified):
        proportional_odds(np.ones((40, 1)), np.arange(40) % 3)
    with pytest.raises(NotIdentified):
        proportional_odds(np.column_stack([x, 2 * x]), np.arange(40) % 3)


def test_what_does_not_settle_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from mindgap.measure import ordinal

    monkeypatch.setattr(ordinal, "_ROUNDS", 1)
    with pytest.raises(NotConverged):
        proportional_odds(*drawn(3))


def test_a_step_that_cannot_climb_is_given_up() -> None:
    from mindgap.measure.ordinal import _climbed

    x, y = drawn(4)
    y = y.astype(np.int64)
    start = np.array([-1.0, 0.0, 1.0, 0.0, 0.0])
    with pytest.raises(NotConverged):
        _climbed(start, np.ones(5), x, y, np.ones(200), value=math.inf)
    crossing = np.array([5.0, 0.0, 0.0, 0.0, 0.0])
    found = _climbed(start, crossing, x, y, np.ones(200), value=-math.inf)
    assert (np.diff(found[0][:3]) > 0).all()


def test_steep_answers_are_reached_by_halved_steps() -> None:
    found = proportional_odds(*drawn(5, n=400, slope=8.0))
    assert found.slopes[0].estimate.value == pytest.approx(8, abs=2.5)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_too_few_answers_are_refused(n: int) -> None:
    x, _ = drawn(6)
    with pytest.raises(TooFewAnswers):
        proportional_odds(x[:n], np.arange(n))


@pytest.mark.parametrize(
    ("x", "y", "counts"),
    [
        ([[math.nan], [1]], [0, 1], None),
        ([[1], [2]], [0, math.inf], None),
        ([[1], [2]], [0, 1], [1, -1]),
        ([[1], [2]], [0, 1, 2], None),
        ([1, 2], [0, 1], None),
        ([[1], [2]], [0, 1], [1]),
    ],
)
def test_impossible_answers_are_refused(x: object, y: object, counts: object) -> None:
    with pytest.raises(BadCounts):
        proportional_odds(x, y, counts=counts)


def test_names_terms_and_levels_are_checked() -> None:
    x, y = drawn(7)
    for names in (("a",), ("a", "a")):
        with pytest.raises(BadArgument):
            proportional_odds(x, y, names=names)
    with pytest.raises(BadArgument):
        proportional_odds(x, y, level=1)
    for terms in ({}, {"a": []}, {"a": ["x9"]}, {str(k): ["x1"] for k in range(13)}):
        with pytest.raises(BadArgument):
            ordinal_importance(x, y, rng=rng(), terms=terms)
    with pytest.raises(BadArgument):
        ordinal_importance(x, y, rng=rng(), replicates=0)


def test_importance_of_terms_adds_up_to_mcfadden() -> None:
    x, y = table()
    found = ordinal_importance(x, y, counts=COUNTS, names=NAMES, terms=TERMS, rng=rng(), replicates=40)
    assert found.names == ("infl", "type", "cont")
    assert sum(share.value for share in found.shares) == pytest.approx(found.r2.value)
    assert found.r2.value == pytest.approx(proportional_odds(x, y, counts=COUNTS).r2)
    assert found.dominance.dominates("infl", "type")
    alone = proportional_odds(x[:, :2], y, counts=COUNTS)
    assert found.dominance.conditional[0, 0] == pytest.approx(alone.r2)
    for share in found.shares:
        assert 0 < share.low < share.value < share.high < found.r2.high


def test_customers_are_resampled_whole() -> None:
    """R8."""
    x, y = drawn(8, n=60)
    rows, steps, customers = np.repeat(x, 4, axis=0), np.repeat(y, 4), np.repeat(np.arange(60), 4)
    whole = ordinal_importance(rows, steps, rng=rng(), clusters=customers, replicates=60)
    naive = ordinal_importance(rows, steps, rng=rng(), replicates=60)
    assert whole.r2.value == pytest.approx(naive.r2.value)
    assert whole.r2.half_width > 1.4 * naive.r2.half_width
    with pytest.raises(TooFewAnswers):
        ordinal_importance(rows, steps, rng=rng(), clusters=np.zeros(240))
    with pytest.raises(BadCounts):
        ordinal_importance(rows, steps, rng=rng(), clusters=[1])


def test_replicates_that_cannot_be_fitted_are_not_passed_over() -> None:
    x = np.zeros((30, 1))
    x[:3] = 1
    with pytest.raises(NotIdentified, match="replicates"):
        ordinal_importance(x, np.arange(30) % 3, rng=rng(), replicates=30)


@pytest.mark.slow
def test_proportional_answers_are_refused_in_one_case_of_twenty() -> None:
    hits = sum(odds_proportionality(*drawn(seed, n=300, steps=3)).p < 0.05 for seed in range(400))
    assert 0.025 <= hits / 400 <= 0.08


@pytest.mark.slow
def test_intervals_cover_the_true_slope() -> None:
    hits = sum(
        not proportional_odds(*drawn(seed, n=150)).slopes[0].estimate.excludes(1.0) for seed in range(500)
    )
    assert 0.925 <= hits / 500 <= 0.975
