import numpy as np
import pytest

from mindgap.measure.bgnbd import likelihood, log_ahead

ROWS = tuple(np.array(column, dtype=float) for column in ([0, 1, 4], [0, 3, 20], [30, 12, 25], [5, 2, 1]))


def test_the_slopes_are_those_of_the_likelihood() -> None:
    at = np.log([0.3, 4.0, 0.8, 2.4])
    for k, step in enumerate(1e-6 * np.eye(4)):
        by_steps = (likelihood(at + step, *ROWS)[0] - likelihood(at - step, *ROWS)[0]) / 2e-6
        assert likelihood(at, *ROWS)[1][k] == pytest.approx(by_steps, rel=1e-6, abs=1e-8)


def test_a_new_customers_purchases_are_those_of_simulated_ones() -> None:
    rng, n = np.random.default_rng(1), 20_000
    rates, chances = rng.gamma(0.8, 1 / 6, n), rng.beta(1.5, 3, n)
    bought, time, there = np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    while there.any():
        time += rng.exponential(1 / rates)
        there &= time < 30
        bought += there
        there &= rng.random(n) >= chances
    none = np.zeros(1)
    mean = np.exp(log_ahead(np.log([0.8, 6, 1.5, 3]), none, none, none, np.array([30.0])))[0]
    assert abs(bought.mean() - mean) < 4 * bought.std() / np.sqrt(n)
