"""Ready rows delivered to the record in batches, each row judged first: new, changed, already there, or refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from mindgap.collect.body import bodies
from mindgap.collect.mapping import Record
from mindgap.collect.receive import Parcel, pack, receive
from mindgap.collect.refusal import Refusal
from mindgap.collect.result import Tally
from mindgap.ground import identity
from mindgap.keep import batch, bulk, recorder
from mindgap.keep.models import Organization, Quarantine

BATCH = 10_000
_TABLES = {"interaction": "keep_interaction", "answer": "keep_answer"}


@dataclass
class Delivered:
    """Outcome of one ready table; `ready` has the keys and the rows they came from."""

    ready: pl.DataFrame
    tally: Tally = field(default_factory=Tally)
    refused: dict[str, Refusal] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    @cached_property
    def keys(self) -> dict[str, int]:
        """Key to the number of the row in its table."""
        return dict(zip(self.ready["key"], self.ready["row"], strict=True))

    def refused_rows(self) -> dict[int, Refusal]:
        """What was refused after all, by the number of the row."""
        return {self.keys[key]: refusal for key, refusal in self.refused.items()}


class Delivery:
    """The way into the record for one import: `source` marks its arrivals, a dry run appends none."""

    def __init__(self, organization: Organization, *, source: str, dry_run: bool) -> None:
        self.organization = organization
        self.source = source
        self.dry_run = dry_run
        self._judge = recorder.DryRun(organization.pk)

    def deliver(
        self, frame: pl.DataFrame, record: Record, *, currency: str, progress: Callable[[int], None]
    ) -> Delivered:
        """Deliver the rows of a ready frame with unique keys, telling `progress` of each batch."""
        done = Delivered(frame.select("key", "row"))
        for start in range(0, frame.height, BATCH):
            part = frame.slice(start, BATCH)
            written = bodies(part, record, currency=currency).to_list()
            kind = record.makes.removesuffix("s")
            parcels = [
                pack(self.organization, kind, key, body.encode())
                for key, body in zip(part["key"].to_list(), written, strict=True)
            ]
            self._batch(parcels, done)
            progress(len(parcels))
        return done

    def _batch(self, parcels: Sequence[Parcel], done: Delivered) -> None:
        table = _TABLES.get(parcels[0].kind)
        if table is None:
            # What a customer already is follows from all identities; only the recorder can tell.
            asked = [each._replace(id=identity.uuid7()) for each in parcels]
            self._by_judgement(asked, [batch.KNOWN] * len(asked), done)
            return
        asked, states = self._compare(parcels, table)
        if self.dry_run:
            self._by_judgement(asked, states, done)
        else:
            self._by_comparison(asked, states, done)

    def _compare(self, parcels: Sequence[Parcel], table: str) -> tuple[list[Parcel], list[str]]:
        """What each thing is to the record; one that changes a key gets an id of its own, as A, B, A are three."""
        sql = f"select key, digest from {table} where organization_id = %s and {bulk.among('key', text=True)}"  # noqa: S608
        there = dict(bulk.fetch(sql, [self.organization.pk, bulk.listed(each.key for each in parcels)]))
        if not there:
            return list(parcels), [batch.NEW] * len(parcels)
        asked, states = [], []
        for each in parcels:
            before = there.get(each.key)
            if before is None:
                states.append(batch.NEW)
            else:
                states.append(batch.KNOWN if before == each.digest else batch.CHANGED)
            asked.append(each if states[-1] != batch.CHANGED else each._replace(id=identity.uuid7()))
        return asked, states

    def _by_comparison(self, asked: Sequence[Parcel], states: Sequence[str], done: Delivered) -> None:
        """The quick way: the few that the recorder refuses are taken back when it has seen them."""
        done.changed |= {
            each.key for each, state in zip(asked, states, strict=True) if state == batch.CHANGED
        }
        wanted = [each for each, state in zip(asked, states, strict=True) if state != batch.KNOWN]
        # Appended before and yet not in the record: refused then, and in quarantine since.
        refused = len(wanted) - receive(self.organization, wanted, source=self.source).new
        done.tally.already += states.count(batch.KNOWN)
        done.tally.changed += states.count(batch.CHANGED)
        done.tally.new += states.count(batch.NEW) - refused
        done.tally.quarantined += refused

    def _by_judgement(self, asked: Sequence[Parcel], states: Sequence[str], done: Delivered) -> None:
        """The thorough way: the recorder says what it would do with each."""
        verdicts = self._judge.judge([(each.id, each.kind, self.source, each.body) for each in asked])
        wanted = []
        for each, state, verdict in zip(asked, states, verdicts, strict=True):
            if verdict.state == batch.REFUSED:
                done.refused[each.key] = Refusal(verdict.reason, verdict.column, verdict.words)
                done.tally.quarantined += 1
            elif verdict.state == batch.KNOWN:
                done.tally.already += state != batch.NEW
                done.tally.quarantined += state == batch.NEW
            else:
                done.tally.new += verdict.state == batch.NEW
                done.tally.changed += verdict.state == batch.CHANGED
                wanted.append(each)
        if not self.dry_run:
            receive(self.organization, wanted, source=self.source)


def take_back(delivered: Delivered, row: Quarantine) -> str | None:
    """Move a row that the recorder refused from new or changed to quarantined; its key, if it is one of these."""
    key = row.raw.get("key") if isinstance(row.raw, dict) else None
    if not isinstance(key, str) or key not in delivered.keys:
        return None
    if key in delivered.changed:
        delivered.tally.changed -= 1
    else:
        delivered.tally.new -= 1
    delivered.tally.quarantined += 1
    delivered.refused[key] = Refusal(row.reason, row.column, row.words)
    return key
