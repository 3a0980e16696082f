"""Rows of the record as the recorder holds them, and their way from and to the tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mindgap.keep import bulk


@dataclass(slots=True)
class CustomerRow:
    id: int
    name: str
    language: str
    attributes: dict[str, str]
    segments: dict[str, str]
    first_seen: datetime


@dataclass(slots=True)
class InteractionRow:
    """`segments` are the interaction's own; those of its customer are added where readings are made."""

    id: int
    key: str
    touchpoint: int
    state: int
    started_at: datetime
    digest: str
    customer: int | None = None
    channel: int | None = None
    unit: int | None = None
    promise: int | None = None
    due_at: datetime | None = None
    experienced_at: datetime | None = None
    observed_until: datetime | None = None
    value: int | None = None
    promised: int | None = None
    expected: int | None = None
    told_before_due: bool | None = None
    revenue_minor: int | None = None
    cost_minor: int | None = None
    segments: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class AnswerRow:
    """`awaits` is the key of an interaction that has yet to arrive."""

    id: int
    key: str
    answered_at: datetime
    digest: str
    customer: int | None = None
    interaction: int | None = None
    awaits: str = ""
    touchpoint: int | None = None
    channel: int | None = None
    unit: int | None = None
    asked_at: datetime | None = None
    language: str = ""
    comment: str = ""
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    weight: float | None = None
    segments: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class ExpectationRow:
    id: int
    customer: int | None
    interaction: int | None
    touchpoint: int | None
    measure: int
    kind: str
    source: int | None
    value: int
    stated_at: datetime


CUSTOMER = ("id", "name", "language", "attributes", "segments", "first_seen")
INTERACTION = (
    "id", "key", "customer_id", "touchpoint_id", "channel_id", "unit_id", "promise_id", "state", "started_at", "due_at",
    "experienced_at", "observed_until", "value", "promised", "expected", "told_before_due", "revenue_minor",
    "cost_minor", "segments", "attributes", "digest",
)  # fmt: skip
ANSWER = (
    "id", "key", "customer_id", "interaction_id", "awaits", "touchpoint_id", "channel_id", "unit_id", "asked_at",
    "answered_at", "language", "comment", "scores", "weight", "segments", "attributes", "digest",
)  # fmt: skip
EXPECTATION = (
    "id", "customer_id", "interaction_id", "touchpoint_id", "measure_id", "kind", "source_id", "value", "stated_at",
)  # fmt: skip


def customer_values(row: CustomerRow) -> tuple[Any, ...]:
    """In the order of `CUSTOMER`."""
    return (
        row.id, row.name, row.language, bulk.json(row.attributes), bulk.json(row.segments),
        bulk.instant(row.first_seen),
    )  # fmt: skip


def interaction_values(row: InteractionRow) -> tuple[Any, ...]:
    """In the order of `INTERACTION`."""
    return (
        row.id, row.key, row.customer, row.touchpoint, row.channel, row.unit, row.promise, row.state,
        bulk.instant(row.started_at), bulk.instant(row.due_at), bulk.instant(row.experienced_at),
        bulk.instant(row.observed_until), row.value, row.promised, row.expected, row.told_before_due,
        row.revenue_minor, row.cost_minor, bulk.json(row.segments), bulk.json(row.attributes), row.digest,
    )  # fmt: skip


def answer_values(row: AnswerRow) -> tuple[Any, ...]:
    """In the order of `ANSWER`."""
    return (
        row.id, row.key, row.customer, row.interaction, row.awaits, row.touchpoint, row.channel, row.unit,
        bulk.instant(row.asked_at), bulk.instant(row.answered_at), row.language, row.comment, bulk.json(row.scores),
        row.weight, bulk.json(row.segments), bulk.json(row.attributes), row.digest,
    )  # fmt: skip


def expectation_values(row: ExpectationRow) -> tuple[Any, ...]:
    """In the order of `EXPECTATION`."""
    return (
        row.id, row.customer, row.interaction, row.touchpoint, row.measure, row.kind, row.source, row.value,
        bulk.instant(row.stated_at),
    )  # fmt: skip


def customers(organization: int, where: str, *parameters: Any) -> Iterable[CustomerRow]:
    """Customers of an organization that meet an SQL test."""
    for id_, name, language, attributes, segments, first_seen in _select(
        "keep_customer", CUSTOMER, organization, where, parameters
    ):
        seen = bulk.read_instant(first_seen)
        assert seen is not None
        yield CustomerRow(id_, name, language, bulk.read_json(attributes), bulk.read_json(segments), seen)


def interactions(organization: int, where: str, *parameters: Any) -> Iterable[InteractionRow]:
    """Interactions of an organization that meet an SQL test."""
    for raw in _select("keep_interaction", INTERACTION, organization, where, parameters):
        given = dict(zip(_names(INTERACTION), raw, strict=True))
        for name in ("started_at", "due_at", "experienced_at", "observed_until"):
            given[name] = bulk.read_instant(given[name])
        if given["told_before_due"] is not None:
            given["told_before_due"] = bool(given["told_before_due"])
        yield InteractionRow(**_with_json(given, "segments", "attributes"))


def answers(organization: int, where: str, *parameters: Any) -> Iterable[AnswerRow]:
    """Answers of an organization that meet an SQL test."""
    for raw in _select("keep_answer", ANSWER, organization, where, parameters):
        given = dict(zip(_names(ANSWER), raw, strict=True))
        for name in ("asked_at", "answered_at"):
            given[name] = bulk.read_instant(given[name])
        yield AnswerRow(**_with_json(given, "scores", "segments", "attributes"))


def _select(
    table: str, columns: tuple[str, ...], organization: int, where: str, parameters: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    sql = f"select {', '.join(columns)} from {table} where organization_id = %s and {where}"  # noqa: S608
    return bulk.fetch(sql, [organization, *parameters])


def _names(columns: tuple[str, ...]) -> list[str]:
    return [name.removesuffix("_id") for name in columns]


def _with_json(given: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        given[name] = bulk.read_json(given[name])
    return given
