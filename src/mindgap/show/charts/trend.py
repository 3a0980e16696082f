"""Over time: what was experienced as a line with its interval, what was expected as a dashed one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.show.charts import axis, cells
from mindgap.show.charts.chart import Chart, scaled


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a trend: findings by the label on the time axis."""

    name: str
    findings: dict[str, Finding]
    is_expected: bool = False


def trend(
    steps: Sequence[tuple[str, str]],
    lines: Sequence[Line],
    *,
    id: str,  # noqa: A002 - an element has an id
    title: str,
    summary: str,
    column: str,
    better: int = 1,
    why: str = "",
) -> Chart:
    """`steps` are (code, label) pairs of the time axis, in order, without holes; `better` -1: low is good."""
    unit = next((finding.unit for line in lines for finding in line.findings.values()), "")
    spec = {
        "kind": "trend",
        "x": [label for _code, label in steps],
        "series": [_series(line, steps, axis.factor(unit)) for line in lines],
        "unit": axis.name(unit),
        "y": {"better": "low"} if better < 0 else {},
    }
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec=spec,
        head=(column, *(text for line in lines for text in (line.name, _("Interval"), "n"))),
        rows=tuple(_table_row(code, label, lines) for code, label in steps),
        why=why,
    )


def _series(line: Line, steps: Sequence[tuple[str, str]], factor: float) -> dict[str, Any]:
    found = [line.findings.get(code) for code, _label in steps]
    series: dict[str, Any] = {
        "name": line.name,
        "role": "expected" if line.is_expected else "experienced",
        "value": scaled((each.value if each else None for each in found), factor),
    }
    if any(each is not None and each.low is not None for each in found):
        series["low"] = scaled((each.low if each else None for each in found), factor)
        series["high"] = scaled((each.high if each else None for each in found), factor)
    # Nothing at all is a hole in the line; too few (None) is a mark without value.
    series["n"] = [each.n if each else 0 for each in found]
    return series


def _table_row(code: str, label: str, lines: Sequence[Line]) -> tuple[str, ...]:
    texts: list[str] = [label]
    for line in lines:
        texts += cells.row("", line.findings[code])[1:] if code in line.findings else ("–", "–", "–")
    return tuple(texts)
