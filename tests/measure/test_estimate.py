import dataclasses

import pytest

from mindgap.measure import Difference, Estimate


def test_an_estimate_knows_what_its_interval_excludes() -> None:
    estimate = Estimate(5, 3, 9, 20, "t")
    assert estimate.half_width == 3
    assert estimate.excludes(2.9)
    assert estimate.excludes(9.1)
    assert not estimate.excludes(3)


def test_a_difference_knows_whether_it_may_be_nothing() -> None:
    step = Difference(2, -1, 5, 0.2, 10, 12, "welch")
    assert not step.excludes(0)
    assert step.excludes(-2)
    assert step.excludes(6)


def test_an_estimate_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Estimate(5, 3, 9, 20, "t").value = 6
