"""Table: rows with typed cells, ready to be written as CSV or XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass

# Dates are ISO texts: a spreadsheet that turns them into numbers loses the time zone.
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """`title` names the sheet; each row has as many cells as `head`."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def text(cell: Cell) -> str:
    """A cell as CSV writes it: numbers with a point and without separators, yes and no as `true` and `false`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
