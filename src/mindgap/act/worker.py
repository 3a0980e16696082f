"""The worker: readers of arrivals in turn, closing of facts, imports that people started on a page.

Each step is safe to run twice and leaves its place in the database, so the worker may die anywhere.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections

from mindgap.act import forgetting
from mindgap.act.alert import reading as alert_reading
from mindgap.act.alert import timed as alert_timed
from mindgap.act.audit import due as audit_due
from mindgap.act.case import escalation, verification
from mindgap.act.improvement import deadline as improvement_deadline
from mindgap.collect import run as background
from mindgap.collect.channels import deliver, outbox
from mindgap.collect.erasure import run as erasures
from mindgap.collect.programme import run as programme
from mindgap.ground import clock
from mindgap.keep import facts, reader, recorder, submissions
from mindgap.keep.models import Organization

# Short enough that a reading is on the pages well within a second of its receipt.
_IDLE_SECONDS = 0.1
_ERROR_SECONDS = 2.0
_TURN_SECONDS = 1.0
_CARE_SECONDS = 5.0
# How long a message that is just being handed over may take when the worker ends.
_SENDING_SECONDS = 5.0

log = logging.getLogger("mindgap.worker")


def run(*, once: bool = False) -> None:
    """Work until SIGTERM, or, with `once`, until nothing is waiting."""
    # Before anything is read or sent: the record may be an old one.
    forgetting.recall()
    if once:
        _work(threading.Event(), once=True)
        return
    stopping = threading.Event()
    _stop_on_signal(stopping)
    # Apart, because a slow provider must not keep what comes in waiting.
    sending = threading.Thread(target=outbox.run, args=(stopping,), name="outbox", daemon=True)
    sending.start()
    try:
        _work(stopping, once=False)
    finally:
        stopping.set()
        sending.join(_SENDING_SECONDS)


def _work(stopping: threading.Event, *, once: bool) -> None:
    cared_at, quiet = None, _Quiet()
    while not stopping.is_set() and not _is_orphan():
        try:
            worked = step() if once else quiet.unless(step)
            if once:
                worked = deliver.run_next() or worked
            if cared_at is None or (clock.now() - cared_at).total_seconds() > _CARE_SECONDS:
                care(force=once)
                cared_at = clock.now()
        except Exception:
            if once:
                raise
            log.exception("the worker met an error and goes on")
            stopping.wait(_ERROR_SECONDS)
            worked = False
        close_old_connections()
        if once and not worked:
            return
        if not worked:
            stopping.wait(_IDLE_SECONDS)


class _Quiet:
    """Nothing to do: then only whether something has come in is looked at, and a whole turn is taken once a second.

    (Not more seldom: on PostgreSQL a slow transaction may commit behind what was seen last.)
    """

    def __init__(self) -> None:
        self._last: reader.Position | None = None
        self._at = -_TURN_SECONDS

    def unless(self, turn: Callable[[], bool]) -> bool:
        """Take a turn, unless nothing has come in since the last one that found nothing; whether anything was done."""
        last, now = reader.last(), time.monotonic()
        if last == self._last and now - self._at < _TURN_SECONDS:
            return False
        worked = turn()
        self._last, self._at = (None if worked else last), now
        return worked


def step() -> bool:
    """One turn of every reader; whether anything was done."""
    recorded, taken_in = recorder.run_batch(), submissions.run_batch()
    asked = programme.run_next(has_open_case=verification.has_open_case)
    looked = escalation.run_next()
    erased = erasures.run_next(also=forgetting.forget)
    answered = verification.read_answers()
    judged = alert_reading.run_batch()
    imported = background.run_next()
    return any((recorded, taken_in, asked, looked, erased, answered, judged, imported))


def care(*, force: bool = False) -> None:
    """What need not happen at once: facts are closed and merged, and what comes due by time is looked for.

    What goes wrong with one keeps no other waiting, unless `force` says that somebody waits for the outcome.
    """
    for organization in Organization.objects.all():
        facts.close_tail(organization, force=force)
        facts.compact(organization)
    facts.sweep()
    for look in (
        programme.care,
        alert_timed.run_due,
        verification.ask_due,
        escalation.tell_executives,
        audit_due.tell_due,
        improvement_deadline.care,
    ):
        try:
            look()
        except Exception:
            if force:
                raise
            log.exception("%s met an error and is tried again", look.__module__)


def _stop_on_signal(stopping: threading.Event) -> None:
    def set_event(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, set_event)
    signal.signal(signal.SIGINT, set_event)


def _is_orphan() -> bool:
    """Whether the supervisor that started this worker is gone: two workers must not pile up after a crash."""
    parent = os.environ.get("MINDGAP_PARENT")
    return parent is not None and os.getppid() != int(parent)
