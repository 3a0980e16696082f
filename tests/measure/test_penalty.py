import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.penalty import penalty_reward

R = frozen("expectation")["r"]["penalty"]


def rated(n: int = 400, seed: int = 1) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    x = {name: rng.integers(1, 8, n).astype(float) for name in ("basic", "delight", "both", "none")}
    low, high = ({name: v <= 2 for name, v in x.items()}, {name: v >= 6 for name, v in x.items()})
    y = -2.0 * low["basic"] + 2.0 * high["delight"] + 1.5 * high["both"] - 1.5 * low["both"]
    return x, y + rng.normal(size=n)


def test_penalty_and_reward_of_mobile_customers_are_those_of_r() -> None:
    table = sets.mobi()
    ratings = {f"PERQ{j}": table[f"PERQ{j}"] for j in range(1, 8)}
    found = penalty_reward(ratings, table["CUSA1"], low=R["low"], high=R["high"])
    first = found.attributes[0]
    assert first.penalty is not None
    assert first.reward is not None
    assert first.penalty.value == pytest.approx(R["penalty"], abs=5e-3)
    assert first.reward.value == pytest.approx(R["reward"], abs=5e-3)
    assert found.r2.value == pytest.approx(R["r2"], abs=5e-4)
    assert first.factor == "performance"
    # With fourteen dummies most are not significant.
    assert [one.factor for one in found.attributes[1:]] == ["undecided"] * 6


def test_effects_put_in_come_out_with_their_names() -> None:
    x, y = rated()
    found = penalty_reward(x, y, low=2, high=6)
    assert [one.factor for one in found.attributes] == ["basic", "excitement", "performance", "undecided"]
    assert found.warnings == ()
    for one in found.attributes:
        assert isinstance(one.penalty, Estimate)
        assert isinstance(one.reward, Estimate)
        assert isinstance(one.asymmetry, Estimate)
        assert one.asymmetry.value == pytest.approx(one.penalty.value + one.reward.value)


def test_the_errors_are_hc3_or_by_customer() -> None:
    import statsmodels.api as sm

    x, y = rated(120)
    dummies = np.column_stack([part for v in x.values() for part in (v <= 2, v >= 6)]).astype(float)
    other = sm.OLS(y, sm.add_constant(dummies)).fit(cov_type="HC3", use_t=True)
    first = penalty_reward(x, y, low=2, high=6).attributes[0].penalty
    assert first is not None
    assert (first.low, first.high) == pytest.approx(other.conf_int()[1])
    clustered = penalty_reward(x, y, low=2, high=6, clusters=np.arange(120) // 2).attributes[0].penalty
    assert clustered is not None
    assert clustered.method == "cr1 t"


def test_a_rating_that_hardly_anyone_gave_has_no_effect_of_its_own() -> None:
    x, y = rated()
    x["basic"] = np.where(x["basic"] <= 2, 3, x["basic"])
    x["basic"][:4] = 1
    x["none"] = np.full(400, 7.0)
    found = penalty_reward(x, y, low=2, high=6)
    first, last = found.attributes[0], found.attributes[3]
    assert (first.penalty, first.asymmetry, first.factor, first.low) == (None, None, "undecided", 4)
    assert first.reward is not None
    assert (last.penalty, last.reward, last.high) == (None, None, 400)
    assert found.warnings == (Caution.FEW_IN_CATEGORY,)


def test_nobody_with_an_opinion_leaves_everything_undecided() -> None:
    found = penalty_reward({"easy": [4] * 12}, range(12), low=2, high=6)
    assert found.attributes[0].factor == "undecided"
    assert found.r2.value == 0


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_turning_the_scale_swaps_penalty_and_reward(seed: int) -> None:
    x, y = rated(150, seed)
    found = penalty_reward(x, y, low=2, high=6)
    turned = penalty_reward({name: 8 - v for name, v in x.items()}, -y, low=2, high=6)
    swap = {"basic": "excitement", "excitement": "basic"}
    for one, other in zip(found.attributes, turned.attributes, strict=True):
        assert one.penalty is not None
        assert other.reward is not None
        assert other.reward.value == pytest.approx(-one.penalty.value)
        assert other.factor == swap.get(one.factor, one.factor)
    order = np.random.default_rng(seed).permutation(150)
    again = penalty_reward({name: v[order] for name, v in x.items()}, y[order], low=2, high=6)
    assert again.r2.value == pytest.approx(found.r2.value)


@pytest.mark.parametrize(
    ("ratings", "outcome", "how", "error"),
    [
        ({}, [1, 2], {}, BadArgument),
        ({"a": [1, 2]}, [1, 2], {"low": 6}, BadArgument),
        ({"a": [1, 2]}, [1, 2], {"low": math.nan}, BadArgument),
        ({"a": [1, math.nan]}, [1, 2], {}, BadCounts),
        ({"a": [1, 2]}, [1, 2, 3], {}, BadCounts),
        ({"a": [[1, 2]]}, [[1, 2]], {}, BadCounts),
        ({"a": []}, [], {}, TooFewAnswers),
        ({"a": [4]}, [1], {}, TooFewAnswers),
        ({"a": [1, 4, 7] * 6, "b": [1, 4, 7] * 6}, range(18), {}, NotIdentified),
    ],
)
def test_what_cannot_be_is_refused(ratings: dict, outcome: object, how: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        penalty_reward(ratings, list(outcome), **{"low": 2, "high": 6, **how})


@pytest.mark.slow
def test_an_attribute_without_effect_is_rarely_given_a_name() -> None:
    rng = np.random.default_rng(6)
    named, runs = 0, 400
    for _ in range(runs):
        x = {name: rng.integers(1, 8, 80) for name in "abc"}
        noise = rng.normal(size=80) * (1 + (x["a"] <= 2))
        found = penalty_reward(x, noise, low=2, high=6)
        named += found.attributes[0].factor != "undecided"
    assert named / runs <= 0.05
