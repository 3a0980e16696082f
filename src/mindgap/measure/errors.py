"""What can be wrong with a question put to ``mindgap.measure``.

MeasureError
├── TooFewAnswers      fewer answers than the method needs; the caller decides what to show
├── NotIdentified      the answers given cannot say what is asked, however many there are
├── NotConverged       an iteration did not settle
├── BadCounts          counts or values that cannot be (negative, not a number, off the scale)
├── BadMargins         population margins that contradict the sample or each other
└── BadArgument        a level, method or limit outside its range

Every error carries its facts as fields; sentences for people are written elsewhere.
"""

from __future__ import annotations


class MeasureError(ValueError):
    """The root: whatever ``mindgap.measure`` raises on purpose."""


class TooFewAnswers(MeasureError):
    """There are ``n`` answers where ``needed`` are needed."""

    def __init__(self, *, n: float, needed: float) -> None:
        super().__init__(f"{n:g} answers, {needed:g} needed")
        self.n = n
        self.needed = needed


class NotIdentified(MeasureError):
    """The answers cannot say ``what`` is asked, because of ``reason`` (both short codes)."""

    def __init__(self, *, what: str, reason: str) -> None:
        super().__init__(f"{what} is not identified: {reason}")
        self.what = what
        self.reason = reason


class NotConverged(MeasureError):
    """After ``rounds`` rounds the largest relative ``distance`` is still too large."""

    def __init__(self, *, rounds: int, distance: float) -> None:
        super().__init__(f"not converged after {rounds} rounds, distance {distance:g}")
        self.rounds = rounds
        self.distance = distance


class BadCounts(MeasureError):
    """Counts or values that cannot be: ``reason`` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadMargins(MeasureError):
    """Margin number ``margin`` contradicts the sample or the other margins."""

    def __init__(self, reason: str, *, margin: int) -> None:
        super().__init__(f"margin {margin}: {reason}")
        self.reason = reason
        self.margin = margin


class BadArgument(MeasureError):
    """Argument ``name`` has a ``value`` outside what the method allows."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}={value!r}")
        self.name = name
        self.value = value
