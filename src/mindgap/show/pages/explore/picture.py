"""The pictures of what was explored: one per measure, bars or lines, with a title that is a finding."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.explain.finding import Finding
from mindgap.ground import clock
from mindgap.show import charts, words
from mindgap.show.charts import Chart, Line, Row
from mindgap.show.pages.explore.request import Explored
from mindgap.show.words import Names
from mindgap.show.words.sentence import title as finding_title

# More rows or lines than these cannot be read in one picture; the table has all of them.
MOST_ROWS = 30
MOST_LINES = 6
Address = Callable[[Finding], str]


def pictures(found: Sequence[Finding], explored: Explored, names: Names, address: Address) -> list[Chart]:
    """A chart for each measure among the findings: days and points never share an axis."""
    by_measure = sorted(found, key=lambda each: each.measure)
    parts = [list(part) for _measure, part in groupby(by_measure, key=lambda each: each.measure)]
    draw = _lines if explored.is_over_time else _rows
    made = (draw(part, explored, names, address, place) for place, part in enumerate(parts))
    return [chart for chart in made if chart is not None]


def label(finding: Finding, names: Names) -> str:
    """How a row is called: the touchpoint, the group, or both."""
    group = names.group(finding)
    if not finding.touchpoint:
        return group or _("All touchpoints")
    return (
        _("%(touchpoint)s, %(group)s") % {"touchpoint": names.touchpoint(finding), "group": group}
        if group
        else names.touchpoint(finding)
    )


def _rows(
    found: list[Finding], explored: Explored, names: Names, address: Address, place: int
) -> Chart | None:
    known = [each for each in found if each.value is not None]
    if not known:
        return None
    shown = sorted(known, key=_goodness)[:MOST_ROWS]
    rows = [Row(label(each, names), each, address(each)) for each in shown]
    draw = charts.gap_bars if found[0].code == "gap.mean" else charts.bars
    return draw(
        rows,
        id=f"explored-{place}",
        title=_title(known, explored, names),
        summary=_summary(known, names),
        column=names.column(explored.inquiry.by) if explored.inquiry.by else _("Touchpoint"),
    )


def _title(known: list[Finding], explored: Explored, names: Names) -> str:
    parts = {"metric": names.metric(known[0].metric)}
    if explored.inquiry.by:
        parts["column"] = names.column(explored.inquiry.by)
        real = sum(bool(each.details.get("is_real")) for each in known)
        if not real:
            return _("%(metric)s by %(column)s: no group differs clearly from the others") % parts
        parts["real"] = words.count(real)
        return (
            ngettext(
                "%(metric)s by %(column)s: %(real)s group differs clearly from the others",
                "%(metric)s by %(column)s: %(real)s groups differ clearly from the others",
                real,
            )
            % parts
        )
    if len(known) == 1:
        return finding_title(known[0], names)
    worst = _worst(known)
    parts |= {"place": label(worst, names), "value": words.figure(worst)}
    return _("%(metric)s: least good at %(place)s, %(value)s") % parts


def _summary(known: list[Finding], names: Names) -> str:
    worst = _worst(known)
    best = max(known, key=_goodness)
    parts = {
        "worst": label(worst, names),
        "low": words.figure(worst),
        "n": words.count(sum(each.n or 0 for each in known)),
    }
    if worst is best:
        return _("%(worst)s: %(low)s, n %(n)s.") % parts
    parts |= {"best": label(best, names), "high": words.figure(best), "many": words.count(len(known))}
    return _("From %(low)s (%(worst)s) to %(high)s (%(best)s) over %(many)s rows, n %(n)s.") % parts


def _lines(
    found: list[Finding], explored: Explored, names: Names, _address: Address, place: int
) -> Chart | None:
    by = explored.inquiry.by or ""
    if all(each.value is None for each in found):
        return None
    by_touchpoint = _by_touchpoint(found, names)[:MOST_LINES]
    lines = [Line(name, {str(each.group[by]): each for each in part}) for name, part in by_touchpoint]
    steps = _steps(sorted({str(each.group[by]) for each in found if each.group.get(by)}), by)
    last = next(
        each
        for each in sorted(found, key=lambda each: str(each.group.get(by)), reverse=True)
        if each.value is not None
    )
    parts = {
        "metric": names.metric(found[0].metric),
        "place": names.touchpoint(last) if last.touchpoint else _("All touchpoints"),
        "column": names.column(by),
        "value": words.figure(last),
        "when": names.of(by, last.group[by]),
        "interval": words.interval(last) or "–",
        "n": words.count(last.n),
    }
    return charts.trend(
        [(step, names.of(by, step)) for step in steps],
        lines,
        id=f"explored-{place}",
        title=_("%(place)s, %(metric)s over time: %(value)s at last") % parts,
        summary=_("At last, %(when)s: %(value)s (%(interval)s), n %(n)s.") % parts,
        column=names.column(by),
        better=int(found[0].details.get("better", 1)),
    )


def _steps(codes: list[str], by: str) -> list[str]:
    """Every day, week or month from the first to the last: a step without answers leaves a hole, not a bridge."""
    first, last = (
        date.fromisoformat(f"{code}-01" if by == "month" else code) for code in (codes[0], codes[-1])
    )
    if by == "month":
        months = range(clock.month_of(clock.day_of(first)), clock.month_of(clock.day_of(last)) + 1)
        return [clock.month_start(month).isoformat()[:7] for month in months]
    width = 7 if by == "week" else 1
    return [(first + timedelta(days=step)).isoformat() for step in range(0, (last - first).days + 1, width)]


def _by_touchpoint(found: list[Finding], names: Names) -> list[tuple[str, list[Finding]]]:
    lines: dict[str, list[Finding]] = {}
    for each in found:
        name = names.touchpoint(each) if each.touchpoint else _("All touchpoints")
        lines.setdefault(name, []).append(each)
    return sorted(lines.items(), key=lambda line: -sum(each.n or 0 for each in line[1]))


def _worst(known: list[Finding]) -> Finding:
    return min(known, key=_goodness)


def _goodness(finding: Finding) -> float:
    return (finding.value or 0.0) * float(finding.details.get("better", 1))
