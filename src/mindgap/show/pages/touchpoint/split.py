"""A touchpoint by channel, unit or segment: who is served worse than the others, and is that real."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mindgap.explain.explore import columns, explore
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.show import charts, words
from mindgap.show.words.title import groups_title

# By these a touchpoint may be split; time has a chart of its own.
_FIXED = ("channel", "unit")
# More rows than this are read in the table.
MOST = 12
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One column to split by, and its address."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Split:
    """The columns to choose from, and the charts of the chosen one."""

    column: str
    choices: tuple[Choice, ...]
    charts: tuple[charts.Chart, ...]


def split(inquiry: Inquiry, figures: Sequence[str], *, by: str | None, address: Address) -> Split:
    """The inquiry's touchpoint by the column `by` (else the first there is), one chart per figure."""
    known = [name for name in columns(inquiry) if name in _FIXED or name.startswith("seg_")]
    chosen = by if by in known else known[0]
    names = words.Names.of_inquiry(inquiry)
    drawn = (_chart(inquiry.split(chosen), figure, chosen, names) for figure in figures)
    return Split(
        column=names.column(chosen),
        choices=tuple(Choice(names.column(name), address(name), name == chosen) for name in known),
        charts=tuple(chart for chart in drawn if chart is not None),
    )


def _chart(inquiry: Inquiry, figure: str, column: str, names: words.Names) -> charts.Chart | None:
    found = [finding for finding in explore(inquiry, figure) if finding.group.get(column) is not None]
    if all(finding.value is None for finding in found):
        return None
    shown = sorted(found, key=_badness)
    draw = charts.gap_bars if figure.startswith("gap.") else charts.bars
    return draw(
        [charts.Row(names.of(column, finding.group[column]), finding) for finding in shown],
        id="by-" + figure.replace(".", "-"),
        title=groups_title(shown, column, names),
        summary=_("The worst stand first. Groups whose intervals overlap widely may well be alike."),
        column=names.column(column),
        most=MOST,
    )


def _badness(finding: Finding) -> tuple[bool, float]:
    """Worst first, unknown last."""
    better = finding.details.get("better", 1)
    return finding.value is None, (finding.value or 0.0) * better
