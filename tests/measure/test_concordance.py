import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import rossi

from mindgap.measure.concordance import concordance
from mindgap.measure.errors import BadCounts, NotIdentified

rows = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.integers(0, 5)), min_size=1, max_size=30)


def by_pairs(times, gone, risk) -> tuple[float, np.ndarray, float]:
    """Every pair looked at: agreeing, per customer what it adds, and the number of pairs."""
    n = len(times)
    agree, pairs = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if gone[i] and (times[i] < times[j] or (times[i] == times[j] and not gone[j])):
                pairs[i, j] = 1
                agree[i, j] = (risk[i] > risk[j]) + (risk[i] == risk[j]) / 2
    total = pairs.sum()
    if total == 0:
        return np.nan, np.zeros(n), 0
    value = agree.sum() / total
    each = (agree - value * pairs).sum(axis=0) + (agree - value * pairs).sum(axis=1)
    return value, each / total, total


@given(rows)
def test_it_is_what_looking_at_every_pair_gives(table) -> None:
    times, gone, risk = (np.array(column) for column in zip(*table, strict=True))
    value, each, total = by_pairs(times, gone, risk)
    if total == 0:
        with pytest.raises(NotIdentified):
            concordance(times, gone, risk)
        return
    found = concordance(times, gone, risk)
    assert found.value == pytest.approx(value)
    assert 0 <= found.low <= found.value <= found.high <= 1
    se = np.sqrt((each**2).sum())
    if 0 < value < 1 and se > 1e-9:
        logit = np.log(value / (1 - value))
        edge = logit + 1.959964 * se / (value * (1 - value))
        assert found.high == pytest.approx(1 / (1 + np.exp(-edge)), abs=1e-6)


@given(rows)
def test_turning_the_risk_round_turns_the_concordance_round(table) -> None:
    times, gone, risk = (np.array(column) for column in zip(*table, strict=True))
    try:
        found = concordance(times, gone, risk)
    except NotIdentified:
        return
    other = concordance(times, gone, -risk)
    assert found.value + other.value == pytest.approx(1)
    assert found.low + other.high == pytest.approx(1)
    # Only the order of the risks counts.
    assert concordance(times, gone, np.exp(risk)).value == found.value


def test_the_concordance_of_rossis_model_is_that_of_lifelines() -> None:
    table, reference = rossi(), frozen("money")
    risk = sum(
        b * table[name] for b, name in zip(reference["cox"]["coefficients"], reference["names"], strict=True)
    )
    found = concordance(table["week"], table["arrest"], risk)
    assert found.value == pytest.approx(reference["cox"]["concordance"])
    assert found.excludes(0.5)


def test_perfect_order_still_has_a_width() -> None:
    found = concordance([1, 2, 3], [1, 1, 1], [3, 2, 1])
    assert (found.value, found.high) == (1, 1)
    assert found.low < 0.5


@pytest.mark.parametrize(
    ("times", "left", "risk"),
    [([1, 2], [1], [1, 2]), ([1], [2], [1]), ([1], [1], [np.nan]), ([[1]], [[1]], [[1]])],
)
def test_impossible_rows_are_refused(times: object, left: object, risk: object) -> None:
    with pytest.raises(BadCounts):
        concordance(times, left, risk)


def test_nobody_and_nobody_lost_cannot_be_ordered() -> None:
    for rows_given in (([], [], []), ([1, 2], [0, 0], [1, 2]), ([1, 1], [1, 1], [1, 2])):
        with pytest.raises(NotIdentified):
            concordance(*rows_given)


@pytest.mark.slow
def test_the_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(7)
    # For proportional hazards with a normal risk of sd 1: the concordance of a large sample.
    big = rng.normal(size=20_000)
    true = concordance(rng.exponential(np.exp(-big)), np.ones(20_000), big).value
    inside = 0
    for _ in range(500):
        risk = rng.normal(size=60)
        inside += not concordance(rng.exponential(np.exp(-risk)), np.ones(60), risk).excludes(true)
    assert 0.92 < inside / 500 < 0.985
