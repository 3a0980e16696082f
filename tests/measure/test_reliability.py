import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.reliability import Items, alpha, gap_reliability, omega

REFERENCE = frozen("expectation")
R, MADE = REFERENCE["r"], REFERENCE["made"]


def block(name: str) -> Items:
    return Items(MADE["covariance"][name], n=MADE["n"])


def parallel(k: int, r: float, n: float = 100) -> Items:
    return Items((1 - r) * np.eye(k) + r, n=n)


@pytest.mark.parametrize("name", list(R["alpha"]))
def test_alpha_is_that_of_r_raw_and_standardised(name: str) -> None:
    found = alpha(block(name))
    assert found.raw.value == pytest.approx(R["alpha"][name], abs=5e-4)
    assert found.standardised.value == pytest.approx(R["standardised"][name], abs=5e-4)
    assert (Caution.UNRELIABLE in found.raw.warnings) == (R["alpha"][name] < 0.7)


def test_alpha_of_attitude_has_the_interval_of_feldt() -> None:
    table = sets.attitude()
    names = ("rating", "complaints", "privileges", "learning", "raises", "critical", "advance")
    found = alpha(Items.of(np.column_stack([table[name] for name in names]))).raw
    assert found.value == pytest.approx(R["attitude"]["alpha"], abs=5e-5)
    assert found.low == pytest.approx(R["attitude"]["low"], abs=5e-4)
    assert found.high == pytest.approx(R["attitude"]["high"], abs=5e-4)


def test_the_item_that_spoils_a_score_is_seen() -> None:
    without = alpha(block("CUSL")).without
    assert without[1] == pytest.approx(R["alpha_without_cusl2"], abs=5e-4)
    assert int(np.argmax(without)) == 1


@pytest.mark.parametrize("name", list(R["omega"]))
def test_omega_is_that_of_one_factor_in_r(name: str) -> None:
    found = omega(block(name))
    assert found.total.value == pytest.approx(R["omega"][name], abs=5e-4)
    assert (Caution.BOUNDARY in found.total.warnings) == (name == "CUSL")


def test_the_reliability_of_the_gap_is_far_below_that_of_its_parts() -> None:
    found = gap_reliability(Items(MADE["covariance_both"], n=MADE["n"]), expected=3)
    assert found.value == pytest.approx(R["gap"]["reliability"], abs=5e-4)
    assert found.warnings == (Caution.UNRELIABLE,)
    assert found.low < found.value < found.high < 0.7


def test_the_gap_of_parts_without_relation_keeps_their_reliability() -> None:
    half = (1 - 0.5) * np.eye(2) + 0.5
    both = np.block([[half, np.zeros((2, 2))], [np.zeros((2, 2)), half]])
    assert gap_reliability(Items(both, n=50), expected=2).value == pytest.approx(2 / 3)


@settings(max_examples=25)
@given(st.integers(2, 7), st.floats(0, 0.95), st.floats(0.1, 9))
def test_parallel_items_have_the_alpha_and_omega_of_spearman_and_brown(k: int, r: float, unit: float) -> None:
    items = Items(unit * parallel(k, r).covariance, n=80)
    found = alpha(items)
    assert found.raw.value == pytest.approx(k * r / (1 + (k - 1) * r))
    assert found.standardised.value == pytest.approx(found.raw.value)
    for one in (found.raw, found.standardised):
        assert one.low <= one.value <= one.high <= 1
    if k > 2 and r > 0.05:
        assert omega(items).total.value == pytest.approx(found.raw.value, abs=1e-5)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_neither_order_nor_units_change_reliability(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(40, 1)) + rng.normal(size=(40, 4))
    turned, units = rng.permutation(4), rng.uniform(0.1, 9, 4)
    one, other = Items.of(rows), Items.of(rows[:, turned])
    assert alpha(one).raw.value == pytest.approx(alpha(other).raw.value)
    assert omega(one).total.value == pytest.approx(omega(other).total.value, abs=1e-4)
    rescaled = Items.of(rows * units)
    assert alpha(one).standardised.value == pytest.approx(alpha(rescaled).standardised.value)
    assert omega(one).total.value == pytest.approx(omega(rescaled).total.value, abs=1e-4)


def test_an_item_that_runs_against_the_others_is_pointed_out() -> None:
    turned = np.diag([1.0, 1.0, 1.0, -1.0])
    items = Items(turned @ parallel(4, 0.5).covariance @ turned, n=60)
    assert Caution.OPPOSED in alpha(items).raw.warnings
    found = omega(items)
    assert Caution.OPPOSED in found.total.warnings
    assert found.loadings[3] < 0 < found.loadings[0]


def test_perfect_agreement_is_reliability_1() -> None:
    found = alpha(Items(np.ones((3, 3)), n=20))
    assert (found.raw.low, found.raw.value, found.raw.high) == (1, 1, 1)
    assert (found.standardised.low, found.standardised.high) == (1, 1)
    with pytest.raises(NotIdentified):
        omega(Items(np.ones((3, 3)), n=20))


def test_items_without_spread_are_refused_where_they_leave_nothing_to_say() -> None:
    with pytest.raises(NotIdentified):
        alpha(Items(np.zeros((3, 3)), n=20))
    with pytest.raises(NotIdentified):
        alpha(Items([[1, 0], [0, 0]], n=20))
    with pytest.raises(NotIdentified):
        alpha(Items([[1, -1], [-1, 1]], n=20))
    with pytest.raises(NotIdentified):
        gap_reliability(Items(np.ones((4, 4)), n=20), expected=2)
    assert alpha(Items([[1, -1, 0], [-1, 1, 0], [0, 0, 1]], n=20)).without == (0, 0, 0)


def test_wrong_numbers_of_items_and_answers_are_refused() -> None:
    with pytest.raises(BadArgument):
        alpha(Items([[1]], n=20))
    with pytest.raises(BadArgument):
        omega(parallel(2, 0.5))
    for expected in (1, 3):
        with pytest.raises(BadArgument):
            gap_reliability(parallel(4, 0.5), expected=expected)
    for rows in ([], [[1, 2]]):
        with pytest.raises((TooFewAnswers, BadCounts)):
            Items.of(rows)
    with pytest.raises(TooFewAnswers):
        Items([[1]], n=1)
    with pytest.raises(BadArgument):
        alpha(parallel(3, 0.5), level=1)
    with pytest.raises(BadArgument):
        omega(parallel(3, 0.5), level=0)


@pytest.mark.parametrize(
    "matrix", [[1, 2], [[]], [[1, 0]], [[1, 0.5], [0.4, 1]], [[1, 2], [2, 1]], [[math.nan]], [[math.inf]]]
)
def test_what_is_no_covariance_matrix_is_refused(matrix: object) -> None:
    with pytest.raises(BadCounts):
        Items(matrix, n=20)


def test_a_search_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import scipy.optimize

    real = scipy.optimize.minimize

    def lazy(*args: object, **named: object) -> object:
        return real(*args, **{**named, "options": {"maxiter": 0}})

    monkeypatch.setattr(scipy.optimize, "minimize", lazy)
    with pytest.raises(NotConverged):
        omega(block("PERQ"))


@pytest.mark.slow
def test_intervals_of_reliability_cover() -> None:
    rng = np.random.default_rng(5)
    load, runs = 0.7, 300
    true_alpha = 4 * load**2 / (1 + 3 * load**2)
    held = dict.fromkeys(("raw", "standardised", "omega", "gap"), 0)
    # Expectation and experience of two items each, the true scores correlated .5.
    true_gap = 2 * load**2 * 0.5 / (2 * (load**2 * 0.5 + (1 - load**2) / 2))
    for _ in range(runs):
        factor = rng.normal(size=(120, 2)) @ np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T
        own = math.sqrt(1 - load**2)
        items = load * factor[:, [0]] + own * rng.normal(size=(120, 4))
        found = alpha(Items.of(items))
        held["raw"] += found.raw.low <= true_alpha <= found.raw.high
        held["standardised"] += found.standardised.low <= true_alpha <= found.standardised.high
        total = omega(Items.of(items)).total
        held["omega"] += total.low <= true_alpha <= total.high
        pairs = load * factor[:, [0, 0, 1, 1]] + own * rng.normal(size=(120, 4))
        gap = gap_reliability(Items.of(pairs), expected=2)
        held["gap"] += gap.low <= true_gap <= gap.high
    assert {name: count / runs >= 0.92 for name, count in held.items()} == dict.fromkeys(held, True)
