import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram
from mindgap.measure.lmg import lmg, lmg_shares

REFERENCE = frozen("driver")
seeds = st.integers(0, 100_000)


def gram_of(table: sets.Table) -> Gram:
    names = [name for name in table if table[name].dtype.kind == "f" and name]
    return Gram.of(np.column_stack([table[name] for name in names]), names=names)


def drawn(seed: int, p: int = 4, n: int = 60) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.normal(size=(n, p + 1)) @ rng.normal(size=(p + 1, p + 1)))


def test_swiss_shares_are_those_of_r() -> None:
    """R28: relaimpo, pingouin and domir agree on these."""
    found = lmg(gram_of(sets.swiss()), outcome="Fertility")
    assert found.r2 == pytest.approx(REFERENCE["swiss"]["r2"], abs=5e-7)
    assert found.shares == pytest.approx(REFERENCE["swiss"]["lmg"], abs=5e-5)
    assert found.errors.tolist() == [0] * 5
    assert found.portions.sum() == pytest.approx(1)


@pytest.mark.parametrize(("name", "outcome"), [("swiss", "Fertility"), ("attitude", "rating")])
def test_shares_are_those_of_all_orders_of_all_regressions(name: str, outcome: str) -> None:
    found = lmg(gram_of(getattr(sets, name)()), outcome=outcome)
    assert found.shares == pytest.approx(REFERENCE[name]["plain_lmg"], abs=1e-11)


@given(seeds)
def test_shares_are_not_negative_and_add_up(seed: int) -> None:
    rows = drawn(seed)
    found = lmg(Gram.of(rows), outcome="x5")
    assert (found.shares > -1e-12).all()
    x, y = rows[:, :4] - rows[:, :4].mean(axis=0), rows[:, 4] - rows[:, 4].mean()
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert found.shares.sum() == pytest.approx(1 - left @ left / (y @ y), abs=1e-9)


@given(seeds, st.permutations(range(4)))
def test_neither_order_nor_units_matter(seed: int, order: list[int]) -> None:
    rows = drawn(seed)
    plain = lmg(Gram.of(rows), outcome="x5").shares
    turned = rows[:, [*order, 4]] * np.array([3, -0.5, 100, 1, -2]) + 7
    assert lmg(Gram.of(turned), outcome="x5").shares == pytest.approx(plain[order], abs=1e-9)


@given(seeds)
def test_rows_in_any_order_and_twice_give_the_same(seed: int) -> None:
    rows = drawn(seed)
    again = np.vstack([rows[::-1], rows])
    found, twice = lmg(Gram.of(rows), outcome="x5"), lmg(Gram.of(again), outcome="x5")
    assert twice.shares == pytest.approx(found.shares, abs=1e-9)


def test_unrelated_drivers_have_their_squared_correlations() -> None:
    r = np.eye(4)
    r[3, :3] = r[:3, 3] = [0.5, -0.3, 0.1]
    assert lmg_shares(r)[0] == pytest.approx([0.25, 0.09, 0.01])


def test_the_same_driver_twice_shares_equally() -> None:
    rows = drawn(1)
    doubled = np.column_stack([rows[:, 0], rows])
    found = lmg(Gram.of(doubled), outcome="x6")
    assert found.shares[0] == pytest.approx(found.shares[1])
    assert found.r2 == pytest.approx(lmg(Gram.of(rows), outcome="x5").r2, abs=1e-9)
    assert Caution.COLLINEAR in found.warnings


def test_a_driver_that_is_the_sum_of_others_adds_no_r_squared() -> None:
    rows = drawn(2)
    found = lmg(Gram.of(np.column_stack([rows[:, 0] + rows[:, 1], rows])), outcome="x6")
    assert found.r2 == pytest.approx(lmg(Gram.of(rows), outcome="x5").r2, abs=1e-7)
    assert found.warnings == (Caution.COLLINEAR,)


def test_a_constant_driver_has_no_share() -> None:
    rows = drawn(3)
    rows[:, 1] = 4
    found = lmg(Gram.of(rows), outcome="x5")
    assert found.shares[1] == 0
    assert Caution.ALL_EQUAL in found.warnings


def test_one_driver_has_all_of_r_squared() -> None:
    rows = drawn(4)
    found = lmg(Gram.of(rows), outcome="x5", drivers=["x2"])
    assert found.shares[0] == pytest.approx(np.corrcoef(rows[:, 1], rows[:, 4])[0, 1] ** 2)


def test_nothing_explained_has_no_portions() -> None:
    found = lmg(Gram.of([[1, 1], [-1, 1], [1, -1], [-1, -1]]), outcome="x2")
    assert found.r2 == 0
    with pytest.raises(NotIdentified):
        found.portions  # noqa: B018


def test_too_few_answers_are_refused() -> None:
    with pytest.raises(TooFewAnswers) as caught:
        lmg(Gram.of(drawn(5, n=5)), outcome="x5")
    assert caught.value.needed == 6
    for n in (0, 1):
        with pytest.raises(TooFewAnswers):
            lmg(Gram.of(drawn(5)[:n]), outcome="x5")


def test_an_outcome_without_differences_is_not_explained() -> None:
    rows = drawn(6)
    rows[:, 4] = 10
    with pytest.raises(NotIdentified):
        lmg(Gram.of(rows), outcome="x5")


@pytest.mark.parametrize("drivers", [[], ["x5"], ["x1", "x1"], ["x9"]])
def test_drivers_are_known_distinct_and_not_the_outcome(drivers: list[str]) -> None:
    with pytest.raises(BadArgument):
        lmg(Gram.of(drawn(7)), outcome="x5", drivers=drivers)


def test_many_matrices_at_once_are_those_one_by_one() -> None:
    stack = np.stack([Gram.of(drawn(seed, p=12)).correlation() for seed in range(40)])
    together = lmg_shares(stack)
    assert together.shape == (40, 12)
    assert together[33] == pytest.approx(lmg_shares(stack[33])[0])


def test_impossible_correlations_are_refused() -> None:
    with pytest.raises(BadCounts):
        lmg_shares([[1, np.inf], [np.inf, 1]])
    with pytest.raises(BadArgument):
        lmg_shares(np.eye(22))


def test_beyond_twenty_drivers_orders_are_sampled() -> None:
    """Unrelated drivers make the truth known; their order does not matter, so the error is 0."""
    p = 24
    r = np.eye(p + 1)
    r[p, :p] = r[:p, p] = np.linspace(0, 0.3, p)
    gram = Gram.of_sums(n=1000, sums=np.zeros(p + 1), products=1000 * r)
    found = lmg(gram, outcome=f"x{p + 1}", permutations=100, rng=np.random.default_rng(1))
    assert found.shares == pytest.approx(np.linspace(0, 0.3, p) ** 2)
    assert found.method == "lmg, permutations"
    with pytest.raises(BadArgument):
        lmg(gram, outcome=f"x{p + 1}")
    with pytest.raises(BadArgument):
        lmg(gram, outcome=f"x{p + 1}", permutations=3, rng=np.random.default_rng(1))


def test_sampled_orders_come_as_near_as_they_say() -> None:
    from mindgap.measure.lmg import _sampled

    r = Gram.of(drawn(8, p=8, n=200)).correlation()
    shares, errors = _sampled(r, 4000, np.random.default_rng(2))
    exact = lmg_shares(r)[0]
    assert (np.abs(shares - exact) < 4 * errors + 1e-12).all()
    assert shares.sum() == pytest.approx(exact.sum())
    assert errors.max() < 0.01
