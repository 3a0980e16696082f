"""Expectation and experience as two drivers of an outcome, not as their difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadCounts
from mindgap.measure.estimate import Estimate
from mindgap.measure.linear import Errors, LinearFit, LinearTest, linear, linear_from_products

TERMS = ("e", "p", "e2", "ep", "p2")
# Along "got what was expected" (e = p), and along "the gap widens" (e = -p).
A1 = {"e": 1.0, "p": 1.0}
A2 = {"e2": 1.0, "ep": 1.0, "p2": 1.0}
A3 = {"e": 1.0, "p": -1.0}
A4 = {"e2": 1.0, "ep": -1.0, "p2": 1.0}
LINEAR = [0, 1, 2, 6]


@dataclass(frozen=True, slots=True)
class Surface:
    """Outcome over expectation and experience; units of the outcome per step of the scale.

    ``a1`` slope and ``a2`` curvature along the line of agreement (expectation = experience),
    ``a3`` slope and ``a4`` curvature across it, positive towards "expected more than got".
    ``coefficients`` are constant, e, p, e², ep, p² in this order. ``expected`` and
    ``perceived`` are the two slopes of the plane; ``constraint`` tests that they are equal and
    opposite, which is what a gap score assumes, ``quadratic`` that the surface is a plane.
    ``r2_gap``, ``r2_plane``, ``r2_surface``: explained by the gap alone, by both apart, by all.
    """

    a1: Estimate
    a2: Estimate
    a3: Estimate
    a4: Estimate
    coefficients: tuple[Estimate, ...]
    expected: Estimate
    perceived: Estimate
    constraint: LinearTest
    quadratic: LinearTest
    r2_gap: Estimate
    r2_plane: Estimate
    r2_surface: Estimate


def response_surface(
    expected: ArrayLike,
    perceived: ArrayLike,
    outcome: ArrayLike,
    *,
    midpoint: float,
    errors: Errors = "classic",
    level: float = 0.95,
) -> Surface:
    """Quadratic response surface of an outcome over expectation and experience.

    Parameters
    ----------
    expected, perceived : array_like, shape (n,)
        On one common scale; a row per respondent.
    outcome : array_like, shape (n,)
        For example satisfaction.
    midpoint : float
        Middle of the common scale; both are centred there, not each at its own mean, so that
        the line of agreement stays where it is.
    errors : {"classic", "hc3"}, optional
        HC3 where the spread of the outcome differs over the surface.

    Returns
    -------
    Surface

    Raises
    ------
    TooFewAnswers
        If n < 7.
    NotIdentified
        If the five terms are collinear (everybody expected the same, a gap that is constant,
        fewer than three values used).
    BadCounts
        If a number is not finite or the shapes differ.

    Notes
    -----
    Use it before any statement of the kind "the gap drives satisfaction". If ``constraint`` is
    rejected the gap is description only: take expectation and experience as two drivers. If
    ``quadratic`` is not, the plane says it all. Expectation is often measured with few items
    and so with much noise, which pulls its slope to zero.

    References
    ----------
    .. [1] Edwards, J. R., Parry, M. E. (1993), Academy of Management J. 36, 1577-1613.

    Examples
    --------
    >>> e, p = [1, 2, 3, 4, 5, 1, 3, 5, 2], [5, 3, 1, 2, 4, 1, 3, 5, 5]
    >>> outcome = [2 * got - wished for wished, got in zip(e, p, strict=True)]
    >>> found = response_surface(e, p, outcome, midpoint=3)
    >>> round(found.expected.value, 6), round(found.perceived.value, 6)
    (-1.0, 2.0)
    """
    e, p, s = finite(expected), finite(perceived), finite(outcome)
    same_shape(e, p, s)
    if e.ndim != 1:
        raise BadCounts("one answer per respondent needed")
    e, p = e - midpoint, p - midpoint
    return _surface(
        linear(s, {"gap": p - e}, errors=errors),
        linear(s, {"e": e, "p": p}, errors=errors),
        linear(s, dict(zip(TERMS, (e, p, e * e, e * p, p * p), strict=True)), errors=errors),
        level=level,
    )


def surface_from_products(products: ArrayLike, *, level: float = 0.95) -> Surface:
    """`response_surface` with classic errors from sums of products instead of rows.

    Parameters
    ----------
    products : array_like, shape (7, 7)
        Sums over respondents of the products of each two of 1, e, p, e², ep, p², s, where e
        and p are expectation and experience minus the midpoint of the scale, and s the outcome.

    Raises
    ------
    TooFewAnswers, NotIdentified, BadCounts
        As `response_surface`.

    Examples
    --------
    >>> e, p = np.array([1, 2, 0, -1, -2, 1, 0, 2, -2]), np.array([2, 0, -2, 1, 1, 0, 0, 2, -1])
    >>> rows = np.column_stack([e**0, e, p, e * e, e * p, p * p, 2 * p - e])
    >>> round(surface_from_products(rows.T @ rows).a1.value, 6)
    1.0
    """
    sums = finite(products)
    if sums.shape != (7, 7):
        raise BadCounts("seven by seven sums needed")
    apart = sums[np.ix_(LINEAR, LINEAR)]
    turn = np.array([[1.0, 0, 0, 0], [0, -1, 1, 0], [0, 0, 0, 1]])
    gap: Floats = turn @ apart @ turn.T
    return _surface(
        linear_from_products(gap, ("gap",)),
        linear_from_products(apart, ("e", "p")),
        linear_from_products(sums, TERMS),
        level=level,
    )


def _surface(gap: LinearFit, plane: LinearFit, whole: LinearFit, *, level: float) -> Surface:
    a1, a2, a3, a4 = (whole.estimate(weights, level=level) for weights in (A1, A2, A3, A4))
    return Surface(
        a1=a1,
        a2=a2,
        a3=a3,
        a4=a4,
        coefficients=tuple(whole.estimate(name, level=level) for name in whole.names),
        expected=plane.estimate("e", level=level),
        perceived=plane.estimate("p", level=level),
        constraint=plane.test(A1),
        quadratic=whole.test("e2", "ep", "p2"),
        r2_gap=gap.r2_estimate(level=level),
        r2_plane=plane.r2_estimate(level=level),
        r2_surface=whole.r2_estimate(level=level),
    )
