"""Readings made of the record: what one interaction and one answer add to the facts.

A reading follows from rows of the record alone. So a correction takes back exactly what was added before, and the
facts can be thrown away and made again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mindgap.ground import clock, duration
from mindgap.keep import bulk
from mindgap.keep.interaction import COMPLETED, OPEN
from mindgap.keep.models import Measure, Promise
from mindgap.keep.reading import EXCEEDED, MET, MISSED
from mindgap.keep.registry import Registry
from mindgap.keep.rows import AnswerRow, InteractionRow

# The columns of a reading, in order; `organization_id` and `sign` are added when it is written.
COLUMNS = (
    "day", "asked_day", "touchpoint", "channel", "unit", "measure", "promise", "source", "customer", "interaction",
    "answer", "value", "expected", "promised", "should", "minimum", "outcome", "outcome_time", "state", "early", "weight",
    "segments",
)  # fmt: skip

Reading = tuple[Any, ...]
Segments = Mapping[str, str]


def of_interaction(row: InteractionRow, customer: Segments, registry: Registry) -> list[Reading]:
    """The one reading of an interaction whose touchpoint has a measure; none elsewhere."""
    measure = _measured(row, registry)
    if measure is None:
        return []
    happened = row.state == COMPLETED and row.experienced_at is not None
    day = clock.local_day(
        row.experienced_at if happened and row.experienced_at else row.started_at, registry.zone
    )
    outcome, outcome_time = outcomes(row, registry)
    return [
        (
            day, None, row.touchpoint, row.channel or 0, row.unit or 0, measure.id, row.promise or 0, 0,
            row.customer or 0, row.id, 0, row.value, row.expected, row.promised, None, None, outcome, outcome_time,
            row.state, False, None, segments(customer, row.segments, registry),
        )
    ]  # fmt: skip


def of_answer(
    row: AnswerRow, interaction: InteractionRow | None, customer: Segments, registry: Registry
) -> list[Reading]:
    """One reading per score or stated expectation; state and outcome are those of its interaction."""
    if not row.scores:
        return []
    zone = registry.zone
    day = clock.local_day(row.answered_at, zone)
    asked_day = None if row.asked_at is None else clock.local_day(row.asked_at, zone)
    promise, state, early = 0, 0, False
    outcome = outcome_time = own = None
    if interaction is not None:
        own = _measured(interaction, registry)
        promise, state = interaction.promise or 0, interaction.state
        early = _is_early(row, interaction)
        outcome, outcome_time = outcomes(interaction, registry)
    written = segments(customer, row.segments, registry)
    made = []
    for code, score in row.scores.items():
        measure = registry.measures.get(code)
        if measure is None:
            # Its measure was deleted since; the record keeps the score, the facts cannot name it.
            continue
        source = registry.sources.get(score.get("source") or "", 0)
        # What was promised in this very measure, and whether it is open, is counted by the interaction's reading, once.
        counted = own is not None and measure.id == own.id
        kept = (0, None, None, 0) if counted else (promise, outcome, outcome_time, state)
        made.append(
            (
                day, asked_day, row.touchpoint or 0, row.channel or 0, row.unit or 0, measure.id, kept[0], source,
                row.customer or 0, row.interaction or 0, row.id, score["value"], score.get("expected"), None,
                score.get("should"), score.get("minimum"), kept[1], kept[2], kept[3], early, row.weight, written,
            )
        )  # fmt: skip
    return made


def segments(customer: Segments, own: Segments, registry: Registry) -> str:
    """Declared segments as the facts hold them, JSON of code to id; what the item says itself wins."""
    if not customer and not own:
        return "{}"
    key = (*customer.items(), *own.items())
    written = registry.written.get(key)
    if written is None:
        values = registry.values
        coded = {code: values[code, text] for code, text in key if (code, text) in values}
        written = registry.written[key] = bulk.json(dict(sorted(coded.items())))
    return written


def outcomes(row: InteractionRow, registry: Registry) -> tuple[int | None, int | None]:
    """How the promise of an interaction was kept, by calendar and by timestamp; None where nobody can say."""
    measure = _measured(row, registry)
    if measure is None or row.state != COMPLETED or row.value is None or row.promised is None:
        return None, None
    promise = registry.promise_by_id.get(row.promise or 0)
    bound = _bound(promise, measure)
    calendar = _outcome(row.value - row.promised, bound, measure)
    due = _due(row, measure)
    if due is None or row.experienced_at is None:
        # Two plain numbers: both rules say the same.
        return calendar, calendar
    late = (row.experienced_at > due) - (row.experienced_at < due)
    return calendar, _outcome(late, bound, measure)


def _measured(row: InteractionRow, registry: Registry) -> Measure | None:
    touchpoint = registry.touchpoint_by_id.get(row.touchpoint)
    return registry.measure_by_id.get(touchpoint.measure_id or 0) if touchpoint else None


def _bound(promise: Promise | None, measure: Measure) -> str:
    if promise is not None:
        return promise.bound
    return "at_least" if measure.higher_is_better else "at_most"


def _outcome(over: int, bound: str, measure: Measure) -> int:
    """`over` is positive when more came than was promised."""
    if over == 0:
        return MET
    if bound == "exactly" or (over > 0) == (bound == "at_most"):
        return MISSED
    # Within the bound; better than promised only if that side is the good one.
    return EXCEEDED if (over > 0) == measure.higher_is_better else MET


def _due(row: InteractionRow, measure: Measure) -> datetime | None:
    """The promised instant: the stated one, else the start plus the promised time."""
    if row.due_at is not None or not measure.is_duration or row.promised is None:
        return row.due_at
    seconds = 86400 if measure.unit in ("", "days") else duration.SECONDS[measure.unit]
    return row.started_at + timedelta(seconds=float(row.promised * measure.step) * seconds)


def _is_early(row: AnswerRow, interaction: InteractionRow) -> bool:
    """Whether the customer was asked before there was anything to speak of."""
    if interaction.state == OPEN:
        return True
    if interaction.state != COMPLETED or interaction.experienced_at is None:
        return False
    return (row.asked_at or row.answered_at) < interaction.experienced_at
