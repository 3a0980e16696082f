import math

import pytest
from scipy import stats

from mindgap.measure.errors import BadArgument
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical, z_tail


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
def test_critical_values_are_those_of_scipy(level: float) -> None:
    assert z_critical(level) == pytest.approx(stats.norm.ppf(0.5 + level / 2))
    assert t_critical(level, 7.5) == pytest.approx(stats.t.ppf(0.5 + level / 2, 7.5))


@pytest.mark.parametrize("at", [-3.0, 0.0, 0.4, 9.0])
def test_tails_are_those_of_scipy(at: float) -> None:
    assert z_tail(at) == pytest.approx(2 * stats.norm.sf(abs(at)))
    assert t_tail(at, 4) == pytest.approx(2 * stats.t.sf(abs(at), 4))


@pytest.mark.parametrize("level", [0, 1, -1, 2, math.nan])
def test_a_level_is_between_0_and_1(level: float) -> None:
    with pytest.raises(BadArgument):
        checked_level(level)
