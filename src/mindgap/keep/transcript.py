"""Transcript: an incoming thing written down as a row of the record, or refused with words that say what to do."""

from datetime import datetime, time

from mindgap.ground import clock, duration
from mindgap.ground.money import Money
from mindgap.keep import incoming
from mindgap.keep.expectation import KINDS, PLACES, SIDES
from mindgap.keep.interaction import CANCELLED, COMPLETED, OPEN
from mindgap.keep.models import Measure, Promise, Touchpoint
from mindgap.keep.registry import Needs, Registry
from mindgap.keep.rows import AnswerRow, ExpectationRow, InteractionRow

_BIGGEST = 2**31 - 1
_MIDNIGHT = time(0)


class Refused(Exception):
    """Readable, but not valid: `reason` is a stable code, the words say what to do, `column` where it is."""

    def __init__(self, reason: str, words: str, column: str = "") -> None:
        super().__init__(words)
        self.reason, self.words, self.column = reason, words, column


def check(item: incoming.Incoming) -> None:
    """Refuse what no table could hold, before anything is looked up."""
    if not item.key:
        raise Refused("no_key", "give each row a key that stays the same when it is sent again", "key")
    fits(item.key, 200, "key")
    if item.customer is not None:
        check_person(item.customer)
    if isinstance(item, incoming.Customer):
        return
    fits(item.channel, 64, "channel")
    fits(item.unit, 128, "unit")
    if item.segments:
        _check_segments(item.segments)
    if isinstance(item, incoming.Answer):
        fits(item.language, 16, "language")
        fits(item.interaction, 200, "interaction")
        for statement in item.expected:
            fits(statement.source, 64, "source")
        check_instant(item.answered_at, "answered_at")
        check_instant(item.asked_at, "asked_at")
        return
    check_instant(item.started_at, "started_at")
    check_instant(item.due_at, "due_at")
    check_instant(item.experienced_at, "experienced_at")
    check_instant(item.expected_at, "expected_at")
    check_instant(item.observed_until, "observed_until")


def needs(item: incoming.Incoming, into: Needs) -> None:
    """Add the codes that the item names."""
    if item.customer is not None and item.customer.segments:
        into.values.update(item.customer.segments.items())
    if isinstance(item, incoming.Customer):
        return
    if item.segments:
        into.values.update(item.segments.items())
    if item.channel:
        into.channels.add(item.channel)
    if item.unit:
        into.units.add(item.unit)
    if isinstance(item, incoming.Answer) and item.expected:
        into.sources.update(statement.source for statement in item.expected if statement.source)


def interaction(item: incoming.Interaction, *, id_: int, digest: str, registry: Registry) -> InteractionRow:
    """The row of an interaction, without its customer."""
    touchpoint = _touchpoint(item.touchpoint, registry)
    promise = _promise(item.promise, touchpoint, registry)
    measure = registry.measure_by_id[touchpoint.measure_id] if touchpoint.measure_id else None
    row = InteractionRow(
        id_, item.key, touchpoint.id, _state(item, measure), item.started_at, digest,
        channel=registry.channels.get(item.channel), unit=registry.units.get(item.unit),
        promise=promise.id if promise else None,
        due_at=item.due_at, experienced_at=item.experienced_at, observed_until=item.observed_until,
        told_before_due=item.told_before_due, segments=item.segments, attributes=item.attributes,
        revenue_minor=_money(item.revenue, item.currency, "revenue", registry),
        cost_minor=_money(item.cost, item.currency, "cost", registry),
    )  # fmt: skip
    _check_order(item, measure, registry)
    if measure is None:
        return row
    row.promised = _steps(measure, item, item.due_at, item.promised, "promised", registry)
    if row.promised is None and promise is not None and promise.measure_id == measure.id:
        # Written down now: a promise that is changed later leaves what was promised before as it was.
        row.promised = promise.quantity
    row.expected = _steps(measure, item, item.expected_at, item.expected, "expected", registry)
    row.value = _steps(measure, item, item.experienced_at, item.experienced, "experienced", registry)
    if row.value is None and row.state == OPEN and measure.is_duration:
        row.value = _steps(measure, item, item.observed_until, None, "observed_until", registry)
    return row


def answer(
    item: incoming.Answer, *, id_: int, digest: str, registry: Registry
) -> tuple[AnswerRow, list[ExpectationRow]]:
    """The row of an answer, without customer and interaction, and the expectations stated in it."""
    if item.asked_at and item.answered_at < item.asked_at:
        raise Refused(
            "answered_before_asked", "answered_at is before asked_at; correct one of them", "answered_at"
        )
    if item.weight is not None and not 0 <= item.weight < 1e9:
        raise Refused("bad_weight", f"{item.weight} is no weight; use a positive number, or none", "weight")
    if len(item.expected) > PLACES:
        raise Refused("too_many_statements", f"an answer holds at most {PLACES} expectations", "expected")
    touchpoint = _touchpoint(item.touchpoint, registry) if item.touchpoint else None
    scores: dict[str, dict[str, int | str | None]] = {}
    for code, value in item.scores.items():
        measure = _measure(code, registry)
        scores[code] = {"value": _on_scale(measure, value, f"scores.{code}", registry)}
    row = AnswerRow(
        id_, item.key, item.answered_at, digest, awaits=item.interaction,
        touchpoint=touchpoint.id if touchpoint else None,
        channel=registry.channels.get(item.channel), unit=registry.units.get(item.unit),
        asked_at=item.asked_at, language=item.language, comment=item.comment, scores=scores,
        weight=item.weight, segments=item.segments, attributes=item.attributes,
    )  # fmt: skip
    return row, _statements(item, row, registry)


def _statements(item: incoming.Answer, row: AnswerRow, registry: Registry) -> list[ExpectationRow]:
    """The stated expectations; the predicted one (`will`, else `should`) also stands beside its score."""
    made = []
    ranks: dict[str, str] = {}
    for place, said in enumerate(item.expected):
        if said.kind not in KINDS:
            raise Refused(
                "unknown_expectation", f"{said.kind!r} is none of {', '.join(KINDS)}", "expected.kind"
            )
        measure = _measure(said.measure, registry)
        value = _on_scale(measure, said.value, f"expected.{said.measure}", registry)
        source = registry.sources.get(said.source)
        made.append(
            ExpectationRow(
                row.id * PLACES + place,
                None,
                None,
                row.touchpoint,
                measure.id,
                said.kind,
                source,
                value,
                row.answered_at,
            )
        )
        if said.kind in SIDES:
            row.scores.setdefault(said.measure, {"value": None})[said.kind] = value
        if said.kind == "will" or (said.kind == "should" and ranks.get(said.measure) != "will"):
            ranks[said.measure] = said.kind
            score = row.scores.setdefault(said.measure, {"value": None})
            score["expected"] = value
            score["source"] = said.source or None
    return made


def _state(item: incoming.Interaction, measure: Measure | None) -> int:
    if item.cancelled:
        return CANCELLED
    if item.experienced_at is not None or item.experienced is not None:
        return COMPLETED
    # Where nothing is measured from start to experience, to have taken place is to be complete.
    return COMPLETED if measure is None and item.observed_until is None else OPEN


def _steps(
    measure: Measure,
    item: incoming.Interaction,
    end: datetime | None,
    number: float | None,
    column: str,
    registry: Registry,
) -> int | None:
    """What was promised, expected or experienced, in steps: from the instant, else from the number."""
    if end is not None and measure.is_duration:
        whole = duration.between(item.started_at, end, measure.unit or "days", registry.zone)
        steps = max(0, whole) if measure.step == 1 else int(max(0, whole) / measure.step)
        if steps > _BIGGEST:
            raise Refused("off_scale", f"{column} is too far from started_at to be counted", column)
        return steps
    return None if number is None else _on_scale(measure, number, column, registry)


def _check_order(item: incoming.Interaction, measure: Measure | None, registry: Registry) -> None:
    for column, reason in (
        ("experienced_at", "experienced_before_start"),
        ("due_at", "due_before_start"),
        ("expected_at", "expected_before_start"),
        ("observed_until", "observed_before_start"),
    ):
        end = getattr(item, column)
        if end is not None and end < item.started_at and not _same_date(item.started_at, end, registry):
            raise Refused(reason, f"{column} is before started_at; correct one of them", column)
    if measure is None and (
        item.promised is not None or item.experienced is not None or item.expected is not None
    ):
        words = f"nothing is measured at {item.touchpoint}; give the touchpoint a measure, or leave the number out"
        raise Refused("nothing_measured", words, "experienced")


def _same_date(start: datetime, end: datetime, registry: Registry) -> bool:
    """Whether `end` is a date without a time of day, and the date of `start`."""
    there = end.astimezone(registry.zone)
    return there.time() == _MIDNIGHT and clock.local_day(start, registry.zone) == clock.day_of(there.date())


def _touchpoint(code: str, registry: Registry) -> Touchpoint:
    found = registry.touchpoints.get(code)
    if found is None:
        words = f"there is no touchpoint {code!r}; declare it, or correct the code"
        raise Refused("unknown_touchpoint", words, "touchpoint")
    return found


def _promise(code: str, touchpoint: Touchpoint, registry: Registry) -> Promise | None:
    if not code:
        return None
    found = registry.promises.get(code)
    if found is None:
        raise Refused(
            "unknown_promise", f"there is no promise {code!r}; declare it, or correct the code", "promise"
        )
    if found.touchpoint_id != touchpoint.id:
        words = f"the promise {code!r} is not made at {touchpoint.code!r}; correct one of them"
        raise Refused("promise_elsewhere", words, "promise")
    return found


def _measure(code: str, registry: Registry) -> Measure:
    found = registry.measures.get(code)
    if found is None:
        words = f"there is no measure {code!r}; declare it, or correct the code"
        raise Refused("unknown_measure", words, f"scores.{code}"[:200])
    return found


def _on_scale(measure: Measure, value: float, column: str, registry: Registry) -> int:
    try:
        return registry.steps(measure, value)
    except (ValueError, ArithmeticError) as problem:
        raise Refused("off_scale", f"{problem}; correct the value or the scale", column) from problem


def _money(amount: str, currency: str, column: str, registry: Registry) -> int | None:
    if not amount:
        return None
    kept = registry.organization.currency
    if currency and currency != kept:
        words = f"amounts are kept in {kept}; convert {currency} before sending it"
        raise Refused("other_currency", words, "currency")
    try:
        minor = Money.parse(amount, kept).minor
    except (ValueError, ArithmeticError) as problem:
        raise Refused("bad_amount", str(problem), column) from problem
    if abs(minor) >= 2**63:
        raise Refused("bad_amount", f"{amount} is too large to be an amount", column)
    return minor


def check_instant(when: datetime | None, name: str) -> None:
    """Refuse an instant without a zone, or one that nobody can have meant."""
    if when is None:
        return
    if when.tzinfo is None:
        raise Refused("no_zone", f"{name} has no time zone; write 2026-11-22T08:00:00+08:00", name)
    if not 1900 <= when.year <= 2200:
        raise Refused("impossible_date", f"{name} lies in the year {when.year}; correct it", name)


def check_person(person: incoming.Person) -> None:
    """Refuse a person whose name, identities or segments no table could hold."""
    fits(person.name, 200, "name")
    fits(person.language, 16, "language")
    for kind, value in (*person.identities.items(), *person.claims.items()):
        fits(kind, 32, "identities")
        fits(value, 200, f"identities.{kind}")
    if person.segments:
        _check_segments(person.segments)


def _check_segments(segments: dict[str, str]) -> None:
    for code, value in segments.items():
        fits(value, 200, f"segments.{code}"[:200])


def fits(text: str, most: int, column: str) -> None:
    """Refuse a text that is longer than its column."""
    if len(text) > most:
        raise Refused("too_long", f"{column} has {len(text)} characters; at most {most} are kept", column)
