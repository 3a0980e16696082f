"""Rows: what came in as the columns that a condition may use; all rows of a batch by a bounded number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mindgap.act.alert.place import Place
from mindgap.act.alert.trigger import ANSWER, CALLBACK, INTERACTION
from mindgap.ground import duration
from mindgap.keep import bulk, readings
from mindgap.keep.models import Measure
from mindgap.keep.reading import MISSED
from mindgap.keep.rows import InteractionRow

_INTERACTION = (
    "i.id, i.touchpoint_id, i.channel_id, i.unit_id, i.customer_id, i.promise_id, i.state, i.started_at, i.due_at,"
    " i.experienced_at, i.value, i.promised, i.told_before_due, i.segments"
)
_ANSWER = (
    "a.id, a.key, a.customer_id, a.touchpoint_id, a.channel_id, a.unit_id, a.answered_at, a.language, a.comment,"
    " a.scores, a.segments, c.segments"
)


@dataclass(slots=True)
class Seen:
    """One thing that came in: what it is, whom it concerns, and its row."""

    kind: str
    id: int
    key: str
    at: datetime
    customer: int | None
    touchpoint: int | None
    channel: int | None
    unit: int | None
    interaction: int | None
    promise: int | None
    row: dict[str, Any]
    scores: Mapping[str, Any]


def answers(place: Place, keys: Iterable[str]) -> dict[str, Seen]:
    """The answers of these keys."""
    return {each.key: each for each in _answers(place, bulk.among("a.key", text=True), [bulk.listed(keys)])}


def answers_between(place: Place, since: datetime, until: datetime, *, most: int = 1_000_000) -> list[Seen]:
    """The answers that were given in a span; of more than `most` the latest."""
    where = f"a.answered_at > %s and a.answered_at <= %s order by a.answered_at desc limit {int(most)}"
    return list(_answers(place, where, [bulk.instant(since), bulk.instant(until)]))


def interactions(place: Place, keys: Iterable[str]) -> dict[str, Seen]:
    """The interactions of these keys."""
    return {
        each.key: each for each in _interactions(place, bulk.among("i.key", text=True), [bulk.listed(keys)])
    }


def interactions_between(
    place: Place, since: datetime, until: datetime, *, most: int = 1_000_000
) -> list[Seen]:
    """The interactions that were over in a span; of more than `most` the latest."""
    where = (
        f"i.experienced_at > %s and i.experienced_at <= %s order by i.experienced_at desc limit {int(most)}"
    )
    return list(_interactions(place, where, [bulk.instant(since), bulk.instant(until)]))


def interactions_where(place: Place, where: str, parameters: Sequence[Any]) -> list[Seen]:
    """The interactions that meet a test in SQL; the words of the test come from the code."""
    return list(_interactions(place, where, list(parameters)))


def with_history(place: Place, seen: Iterable[Seen], days: int) -> None:
    """Give each row the lowest scores of the same customer's earlier answers: `(days ago, lowest)`."""
    rows = [each for each in seen if each.customer is not None]
    if not rows:
        return
    since = min(each.at for each in rows) - timedelta(days=days)
    found = bulk.fetch(
        "select customer_id, answered_at, id, scores from keep_answer where organization_id = %s"  # noqa: S608
        f" and {bulk.among('customer_id')} and answered_at >= %s",
        [place.organization.pk, bulk.listed({each.customer for each in rows}), bulk.instant(since)],
    )
    before: dict[int, list[tuple[datetime, int, float]]] = defaultdict(list)
    for customer, raw, id_, scores in found:
        at, lowest = bulk.read_instant(raw), _lowest(place, bulk.read_json(scores))
        if at is not None and lowest is not None:
            before[customer].append((at, id_, lowest))
    for each in rows:
        assert each.customer is not None
        each.row["history"] = [
            ((each.at - at).total_seconds() / 86400, lowest)
            for at, id_, lowest in before[each.customer]
            if (at, id_) < (each.at, each.id)
        ]


def of_callback(seen: Seen) -> Seen:
    """The answer of somebody who wants to be called."""
    return Seen(**{name: getattr(seen, name) for name in Seen.__slots__} | {"kind": CALLBACK})


def _answers(place: Place, where: str, parameters: list[Any]) -> Iterable[Seen]:
    sql = (
        f"select {_ANSWER}, {_INTERACTION} from keep_answer a"  # noqa: S608
        " left join keep_customer c on c.id = a.customer_id"
        " left join keep_interaction i on i.id = a.interaction_id"
        f" where a.organization_id = %s and {where}"
    )
    for row in bulk.fetch(sql, [place.organization.pk, *parameters]):
        id_, key, customer, touchpoint, channel, unit, at, language, comment, scores, own, of_customer = row[
            :12
        ]
        about = _interaction_row(row[12:]) if row[12] is not None else None
        columns: dict[str, Any] = {"language": language, "comment": comment}
        read = bulk.read_json(scores)
        _put_scores(columns, place, read)
        _put_place(columns, place, touchpoint, channel, unit)
        _put_segments(columns, of_customer, own)
        if about is not None:
            _put_promise(columns, place, about)
        yield Seen(
            ANSWER, id_, key, _instant(at), customer, touchpoint, channel, unit, about.id if about else None,
            about.promise if about else None, columns, read,
        )  # fmt: skip


def _interactions(place: Place, where: str, parameters: list[Any]) -> Iterable[Seen]:
    sql = (
        f"select {_INTERACTION}, i.key, c.segments from keep_interaction i"  # noqa: S608
        " left join keep_customer c on c.id = i.customer_id"
        f" where i.organization_id = %s and {where}"
    )
    for row in bulk.fetch(sql, [place.organization.pk, *parameters]):
        about = _interaction_row(row[:14])
        columns: dict[str, Any] = {}
        _put_place(columns, place, about.touchpoint, about.channel, about.unit)
        _put_segments(columns, row[15], row[13])
        _put_promise(columns, place, about)
        yield Seen(
            INTERACTION, about.id, row[14], about.experienced_at or about.due_at or about.started_at, about.customer,
            about.touchpoint, about.channel, about.unit, about.id, about.promise, columns, {},
        )  # fmt: skip


def _interaction_row(row: Sequence[Any]) -> InteractionRow:
    (
        id_,
        touchpoint,
        channel,
        unit,
        customer,
        promise,
        state,
        started,
        due,
        experienced,
        value,
        promised,
        told,
        _,
    ) = row
    return InteractionRow(
        id=id_, key="", touchpoint=touchpoint, state=state, started_at=_instant(started), digest="",
        customer=customer, channel=channel, unit=unit, promise=promise, due_at=bulk.read_instant(due),
        experienced_at=bulk.read_instant(experienced), value=value, promised=promised,
        told_before_due=None if told is None else bool(told),
    )  # fmt: skip


def _put_scores(columns: dict[str, Any], place: Place, scores: Mapping[str, Any]) -> None:
    lowest = None
    for code, score in scores.items():
        measure = place.registry.measures.get(code)
        if measure is None or score.get("value") is None:
            continue
        step = float(measure.step)
        columns[f"score.{code}"] = score["value"] * step
        if score.get("expected") is not None:
            columns[f"expected.{code}"] = score["expected"] * step
            gap = (score["value"] - score["expected"]) * step
            columns[f"gap.{code}"] = gap if measure.higher_is_better else -gap
        share = _share(measure, score["value"])
        if share is not None and (lowest is None or share < lowest):
            lowest = share
    columns["lowest"] = lowest


def _lowest(place: Place, scores: Mapping[str, Any]) -> float | None:
    columns: dict[str, Any] = {}
    _put_scores(columns, place, scores)
    lowest: float | None = columns["lowest"]
    return lowest


def _share(measure: Measure, steps: int) -> float | None:
    """How good a score is, in percent of its scale: 0 is the worst, whichever way the scale runs."""
    if measure.minimum is None or measure.maximum is None or measure.maximum == measure.minimum:
        return None
    low, high = float(measure.minimum), float(measure.maximum)
    share = 100 * (steps * float(measure.step) - low) / (high - low)
    return share if measure.higher_is_better else 100 - share


def _put_place(
    columns: dict[str, Any], place: Place, touchpoint: int | None, channel: int | None, unit: int | None
) -> None:
    columns["touchpoint"] = place.touchpoints[touchpoint].code if touchpoint in place.touchpoints else None
    columns["channel"] = place.channels[channel].code if channel in place.channels else None
    columns["unit"] = place.units[unit].code if unit in place.units else None


def _put_segments(columns: dict[str, Any], *raw: Any) -> None:
    """Those of the customer, then the item's own, which win."""
    for each in raw:
        if each is not None and each != "{}":
            columns.update({f"segment.{code}": value for code, value in bulk.read_json(each).items()})


def _put_promise(columns: dict[str, Any], place: Place, row: InteractionRow) -> None:
    promise = place.promises.get(row.promise or 0)
    columns["promise"] = promise.code if promise else None
    columns["told"] = row.told_before_due
    columns["due"] = row.due_at
    measure = place.measures.get(place.touchpoints[row.touchpoint].measure_id or 0)
    if measure is None:
        return
    if row.due_at is None and row.promised is not None and measure.is_duration:
        seconds = 86400 if measure.unit in ("", "days") else duration.SECONDS[measure.unit]
        columns["due"] = row.started_at + timedelta(seconds=float(row.promised * measure.step) * seconds)
    step = float(measure.step)
    if row.promised is not None:
        columns["promised"] = row.promised * step
    if row.value is not None:
        columns["actual"] = row.value * step
    if row.promised is not None and row.value is not None:
        late = (row.value - row.promised) * step
        columns["late"] = -late if measure.higher_is_better else late
    calendar, timestamp = readings.outcomes(row, place.registry)
    outcome = timestamp if promise is not None and promise.rule == "timestamp" else calendar
    columns["kept"] = None if outcome is None else outcome != MISSED


def _instant(raw: Any) -> datetime:
    when = bulk.read_instant(raw)
    assert when is not None
    return when
