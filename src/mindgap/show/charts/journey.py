"""The journey map: stages as columns, at each touchpoint what was expected against what was experienced."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.explain.journey import JourneyMap, StageOfMap, Stop
from mindgap.show import words
from mindgap.show.charts import cells
from mindgap.show.charts.chart import Chart, linked, rounded
from mindgap.show.charts.gap_bars import side

Address = Callable[[str], str]


def journey(
    asked: JourneyMap,
    *,
    id: str,  # noqa: A002 - an element has an id
    title: str,
    summary: str,
    address: Address,
    why: str = "",
) -> Chart:
    """The map of one journey, the strip of its gaps under it, and both as a table; `address` of a touchpoint's code."""
    stages = [stage for stage in asked.stages if stage.stops]
    return Chart(
        id=id,
        title=title,
        summary=summary,
        spec={
            "kind": "journey",
            "stages": [
                {"name": _stage(stage), "touchpoints": [_drawn(stop, address) for stop in stage.stops]}
                for stage in stages
            ],
            "y": _ends(asked),
        },
        head=(
            _("Touchpoint"),
            _("Stage"),
            _("Expected"),
            _("Experienced"),
            _("Interval"),
            "n",
            _("Gap"),
            _("Interval of the gap"),
            _("Promise kept"),
            _("Marks"),
        ),
        rows=tuple(_row(stop, _stage(stage)) for stage in stages for stop in stage.stops),
        strip={
            "stages": [
                {"name": _stage(stage), "touchpoints": [_tile(stop, address) for stop in stage.stops]}
                for stage in stages
            ]
        },
        why=why,
        key=True,
    )


def name(stop: Stop) -> str:
    """How a touchpoint is called in the language of the page."""
    return str(stop.name) or stop.code


def _ends(asked: JourneyMap) -> dict[str, float]:
    """Full tens around everything that is drawn, with room for what stands above and below.

    So one touchpoint alone does not look like a mountain.
    """
    drawn = [side for stop in asked.stops for side in (stop.experienced, stop.expected) if side is not None]
    known = [end for side in drawn for end in (side.value, side.low, side.high) if end is not None]
    if not known:
        return {}
    return {"min": max(0.0, (min(known) - 5) // 10 * 10), "max": min(100.0, -(-(max(known) + 3) // 10) * 10)}


def _stage(stage: StageOfMap) -> str:
    return str(stage.name) or stage.code or _("Without a stage")


def _drawn(stop: Stop, address: Address) -> dict[str, Any]:
    experienced, expected, gap = stop.experienced, stop.expected, stop.gap
    return linked(
        {
            "label": name(stop),
            "expected": rounded(expected.value) if expected else None,
            "experienced": rounded(experienced.value) if experienced else None,
            "low": rounded(experienced.low) if experienced else None,
            "high": rounded(experienced.high) if experienced else None,
            "gap": rounded(gap.value) if gap else None,
            "gap_low": rounded(gap.low) if gap else None,
            "gap_high": rounded(gap.high) if gap else None,
            "n": experienced.n if experienced else None,
            "asked": experienced is not None,
            "moment": stop.is_moment_of_truth,
            "peak": stop.is_peak,
            "end": stop.is_end,
        },
        address(stop.code),
    )


def _row(stop: Stop, stage: str) -> tuple[str, ...]:
    experienced, gap = stop.experienced, stop.gap
    return (
        name(stop),
        stage,
        _value(stop.expected),
        _value(experienced),
        cells.interval(experienced) if experienced else "–",
        cells.count(experienced.n) if experienced else "–",
        cells.value(gap, signed=True) if gap else "–",
        cells.interval(gap) if gap else "–",
        _value(stop.kept),
        _(", ").join(_marks(stop)) or "–",
    )


def _value(finding: Finding | None) -> str:
    return "–" if finding is None else cells.value(finding)


def _marks(stop: Stop) -> Iterator[str]:
    if stop.is_moment_of_truth:
        yield _("Moment of truth")
    if stop.is_peak:
        yield _("Peak")
    if stop.is_end:
        yield _("End")


def _tile(stop: Stop, address: Address) -> dict[str, Any]:
    """A tile has little room, and the interval says that decimals of the index are noise."""
    gap = stop.gap
    return {
        "label": name(stop),
        "href": address(stop.code),
        "moment": stop.is_moment_of_truth,
        "is": side(gap) if gap else "none",
        "gap": words.number(gap.value, decimals=0, signed=True) if gap else "",
        "interval": _short(gap) if gap else "",
        "n": cells.count(gap.n) if gap else "",
    }


def _short(gap: Finding) -> str:
    return _("%(low)s to %(high)s") % {
        "low": words.number(gap.low, decimals=0, signed=True),
        "high": words.number(gap.high, decimals=0, signed=True),
    }
