import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen
from tests.measure.test_lmg import drawn

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.halo import Halo, halo

REFERENCE = frozen("driver")


def rng() -> np.random.Generator:
    return np.random.default_rng(40)


def asked(rows: np.ndarray, outcome: str | None = None) -> Halo:
    return halo(rows, outcome=outcome or f"x{rows.shape[1]}", rng=rng(), replicates=50)


@pytest.mark.parametrize(("name", "outcome"), [("swiss", "Fertility"), ("attitude", "rating")])
def test_inflation_is_that_of_statsmodels(name: str, outcome: str) -> None:
    columns = {k: c for k, c in getattr(sets, name)().items() if k and c.dtype.kind == "f"}
    rows = np.column_stack(list(columns.values()))
    found = halo(rows, names=list(columns), outcome=outcome, rng=rng(), replicates=20)
    assert found.inflation == pytest.approx(REFERENCE[name]["inflation"], rel=1e-8)


@settings(max_examples=20)
@given(st.integers(0, 100_000))
def test_the_general_impression_and_what_is_beyond_add_up_to_r_squared(seed: int) -> None:
    rows = drawn(seed)
    found = asked(rows)
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    common = np.corrcoef(z[:, :4].mean(axis=1), z[:, 4])[0, 1] ** 2
    left = z[:, 4] - z[:, :4] @ np.linalg.lstsq(z[:, :4], z[:, 4], rcond=None)[0]
    assert found.common_r2.value == pytest.approx(common, abs=1e-8)
    assert found.common_r2.value + found.beyond_r2.value == pytest.approx(
        1 - left @ left / (z[:, 4] @ z[:, 4]), abs=1e-6
    )
    r = np.corrcoef(rows[:, :4].T)
    assert found.first_share.value == pytest.approx(np.linalg.eigvalsh(r)[-1] / 4)
    assert found.mean_correlation.value == pytest.approx(r[np.triu_indices(4, 1)].mean())
    assert 0.25 <= found.first_share.low <= found.first_share.high <= 1


def test_one_mood_behind_all_answers_is_warned_of() -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(300, 1)) + 0.5 * chance.normal(size=(300, 6))
    found = asked(rows)
    assert Caution.HALO in found.warnings
    assert found.beyond_r2.value < 0.05 < found.common_r2.low


def test_unrelated_drivers_are_not() -> None:
    found = asked(np.random.default_rng(2).normal(size=(300, 6)))
    assert found.warnings == ()
    assert max(found.inflation) < 1.2


def test_a_driver_that_others_determine_is_infinitely_inflated() -> None:
    rows = drawn(3)
    found = asked(np.column_stack([rows[:, 0], rows]))
    assert found.inflation[:2] == (math.inf, math.inf)
    assert {Caution.HALO, Caution.COLLINEAR} <= set(found.warnings)


def test_exactly_opposite_drivers_have_no_general_impression() -> None:
    x = np.random.default_rng(4).normal(size=(50, 2))
    found = asked(np.column_stack([x[:, 0], -x[:, 0], x[:, 0] + x[:, 1]]))
    assert found.common_r2.value == 0
    assert found.beyond_r2.value > 0.2


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(BadArgument):
        asked(drawn(5)[:, -2:])
    with pytest.raises(TooFewAnswers):
        asked(drawn(5)[:1])
    with pytest.raises(BadCounts):
        asked(np.full((10, 3), np.nan))
