"""Run: carries requests out, in the worker, well within a day; each leaves a proof that names nobody.

1. The readers catch up, so that whatever came in is where it can be found.
2. In one transaction everything is removed, and what was found is noted in the request.
3. The readers catch up again: a batch that was prepared before cannot be written afterwards.
4. The same once more, for what such a batch brought back; files go.
5. A tombstone is written beside the record, for a record that is restored from a backup; the note is emptied, the
   request is done.

A crash anywhere leaves a request that waits, with its note; doing it again changes nothing that is done.
"""

import logging
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from mindgap.collect import uploads
from mindgap.collect.channels import vault
from mindgap.collect.channels.addressing import normal
from mindgap.collect.erasure import bodies, record, tombstones
from mindgap.collect.erasure.subject import Subject, find
from mindgap.ground import clock
from mindgap.keep import bulk, erasure, recorder, submissions
from mindgap.keep.erasure import DONE, EVERYTHING, REMOVED, VISIT, WAITING
from mindgap.keep.models import Erasure

Also = Callable[[int, Subject], int]

_TRIES = 5

audit = logging.getLogger("mindgap.audit")
log = logging.getLogger("mindgap.erasure")


def run_next(also: Also | None = None) -> bool:
    """Carry out the oldest request that waits; whether there was one.

    `also` removes, in the same transaction, what floors above keep of the person, and says how many that was.
    """
    waiting = Erasure.objects.filter(state=WAITING, attempts__lt=_TRIES).order_by("id").first()
    if waiting is None:
        return False
    Erasure.objects.filter(pk=waiting.pk).update(attempts=waiting.attempts + 1)
    try:
        carry_out(waiting, also)
    except Exception as problem:
        # Tried again at the next turn, and shown in the office when it fails for good.
        log.exception("erasure %s failed", waiting.pk)
        Erasure.objects.filter(pk=waiting.pk).update(problem=type(problem).__name__)
    return True


def reapply(also: Also | None = None) -> int:
    """Carry out again what a restored record does not know to be erased; how many erasures that were."""
    made = tombstones.reapply()
    while made and run_next(also):
        pass
    return made


def carry_out(wanted: Erasure, also: Also | None = None) -> Erasure:
    """Carry one request out to the end."""
    removed: Counter[str] = Counter(wanted.removed)
    with _securely():
        for _ in range(2):
            recorder.catch_up()
            submissions.catch_up()
            with transaction.atomic():
                # A customer that was merged meanwhile is another one by now.
                wanted.refresh_from_db()
                if wanted.state == DONE:
                    return wanted
                subject = find(wanted)
                removed += _remove(wanted, subject, also)
                wanted.subject, wanted.removed = subject.write(), dict(+removed)
                wanted.save(update_fields=["subject", "removed"])
        removed += _files(wanted, subject)
        tombstones.raise_(wanted, subject)
        _settle(wanted, subject, removed)
    audit.info(
        "organization %s: erasure %s (%s, asked by %s) done: %s",
        wanted.organization.code, wanted.pk, wanted.scope, wanted.source, dict(removed),
    )  # fmt: skip
    return wanted


def _remove(wanted: Erasure, subject: Subject, also: Also | None) -> Counter[str]:
    removed: Counter[str] = Counter()
    organization, scope = wanted.organization_id, wanted.scope
    contacts = record.contact_codes(organization)
    removed["arrivals"] = bodies.redact(organization, subject, scope=scope, contacts=contacts)
    if scope == EVERYTHING:
        removed["quarantine"] = bodies.clear_quarantine(organization, subject)
        removed += record.forget_deliveries(organization, subject)
        if also is not None:
            removed["cases"] = also(organization, subject)
    removed += record.forget(wanted, subject, contacts)
    return removed


def _files(wanted: Erasure, subject: Subject) -> Counter[str]:
    removed: Counter[str] = Counter()
    for name in subject.files:
        path = settings.DATA / "attachments" / name[:2] / name
        if path.exists():
            path.unlink()
            removed["files"] += 1
    if wanted.scope == EVERYTHING:
        # Whose rows stand in a spreadsheet cannot be told from outside; all of it was imported, or was not wanted.
        removed["uploads"] = uploads.forget_all(wanted.organization)
    return removed


def _settle(wanted: Erasure, subject: Subject, removed: Counter[str]) -> None:
    now = {vault.digest(kind, normal(kind, value)) for kind, value in subject.identities}
    wanted.digests = sorted({*wanted.digests, *now})
    wanted.state, wanted.done_at, wanted.problem = DONE, clock.now(), ""
    kept = {EVERYTHING: erasure.policy(wanted.organization_id).readings, VISIT: REMOVED}
    wanted.readings = kept.get(wanted.scope, "")
    wanted.subject, wanted.removed, wanted.customer, wanted.submission_key = {}, dict(+removed), None, None
    wanted.save()


class _securely:  # noqa: N801
    """SQLite overwrites what is deleted meanwhile, and its log is emptied at the end."""

    def __enter__(self) -> None:
        if not bulk.is_postgres():
            with connection.cursor() as cursor:
                cursor.execute("pragma secure_delete = on")

    def __exit__(self, *_problem: object) -> None:
        if not bulk.is_postgres() and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("pragma secure_delete = off")
                cursor.execute("pragma wal_checkpoint(truncate)")
