"""Must be shown 3: planted effects of the planned size are verified, none where there is none (a small grid).

Few runs, always the same ones; `tools/simulate_improvements.py` shows 80 % and 5 % over 500. The bounds are those that
a change which only draws other numbers fails with a chance below 1e-4. Over 500 runs an effect is verified in 86 %; one
that is not there at most in 2.5 %, the upper tail of a test at 95 %. The number that is verified is binomial:

    20 runs of one scenario   P(fewer than 9 of 20 | 0.86) = 2.4e-6     P(more than 6 of 20 | 0.025) = 3.6e-7
    120 runs of all six       P(fewer than 87 of 120 | 0.86) = 3.3e-5   P(more than 12 of 120 | 0.025) = 1.1e-5

Six times the first line and once the second are 6.1e-5 together.
"""

import pytest
from scipy.stats import binom
from tools.simulate_improvements import SCENARIOS, Trials, shares

pytestmark = pytest.mark.slow
RUNS = 20
POWER, FALSE = 0.86, 0.025
LEAST_OF_ONE, MOST_OF_ONE = 9, 6
LEAST_OF_ALL, MOST_OF_ALL = 87, 12


def test_the_bounds_fail_by_chance_less_than_once_in_ten_thousand() -> None:
    scenarios = len(SCENARIOS)
    of_one = binom.cdf(LEAST_OF_ONE - 1, RUNS, POWER) + binom.sf(MOST_OF_ONE, RUNS, FALSE)
    runs = scenarios * RUNS
    of_all = binom.cdf(LEAST_OF_ALL - 1, runs, POWER) + binom.sf(MOST_OF_ALL, runs, FALSE)
    assert scenarios * of_one + of_all < 1e-4


@pytest.mark.django_db
def test_what_is_there_is_verified_and_what_is_not_is_not() -> None:
    trials, there, absent = Trials(), {}, {}
    for each in SCENARIOS:
        power, false = shares(trials, each, runs=RUNS, seed=3)
        there[each.name], absent[each.name] = round(power * RUNS), round(false * RUNS)
    assert min(there.values()) >= LEAST_OF_ONE, there
    assert max(absent.values()) <= MOST_OF_ONE, absent
    assert sum(there.values()) >= LEAST_OF_ALL, there
    assert sum(absent.values()) <= MOST_OF_ALL, absent
