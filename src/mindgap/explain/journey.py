"""Journey: every touchpoint in its stage, with what was expected and what was experienced on one line (R60, R171).

Touchpoints are asked about on different scales, so the map shows the index: 0 is the worst end of the scale of a
touchpoint's headline score, 100 the best. The headline is the score asked at most touchpoints. Gaps against the promise stay in the unit of the measure beside it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from mindgap.explain.cell import INTERACTION, Cell, answers, interactions
from mindgap.explain.disclosure import conceal, refuses
from mindgap.explain.figure import Gap, Kept
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.keep.models import Touchpoint
from mindgap.keep.texts import Texts
from mindgap.measure import Estimate, index, mean

# Which kind of measure stands for a touchpoint where several are asked at as many touchpoints.
_KINDS = ("satisfaction", "likelihood", "effort", "emotion")


@dataclass(frozen=True, slots=True)
class Stop:
    """One touchpoint of the map. Findings are None where nothing was asked or promised there."""

    code: str
    name: Texts
    kind: str
    is_moment_of_truth: bool
    is_controllable: bool
    experienced: Finding | None = None
    expected: Finding | None = None
    gap: Finding | None = None
    kept: Finding | None = None
    promise_gap: Finding | None = None
    is_peak: bool = False
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class StageOfMap:
    """A column of the map; touchpoints without stage stand in one with an empty code."""

    code: str
    name: Texts
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class JourneyMap:
    """One journey in the order in which it is gone."""

    code: str
    name: Texts
    stages: tuple[StageOfMap, ...]

    @property
    def stops(self) -> tuple[Stop, ...]:
        return tuple(stop for stage in self.stages for stop in stage.stops)


def journeys(inquiry: Inquiry) -> tuple[JourneyMap, ...]:
    """Every journey with its stages and stops; peak and end are marked on each.

    The peak is the stop that lies farthest from the mean of its journey, up or down: what people remember with how
    it ended. Stops with too few answers are shown without value and can be neither.
    """
    said = _by_touchpoint(answers(inquiry.split(None), "state", "value", "expected", "gap_expected"))
    done = _by_touchpoint(interactions(inquiry.split(None), *INTERACTION))
    spread = Counter(cell.measure.id for cells in said.values() for cell in cells if _is_usable(cell))
    stops = [
        (
            touchpoint,
            _stop(
                touchpoint,
                _headline(said.get(touchpoint.id, []), spread),
                done.get(touchpoint.id, []),
                inquiry,
            ),
        )
        for touchpoint in _in_order(inquiry)
    ]
    return tuple(
        _journey(journey, list(part))
        for journey, part in groupby(stops, key=lambda pair: _journey_of(pair[0]))
    )


def _in_order(inquiry: Inquiry) -> list[Touchpoint]:
    def place(touchpoint: Touchpoint) -> tuple[int, ...]:
        stage = touchpoint.stage
        if stage is None:
            return (1, 0, 0, 0, 0, touchpoint.position, touchpoint.id)
        return (
            0,
            stage.journey.position,
            stage.journey_id,
            stage.position,
            stage.id,
            touchpoint.position,
            touchpoint.id,
        )

    rows = Touchpoint.objects.filter(organization=inquiry.organization).select_related("stage__journey")
    return sorted(rows, key=place)


def _journey_of(touchpoint: Touchpoint) -> tuple[str, Texts]:
    stage = touchpoint.stage
    return (stage.journey.code, stage.journey.name) if stage else ("", Texts())


def _stage_of(touchpoint: Touchpoint) -> tuple[str, Texts]:
    return (touchpoint.stage.code, touchpoint.stage.name) if touchpoint.stage else ("", Texts())


def _journey(journey: tuple[str, Texts], pairs: list[tuple[Touchpoint, Stop]]) -> JourneyMap:
    marked = _marked([stop for _, stop in pairs])
    places = zip((touchpoint for touchpoint, _ in pairs), marked, strict=True)
    stages = tuple(
        StageOfMap(code, name, tuple(stop for _, stop in part))
        for (code, name), part in groupby(places, key=lambda pair: _stage_of(pair[0]))
    )
    return JourneyMap(*journey, stages)


def _marked(stops: list[Stop]) -> list[Stop]:
    known = {i: stop.experienced.value for i, stop in enumerate(stops) if stop.experienced}
    values = {i: value for i, value in known.items() if value is not None}
    if len(values) < 2:
        return stops
    centre = sum(values.values()) / len(values)
    peak = max(values, key=lambda i: abs(values[i] - centre))
    end = max(values)
    return [replace(stop, is_peak=i == peak, is_end=i == end) for i, stop in enumerate(stops)]


def _stop(touchpoint: Touchpoint, heard: Cell | None, done: list[Cell], inquiry: Inquiry) -> Stop:
    stop = Stop(
        code=touchpoint.code,
        name=touchpoint.name,
        kind=touchpoint.kind,
        is_moment_of_truth=touchpoint.is_moment_of_truth,
        is_controllable=touchpoint.is_controllable,
    )
    for cell in done:
        kept, gap = Kept(inquiry.catalog.promises), Gap("promise")
        if kept.part(cell.tally).total:
            stop = replace(stop, kept=kept.state(cell), promise_gap=gap.state(cell))
    if heard is None:
        return stop
    experienced, expected, between = _experienced(heard), _expected(heard), _gap(heard)
    if between is not None and refuses(experienced.n, between.n):
        # Expected and gap together would say what those few experienced who stated no expectation.
        between = conceal(between)
    return replace(stop, experienced=experienced, expected=expected, gap=between)


def _headline(said: list[Cell], spread: Counter[int]) -> Cell | None:
    """The cell that stands for a touchpoint: of the measure asked at most touchpoints, so that stops compare."""

    def place(cell: Cell) -> tuple[int, int]:
        kind = cell.measure.kind
        return -spread[cell.measure.id], _KINDS.index(kind) if kind in _KINDS else len(_KINDS)

    return min((cell for cell in said if _is_usable(cell)), key=place, default=None)


def _is_usable(cell: Cell) -> bool:
    return scale_of(cell.measure) is not None and cell.happened.known("value").total > 0


def _experienced(cell: Cell) -> Finding:
    part = cell.happened.known("value")
    return _index(cell, "journey.experienced", part.total, lambda: _index_of(cell, "value"))


def _expected(cell: Cell) -> Finding | None:
    part = cell.happened.known("expected")
    if not part.total:
        return None
    return _index(cell, "journey.expected", part.total, lambda: _index_of(cell, "expected"))


def _gap(cell: Cell) -> Finding | None:
    """From those who stated both, so it need not be the distance between the two lines."""
    part = cell.happened.known("gap_expected")
    scale = scale_of(cell.measure)
    if not part.total or scale is None:
        return None
    unit = 100 / (scale.high - scale.low)
    return _index(
        cell,
        "journey.gap",
        part.total,
        lambda: mean(part.counts("gap_expected", step=cell.step * unit), level=cell.level),
    )


def _index_of(cell: Cell, column: str) -> Estimate:
    scale = scale_of(cell.measure)
    assert scale is not None
    return index(cell.happened.known(column).counts(column, step=cell.step), scale, level=cell.level)


def _index(cell: Cell, code: str, n: float, estimate: Callable[[], Estimate]) -> Finding:
    return cell.subject.about(metric="index", unit="index").states(code, n, estimate, better=1)


def _by_touchpoint(cells: Iterable[Cell]) -> dict[int, list[Cell]]:
    found: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.touchpoint is not None:
            found.setdefault(cell.touchpoint.id, []).append(cell)
    return found
