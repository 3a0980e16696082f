"""Replay: entries of quarantine sent through the door again, as they are by now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import polars as pl

from mindgap.collect.deliver import Delivery, take_back
from mindgap.collect.errors import ImportProblem
from mindgap.collect.mapping import Mapping, check
from mindgap.collect.quarantine.values import is_row
from mindgap.collect.ready import Setting
from mindgap.collect.receive import parcel, receive
from mindgap.collect.refusal import Refusal
from mindgap.collect.register import known, listing
from mindgap.collect.remembered import RememberedMapping
from mindgap.collect.table import prepare
from mindgap.ground import clock, identity
from mindgap.keep import appender, batch, incoming, recorder, submissions
from mindgap.keep.models import Organization, Quarantine


@dataclass(slots=True)
class Replayed:
    """How many entries are in the record now, and how many are refused still."""

    done: int = 0
    refused: int = 0


def replay(organization: Organization, ids: Iterable[int] | None = None) -> Replayed:
    """Replay open entries (None: all); what is refused again stays, with the reason of now."""
    chosen = Quarantine.objects.filter(organization=organization, state="open")
    if ids is not None:
        chosen = chosen.filter(pk__in=list(ids))
    recorder.catch_up()
    outcome = Replayed()
    groups: dict[tuple[int, int, str], list[Quarantine]] = defaultdict(list)
    bodies = []
    for entry in chosen:
        if is_row(entry):
            how = msgspec.json.encode(entry.raw.get("how", {}), order="deterministic").decode()
            groups[entry.raw.get("mapping", 0), entry.raw.get("record", 0), how].append(entry)
        else:
            bodies.append(entry)
    for (mapping, record, how), entries in groups.items():
        said = msgspec.json.decode(how)
        if "register" in said:
            refused = _listed(organization, said, entries)
        else:
            refused = _rows(organization, mapping, record, said, entries)
        _settle(entries, refused, outcome)
    visits = [entry for entry in bodies if entry.kind == "submission"]
    others = [entry for entry in bodies if entry.kind != "submission"]
    if others:
        _settle(others, _bodies(organization, others), outcome)
    if visits:
        # After the answers, so that a submission finds the customer of its answer.
        _settle(visits, _visits(organization, visits), outcome)
    return outcome


def _rows(
    organization: Organization,
    mapping_id: int,
    number: int,
    said: dict[str, Any],
    entries: Sequence[Quarantine],
) -> dict[int, Refusal]:
    """Replay rows that were read by one section of one mapping; what is refused, by place."""
    kept = RememberedMapping.objects.filter(organization=organization, pk=mapping_id).first()
    if kept is None or number >= len(kept.mapping.record):
        gone = Refusal(
            "mapping_gone", "", "the mapping that this row was read with is gone; import the file again"
        )
        return dict.fromkeys(range(len(entries)), gone)
    mapping = kept.mapping
    frame = _frame(mapping, number, entries)
    setting = Setting(
        known(organization),
        clock.zone(mapping.zone or organization.zone),
        mapping.date_order,
        datetime.fromisoformat(said["as_of"]) if said.get("as_of") else None,
        said.get("orders", {}),
    )
    try:
        prepared = prepare(frame, mapping.record[number], setting)
    except ImportProblem as problem:
        return dict.fromkeys(range(len(entries)), Refusal(problem.code, "", str(problem)))
    delivery = Delivery(organization, source=f"replay:{identity.uuid7().hex}", dry_run=False)
    record = mapping.record[number]
    delivered = delivery.deliver(
        prepared.frame, record, currency=mapping.currency, progress=lambda _rows: None
    )
    recorder.catch_up()
    for row in Quarantine.objects.filter(organization=organization, source=delivery.source):
        if take_back(delivered, row):
            row.delete()
    return prepared.refused | delivered.refused_rows()


def _listed(
    organization: Organization, said: dict[str, Any], entries: Sequence[Quarantine]
) -> dict[int, Refusal]:
    """Replay rows of a list of touchpoints or promises; what is refused, by place."""
    rows = [entry.raw["row"] for entry in entries]
    listed = listing.bring_in(organization, said["register"], rows, said["columns"], dry_run=False)
    return {place: Refusal(reason, "", words) for place, (reason, words) in listed.refused.items()}


def _frame(mapping: Mapping, number: int, entries: Sequence[Quarantine]) -> pl.DataFrame:
    """The rows as a table of texts with every column that the section reads."""
    wanted = dict.fromkeys(check.columns_in(mapping.record[number]))
    names = list(wanted | dict.fromkeys(name for entry in entries for name in entry.raw["row"]))
    return pl.DataFrame(
        {name: [entry.raw["row"].get(name) for entry in entries] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def _bodies(organization: Organization, entries: Sequence[Quarantine]) -> dict[int, Refusal]:
    """Replay what programs sent; what is refused, by place."""
    refused: dict[int, Refusal] = {}
    judge = recorder.DryRun(organization.pk)
    for place, entry in enumerate(entries):
        try:
            thing = incoming.read(msgspec.json.encode(entry.raw))
        except msgspec.DecodeError as problem:
            refused[place] = Refusal("unreadable", "", f"{problem}; correct the field and replay it")
            continue
        packed = parcel(organization, thing, id=identity.uuid7())
        (verdict,) = judge.judge([(packed.id, packed.kind, entry.source, packed.body)])
        if verdict.state == batch.REFUSED:
            refused[place] = Refusal(verdict.reason, verdict.column, verdict.words)
        else:
            receive(organization, [packed], source=entry.source)
    recorder.catch_up()
    return refused


def _visits(organization: Organization, entries: Sequence[Quarantine]) -> dict[int, Refusal]:
    """Replay submissions of surveys; what is refused, by place."""
    refused: dict[int, Refusal] = {}
    sources: dict[str, int] = {}
    items = []
    for place, entry in enumerate(entries):
        try:
            thing = incoming.read_submission(msgspec.json.encode(entry.raw))
        except msgspec.DecodeError as problem:
            refused[place] = Refusal("unreadable", "", f"{problem}; correct the field and replay it")
            continue
        # A source for each, by which it is found should it be refused again.
        id_ = identity.uuid7()
        source = f"replay:{id_.hex}"
        sources[source] = place
        items.append((id_, "submission", source, incoming.write(thing)))
    appender.append(organization.pk, items)
    recorder.catch_up()
    submissions.catch_up()
    for row in Quarantine.objects.filter(organization=organization, source__in=sources):
        refused[sources[row.source]] = Refusal(row.reason, row.column, row.words)
        row.delete()
    return refused


def _settle(entries: Sequence[Quarantine], refused: dict[int, Refusal], outcome: Replayed) -> None:
    for place, entry in enumerate(entries):
        if place in refused:
            refusal = refused[place]
            entry.reason, entry.words, entry.column = refusal.reason, refusal.words, refusal.column[:200]
            outcome.refused += 1
        else:
            entry.state = "replayed"
            outcome.done += 1
        entry.save(update_fields=["reason", "words", "column", "state"])
