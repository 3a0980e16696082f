"""Chart: what `frame/_chart.html` draws. Row: one finding with the name under which it stands in a chart."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mindgap.explain.finding import Finding


@dataclass(frozen=True, slots=True)
class Chart:
    """`spec` as frontend/README.md says; `head` and `rows` are the same as a table, in finished text."""

    id: str
    title: str
    summary: str
    spec: dict[str, Any]
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    # Address of the page that explains the figure.
    why: str = ""
    # Under a journey map: the gaps as a strip, in finished text (frame/_gap_strip.html).
    strip: dict[str, Any] | None = None
    # Whether the key of expected, experienced and gap stands above the picture.
    key: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A finding, how it is called in the chart, and where a click leads."""

    label: str
    finding: Finding
    href: str = ""
    # What else the picture needs, by kind of chart.
    about: dict[str, Any] = field(default_factory=dict)


def linked(row: dict[str, Any], href: str) -> dict[str, Any]:
    """The row of a specification, with its address where there is one."""
    return {**row, "href": href} if href else row


def rounded(value: float | None) -> float | None:
    """A number as the picture needs it: five digits that count are finer than a pixel."""
    return None if value is None else float(f"{value:.5g}")


def scaled(numbers: Iterable[float | None], factor: float) -> list[float | None]:
    """Numbers in the unit of the axis."""
    return [None if number is None else rounded(number * factor) for number in numbers]
