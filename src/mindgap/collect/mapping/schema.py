"""The mapping: which column of which file is what. The same object from a TOML file and from the page's form."""

from typing import Literal

import msgspec

# Day, month and year in the order in which the file writes them; empty: as the values themselves show.
DateOrder = Literal["", "dmy", "mdy", "ymd"]
Texts = str | dict[str, str]
# `as_of = "last"`: the latest instant at which anything in the data happened.
LAST = "last"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What every part of a mapping has in common: an unknown key is an error, not a silence."""


class Field(Part, frozen=True):
    """Where a value comes from: a column, a constant, or a template over columns; then a table of replacements."""

    column: str = ""
    value: str | int | float | bool | None = None
    template: str = ""
    map: dict[str, str] = {}
    default: str | int | float | None = None
    # How the text is to be read where that cannot be seen: a serial number or a count of seconds looks like a number.
    read: Literal["", "text", "number", "instant", "excel", "epoch_s", "epoch_ms"] = msgspec.field(
        default="", name="as"
    )
    date_order: DateOrder = ""


Source = str | Field


class Status(Part, frozen=True):
    """A column with words for how far the interaction is.

    With `completed`, exactly those words complete it; without, whatever has been experienced is complete.
    """

    column: str
    completed: tuple[str, ...] | None = None
    cancelled: tuple[str, ...] = ()
    open: tuple[str, ...] | None = None


class StatementSource(Part, frozen=True):
    """An expectation stated in numbers, beside or without a score."""

    measure: str
    value: Source
    kind: Literal["should", "will", "minimum"] = "will"
    source: Source = ""


class Record(Part, frozen=True):
    """One kind of thing made from each row of a table."""

    makes: Literal["interactions", "answers", "customers"] = msgspec.field(name="as")
    table: str = msgspec.field(default="", name="from")
    key: Source = ""
    # Identity kind -> column: `customer = {email = "E-mail", order = "order_id"}`.
    customer: dict[str, Source] = {}
    customer_name: Source = ""
    language: Source = ""
    touchpoint: Source = ""
    channel: Source = ""
    unit: Source = ""
    promise: Source = ""
    interaction: Source = ""
    started: Source = ""
    promised: Source = ""
    experienced: Source = ""
    expected: Source = ""
    asked: Source = ""
    answered: Source = ""
    told_before_due: Source = ""
    status: Status | None = None
    scores: dict[str, Source] = {}
    statements: tuple[StatementSource, ...] = ()
    comment: Source = ""
    weight: Source = ""
    segments: dict[str, Source] = {}
    attributes: dict[str, Source] = {}
    revenue: Source = ""
    cost: Source = ""
    currency: Source = ""
    as_of: str = ""
    # "first", "last", "refuse" or "latest(column)".
    keep: str = ""
    # Rows that are left out, as a condition: {all = [{column = "score", op = "filled"}]}.
    where: dict[str, list[dict[str, object]]] = {}


class Query(Part, frozen=True):
    """SQL over the files of the folder; its result is a table of that name."""

    sql: str
    name: str = "query"


class File(Part, frozen=True):
    """How to open one file (by its stem), where it cannot be seen or was chosen by a person."""

    encoding: str = ""
    delimiter: str = ""
    header_rows: int | tuple[int, ...] | None = None
    sheet: str | None = None
    date_order: DateOrder = ""


class OrganizationPart(Part, frozen=True):
    """The organization to make where the data folder has none yet."""

    code: str
    name: Texts = ""
    zone: str = ""
    currency: str = ""
    language: str = ""


class StagePart(Part, frozen=True):
    code: str
    name: Texts = ""


class JourneyPart(Part, frozen=True):
    code: str
    name: Texts = ""
    stage: tuple[StagePart, ...] = ()


class MeasurePart(Part, frozen=True):
    code: str
    kind: Literal["likelihood", "satisfaction", "effort", "emotion", "duration", "share", "money", "count"]
    name: Texts = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    unit: str = ""
    higher_is_better: bool | None = None


class MetricPart(Part, frozen=True):
    code: str
    measure: str
    summary: Literal["nps", "top", "mean", "effort", "gap", "kept"]
    name: Texts = ""
    # In the words of the scale, not in steps: the least value that counts.
    top_from: float | None = None
    goal: float | None = None


class TouchpointPart(Part, frozen=True):
    code: str
    name: Texts = ""
    kind: str = "service"
    journey: str = ""
    stage: str = ""
    measure: str = ""
    partner: str = ""
    is_moment_of_truth: bool = False
    is_controllable: bool = True
    is_observed: bool = False


class OccurrencePart(Part, frozen=True):
    place: Literal[
        "advertisement", "social", "website", "script", "warranty", "policy", "contract", "message", "staff"
    ]
    words: Texts = ""
    where: str = ""
    channel: str = ""
    touchpoint: str = ""
    quantity: float | None = None


class PromisePart(Part, frozen=True):
    code: str
    touchpoint: str
    measure: str = ""
    name: Texts = ""
    bound: Literal["at_most", "at_least", "exactly"] = "at_most"
    quantity: float | None = None
    rule: Literal["calendar", "timestamp"] = "calendar"
    starts: str = ""
    conditions: Texts = ""
    is_time_critical: bool = False
    occurrence: tuple[OccurrencePart, ...] = ()


class NamedPart(Part, frozen=True):
    """A segment or channel."""

    code: str
    name: Texts = ""


class SourcePart(Part, frozen=True):
    """A source from which expectations come."""

    code: str
    name: Texts = ""
    is_controllable: bool = False


class UnitPart(Part, frozen=True):
    code: str
    name: Texts = ""
    kind: str = "branch"
    parent: str = ""
    zone: str = ""


class Mapping(Part, frozen=True):
    """A whole mapping."""

    name: str = ""
    zone: str = ""
    currency: str = ""
    language: str = ""
    date_order: DateOrder = ""
    as_of: str = ""
    organization: OrganizationPart | None = None
    file: dict[str, File] = {}
    query: Query | tuple[Query, ...] = ()
    journey: tuple[JourneyPart, ...] = ()
    measure: tuple[MeasurePart, ...] = ()
    metric: tuple[MetricPart, ...] = ()
    segment: tuple[NamedPart, ...] = ()
    channel: tuple[NamedPart, ...] = ()
    unit: tuple[UnitPart, ...] = ()
    source: tuple[SourcePart, ...] = ()
    touchpoint: tuple[TouchpointPart, ...] = ()
    promise: tuple[PromisePart, ...] = ()
    record: tuple[Record, ...] = ()

    @property
    def queries(self) -> tuple[Query, ...]:
        return (self.query,) if isinstance(self.query, Query) else self.query

    def how(self, stem: str) -> File:
        """How to open the file of that stem."""
        found = self.file.get(stem) or self.file.get("*") or File()
        order = found.date_order or self.date_order
        return msgspec.structs.replace(found, date_order=order)

    def opened(self, how: File | None) -> "Mapping":
        """The mapping with a person's choice of how to open files, which is remembered with it."""
        return self if how is None else msgspec.structs.replace(self, file=self.file | {"*": how})

    def only(self, makes: str) -> "Mapping":
        """The mapping with the record sections of one kind; all of them for an empty one."""
        if not makes:
            return self
        return msgspec.structs.replace(
            self, record=tuple(each for each in self.record if each.makes == makes)
        )
