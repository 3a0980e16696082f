"""History: what is known of the treated and of everything like them before anything is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from mindgap.explain.catalog import Catalog
from mindgap.explain.cell import Cell
from mindgap.explain.disclosure import policy
from mindgap.explain.figure import Early, Figure, Missed, cells_for, find
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import Tally
from mindgap.explain.track import track
from mindgap.ground import clock
from mindgap.keep.models import Unit
from mindgap.measure import Track

WEEK = 7


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """One figure of one measure by day: the treated place first, then those like it, in the order of `names`."""

    figure: Figure
    cell: Cell
    names: tuple[str, ...]
    parts: tuple[Tally, ...]

    def within(self, period: Period) -> Track:
        """One sample per place."""
        return self._track([_during(part, period) for part in self.parts])

    def ns(self, period: Period) -> np.ndarray:
        """How many answers each place had."""
        return np.array([_during(part, period).total for part in self.parts])

    def weeks(self, period: Period) -> Track:
        """The treated place in pieces of seven days, counted backwards from the last day as `explain.comparison` does."""
        first, last = _days(period)
        places = (last - self.parts[0].columns["day"]) // WEEK
        number = (last - first + 1) // WEEK
        return self._track([self.parts[0].only(places == number - 1 - i) for i in range(number)])

    def treated(self, period: Period) -> Tally:
        """The readings of the treated place."""
        return _during(self.parts[0], period)

    def only(self, places: Sequence[int]) -> "History":
        """The same with these places alone."""
        return History(
            self.figure, self.cell, tuple(self.names[i] for i in places), tuple(self.parts[i] for i in places)
        )

    def large(self, period: Period) -> "History":
        """The treated and those others of whom enough is known to be shown by themselves."""
        ns = self.ns(period)
        return self.only([i for i in range(len(self.names)) if i == 0 or ns[i] >= policy().least()])

    def _track(self, parts: list[Tally]) -> Track:
        return track(self.figure, self.cell, parts)


def histories(inquiry: Inquiry, metric: str, *, by: str, treated: str) -> tuple[History, ...]:
    """One for each measure that `metric` means of which the treated place has readings."""
    asked = inquiry.split(by)
    found = []
    for figure in find(inquiry.catalog, metric):
        lines: dict[int, list[Cell]] = {}
        for cell in cells_for(asked, figure, "day", across=True):
            # Shares of whatever was promised may be compared over measures, everything else within one.
            lines.setdefault(0 if isinstance(figure, Missed | Early) else cell.measure.id, []).append(cell)
        for cells in lines.values():
            made = _history(asked.catalog, figure, cells, by, treated)
            if made is not None:
                found.append(made)
    return tuple(found)


def _history(catalog: Catalog, figure: Figure, cells: list[Cell], by: str, treated: str) -> History | None:
    parts: dict[str, list[Tally]] = {}
    for cell in cells:
        name = str(cell.subject.group.get(by) or "")
        if name:
            parts.setdefault(name, []).append(figure.part(cell.tally))
    inside = _places(catalog, by, treated, parts)
    if treated not in inside:
        return None
    order = [treated, *sorted(name for name in inside if name != treated)]
    joined = [Tally.joined([part for value in inside[name] for part in parts[value]]) for name in order]
    return History(figure, cells[0], tuple(order), tuple(joined))


def _places(
    catalog: Catalog, by: str, treated: str, parts: dict[str, list[Tally]]
) -> dict[str, tuple[str, ...]]:
    """The treated place and those like it, each with the values that count as it: a unit means all below it.

    Units above the treated one hold it and cannot be compared with it; of two that hold each other the upper one is.
    """
    if by != "unit":
        return {name: (name,) for name in parts}
    paths = dict(Unit.objects.filter(organization=catalog.organization).values_list("code", "path"))
    mine = paths[treated]
    others = [
        name
        for name in parts
        if name in paths and not mine.startswith(paths[name]) and not paths[name].startswith(mine)
    ]
    tops = [
        name for name in others if not any(paths[name].startswith(paths[up]) for up in others if up != name)
    ]
    found = {
        name: tuple(value for value in parts if value in paths and paths[value].startswith(paths[name]))
        for name in (treated, *tops)
    }
    return {name: values for name, values in found.items() if values}


def halves(period: Period) -> tuple[Period, Period]:
    """The two halves of a period, whole days each."""
    assert period.since is not None
    assert period.until is not None
    middle = period.since + (period.until - period.since) / 2
    return Period(period.since, middle), Period(middle + timedelta(days=1), period.until)


def earlier(period: Period, times: int = 1) -> Period:
    """The period of the same length that ended `times` lengths before."""
    assert period.since is not None
    assert period.until is not None
    length = (period.until - period.since + timedelta(days=1)) * times
    return Period(period.since - length, period.until - length)


def _during(part: Tally, period: Period) -> Tally:
    first, last = _days(period)
    days = part.columns["day"]
    return part.only((days >= first) & (days <= last))


def _days(period: Period) -> tuple[int, int]:
    assert period.since is not None
    assert period.until is not None
    return clock.day_of(period.since), clock.day_of(period.until)
