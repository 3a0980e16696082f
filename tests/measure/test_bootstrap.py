from statistics import NormalDist

import numpy as np
import pytest

from mindgap.measure.bootstrap import estimate, limits, se
from mindgap.measure.estimate import Caution


def test_percentiles_are_those_of_the_replicates() -> None:
    replicates = np.arange(1001.0)[:, None]
    low, high = limits(np.array([500.0]), replicates, level=0.9)
    assert (low[0], high[0]) == pytest.approx((50, 950))


def test_without_bias_or_bend_the_accelerated_limits_are_the_percentiles() -> None:
    rng = np.random.default_rng(1)
    replicates = np.sort(np.concatenate([z := rng.normal(size=2000), -z]))[:, None]
    jackknife = np.array([[-1.0], [1.0], [0.0]])
    found = limits(np.array([0.0]), replicates, level=0.95, jackknife=jackknife)
    plain = limits(np.array([0.0]), replicates, level=0.95)
    assert np.ravel(found) == pytest.approx(np.ravel(plain), abs=1e-9)


def test_accelerated_limits_undo_a_bias() -> None:
    """All replicates sit half a standard error too high; the limits move down by a whole one."""
    replicates = np.random.default_rng(2).normal(0.5, 1, size=(40_000, 1))
    low, high = limits(np.array([0.0]), replicates, level=0.95, jackknife=np.zeros((5, 1)))
    assert (low[0], high[0]) == pytest.approx((-2.46, 1.46), abs=0.08)


def test_accelerated_limits_of_a_skewed_mean_are_those_of_efron() -> None:
    """Efron (1987), eq. 2.3 written out for one figure."""
    norm = NormalDist()
    rng = np.random.default_rng(3)
    rows = rng.exponential(size=30)
    replicates = rng.choice(rows, size=(5000, 30)).mean(axis=1)
    left = np.array([np.delete(rows, i).mean() for i in range(30)])
    away = left.mean() - left
    a = (away**3).sum() / 6 / (away**2).sum() ** 1.5
    z0 = norm.inv_cdf(float((replicates < rows.mean()).mean()))
    ends = [norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))) for z in (-1.959964, 1.959964)]
    low, high = limits(np.array([rows.mean()]), replicates[:, None], level=0.95, jackknife=left[:, None])
    assert (low[0], high[0]) == pytest.approx(tuple(np.quantile(replicates, ends)), rel=1e-6)


@pytest.mark.parametrize("jackknife", [None, np.zeros((3, 1))])
def test_the_interval_always_holds_the_point(jackknife: np.ndarray | None) -> None:
    low, high = limits(np.array([5.0]), np.zeros((100, 1)), level=0.95, jackknife=jackknife)
    assert low[0] <= 5 <= high[0]


def test_few_units_are_said() -> None:
    assert estimate(1.0, np.ones(9), level=0.9, n=5, units=19).warnings == (Caution.FEW_BLOCKS,)
    assert estimate(1.0, np.ones(9), level=0.9, n=5, units=20).warnings == ()


def test_one_replicate_has_no_spread() -> None:
    assert se(np.ones((1, 2))).tolist() == [0, 0]
    assert se(np.array([[1.0], [3.0]])) == pytest.approx([2**0.5])
