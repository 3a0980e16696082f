import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.kano import CATEGORIES, KanoCounts, kano, kano_continuous, kano_counts

R = frozen("expectation")["r"]["kano"]
pairs = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=60)
tables = st.tuples(*[st.integers(0, 50)] * 6).map(lambda row: KanoCounts(*row)).filter(lambda c: c.n > 0)


def test_the_coefficients_and_fongs_test_are_those_of_the_reference() -> None:
    found = kano(KanoCounts(*R["counts"]))
    assert found.better is not None
    assert found.worse is not None
    assert found.better.value == pytest.approx(R["better"], abs=5e-4)
    assert found.worse.value == pytest.approx(R["worse"], abs=5e-4)
    assert found.difference == R["difference"]
    assert found.needed == pytest.approx(R["needed"], abs=0.05)
    assert (found.category, found.second) == ("attractive", "performance")


@pytest.mark.parametrize(
    ("functional", "dysfunctional", "category"),
    [
        (1, 1, "questionable"), (1, 2, "attractive"), (1, 4, "attractive"), (1, 5, "performance"),
        (2, 1, "reverse"), (2, 2, "indifferent"), (3, 4, "indifferent"), (4, 5, "must_be"),
        (5, 1, "reverse"), (5, 4, "reverse"), (5, 5, "questionable"),
    ],
)  # fmt: skip
def test_a_pair_of_answers_has_its_place_in_the_table(
    functional: int, dysfunctional: int, category: str
) -> None:
    counts = kano_counts([functional], [dysfunctional])
    assert getattr(counts, category) == counts.n == 1


@given(tables)
def test_shares_and_coefficients_stay_in_their_bounds(counts: KanoCounts) -> None:
    found = kano(counts)
    assert sum(one.value for one in found.shares) == pytest.approx(1)
    assert found.category in {*CATEGORIES, "undecided"}
    assert 0 <= found.strength <= 1
    if found.better is None or found.worse is None:
        assert counts.reverse + counts.questionable == counts.n
    else:
        assert 0 <= found.better.low <= found.better.value <= found.better.high <= 1
        assert -1 <= found.worse.low <= found.worse.value <= found.worse.high <= 0


@given(tables, st.integers(2, 9))
def test_more_of_the_same_never_makes_a_clear_category_doubtful(counts: KanoCounts, factor: int) -> None:
    once, often = kano(counts), kano(KanoCounts(*(factor * one for one in counts.row)))
    assert often.strength == pytest.approx(once.strength)
    if once.category != "undecided":
        assert often.category == once.category


@given(pairs)
def test_neither_order_nor_splitting_the_sample_changes_counts(rows: list) -> None:
    there, absent = np.array(rows).T
    turned = np.random.default_rng(1).permutation(there.size)
    whole = kano_counts(there, absent)
    assert whole == kano_counts(there[turned], absent[turned])
    assert whole == kano_counts(there[:1], absent[:1]) + kano_counts(there[1:], absent[1:])
    assert whole.n == len(rows)
    with pytest.raises(TypeError):
        whole + 1


def test_a_lead_of_a_few_in_many_is_undecided() -> None:
    assert kano(KanoCounts(30, 30, 5, 5)).category == "undecided"
    assert kano(KanoCounts(30, 23, 5, 5)).category == "undecided"
    # Significant among many, but below 6 % of them.
    many = kano(KanoCounts(5000, 4500, 500))
    assert many.difference > many.needed
    assert many.category == "undecided"


def test_nobody_in_the_four_categories_leaves_no_coefficients() -> None:
    found = kano(KanoCounts(reverse=20))
    assert (found.category, found.better, found.worse) == ("reverse", None, None)


@pytest.mark.parametrize("row", [(-1,), (math.nan,), (math.inf,)])
def test_impossible_counts_are_refused(row: tuple) -> None:
    with pytest.raises(BadCounts):
        KanoCounts(*row)


def test_no_answers_are_no_category() -> None:
    with pytest.raises(TooFewAnswers):
        kano(KanoCounts())
    with pytest.raises(TooFewAnswers):
        kano(kano_counts([], []))
    with pytest.raises(TooFewAnswers):
        kano_continuous([1], [5], rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("there", "absent"), [([6], [1]), ([1.5], [1]), ([math.nan], [1]), ([1], [1, 2]), (1, 1)]
)
def test_answers_off_the_table_are_refused(there: object, absent: object) -> None:
    with pytest.raises(BadCounts):
        kano_counts(there, absent)


@pytest.mark.parametrize(
    ("functional", "dysfunctional", "category"),
    [(1, 5, "performance"), (1, 3, "attractive"), (3, 5, "must_be"), (3, 3, "indifferent")],
)
def test_continuous_scores_name_the_four_corners(functional: int, dysfunctional: int, category: str) -> None:
    there, absent = [functional] * 29 + [3], [dysfunctional] * 29 + [3]
    assert kano_continuous(there, absent, rng=np.random.default_rng(1)).category == category


def test_continuous_scores_follow_dumouchel() -> None:
    found = kano_continuous([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], rng=np.random.default_rng(1))
    assert found.there.value == found.absent.value == pytest.approx((4 + 2 + 0 - 1 - 2) / 5)
    assert found.category == "undecided" or found.there.high < 2
    same = kano_continuous([1, 1], [5, 5], rng=np.random.default_rng(1))
    assert same.there.warnings == (Caution.ALL_EQUAL,)
    assert (same.there.low, same.there.high) == (4, 4)


@given(pairs)
def test_continuous_scores_stay_on_their_scale_and_repeat(rows: list) -> None:
    there, absent = np.array(rows).T
    one = kano_continuous(there, absent, rng=np.random.default_rng(7), draws=100)
    assert one == kano_continuous(there, absent, rng=np.random.default_rng(7), draws=100)
    for mean in (one.there, one.absent):
        assert -2 <= mean.low <= mean.value <= mean.high <= 4


def test_arguments_out_of_range_are_refused() -> None:
    for how in ({"draws": 10}, {"level": 2}):
        with pytest.raises(BadArgument):
            kano_continuous([1, 2], [5, 5], rng=np.random.default_rng(1), **how)


@pytest.mark.slow
def test_bootstrap_intervals_of_continuous_scores_cover() -> None:
    rng = np.random.default_rng(3)
    chance, scores = np.array([0.4, 0.2, 0.2, 0.15, 0.05]), np.array([4, 2, 0, -1, -2])
    true, held, runs = float(chance @ scores), 0, 500
    for _ in range(runs):
        there = rng.choice(5, 40, p=chance) + 1
        found = kano_continuous(there, [5] * 40, rng=rng, draws=400)
        held += found.there.low <= true <= found.there.high
    assert held / runs >= 0.92


def test_pairs_may_come_counted() -> None:
    there, absent, n = [1, 1, 3], [5, 3, 5], [3, 2, 4]
    rows = [np.repeat(side, n) for side in (there, absent)]
    assert kano_counts(there, absent, counts=n) == kano_counts(*rows)
    chance = [np.random.default_rng(2) for _ in range(2)]
    assert kano_continuous(there, absent, counts=n, rng=chance[0]) == kano_continuous(*rows, rng=chance[1])
    with pytest.raises(BadCounts):
        kano_counts(there, absent, counts=[1, 2])
