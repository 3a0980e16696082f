"""Axis: the unit in which a chart shows the numbers of findings (a share is drawn in percent)."""

from mindgap.show.words import unit_name

_FACTORS = {"share": 100.0}


def factor(unit: str) -> float:
    """By what the numbers of findings in this unit are multiplied."""
    return _FACTORS.get(unit, 1.0)


def name(unit: str) -> str:
    """The word at the axis, in the language of the page."""
    return "%" if unit == "share" else unit_name(unit)
