"""Amounts in rows, from zero."""

from collections.abc import Sequence

from mindgap.show.charts import axis, cells
from mindgap.show.charts.chart import Chart, Row, linked, scaled


def bars(
    rows: Sequence[Row],
    *,
    id: str,  # noqa: A002 - an element has an id
    title: str,
    summary: str,
    column: str,
    why: str = "",
    most: int = 40,
) -> Chart:
    """Findings of one unit as bars with whiskers; `column` names what the rows are, for the table.

    No more than `most` rows are drawn, in the order given; the table holds all.
    """
    unit = rows[0].finding.unit if rows else ""
    drawn = []
    for row in rows[:most]:
        finding = row.finding
        value, low, high = scaled((finding.value, finding.low, finding.high), axis.factor(finding.unit))
        drawn.append(
            linked({"label": row.label, "value": value, "low": low, "high": high, "n": finding.n}, row.href)
        )
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec={"kind": "bars", "rows": drawn, "unit": axis.name(unit)},
        head=cells.head(column),
        rows=tuple(cells.row(row.label, row.finding) for row in rows),
        why=why,
    )
