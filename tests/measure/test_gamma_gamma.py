import numpy as np
import pytest

from mindgap.measure.gamma_gamma import likelihood, log_spend

ROWS = tuple(np.array(column, dtype=float) for column in ([1, 3, 7], [12, 40, 25], [5, 2, 1]))


def test_the_slopes_are_those_of_the_likelihood() -> None:
    at = np.log([6.0, 3.7, 15.0])
    for k, step in enumerate(1e-6 * np.eye(3)):
        by_steps = (likelihood(at + step, *ROWS)[0] - likelihood(at - step, *ROWS)[0]) / 2e-6
        assert likelihood(at, *ROWS)[1][k] == pytest.approx(by_steps, rel=1e-6, abs=1e-8)


def test_the_density_adds_up_to_one() -> None:
    at, x = np.log([6.0, 3.7, 15.0]), np.array([2.0])
    edges = np.linspace(-4, 9, 4001)
    middles = np.exp((edges[1:] + edges[:-1]) / 2)
    density = [np.exp(likelihood(at, x, np.array([m]), np.ones(1))[0]) for m in middles]
    assert float(np.sum(np.array(density) * middles) * (edges[1] - edges[0])) == pytest.approx(1, abs=1e-4)


def test_who_was_never_seen_to_spend_gets_the_mean_of_all() -> None:
    none = np.zeros(1)
    assert np.exp(log_spend(np.log([6.0, 3.7, 15.0]), none, none))[0] == pytest.approx(6 * 15 / 2.7)
