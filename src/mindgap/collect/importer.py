"""Importing: from files and a mapping to arrivals, the record and the facts.

1. Open the files and run the mapping's queries.
2. Make the registers that the mapping declares and that are missing.
3. For each kind of record, read whole columns, check them, set aside what does not fit, settle duplicate keys.
4. Deliver the rest in batches; let the recorder catch up; set aside what it refused.

A dry run does the same and writes nothing.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction

from mindgap.collect.aside import Origin, set_aside
from mindgap.collect.deliver import Delivered, Delivery, take_back
from mindgap.collect.mapping import Mapping, Record
from mindgap.collect.notes import of_registers, of_sheet
from mindgap.collect.ready import Setting
from mindgap.collect.register import Declared, Known, declare, known, organization_of
from mindgap.collect.register.codes import make_channels, make_units
from mindgap.collect.remembered import remember
from mindgap.collect.result import KINDS, ImportResult, Tally
from mindgap.collect.sheet import Sheet, open_sheets
from mindgap.collect.table import Prepared, check_columns, observed_until, prepare, tables_of
from mindgap.ground import clock, identity
from mindgap.keep import facts, recorder
from mindgap.keep.models import Organization, Quarantine

# Arrivals recorded between two signs of progress.
_STEP = 20_000


class Progress(Protocol):
    """Told how far an import is: the stage (`reading`, `importing`, `recording`), what is done, of how much."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """Nobody is watching."""


def run(
    paths: tuple[Path, ...],
    mapping: Mapping,
    *,
    organization: Organization | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ImportResult:
    """Import the files at `paths` as `mapping` says, for `organization` or the one that the mapping declares.

    Raises `ImportProblem` or `FileProblem` when the import as a whole cannot be done; nothing is written then.
    """
    progress("reading", 0, 0)
    sheets = list(open_sheets(paths, mapping))
    check_columns(sheets, mapping)
    # Whatever waits is recorded first: only then is it known what is new.
    recorder.catch_up()
    ready = list(_ready(sheets, mapping, _rehearse(mapping, organization)))
    with _registers(mapping, organization, dry_run=dry_run) as registers:
        return _Import(sheets, mapping, registers, dry_run=dry_run, progress=progress).run(ready)


@dataclass(frozen=True, slots=True)
class Registers:
    """What the import finds declared."""

    organization: Organization
    declared: Declared


@dataclass(frozen=True, slots=True)
class _Ready:
    """One record section made ready from one table; `how` is what was decided over whole columns."""

    sheet: Sheet
    number: int
    record: Record
    prepared: Prepared
    how: dict[str, Any]


@dataclass(slots=True)
class _Part:
    """What became of it."""

    ready: _Ready
    delivered: Delivered

    @property
    def kind(self) -> str:
        return self.ready.record.makes.removesuffix("s")


def _rehearse(mapping: Mapping, organization: Organization | None) -> Known:
    """What will be known once the mapping's registers are made, without making them: the rows may not be usable."""
    with transaction.atomic():
        there = organization or organization_of(mapping)
        declare(there, mapping)
        found = known(there)
        transaction.set_rollback(True)
    return found


@contextmanager
def _registers(mapping: Mapping, organization: Organization | None, *, dry_run: bool) -> Iterator[Registers]:
    """The registers as the import needs them; in a dry run those that it would make are gone afterwards."""
    with transaction.atomic():
        there = organization or organization_of(mapping)
        registers = Registers(there, declare(there, mapping))
        if dry_run and registers.declared.made:
            # The dry run goes on in here: it needs to find what it has declared.
            yield registers
        if dry_run:
            transaction.set_rollback(True)
    if not (dry_run and registers.declared.made):
        yield registers


def _ready(sheets: list[Sheet], mapping: Mapping, there: Known) -> Iterator[_Ready]:
    """Every record section over every table it reads, checked, in the order of delivery."""
    setting = Setting(there, clock.zone(mapping.zone or there.zone), mapping.date_order)
    for kind in KINDS:
        for number, record in enumerate(mapping.record):
            if record.makes != kind:
                continue
            as_of = observed_until(record, sheets, mapping, setting)
            for sheet in tables_of(record, sheets, mapping):
                here = replace(setting, as_of=as_of, date_order=mapping.how(sheet.name).date_order)
                prepared = prepare(sheet.frame, record, here)
                how: dict[str, Any] = {"as_of": as_of.isoformat() if as_of else "", "orders": prepared.orders}
                yield _Ready(sheet, number, record, prepared, how)


class _Import:
    def __init__(
        self,
        sheets: list[Sheet],
        mapping: Mapping,
        registers: Registers,
        *,
        dry_run: bool,
        progress: Progress,
    ) -> None:
        self.sheets = sheets
        self.mapping = mapping
        self.registers = registers
        self.organization = registers.organization
        self.dry_run = dry_run
        self.progress = progress
        self.source = f"import:{identity.uuid7().hex}"
        self.tallies = {kind: Tally() for kind in KINDS}
        self.reasons: Counter[str] = Counter()

    def run(self, ready: list[_Ready]) -> ImportResult:
        if self.dry_run:
            self._settle(self._deliver(ready))
            return self._result()
        columns = {name for sheet in self.sheets for name in sheet.frame.columns}
        kept = remember(self.organization.pk, self.mapping, columns)
        self._make_codes(ready)
        parts = self._deliver(ready)
        self._record(parts)
        self._settle(parts)
        self._set_aside(parts, mapping=kept.pk)
        return self._result()

    def _make_codes(self, ready: list[_Ready]) -> None:
        """Units and channels in one go; the recorder would make each by itself."""
        for name, make in (("unit", make_units), ("channel", make_channels)):
            columns = [each.prepared.frame[name] for each in ready if name in each.prepared.frame.columns]
            make(self.organization.pk, (code for column in columns for code in column.drop_nulls().unique()))

    def _deliver(self, ready: list[_Ready]) -> list[_Part]:
        delivery = Delivery(self.organization, source=self.source, dry_run=self.dry_run)
        total, done = sum(each.prepared.frame.height for each in ready), 0

        def advance(rows: int) -> None:
            nonlocal done
            done += rows
            self.progress("importing", done, total)

        currency = self.mapping.currency
        return [
            _Part(
                each, delivery.deliver(each.prepared.frame, each.record, currency=currency, progress=advance)
            )
            for each in ready
        ]

    def _record(self, parts: list[_Part]) -> None:
        """Let the recorder catch up, and take back what it refused."""
        total = sum(part.delivered.tally.new + part.delivered.tally.changed for part in parts)
        done = 0
        while recorded := recorder.catch_up(limit=_STEP):
            done += recorded.arrivals
            self.progress("recording", min(done, total), total)
        # A long tail is counted slowly, and there may be no worker that would close it.
        facts.close_tail(self.organization)
        refused = Quarantine.objects.filter(organization=self.organization, source=self.source)
        for row in refused:
            for part in parts:
                if part.kind == row.kind and take_back(part.delivered, row):
                    row.delete()
                    break

    def _settle(self, parts: list[_Part]) -> None:
        """Count every row in one place."""
        for part in parts:
            self.tallies[part.ready.record.makes] += part.ready.prepared.tally + part.delivered.tally
            self.reasons.update(refusal.reason for refusal in part.ready.prepared.refused.values())
            self.reasons.update(refusal.reason for refusal in part.delivered.refused.values())
            if before := part.delivered.tally.quarantined - len(part.delivered.refused):
                self.reasons["refused_before"] += before

    def _set_aside(self, parts: list[_Part], *, mapping: int) -> None:
        """Keep the refused rows in quarantine, with their lines."""
        for part in parts:
            ready = part.ready
            origin = Origin(ready.sheet, mapping, ready.number, part.kind, ready.how)
            set_aside(self.organization.pk, origin, ready.prepared.refused | part.delivered.refused_rows())

    def _result(self) -> ImportResult:
        notes = [note for sheet in self.sheets for note in of_sheet(sheet)]
        return ImportResult(
            organization=self.organization.code,
            dry_run=self.dry_run,
            tables={sheet.file: sheet.frame.height for sheet in self.sheets},
            blank=sum(sheet.blank for sheet in self.sheets),
            by_kind={kind: tally for kind, tally in self.tallies.items() if tally.read},
            reasons=dict(sorted(self.reasons.items())),
            made=self.registers.declared.made,
            notes=(*notes, *of_registers(self.registers.declared)),
        )
