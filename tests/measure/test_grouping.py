from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.test_lmg import drawn

from mindgap.measure.errors import BadArgument, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.grouping import group_split
from mindgap.measure.lmg import lmg

REFERENCE = frozen("driver")["split"]
NAMES = ("product", "interaction", "brand", "price")


def rng() -> np.random.Generator:
    return np.random.default_rng(30)


def known() -> GramStack:
    """Two equal blocks whose sum has exactly the correlations of the reference."""
    r = np.full((5, 5), REFERENCE["between_drivers"])
    np.fill_diagonal(r, 1)
    r[4, :4] = r[:4, 4] = REFERENCE["with_outcome"]
    gram = Gram.of_sums(n=500, sums=np.zeros(5), products=500 * r, names=(*NAMES, "loyalty"))
    return GramStack.of([gram, gram])


def test_the_loyalty_split_has_shares_of_the_explained_part_and_of_the_whole() -> None:
    """R115: "36 %" is 36 % of the explained part, 21.6 % of the variance at R-squared 0.6."""
    found = group_split(
        known(), outcome="loyalty", groups={name: [name] for name in NAMES}, rng=rng(), replicates=20
    )
    assert found.r2.value == pytest.approx(REFERENCE["r2"], abs=1e-6)
    portions = [group.portion.value for group in found.groups]
    assert portions == pytest.approx(REFERENCE["portions"], abs=1e-6)
    assert found.named("product").share.value == pytest.approx(0.216, abs=1e-6)
    assert [group.members.value for group in found.groups] == pytest.approx(
        [group.share.value for group in found.groups]
    )
    assert Caution.FEW_BLOCKS in found.warnings


def test_coefficients_and_correlations_misstate_that_split() -> None:
    """Finding 10: beta 40.5/33.9/19.8/5.8, squared 51/36/12/1, univariate 31/28/23/18."""
    r = known().total().correlation()
    beta = np.linalg.solve(r[:4, :4], r[:4, 4])
    assert np.abs(beta) / np.abs(beta).sum() == pytest.approx(REFERENCE["beta_shares"], abs=6e-4)
    assert beta**2 / (beta**2).sum() == pytest.approx(REFERENCE["beta_squared_shares"], abs=6e-3)
    alone = r[:4, 4] ** 2
    assert alone / alone.sum() == pytest.approx(REFERENCE["univariate_shares"], abs=6e-3)


def r_squared(rows: np.ndarray, columns: list[int]) -> float:
    x, y = rows[:, columns] - rows[:, columns].mean(axis=0), rows[:, -1] - rows[:, -1].mean()
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0] if columns else y
    return 1 - float(left @ left / (y @ y))


@settings(max_examples=15)
@given(st.integers(0, 100_000))
def test_a_group_is_one_driver_taken_whole(seed: int) -> None:
    rows, blocks = drawn(seed, p=5), [[0, 1], [2], [3, 4]]
    plain = np.zeros(3)
    for order in permutations(range(3)):
        before: list[int] = []
        for k in order:
            after = before + blocks[k]
            plain[k] += (r_squared(rows, after) - r_squared(rows, before)) / 6
            before = after
    groups = {str(k): [f"x{j + 1}" for j in block] for k, block in enumerate(blocks)}
    found = group_split(rows, outcome="x6", groups=groups, rng=rng(), replicates=5)
    assert [group.share.value for group in found.groups] == pytest.approx(plain, abs=1e-7)
    single = lmg(Gram.of(rows), outcome="x6").shares
    members = [single[block].sum() for block in blocks]
    assert [group.members.value for group in found.groups] == pytest.approx(members, abs=1e-9)
    assert sum(group.portion.value for group in found.groups) == pytest.approx(1)


def test_asking_about_a_group_twice_does_not_make_it_larger() -> None:
    rows = drawn(1, p=2, n=200)
    doubled = np.column_stack([rows[:, 0], rows])
    once = group_split(rows, outcome="x3", groups={"a": ["x1"], "b": ["x2"]}, rng=rng(), replicates=5)
    twice = group_split(
        doubled, outcome="x4", groups={"a": ["x1", "x2"], "b": ["x3"]}, rng=rng(), replicates=5
    )
    assert twice.named("a").share.value == pytest.approx(once.named("a").share.value)


def test_forty_drivers_in_four_groups_are_split_without_sums_of_members() -> None:
    rows = np.random.default_rng(2).normal(size=(300, 41))
    rows[:, 40] += rows[:, :10].sum(axis=1)
    groups = {f"g{k}": [f"x{10 * k + j + 1}" for j in range(10)] for k in range(4)}
    found = group_split(rows, outcome="x41", groups=groups, rng=rng(), replicates=20)
    assert found.named("g0").portion.value > 0.8
    assert found.named("g0").members is None


def test_nothing_explained_has_no_portions() -> None:
    rows = np.tile([[1, 1], [-1, 1], [1, -1], [-1, -1]], (10, 1))
    found = group_split(rows, outcome="x2", groups={"a": ["x1"]}, rng=rng(), replicates=5)
    assert found.groups[0].portion is None
    assert found.warnings == ()


@pytest.mark.parametrize(
    "groups",
    [{}, {"a": []}, {"a": ["x1"], "b": ["x1"]}, {"a": ["x9"]}, {str(k): ["x1"] for k in range(13)}],
)
def test_groups_are_filled_apart_and_known(groups: dict[str, list[str]]) -> None:
    with pytest.raises(BadArgument):
        group_split(drawn(3), outcome="x5", groups=groups, rng=rng())


def test_unknown_groups_and_too_few_answers_are_refused() -> None:
    found = group_split(drawn(4), outcome="x5", groups={"a": ["x1"]}, rng=rng(), replicates=5)
    with pytest.raises(BadArgument):
        found.named("b")
    with pytest.raises(TooFewAnswers):
        group_split(drawn(4)[:2], outcome="x5", groups={"a": ["x1"]}, rng=rng())
