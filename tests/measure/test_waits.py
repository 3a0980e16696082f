import math

import pytest

from mindgap.measure.errors import BadCounts
from mindgap.measure.waits import Waits

INF = math.inf


def test_answers_are_merged_sorted_and_added_up() -> None:
    one = Waits([3, 1, 3], [5, 2, 5], counts=[1, 2, 3])
    assert (one.lower.tolist(), one.upper.tolist(), one.counts.tolist()) == ([1, 3], [2, 5], [2, 4])
    both = one + Waits([1, 0], [2, 9], counts=[1, 0])
    assert (both.n, both.counts.tolist()) == (7, [3, 4])
    with pytest.raises(TypeError):
        one + 1


@pytest.mark.parametrize(
    ("low", "high", "counts"),
    [
        ([-1], [2], None),
        ([3], [2], None),
        ([math.nan], [2], None),
        ([1], [math.nan], None),
        ([INF], [INF], None),
        ([1], [-1], None),
        ([1], ["soon"], None),
        ([1], [2], [-1]),
        ([1, 2], [3], None),
        ([[1]], [[2]], None),
    ],
)
def test_impossible_waits_are_refused(low: list, high: list, counts: object) -> None:
    with pytest.raises(BadCounts):
        Waits(low, high, counts=counts)
