"""Gaps in rows, left and right of zero; right is better than expected."""

from collections.abc import Sequence

from mindgap.explain.finding import Finding
from mindgap.show.charts import axis, cells
from mindgap.show.charts.chart import Chart, Row, linked, scaled
from mindgap.show.words.title import is_clear


def side(finding: Finding) -> str:
    """`better`, `worse`, `unclear` or `few`: the one name of a gap's state in style sheets and pictures."""
    if finding.value is None:
        return "few"
    if not is_clear(finding):
        return "unclear"
    return "better" if finding.value > 0 else "worse"


def gap_bars(
    rows: Sequence[Row],
    *,
    id: str,  # noqa: A002 - an element has an id
    title: str,
    summary: str,
    column: str,
    why: str = "",
    most: int = 40,
) -> Chart:
    """Gap findings of one unit; `column` names what the rows are, for the table.

    No more than `most` rows are drawn, in the order given; the table holds all.
    """
    unit = rows[0].finding.unit if rows else ""
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec={"kind": "gap-bars", "rows": [gap_row(row) for row in rows[:most]], "unit": axis.name(unit)},
        head=cells.head(column),
        rows=tuple(cells.row(row.label, row.finding, signed=True) for row in rows),
        why=why,
    )


def gap_row(row: Row) -> dict[str, object]:
    """One gap as the picture needs it."""
    finding = row.finding
    value, low, high = scaled((finding.value, finding.low, finding.high), axis.factor(finding.unit))
    drawn = {
        "label": row.label,
        "value": value,
        "low": low,
        "high": high,
        "n": finding.n,
        "clear": is_clear(finding),
    }
    return linked(drawn, row.href)
