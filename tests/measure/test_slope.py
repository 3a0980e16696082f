import numpy as np
import pytest

from mindgap.measure.slope import lowest, second_slopes, slopes_of


def bowl(at: np.ndarray) -> tuple[float, np.ndarray]:
    steep = np.array([[2.0, 0.5], [0.5, 1.0]])
    away = at - [1.0, -2.0]
    return float(away @ steep @ away / 2), steep @ away


def ridge(at: np.ndarray) -> tuple[float, np.ndarray]:
    return float(-np.cos(at).sum()), np.sin(at)


def test_slopes_are_exact_for_straight_lines() -> None:
    found = slopes_of(lambda at: np.array([at[0], 3 * at[1], at.sum()]), np.array([1.0, 2.0]))
    assert found == pytest.approx(np.array([[1, 0, 1], [0, 3, 1]]))
    assert second_slopes(np.zeros(2), bowl) == pytest.approx(np.array([[2.0, 0.5], [0.5, 1.0]]))


def valley(at: np.ndarray) -> tuple[float, np.ndarray]:
    """Falls for ever along the first number."""
    return float(-at[0] + at[1] ** 2), np.array([-1.0, 2 * at[1]])


def test_the_lowest_point_is_reached_from_afar_and_from_a_crest() -> None:
    assert lowest(bowl, np.array([7.0, 7.0]), farthest=9) == pytest.approx([1, -2])
    found = lowest(ridge, np.array([3.0, -3.0]), farthest=9)
    assert found is not None
    assert np.cos(found) == pytest.approx([1, 1])


def test_without_a_lowest_point_none_is_made_up() -> None:
    assert lowest(valley, np.array([0.0, 1.0]), farthest=9) is None
    # On top of a crest there is no slope, but it is not the lowest point.
    assert lowest(ridge, np.array([np.pi, 0.0]), farthest=9) is None


def test_a_search_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mindgap.measure.slope.ROUNDS", 1)
    assert lowest(bowl, np.array([7.0, 7.0]), farthest=9) is None
