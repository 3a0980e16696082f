"""The worst list: what is believed of each row with its interval, and the raw value as a faint dot."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mindgap.show.charts import axis, cells
from mindgap.show.charts.chart import Chart, Row, linked, scaled


def worst(rows: Sequence[Row], *, id: str, title: str, summary: str, column: str, why: str = "") -> Chart:  # noqa: A002 - an element has an id
    """Findings of a ranking; `details["raw"]` holds the value before small samples were pulled to the whole.

    A row of which nothing can be said (too few answers) is left out of the picture and stands in the table.
    """
    unit = rows[0].finding.unit if rows else ""
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec={
            "kind": "worst",
            "rows": [_drawn(row) for row in rows if row.finding.value is not None],
            "unit": axis.name(unit),
        },
        head=(*cells.head(column), _("Raw value")),
        rows=tuple((*cells.row(row.label, row.finding), _raw(row)) for row in rows),
        why=why,
    )


def _drawn(row: Row) -> dict[str, object]:
    finding = row.finding
    raw = finding.details.get("raw", finding.value)
    numbers = scaled((finding.value, finding.low, finding.high, raw), axis.factor(finding.unit))
    drawn = dict(zip(("post", "low", "high", "raw"), numbers, strict=True))
    return linked({"label": row.label, "n": finding.n, **drawn}, row.href)


def _raw(row: Row) -> str:
    return cells.number(row.finding.details.get("raw"), row.finding.unit)
