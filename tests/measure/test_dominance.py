import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure import sets
from tests.measure.frozen import frozen
from tests.measure.test_lmg import drawn, gram_of

from mindgap.measure.dominance import dominance, dominance_of
from mindgap.measure.errors import BadArgument
from mindgap.measure.gram import Gram
from mindgap.measure.lmg import lmg

REFERENCE = frozen("driver")["swiss"]


def test_education_dominates_three_of_four_completely() -> None:
    found = dominance(gram_of(sets.swiss()), outcome="Fertility")
    place = found.names.index("Education")
    for other, share in REFERENCE["education"].items():
        assert found.share[place, found.names.index(other)] == share
        assert found.dominates("Education", other) == (share == 1)
    assert not found.dominates("Agriculture", "Education")
    assert found.general == pytest.approx(REFERENCE["lmg"], abs=5e-5)


@given(st.integers(0, 100_000))
def test_dominance_is_antisymmetric_and_the_stronger_form_implies_the_weaker(seed: int) -> None:
    gram = Gram.of(drawn(seed))
    found = dominance(gram, outcome="x5")
    assert found.share + found.share.T == pytest.approx(np.ones((4, 4)))
    assert found.complete + found.complete.T == pytest.approx(np.ones((4, 4)))
    assert found.general == pytest.approx(lmg(gram, outcome="x5").shares, abs=1e-10)
    for i, j in zip(*np.nonzero(found.complete == 1), strict=True):
        assert found.conditionally[i, j] == 1
    for i, j in zip(*np.nonzero(found.conditionally == 1), strict=True):
        assert found.general[i] > found.general[j]


def test_the_first_column_of_the_conditional_is_the_squared_correlation() -> None:
    rows = drawn(3)
    found = dominance(Gram.of(rows), outcome="x5")
    assert found.conditional[:, 0] == pytest.approx(np.corrcoef(rows.T)[4, :4] ** 2)


def test_the_same_driver_twice_is_undecided() -> None:
    rows = drawn(4)
    found = dominance(Gram.of(np.column_stack([rows[:, 0], rows])), outcome="x6")
    assert found.share[0, 1] == found.complete[0, 1] == found.conditionally[0, 1] == 0.5


def test_one_driver_has_nobody_to_dominate() -> None:
    found = dominance(Gram.of(drawn(5)), outcome="x5", drivers=["x1"])
    assert found.share.tolist() == [[0.5]]


def test_unknown_names_and_too_many_drivers_are_refused() -> None:
    found = dominance(Gram.of(drawn(6)), outcome="x5")
    with pytest.raises(BadArgument):
        found.dominates("x1", "nobody")
    with pytest.raises(BadArgument):
        dominance(Gram.of(np.random.default_rng(1).normal(size=(50, 22))), outcome="x1")
    with pytest.raises(BadArgument):
        dominance_of(np.zeros(3), names=["a", "b"], n=1)
