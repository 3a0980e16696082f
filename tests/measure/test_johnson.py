import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen
from tests.measure.test_lmg import drawn, gram_of

from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram
from mindgap.measure.johnson import johnson, johnson_shares
from mindgap.measure.lmg import lmg

REFERENCE = frozen("driver")["swiss"]


def test_swiss_weights_are_those_of_r() -> None:
    found = johnson(gram_of(sets.swiss()), outcome="Fertility")
    assert found.shares == pytest.approx(REFERENCE["johnson"], abs=5e-5)
    assert found.r2 == pytest.approx(REFERENCE["r2"], abs=5e-7)


@given(st.integers(0, 100_000))
def test_weights_are_not_negative_and_add_up_to_r_squared(seed: int) -> None:
    gram = Gram.of(drawn(seed))
    found = johnson(gram, outcome="x5")
    assert (found.shares >= 0).all()
    assert found.r2 == pytest.approx(lmg(gram, outcome="x5").r2, abs=1e-7)


def test_two_drivers_have_the_weights_of_lmg() -> None:
    gram = Gram.of(drawn(1, p=2))
    assert johnson(gram, outcome="x3").shares == pytest.approx(lmg(gram, outcome="x3").shares)


def test_the_same_driver_twice_shares_equally() -> None:
    rows = drawn(2)
    found = johnson(Gram.of(np.column_stack([rows[:, 0], rows])), outcome="x6")
    assert found.shares[0] == pytest.approx(found.shares[1])
    assert found.r2 == pytest.approx(johnson(Gram.of(rows), outcome="x5").r2, abs=1e-9)
    assert found.warnings == (Caution.COLLINEAR,)


def test_many_matrices_at_once_are_those_one_by_one() -> None:
    stack = np.stack([Gram.of(drawn(seed)).correlation() for seed in range(5)])
    assert johnson_shares(stack)[3] == pytest.approx(johnson_shares(stack[3])[0])
