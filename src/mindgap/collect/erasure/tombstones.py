"""Tombstones: what was erased, beside the record, so that a record that was restored from a backup forgets it again.

One line of JSON for each erasure, appended and synced before the erasure is called done. A line names nobody: it has
digests under the installation's key, by which a restored record finds whom it holds and should not. Each line is
applied once in the life of a record, by its `ref`; so who comes back of their own will is not erased again.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import transaction

from mindgap.collect.channels import vault
from mindgap.collect.channels.addressing import normal
from mindgap.collect.erasure.subject import Subject, find
from mindgap.ground import clock
from mindgap.keep import recorder, submissions
from mindgap.keep.erasure import DUE, EVERYTHING
from mindgap.keep.models import Answer, Erasure, Identity, Interaction, Organization, Submission

SOURCE = "restore"
_PAGE = 2000

log = logging.getLogger("mindgap.erasure")


class Tombstone(msgspec.Struct, frozen=True, omit_defaults=True):
    """One erasure. Of addresses, visits, and keys of answers and interactions there are digests only."""

    ref: UUID
    organization: str
    scope: str
    requested_at: datetime
    done_at: datetime
    identities: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    # Only where there is no address: of somebody who is known by what they did and by nothing else.
    keys: tuple[str, ...] = ()


def raise_(wanted: Erasure, subject: Subject) -> None:
    """Write the tombstone of an erasure; it is on the disk when this returns."""
    # One that was asked for before there were tombstones.
    wanted.ref = wanted.ref or uuid4()
    # Of a visit alone nothing leads to the customer, whose address may have been typed by anybody.
    is_nameless = wanted.scope == EVERYTHING and bool(subject.customers) and not subject.identities
    stone = Tombstone(
        ref=wanted.ref,
        organization=wanted.organization.code,
        scope=wanted.scope,
        requested_at=wanted.requested_at,
        done_at=clock.now(),
        identities=tuple(sorted(_address(*each) for each in subject.identities))
        if wanted.scope == EVERYTHING
        else (),
        visits=tuple(sorted(_visit(key) for key in subject.submission_keys)),
        keys=tuple(sorted(_key(each) for each in {*subject.answer_keys, *subject.interaction_keys}))
        if is_nameless
        else (),
    )
    _append(settings.ERASURES_FILE, msgspec.json.encode(stone) + b"\n")


def missing() -> list[Tombstone]:
    """The tombstones of which the record knows nothing: it is older than they are."""
    stones = {stone.ref: stone for stone in _read(settings.ERASURES_FILE)}
    refs = list(stones)
    for start in range(0, len(refs), _PAGE):
        some = refs[start : start + _PAGE]
        for row in Erasure.objects.filter(ref__in=some).only("ref"):
            if row.ref is not None:
                stones.pop(row.ref, None)
    return list(stones.values())


def reapply() -> int:
    """Ask once more for every erasure that the record does not know of; the worker carries them out. How many."""
    stones = missing()
    if not stones:
        return 0
    # What is still on its way in is to be found as well.
    recorder.catch_up()
    submissions.catch_up()
    made = 0
    for organization in Organization.objects.filter(code__in={stone.organization for stone in stones}):
        theirs = [stone for stone in stones if stone.organization == organization.code]
        with transaction.atomic():
            for stone, subject in _found(organization, theirs):
                # A row for those of whom nothing is held, too: whoever comes later came of their own will.
                Erasure.objects.create(
                    ref=stone.ref,
                    organization=organization,
                    scope=stone.scope,
                    source=SOURCE,
                    requested_at=stone.requested_at,
                    due_at=clock.now() + DUE,
                    subject=subject.write(),
                    digests=list(stone.identities),
                )
                made += 1
    if made:
        log.warning("the record is older than some erasures; carried out again: %d", made)
    return made


def _found(organization: Organization, stones: list[Tombstone]) -> Iterator[tuple[Tombstone, Subject]]:
    """What the record holds of whom each tombstone is about."""
    of_address = _by_digest({each for stone in stones for each in stone.identities}, _addresses(organization))
    of_visit = _by_digest({each for stone in stones for each in stone.visits}, _visits(organization))
    of_key = _by_digest({each for stone in stones for each in stone.keys}, _keys(organization))
    for stone in stones:
        subject = Subject()
        customers = {of_address[each] for each in stone.identities if each in of_address}
        customers |= {of_key[each] for each in stone.keys if each in of_key}
        for customer in customers:
            subject.add(find(Erasure(organization=organization, scope=stone.scope, customer_id=customer)))
        for key in (of_visit[each] for each in stone.visits if each in of_visit):
            subject.add(find(Erasure(organization=organization, scope=stone.scope, submission_key=key)))
        yield stone, subject


def _by_digest(wanted: set[str], there: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {digest: thing for digest, thing in there if digest in wanted} if wanted else {}


def _addresses(organization: Organization) -> Iterator[tuple[str, int]]:
    rows = Identity.objects.filter(organization=organization).values_list("kind", "value", "customer_id")
    for kind, value, customer in rows.iterator(_PAGE):
        yield _address(kind, value), customer


def _visits(organization: Organization) -> Iterator[tuple[str, UUID]]:
    keys = Submission.objects.filter(organization=organization).values_list("key", flat=True)
    for key in keys.iterator(_PAGE):
        yield _visit(str(key)), key


def _keys(organization: Organization) -> Iterator[tuple[str, int]]:
    for model in (Answer, Interaction):
        rows = model.objects.filter(organization=organization).exclude(customer=None)
        for key, customer in rows.values_list("key", "customer_id").iterator(_PAGE):
            yield _key(key), customer


def _address(kind: str, value: str) -> str:
    return vault.digest(kind, normal(kind, value))


def _visit(key: str) -> str:
    return vault.digest("visit", key)


def _key(key: str) -> str:
    return vault.digest("key", key)


def _append(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        # A line that a crash cut off must not swallow this one.
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (b"\n" if is_torn else b"") + line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> Iterator[Tombstone]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for number, line in enumerate(lines, start=1):
        try:
            yield msgspec.json.decode(line, type=Tombstone)
        except msgspec.DecodeError:
            # The erasure whose line was cut off was not done, and was written again.
            if line.strip():
                log.warning("%s: line %d is not readable and is left out", path, number)
