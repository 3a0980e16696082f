import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import rossi

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.proportion import proportion
from mindgap.measure.retention import log_rank, retention, retention_difference, rmst, rmst_difference
from mindgap.measure.survival import Outcomes

REFERENCE = frozen("money")["kept"]

tables = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=2, max_size=40)


def outcomes_of(rows) -> Outcomes:
    left = np.array([gone for _, gone in rows])
    return Outcomes([time for time, _ in rows], completed=left, still_open=~left)


def rossi_groups() -> list[Outcomes]:
    table = rossi()
    code = table["wexp"] * 2 + table["fin"]
    return [
        Outcomes(
            table["week"][code == c],
            completed=table["arrest"][code == c],
            still_open=1 - table["arrest"][code == c],
        )
        for c in np.unique(code)
    ]


def by_aid() -> tuple[Outcomes, Outcomes]:
    without_work, with_aid, working, working_aid = rossi_groups()
    return without_work + working, with_aid + working_aid


def test_shares_kept_and_mean_times_are_those_of_lifelines() -> None:
    groups = by_aid()
    assert [retention(group, at=26).value for group in groups] == pytest.approx(REFERENCE["at_26"])
    assert [rmst(group, horizon=40).value for group in groups] == pytest.approx(REFERENCE["rmst_40"])


def test_the_log_rank_test_is_that_of_lifelines() -> None:
    test = log_rank(rossi_groups())
    assert [test.statistic, test.p] == pytest.approx(REFERENCE["log_rank"])
    assert test.df == 3
    assert test.n == 432
    assert test.observed.sum() == pytest.approx(test.expected.sum())


def test_everybody_followed_gives_a_plain_share_with_wilsons_interval() -> None:
    """R94: retention by class."""
    found = retention(Outcomes([1, 2, 9], completed=[2, 3, 0], still_open=[0, 0, 15]), at=5)
    plain = proportion(15, 20)
    assert [found.value, found.low, found.high] == pytest.approx([plain.value, plain.low, plain.high])
    assert found.method == "wilson"
    assert found.warnings == ()


def test_open_ends_are_counted_as_long_as_they_were_seen() -> None:
    found = retention(Outcomes([1, 2, 4, 9], completed=[0, 2, 0, 0], still_open=[4, 0, 0, 4]), at=5)
    assert found.value == pytest.approx(4 / 6)
    assert found.warnings == (Caution.CENSORED,)


def test_beyond_the_follow_up_the_share_is_an_upper_bound() -> None:
    short = Outcomes([1, 2], completed=[1, 0], still_open=[0, 3])
    found = retention(short, at=5)
    assert Caution.FOLLOW_UP_SHORT in found.warnings
    assert found.low == 0
    with pytest.raises(NotIdentified):
        retention_difference(short, short, at=5)


@pytest.mark.parametrize("ask", [lambda o: retention(o, at=1), lambda o: rmst(o, horizon=1)])
def test_impossible_customers_are_refused(ask) -> None:
    with pytest.raises(TooFewAnswers):
        ask(Outcomes([], completed=[]))
    with pytest.raises(BadCounts):
        ask(Outcomes([-1], completed=[1]))


def test_nothing_known_at_that_time_is_not_a_number_in_disguise() -> None:
    with pytest.raises(NotIdentified):
        retention(Outcomes([1], completed=[0], still_open=[5]), at=3)
    with pytest.raises(BadCounts):
        retention(Outcomes([1], completed=[1]), at=math.nan)


def test_one_customer_and_nobody_lost_still_have_a_width() -> None:
    one = retention(Outcomes([3], completed=[0], still_open=[1]), at=2)
    assert (one.value, one.high) == (1, 1)
    assert one.low < 0.5
    kept = rmst(Outcomes([3], completed=[0], still_open=[20]), horizon=2)
    assert (kept.value, kept.high) == (2, 2)
    assert 1.6 < kept.low < 2
    assert kept.warnings == (Caution.ALL_EQUAL,)


def test_without_open_ends_the_variance_of_the_mean_time_is_that_of_a_mean() -> None:
    times = np.array([1.0, 2, 2, 3, 5, 8, 9, 9, 14])
    found = rmst(Outcomes(times, completed=np.ones(9)), horizon=9)
    cut = np.minimum(times, 9)
    assert found.value == pytest.approx(cut.mean())
    share = cut.mean() / 9
    half = 2.306004 * cut.std(ddof=1) / 3 / 9 / (share * (1 - share))
    assert math.log(found.high / (9 - found.high)) == pytest.approx(
        math.log(share / (1 - share)) + half, rel=1e-6
    )


def test_a_horizon_nobody_reached_is_refused() -> None:
    with pytest.raises(NotIdentified):
        rmst(Outcomes([1, 2], completed=[1, 0], still_open=[0, 1]), horizon=3)
    assert rmst(Outcomes([1, 2], completed=[1, 1]), horizon=3).value == 1.5
    for horizon in (0, -1, math.inf, math.nan):
        with pytest.raises(BadArgument):
            rmst(Outcomes([1, 2], completed=[1, 1]), horizon=horizon)


@given(tables, st.integers(1, 20))
def test_shares_and_times_stay_within_their_bounds(rows, at: int) -> None:
    outcomes = outcomes_of(rows)
    try:
        share = retention(outcomes, at=at)
    except NotIdentified:
        assert not any(gone for _, gone in rows)
    else:
        assert 0 <= share.low <= share.value <= share.high <= 1
    horizon = max(time for time, _ in rows)
    time = rmst(outcomes, horizon=horizon)
    assert 0 <= time.low <= time.value <= time.high <= horizon


@given(tables, st.integers(2, 7))
def test_the_unit_of_time_does_not_matter(rows, unit: int) -> None:
    one = outcomes_of(rows)
    other = Outcomes(one.values * unit, completed=one.completed, still_open=one.still_open)
    horizon = float(one.values[-1])
    assert rmst(other, horizon=horizon * unit).value == pytest.approx(unit * rmst(one, horizon=horizon).value)


@given(tables, tables)
def test_a_difference_changes_its_sign_with_its_sides(first, second) -> None:
    a, b = outcomes_of(first), outcomes_of(second)
    horizon = float(min(a.values[-1], b.values[-1]))
    there, back = rmst_difference(a, b, horizon=horizon), rmst_difference(b, a, horizon=horizon)
    assert there.value == pytest.approx(-back.value)
    assert there.p == pytest.approx(back.p)
    assert there.low == pytest.approx(-back.high)
    # Interval and p-value say the same.
    if abs(there.p - 0.05) > 1e-6:
        assert there.excludes(0) == (there.p < 0.05)


@given(tables)
def test_a_group_does_not_differ_from_itself(rows) -> None:
    outcomes = outcomes_of(rows)
    horizon = float(outcomes.values[-1])
    assert rmst_difference(outcomes, outcomes, horizon=horizon).p == 1
    followed_after_a_loss = any(gone for time, gone in rows if time < horizon)
    if followed_after_a_loss:
        assert log_rank([outcomes, outcomes]).statistic == pytest.approx(0, abs=1e-9)


def test_a_difference_that_chance_did_not_make_is_an_association() -> None:
    a, b = by_aid()
    found = retention_difference(a, b, at=26)
    assert found.value == pytest.approx(REFERENCE["at_26"][1] - REFERENCE["at_26"][0])
    assert Caution.ASSOCIATION in found.warnings
    assert Caution.ASSOCIATION not in retention_difference(a, b, at=26, by_chance=True).warnings
    assert Caution.ASSOCIATION in rmst_difference(a, b, horizon=26).warnings


def test_a_difference_beyond_all_doubt_has_a_p_that_is_small_not_zero() -> None:
    gone, there = Outcomes([1, 9], completed=[5000, 1]), Outcomes([1, 9], completed=[1, 5000])
    assert 0 < retention_difference(gone, there, at=5).p < 1e-14


def test_both_methods_are_named_when_the_sides_differ() -> None:
    whole = Outcomes([1, 9], completed=[3, 0], still_open=[0, 9])
    open_ended = Outcomes([1, 2, 9], completed=[1, 3, 0], still_open=[5, 0, 9])
    assert "; " in retention_difference(whole, open_ended, at=5).method


def test_the_log_rank_test_needs_two_groups_followed_together() -> None:
    a = Outcomes([1, 2], completed=[1, 1])
    with pytest.raises(BadArgument):
        log_rank([a])
    with pytest.raises(TooFewAnswers):
        log_rank([a, Outcomes([], completed=[])])
    with pytest.raises(NotIdentified):
        log_rank([Outcomes([1], completed=[0], still_open=[3]), Outcomes([2], completed=[3])])
    with pytest.raises(NotIdentified):
        log_rank([Outcomes([1], completed=[0], still_open=[3])] * 2)


def drawn(rng: np.random.Generator, n: int, mean: float) -> Outcomes:
    times, ends = rng.exponential(mean, n), rng.uniform(0.5, 3, n)
    left = times <= ends
    return Outcomes(np.minimum(times, ends), completed=left, still_open=~left)


@pytest.mark.slow
@pytest.mark.parametrize("n", [20, 60])
def test_equal_groups_differ_in_one_of_twenty_samples(n: int) -> None:
    rng = np.random.default_rng(61)
    runs = 120
    hits = np.zeros(3)
    inside = np.zeros(2)
    for _ in range(runs):
        a, b = drawn(rng, n, 1.5), drawn(rng, n, 1.5)
        found = retention_difference(a, b, at=0.6)
        times = rmst_difference(a, b, horizon=0.6)
        hits += [found.p < 0.05, times.p < 0.05, log_rank([a, b]).p < 0.05]
        true = [math.exp(-0.4), 1.5 * (1 - math.exp(-0.4))]
        inside += [
            not x.excludes(t) for x, t in zip((retention(a, at=0.6), rmst(a, horizon=0.6)), true, strict=True)
        ]
    assert (hits / runs < 0.11).all()
    assert (inside / runs > 0.9).all()
