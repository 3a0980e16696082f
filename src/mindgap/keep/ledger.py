"""Ledger: a prepared batch written down, all or nothing, in the transaction of the caller."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from mindgap.ground import clock
from mindgap.keep import bulk, readings, rows
from mindgap.keep.batch import CHANGED, KNOWN, NEW, REFUSED, Batch, Verdict, digest_of
from mindgap.keep.expectation import PLACES

READING = ("organization_id", "sign", *readings.COLUMNS)
_QUARANTINE = (
    "organization_id", "kind", "source", "line", "reason", "words", '"column"', "raw", "digest", "state", "created_at",
)  # fmt: skip


def write(batch: Batch) -> None:
    """Write rows, readings, quarantine and tallies."""
    batch.people.write_new()
    organization, interactions, answers = batch.organization, batch.interactions, batch.answers
    made = ((organization, *rows.interaction_values(row)) for row in interactions.new())
    bulk.insert("keep_interaction", ("organization_id", *rows.INTERACTION), made)
    changed = (rows.interaction_values(row) for row in interactions.changed())
    bulk.update("keep_interaction", rows.INTERACTION[1:], changed)
    made = ((organization, *rows.answer_values(row)) for row in answers.new())
    bulk.insert("keep_answer", ("organization_id", *rows.ANSWER), made)
    bulk.update("keep_answer", rows.ANSWER[1:], (rows.answer_values(row) for row in answers.changed()))
    _write_expectations(batch)
    batch.people.write_merged()
    _write_readings(batch)
    _write_quarantine(batch)
    _write_tallies(batch)


def set_aside(organization: int, refused: Iterable[tuple[str, str, bytes, Verdict]]) -> None:
    """Keep `(kind, source, body, verdict)` in quarantine, each once."""
    now = bulk.instant(clock.now())
    bulk.insert_missing(
        "keep_quarantine",
        _QUARANTINE,
        (
            (
                organization, kind, source, None, verdict.reason, _printable(verdict.words),
                _printable(verdict.column)[:200], _raw(body),
                digest_of(f"{kind}\n{source}\n".encode() + body), "open", now,
            )
            for kind, source, body, verdict in refused
        ),
    )  # fmt: skip


def _write_expectations(batch: Batch) -> None:
    answers = batch.answers
    again = [(id_ * PLACES, id_ * PLACES + PLACES) for id_ in batch.statements if id_ in answers.stored]
    bulk.many("delete from keep_expectation where id >= %s and id < %s", again)
    made = []
    for id_, statements in batch.statements.items():
        answer = answers.now[id_]
        for said in statements:
            whose = (said.id, answer.customer, answer.interaction, answer.touchpoint)
            made.append((batch.organization, *whose, *rows.expectation_values(said)[4:]))
    bulk.insert("keep_expectation", ("organization_id", *rows.EXPECTATION), made)
    moved = [row for row in answers.changed() if row.id not in batch.statements]
    bulk.many(
        "update keep_expectation set customer_id = %s, interaction_id = %s, touchpoint_id = %s"
        " where id >= %s and id < %s",
        (
            (row.customer, row.interaction, row.touchpoint, row.id * PLACES, row.id * PLACES + PLACES)
            for row in moved
        ),
    )


def _write_readings(batch: Batch) -> None:
    if not batch.readings:
        return
    bulk.insert("keep_reading", READING, ((batch.organization, *reading) for reading in batch.readings))
    bulk.execute(
        "insert into keep_factversion (organization_id, version, closed_to, tail_since) values (%s, 0, 0, %s)"
        " on conflict (organization_id) do update"
        " set tail_since = coalesce(keep_factversion.tail_since, excluded.tail_since)",
        [batch.organization, bulk.instant(clock.now())],
    )


def _write_quarantine(batch: Batch) -> None:
    refused = (
        (given.kind, given.source, given.body, verdict)
        for given, verdict in zip(batch.given, batch.verdicts, strict=True)
        if verdict.state == REFUSED
    )
    set_aside(batch.organization, refused)


def _write_tallies(batch: Batch) -> None:
    counted: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    order = (NEW, CHANGED, KNOWN, REFUSED)
    for (source, kind, state), count in batch.counts.items():
        counted[source, kind][order.index(state)] = count
    bulk.many(
        "insert into keep_tally (organization_id, source, kind, new, changed, known, quarantined)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (organization_id, source, kind) do update set"
        " new = keep_tally.new + excluded.new, changed = keep_tally.changed + excluded.changed,"
        " known = keep_tally.known + excluded.known, quarantined = keep_tally.quarantined + excluded.quarantined",
        ((batch.organization, *key, *counts) for key, counts in counted.items()),
    )


def _printable(text: str) -> str:
    """PostgreSQL holds every character but NUL."""
    return text.replace("\x00", "�")


def _raw(body: bytes) -> str:
    """The body as JSON that any database can hold."""
    try:
        msgspec.json.decode(body)
        text = body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = bulk.json({"body": body.decode(errors="replace").replace("\x00", "�")})
    return text.replace("\\u0000", "�")
