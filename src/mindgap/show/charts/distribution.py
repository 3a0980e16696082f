"""How many had which value, with the promise as a line; what lies beyond it was not kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mindgap.show.charts import axis, cells
from mindgap.show.charts.chart import Chart

# More columns than this cannot be told apart on a phone.
MOST = 41
# Steps are decimal numbers: what divides evenly must not fall to the next column.
_NEAR = 1e-9
Pairs = Sequence[tuple[float, float]]


@dataclass(slots=True)
class Column:
    """One column: where it stands, what it holds, and from which value to which."""

    x: float
    n: int
    first: float
    last: float


def distribution(
    pairs: Pairs,
    *,
    id: str,  # noqa: A002 - an element has an id
    title: str,
    summary: str,
    unit: str,
    promise: float | None = None,
    mark: str = "",
    beyond: str = "after",
    step: float = 1.0,
    why: str = "",
) -> Chart:
    """`pairs` are (value, n) in the unit of the measure; `beyond` tells on which side of the promise it is missed.

    `mark` is what stands at the line where that is not a promised value.
    """
    columns = gather(pairs, step=step, promise=promise, beyond=beyond)
    total = sum(column.n for column in columns) or 1
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec={
            "kind": "distribution",
            "x": [column.x for column in columns],
            "counts": [column.n for column in columns],
            "promise": promise,
            **({"mark": mark} if mark else {}),
            "unit": axis.name(unit),
            "beyond": beyond,
        },
        head=(axis.name(unit) or _("Value"), "n", _("Share")),
        rows=tuple(
            (
                cells.span(column.first, column.last),
                cells.count(column.n),
                cells.number(column.n / total, "share"),
            )
            for column in columns
            if column.n
        ),
        why=why,
    )


def gather(pairs: Pairs, *, step: float, promise: float | None, beyond: str) -> list[Column]:
    """Equal columns without holes, as many steps in each as leave no more than `MOST`.

    Steps are gathered from the promise outwards, so that no column holds kept and missed ones. The last half
    hundredth at both ends is gathered into the outermost columns: one parcel that took a year would flatten all
    others; the table says how far they reach.
    """
    if not pairs:
        return []
    ordered = sorted(pairs)
    low, high = _middle(ordered)
    if promise is not None:
        low, high = min(low, promise), max(high, promise)
    # Room for the two columns that stand apart at the promise.
    width = step * max(1, -(-round((high - low) / step) // (MOST - 2)))
    start = promise or 0.0
    found: dict[int, Column] = {}
    for value, n in ordered:
        place = _place(min(max(value, low), high), start, width, beyond)
        column = found.setdefault(place, Column(start + width * place, 0, value, value))
        column.n, column.last = column.n + int(n), value
    return [
        found.get(place) or Column(start + width * place, 0, 0.0, 0.0)
        for place in range(min(found), max(found) + 1)
    ]


def _place(value: float, start: float, width: float, beyond: str) -> int:
    """Which column: up to and including its mark where more is missed, from its mark on where less is missed."""
    if beyond == "before":
        return math.floor((value - start) / width + _NEAR)
    return math.ceil((value - start) / width - _NEAR)


def _middle(ordered: Pairs) -> tuple[float, float]:
    """The values between which all but the outermost half hundredths lie; all of them where they are few."""
    if len(ordered) <= MOST // 2:
        return ordered[0][0], ordered[-1][0]
    edge = sum(n for _value, n in ordered) * 0.005
    return _first_beyond(ordered, edge), _first_beyond(ordered[::-1], edge)


def _first_beyond(ordered: Pairs, edge: float) -> float:
    seen = 0.0
    for value, n in ordered:
        seen += n
        if seen > edge:
            return value
    return ordered[-1][0]
