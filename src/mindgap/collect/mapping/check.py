"""What a mapping must hold together, beyond the kinds of its values."""

import re
from collections.abc import Iterator
from string import Formatter

from mindgap.collect.mapping import schema
from mindgap.collect.mapping.place import Path
from mindgap.ground import clock
from mindgap.ground.condition import BadCondition, Condition

Problem = tuple[Path, str]

_LATEST = re.compile(r"^latest\((.+)\)$")
_SEGMENT = re.compile(r"[a-z][a-z0-9_]{0,31}")
_NEEDED = {
    "interactions": ("key", "touchpoint", "started"),
    "answers": ("key", "answered"),
    "customers": ("customer",),
}
_ONLY = {
    "interactions": {"started", "promised", "experienced", "expected", "status", "told_before_due", "revenue", "cost", "currency", "promise", "as_of"},
    "answers": {"asked", "answered", "scores", "statements", "comment", "weight", "interaction"},
    "customers": {"customer_name"},
}  # fmt: skip


def problems(mapping: schema.Mapping) -> Iterator[Problem]:
    """Each thing that does not hold together: where, and what to do."""
    yield from _zones(mapping)
    for name in (
        "measure",
        "metric",
        "segment",
        "channel",
        "unit",
        "source",
        "touchpoint",
        "promise",
        "journey",
    ):
        yield from _once(name, [part.code for part in getattr(mapping, name)])
    yield from _once("query", [query.name for query in mapping.queries])
    for number, record in enumerate(mapping.record):
        for path, words in _record(record):
            yield ("record", number, *path), words


def keep_rule(record: schema.Record) -> tuple[str, str]:
    """The rule for one key with several contents, and the column that it looks at.

    Nothing is dropped that nobody asked to drop, but a customer may well stand in many rows.
    """
    if found := _LATEST.match(record.keep):
        return "latest", found[1].strip()
    return record.keep or ("last" if record.makes == "customers" else "refuse"), ""


def columns_of(source: schema.Source) -> tuple[str, ...]:
    """The columns that a source of values reads."""
    if isinstance(source, str):
        return (source,) if source else ()
    if source.column:
        return (source.column,)
    return tuple(name for _, name, _, _ in Formatter().parse(source.template) if name)


def columns_in(record: schema.Record) -> Iterator[str]:
    """Every column that a record section reads, some more than once."""
    for _, source in sources(record):
        yield from columns_of(source)
    if record.status:
        yield record.status.column
    rule, column = keep_rule(record)
    if rule == "latest":
        yield column
    yield from (clause.column for clause in Condition.read(record.where).clauses())


def _zones(mapping: schema.Mapping) -> Iterator[Problem]:
    named: list[tuple[Path, str]] = [(("zone",), mapping.zone)]
    if mapping.organization:
        named.append((("organization", "zone"), mapping.organization.zone))
    named += [(("unit", number, "zone"), unit.zone) for number, unit in enumerate(mapping.unit)]
    for path, name in named:
        if name:
            try:
                clock.zone(name)
            except ValueError as problem:
                yield path, str(problem)


def _once(name: str, codes: list[str]) -> Iterator[Problem]:
    for number, code in enumerate(codes):
        if not code.strip():
            yield (name, number, "code"), "a code must not be empty"
        if code in codes[:number]:
            yield (name, number), f"{code!r} stands here a second time; every {name} has a code of its own"


def _record(record: schema.Record) -> Iterator[Problem]:
    for name in _NEEDED[record.makes]:
        if not getattr(record, name):
            yield (), f"{record.makes} need {name!r}: name its column, or give {{value = ...}}"
    for kind, names in _ONLY.items():
        if kind in (record.makes, "customers"):
            continue
        for name in sorted(names):
            if getattr(record, name):
                yield (
                    (name,),
                    f"{name!r} belongs to {kind}, not to {record.makes}; take it out or change `as`",
                )
    if record.makes == "answers" and not (record.scores or record.comment or record.statements):
        yield (), "answers need `scores`, `statements` or a `comment`"
    if record.keep and keep_rule(record)[0] not in ("first", "last", "refuse", "latest"):
        yield ("keep",), f"{record.keep!r} is no rule; use first, last, refuse or latest(column)"
    try:
        Condition.read(record.where)
    except BadCondition as problem:
        yield ("where",), str(problem)
    for code in record.segments:
        if not _SEGMENT.fullmatch(code):
            yield (
                ("segments", code),
                "the code of a segment is made of a-z, 0-9 and _, at most 32, beginning with a letter",
            )
    for path, source in sources(record):
        yield from _source(path, source)


def sources(record: schema.Record) -> Iterator[tuple[Path, schema.Source]]:
    """Every source of values of a record with its path."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, schema.Field) or (
            isinstance(value, str) and name not in ("makes", "table", "as_of", "keep")
        ):
            yield (name,), value
        elif name in ("customer", "scores", "segments", "attributes"):
            for key, source in value.items():
                yield (name, key), source
    for number, statement in enumerate(record.statements):
        yield ("statements", number, "value"), statement.value
        yield ("statements", number, "source"), statement.source


def _source(path: Path, source: schema.Source) -> Iterator[Problem]:
    if isinstance(source, str):
        return
    given = [bool(source.column), source.value is not None, bool(source.template)]
    if sum(given) != 1:
        yield path, "give exactly one of column, value, template"
    try:
        names = columns_of(source)
    except ValueError as problem:
        yield path, f"the template cannot be read ({problem}); write columns in braces: {{order_id}}"
        return
    if source.template and not names:
        yield path, "the template names no column; for a constant use value"
