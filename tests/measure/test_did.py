"""Difference in differences (R81)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import kielmc

from mindgap.measure.did import did, wild_p
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution

REFERENCE = frozen("change")
TREATED, AFTER = [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 1, 1]


def panel(rng: np.random.Generator, *, units: int, effect: float = 0.0) -> dict[str, np.ndarray]:
    unit = np.repeat(np.arange(units), 10)
    after = np.tile([0, 1], units * 5)
    treated = (unit < units // 2).astype(int)
    wander = rng.normal(0, 1, units)[unit] * after
    y = rng.normal(0, 1, unit.size) + wander + effect * treated * after
    return {"y": y, "treated": treated, "after": after, "cluster": unit}


def test_the_incinerator_lowered_prices_as_in_the_textbook() -> None:
    table = kielmc()
    found = did(table["rprice"], treated=table["nearinc"], after=table["year"] == 1981)
    assert found.effect.value == pytest.approx(REFERENCE["did"]["effect"], abs=0.05)
    assert found.se == pytest.approx(REFERENCE["did"]["se"], abs=0.005)
    assert found.t == pytest.approx(REFERENCE["did"]["t"], abs=0.005)
    assert found.df == 317
    assert found.clusters is None


def test_clustered_errors_are_those_of_statsmodels() -> None:
    table = kielmc()
    found = did(table["rprice"], treated=table["nearinc"], after=table["y81"], cluster=table["nbh"])
    assert found.se == pytest.approx(REFERENCE["clustered"]["se"], rel=1e-9)
    assert found.p == pytest.approx(REFERENCE["clustered"]["p"], rel=1e-6)
    assert found.effect.warnings == (Caution.FEW_CLUSTERS,)


def test_few_clusters_are_less_sure_by_the_wild_bootstrap() -> None:
    """CR1 gives 0.003 for seven neighbourhoods; 2^7 sign combinations say otherwise."""
    table = kielmc()
    p = wild_p(
        table["rprice"],
        treated=table["nearinc"],
        after=table["y81"],
        cluster=table["nbh"],
        rng=np.random.default_rng(0),
    )
    assert p == pytest.approx(22 / 128)


def test_the_wild_bootstrap_is_the_one_written_out() -> None:
    """Each drawn sample refitted, against the short form over clusters."""
    rows = panel(np.random.default_rng(3), units=6, effect=0.8)
    y, t, a, g = (rows[name] for name in ("y", "treated", "after", "cluster"))
    null = np.column_stack([np.ones(y.size), a, t])
    fitted = null @ np.linalg.lstsq(null, y, rcond=None)[0]

    def statistic(sample: np.ndarray) -> float:
        return did(sample, treated=t, after=a, cluster=g).t

    seen = abs(statistic(y))
    signs = [[1 - 2 * ((i >> j) & 1) for j in range(6)] for i in range(64)]
    drawn = [abs(statistic(fitted + (y - fitted) * np.array(s)[g])) for s in signs]
    expected = np.mean([t >= seen * (1 - 1e-9) for t in drawn])
    assert wild_p(**rows, rng=np.random.default_rng(1)) == pytest.approx(expected)


def test_many_clusters_are_drawn_and_agree_with_the_t_test() -> None:
    rows = panel(np.random.default_rng(5), units=40, effect=0.7)
    drawn = wild_p(**rows, rng=np.random.default_rng(1))
    assert drawn == pytest.approx(did(**rows).p, abs=0.04)
    assert drawn == wild_p(**rows, rng=np.random.default_rng(1))


def test_weights_and_covariates_hold_other_things_equal() -> None:
    rng = np.random.default_rng(2)
    rows = panel(rng, units=20)
    price = rng.normal(size=200) + 3 * rows["treated"] * rows["after"]
    y = rows["y"] + 2 * price
    plain = did(y, treated=rows["treated"], after=rows["after"])
    equal = did(y, treated=rows["treated"], after=rows["after"], covariates=price, weights=np.full(200, 3.0))
    assert abs(equal.effect.value) < 1 < plain.effect.value
    wild = wild_p(**{**rows, "y": y}, covariates=price[:, None], weights=np.ones(200), rng=rng)
    assert 0 < wild <= 1


@given(st.lists(st.integers(-50, 50), min_size=8, max_size=8).filter(lambda y: len(set(y)) > 4))
def test_the_effect_is_the_difference_of_the_differences(y: list[int]) -> None:
    try:
        found = did(y, treated=TREATED, after=AFTER)
    except NotIdentified:
        return
    moved, drift = np.mean(y[6:]) - np.mean(y[4:6]), np.mean(y[2:4]) - np.mean(y[:2])
    assert found.moved == pytest.approx(moved, abs=1e-9)
    assert found.drift == pytest.approx(drift, abs=1e-9)
    assert found.effect.value == pytest.approx(moved - drift, abs=1e-9)
    turned = did([-v for v in y], treated=TREATED, after=AFTER)
    assert turned.p == pytest.approx(found.p)


def test_answers_without_spread_show_nothing() -> None:
    with pytest.raises(NotIdentified):
        did([5] * 8, treated=TREATED, after=AFTER)
    with pytest.raises(NotIdentified):
        wild_p([5] * 8, treated=TREATED, after=AFTER, cluster=np.arange(8) // 2, rng=np.random.default_rng(1))


def test_an_empty_group_is_told() -> None:
    with pytest.raises(NotIdentified):
        did([1, 2, 3, 5, 4, 3, 2, 1], treated=[0] * 8, after=AFTER)


def test_a_single_treated_unit_is_told() -> None:
    y = [1, 2, 3, 5, 4, 3, 2, 1]
    with pytest.raises(NotIdentified) as caught:
        did(y, treated=TREATED, after=AFTER, cluster=[0, 0, 1, 1, 2, 2, 2, 2])
    assert caught.value.reason == "one_cluster"
    assert did(y, treated=TREATED, after=AFTER, cluster=[0, 1, 0, 1, 0, 1, 0, 1]).clusters == 2


def test_rows_that_cannot_be_are_refused() -> None:
    with pytest.raises(TooFewAnswers):
        did([1, 2, 3, 4], treated=[0, 0, 1, 1], after=[0, 1, 0, 1])
    with pytest.raises(BadCounts):
        did([1, math.inf], treated=[0, 1], after=[0, 1])
    with pytest.raises(BadCounts):
        did([1, 2], treated=[0, 1, 1], after=[0, 1])
    with pytest.raises(BadArgument):
        did([1, 2], treated=[0, 2], after=[0, 1])
    with pytest.raises(BadCounts):
        did(range(8), treated=TREATED, after=AFTER, covariates=[1, 2])
    with pytest.raises(BadArgument):
        wild_p(range(8), treated=TREATED, after=AFTER, cluster=TREATED, rng=np.random.default_rng(1), draws=9)


@pytest.mark.slow
def test_without_effect_the_bootstrap_rejects_as_seldom_as_it_says() -> None:
    rng = np.random.default_rng(12)
    found = [wild_p(**panel(rng, units=8), rng=rng) <= 0.05 for _ in range(400)]
    assert 0.02 <= np.mean(found) <= 0.075
