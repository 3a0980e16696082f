"""Gaps by two columns, a tile each."""

from collections.abc import Mapping, Sequence

from mindgap.explain.finding import Finding
from mindgap.show.charts import axis, cells
from mindgap.show.charts.chart import Chart, Row
from mindgap.show.charts.gap_bars import gap_row


def heat(
    across: Sequence[tuple[str, str]],
    down: Sequence[tuple[str, str]],
    findings: Mapping[tuple[str, str], Finding],
    *,
    id: str,  # noqa: A002 - an element has an id
    title: str,
    summary: str,
    column: str,
) -> Chart:
    """`across` and `down` are (code, label) pairs; `findings` by (code across, code down); a missing one is empty."""
    unit = next((finding.unit for finding in findings.values()), "")
    tiles = [
        {**gap_row(Row("", finding)), "x": x, "y": y}
        for y, (row, _) in enumerate(down)
        for x, (name, _) in enumerate(across)
        if (finding := findings.get((name, row))) is not None
    ]
    table = [(label, *(cells.brief(findings.get((name, row))) for name, _ in across)) for row, label in down]
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec={
            "kind": "heat",
            "x": [label for _, label in across],
            "y": [label for _, label in down],
            "cells": tiles,
            "unit": axis.name(unit),
        },
        head=(column, *(label for _, label in across)),
        rows=tuple(table),
    )
