import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.proportion import proportion
from mindgap.measure.waiting import STEPS, Patience, _improved, patience, waiting_ladder
from mindgap.measure.waits import Waits

INF = math.inf
answer = st.tuples(st.integers(0, 8), st.sampled_from([0, 1, 2, 3, INF])).map(lambda a: (a[0], a[0] + a[1]))
answers = st.lists(answer, min_size=2, max_size=15)
# Ends that fall on each other's starts, where closing the intervals on the left tells.
TWELVE = [
    (0, 2),
    (2, 5),
    (1, 3),
    (3, 7),
    (0, 3),
    (3, INF),
    (5, INF),
    (2, 3),
    (4, 7),
    (0, 5),
    (3, 5),
    (7, INF),
]


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def waits(rows: list) -> Waits:
    low, high = np.array(rows, dtype=float).T
    return Waits(low, high)


def curve(rows: list) -> Patience:
    return patience(waits(rows))


def likelihood(rows: list, found: list[tuple[float, float, float]]) -> float:
    def mass(low: float, high: float) -> float:
        # A point (left = right) inside (low, high], or an exact answer holding only itself.
        return sum(
            m
            for left, right, m in found
            if (left >= low and right <= high and (left > low or left < right or low == high))
        )

    return sum(math.log(max(mass(low, high), 1e-300)) for low, high in rows)


def lifelines_likelihood(rows: list) -> tuple[float, list]:
    from lifelines.fitters.npmle import npmle

    low, high = np.array(rows, dtype=float).T
    # lifelines closes the intervals; a little later start opens them (see the notes of `Waits`).
    shifted = np.where(low < high, low + 1e-6, low)
    masses, places = npmle(shifted, high, tol=1e-9, max_iter=50_000, verbose=False)
    found = [(max(0.0, round(a[0], 4)), a[1], float(m)) for m, a in zip(masses, places, strict=True)]
    return likelihood(rows, found), found


def test_the_curve_is_that_of_lifelines_once_its_intervals_are_open_on_the_left() -> None:
    """Finding 9."""
    found = curve(TWELVE)
    expected, masses = lifelines_likelihood(TWELVE)
    assert likelihood(TWELVE, list(found.intervals)) == pytest.approx(expected, abs=1e-5)
    for wait, at in found.curve:
        assert at.value == pytest.approx(sum(m for left, _, m in masses if left >= wait), abs=1e-3)


def test_closing_the_intervals_gives_another_curve() -> None:
    """Finding 9: the trap."""
    from lifelines.fitters.npmle import npmle

    low, high = np.array(TWELVE, dtype=float).T
    masses, places = npmle(low, high, tol=1e-9, max_iter=50_000, verbose=False)
    closed = sum(float(m) for m, a in zip(masses, places, strict=True) if a[0] > 3)
    ours = dict(curve(TWELVE).curve)[3.0].value
    assert abs(ours - closed) > 0.02


def test_a_fifth_of_diabetes_patients_have_the_curve_of_lifelines() -> None:
    from lifelines.datasets import load_diabetes

    frame = load_diabetes()
    rows = [(float(a), float(b)) for a, b in frame[["left", "right"]].to_numpy()[::5]]
    found = patience(waits(rows))
    expected, _ = lifelines_likelihood(rows)
    assert found.n == 147
    assert likelihood(rows, list(found.intervals)) >= expected - 1e-3
    assert sum(m for _, _, m in found.intervals) == pytest.approx(1)


@settings(max_examples=15)
@given(answers)
def test_no_other_distribution_is_likelier(rows: list) -> None:
    """The slope of the likelihood towards any single interval is that of none: it is the maximum."""
    found = curve(rows)
    masses = found.intervals
    assert sum(m for _, _, m in masses) == pytest.approx(1)

    def mass(row: tuple) -> float:
        return math.exp(likelihood([row], list(masses)))

    for a in sorted({low for low, _ in rows} | {high for _, high in rows}):
        # Patience just after a, as an infinitely short interval.
        slope = sum(1 / mass(row) for row in rows if row[0] <= a < row[1])
        assert slope <= len(rows) * (1 + 1e-5)


@settings(max_examples=6)
@given(answers, st.integers(2, 5))
def test_the_curve_falls_and_neither_order_nor_unit_nor_repeats_change_it(rows: list, times: int) -> None:
    found = curve(rows)
    shares = [at.value for _, at in found.curve]
    assert shares == sorted(shares, reverse=True)
    for _, at in found.curve:
        assert 0 <= at.low <= at.value <= at.high <= 1
    for _, at in found.quantiles:
        assert 0 <= at.low <= at.value <= at.high
        assert (Caution.NOT_REACHED in at.warnings) == math.isinf(at.value)
        assert (Caution.OPEN_HIGH in at.warnings) == math.isinf(at.high)
    mirrored = curve(rows[::-1])
    assert mirrored == found
    hours = curve([(24 * a, 24 * b) for a, b in rows])
    assert [at.value for _, at in hours.curve] == pytest.approx(shares, abs=1e-6)
    again = patience(waits(rows * times))
    assert [at.value for _, at in again.curve] == pytest.approx(shares, abs=1e-6)


def test_a_wait_that_every_answer_decides_is_a_plain_share() -> None:
    asked = Waits([0, 2, 5], [2, 5, INF], counts=[2, 6, 2])
    found = patience(asked, at=[0, 2, 3.5, 9])
    still = dict(found.still)
    assert still[2] == proportion(8, 10)
    assert still[0].value == 1
    assert still[3.5].value == pytest.approx(0.5)
    assert (still[3.5].low, still[3.5].high) != (still[3.5].value, still[3.5].value)
    assert still[9].low == 0
    assert still[9].warnings == (Caution.OPEN_LOW,)
    assert still[9].value == pytest.approx(0.2)
    assert dict(found.quantiles)[0.5].value == pytest.approx(3.5)


def test_limits_reach_over_the_interval_because_answers_cannot_tell() -> None:
    """R16: everybody answers the same, and yet the median is known from 2 to 5 only."""
    found = curve([(2, 5)] * 9)
    assert (dict(found.quantiles)[0.5].low, dict(found.quantiles)[0.5].high) == (2, 5)
    assert found.warnings == (Caution.ALL_EQUAL,)


def test_a_curve_at_1_is_bounded_by_those_whose_answer_decides() -> None:
    rows = [(0, 9), (4, 9), (4, 9), (4, 9)]
    at = dict(patience(waits(rows), at=[3]).still)[3]
    assert at.value == pytest.approx(1)
    # Three of three: the share whose chance of that is at the critical likelihood ratio.
    assert at.low == pytest.approx(math.exp(-(1.959964**2) / 6), abs=2e-3)
    silent = dict(patience(waits([(0, 9), (0, 9)]), at=[3]).still)
    assert (silent[3].low, silent[3].high) == (0, 1)


def test_exact_answers_give_the_plain_steps() -> None:
    found = curve([(1, 1), (2, 2), (2, 2), (4, 4)])
    assert np.array(found.intervals) == pytest.approx(np.array([(1, 1, 0.25), (2, 2, 0.5), (4, 4, 0.25)]))
    assert [at.value for _, at in found.curve] == [0.75, 0.25, 0]
    mixed = dict(patience(waits([(2, 2), (2, 5), (0, 2)]), at=[2]).still)
    assert mixed[2].value == pytest.approx(1 / 3)


def test_arguments_out_of_range_are_refused() -> None:
    for how in ({"quantiles": [0]}, {"at": [-1]}, {"at": [INF]}, {"level": 1}):
        with pytest.raises(BadArgument):
            patience(waits(TWELVE), **how)
    for few in (Waits([], []), Waits([1], [2])):
        with pytest.raises(TooFewAnswers):
            patience(few)


def test_a_likelihood_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mindgap.measure.waiting.ROUNDS", 1)
    with pytest.raises(NotConverged):
        curve(TWELVE)


def test_a_step_that_leads_nowhere_is_replaced_by_one_that_cannot_harm() -> None:
    held, number, mass = np.array([[1.0, 1, 0], [0, 1, 1]]), np.array([3.0, 1]), np.array([0.2, 0.3, 0.5])
    better = _improved(held, number, mass, np.array([-0.2, -0.3, 0.5]), gain=1e9)
    assert better.sum() == pytest.approx(1)
    assert number @ np.log(held @ better) > number @ np.log(held @ mass)


def asked(seed: int = 3, n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    rng = chance(seed)
    at = np.sort(rng.gamma(2, 2, (n, 1)) * np.array([1, 1.5, 2, 3]), axis=1)
    grid = np.array([0, 1, 2, 3, 5, 7, 10, 14, INF])
    place = np.searchsorted(grid, at)
    return grid[place - 1], grid[place]


def test_the_ladder_climbs_from_impatient_to_leaving() -> None:
    """R14: how long until impatient, agitated, angry, and when do they leave."""
    low, high = asked()
    found = waiting_ladder(low, high, at=[3])
    assert tuple(name for name, _ in found.steps) == STEPS
    medians = [dict(step.quantiles)[0.5].value for _, step in found.steps]
    assert medians == sorted(medians)
    assert found.ordered == (True, True, True)
    assert found.inconsistent.value == 0
    assert found.warnings == ()
    for j, (_, step) in enumerate(found.steps):
        alone = patience(Waits(low[:, j], high[:, j]), at=[3])
        assert step.still == alone.still
        assert step.intervals == alone.intervals


def test_who_is_angry_before_being_impatient_is_counted_and_left_out() -> None:
    low, high = asked()
    low[0], high[0] = [5, 0, 0, 0], [7, 5, 5, 5]
    low[1], high[1] = [5, 5, 5, 5], [5, 5, 5, 5]
    found = waiting_ladder(low, high)
    assert found.n == 119
    assert found.inconsistent.value == pytest.approx(1 / 120)
    assert found.warnings == (Caution.CONTRADICTORY,)


def test_steps_out_of_order_are_seen_on_the_curves() -> None:
    # No single answer contradicts itself, because the earlier step is left open to the end.
    low = np.array([[5, 0], [5, 0], [0, 0], [0, 0]], dtype=float)
    high = np.array([[INF, INF], [INF, INF], [INF, 2], [INF, 2]], dtype=float)
    found = waiting_ladder(low, high, steps=("impatient", "angry"))
    assert found.ordered == (False,)


def test_ladders_that_cannot_be_are_refused() -> None:
    low, high = asked()
    with pytest.raises(BadCounts):
        waiting_ladder(low, high, steps=("one",))
    with pytest.raises(BadCounts):
        waiting_ladder(low[:, 0], high[:, 0])
    with pytest.raises(BadCounts):
        waiting_ladder(high, low)
    with pytest.raises(BadCounts):
        waiting_ladder(low + 100, np.minimum(high, 50))
    with pytest.raises(TooFewAnswers):
        waiting_ladder(low[:1], high[:1])
    with pytest.raises(BadCounts):
        waiting_ladder("soon", high)
    with pytest.raises(BadArgument):
        waiting_ladder(low, high, level=1)


def test_limits_are_those_of_the_likelihood_ratio() -> None:
    """Two kinds of answers at 3, others around it: the curve is free apart from its height there."""
    rows = [(0, 3)] * 6 + [(3, INF)] * 14 + [(0, INF)] * 5
    at = dict(patience(waits(rows), at=[3]).still)[3]
    for limit in (at.low, at.high):
        lost = 6 * math.log((1 - limit) / 0.3) + 14 * math.log(limit / 0.7)
        assert -2 * lost == pytest.approx(1.959964**2, abs=0.02)


@pytest.mark.slow
def test_limits_of_shares_and_medians_cover() -> None:
    """Customers asked at different waits, as when every survey version asks another one."""
    rng, runs, n = chance(4), 60, 40
    held, median = {2.0: 0, 4.0: 0, 6.0: 0}, 0
    true = {wait: math.exp(-((wait / 5) ** 1.5)) for wait in held}
    true_median = 5 * math.log(2) ** (1 / 1.5)
    for _ in range(runs):
        at = 5 * rng.weibull(1.5, n)
        grid = np.sort(rng.choice([1, 2, 4, 6, 8, 10], (n, 2)), axis=1).astype(float)
        edges = np.hstack([np.zeros((n, 1)), grid, np.full((n, 1), INF)])
        place = (edges < at[:, None]).sum(axis=1)
        rows = np.arange(n)
        answered = Waits(edges[rows, place - 1], edges[rows, place])
        found = patience(answered, at=list(held), quantiles=[0.5])
        for wait, share in found.still:
            held[wait] += share.low <= true[wait] <= share.high
        median += found.quantiles[0][1].low <= true_median <= found.quantiles[0][1].high
    assert min(held.values()) / runs >= 0.88
    assert median / runs >= 0.93


def test_a_ladder_may_come_counted() -> None:
    low, high, n = [[0, 2], [1, 5], [4, 1]], [[1, 5], [2, 9], [4, 1]], [3, 2, 1]
    counted = waiting_ladder(low, high, steps=("impatient", "abandon"), counts=n)
    rows = [np.repeat(np.array(side), n, axis=0) for side in (low, high)]
    assert counted == waiting_ladder(*rows, steps=("impatient", "abandon"))
    assert (counted.n, counted.inconsistent.value) == (5, 1 / 6)
    with pytest.raises(BadCounts):
        waiting_ladder(low, high, steps=("impatient", "abandon"), counts=[1])
