from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadCounts
from mindgap.measure.gram import Gram
from mindgap.measure.subset import added, checked_correlations, shapley, sizes, subset_r2

seeds = st.integers(0, 100_000)


def rows_of(seed: int, p: int = 4, n: int = 60) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, p + 1)) @ rng.normal(size=(p + 1, p + 1))
    return np.asarray(rows)


@given(seeds)
def test_every_subset_has_the_r_squared_of_its_regression(seed: int) -> None:
    rows = rows_of(seed)
    found = subset_r2(Gram.of(rows).correlation()[None])[:, 0]
    y = rows[:, -1] - rows[:, -1].mean()
    for size in range(5):
        for some in combinations(range(4), size):
            x = rows[:, some] - rows[:, some].mean(axis=0)
            left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
            assert found[sum(1 << j for j in some)] == pytest.approx(1 - left @ left / (y @ y), abs=1e-8)


@given(seeds)
def test_groups_are_taken_whole(seed: int) -> None:
    r = Gram.of(rows_of(seed)).correlation()[None]
    single, grouped = subset_r2(r)[:, 0], subset_r2(r, [1, 2, 1])[:, 0]
    whole = [0, 1, 0b110, 0b111, 0b1000, 0b1001, 0b1110, 0b1111]
    assert grouped == pytest.approx(single[whole])


@given(seeds)
def test_the_average_over_orders_is_that_of_all_orders_written_out(seed: int) -> None:
    worth = np.random.default_rng(seed).random((16, 2))
    plain = np.zeros((4, 2))
    for order in permutations(range(4)):
        before = 0
        for j in order:
            plain[j] += (worth[before | 1 << j] - worth[before]) / 24
            before |= 1 << j
    assert shapley(worth) == pytest.approx(plain)
    assert shapley(worth).sum(axis=0) == pytest.approx(worth[-1] - worth[0])


def test_subsets_are_numbered_by_bits() -> None:
    assert sizes(3).tolist() == [0, 1, 1, 2, 1, 2, 2, 3]
    assert added(np.arange(8.0), 1).tolist() == [2, 2, 2, 2]


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 0.9], [0.8, 1]],
        [[1, np.nan], [np.nan, 1]],
        [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]],
        [[1.0]],
        [[1, 0, 0], [0, 1, 0]],
    ],
)
def test_correlations_that_no_rows_have_are_refused(matrix: list[list[float]]) -> None:
    with pytest.raises(BadCounts):
        checked_correlations(np.array(matrix, dtype=np.float64))
