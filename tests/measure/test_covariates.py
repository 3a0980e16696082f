import numpy as np
import pytest

from mindgap.measure.covariates import Covariates
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified


def test_columns_are_named_and_read_only() -> None:
    known = Covariates([[1, 2], [3, 4]])
    assert known.names == ("x1", "x2")
    with pytest.raises(ValueError, match="read-only"):
        known.values[0, 0] = 5
    assert Covariates([1, 2, 3]).values.shape == (3, 1)


def test_the_callers_array_stays_writable() -> None:
    given = np.ones((2, 2))
    Covariates(given)
    given[0, 0] = 2
    assert given[0, 0] == 2


def test_rows_can_be_chosen() -> None:
    known = Covariates([[1, 2], [3, 4]], names=("a", "b"))
    assert known.where(np.array([False, True])).values.tolist() == [[3, 4]]
    assert known.where(np.array([False, True])).names == ("a", "b")


@pytest.mark.parametrize("names", [("a",), ("a", "a"), ("a", "b", "c")])
def test_names_must_fit(names: tuple[str, ...]) -> None:
    with pytest.raises(BadArgument):
        Covariates([[1, 2], [3, 4]], names=names)


@pytest.mark.parametrize(
    "values", [[[np.nan]], [[np.inf]], [["x"]], np.ones((2, 2, 2)), np.ones((2, 0)), 3.0]
)
def test_impossible_tables_are_refused(values: object) -> None:
    with pytest.raises(BadCounts):
        Covariates(values)


def test_standardised_columns_have_mean_0_and_sd_1() -> None:
    scaled, centre, spread = Covariates([[1, 5], [3, 1], [8, 2]]).standardised(what="it")
    assert scaled.mean(axis=0) == pytest.approx([0, 0])
    assert scaled.std(axis=0) == pytest.approx([1, 1])
    assert scaled * spread + centre == pytest.approx(np.array([[1, 5], [3, 1], [8, 2]]))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[1e9], [1e9], [1e9]], "constant covariate"),
        ([[0.1], [0.1], [0.1]], "constant covariate"),
        ([[1, 2], [2, 4], [3, 6]], "collinear covariates"),
        ([[1, 2, 3], [2, 1, 3], [4, 5, 9], [0, 1, 1]], "collinear covariates"),
    ],
)
def test_columns_that_say_nothing_of_their_own_are_named(values: object, reason: str) -> None:
    with pytest.raises(NotIdentified) as caught:
        Covariates(values).standardised(what="it")
    assert caught.value.reason == reason
