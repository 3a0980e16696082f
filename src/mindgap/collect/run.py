"""Imports in the background: claimed by conditional update, done in a thread of the worker, taken over when it dies."""

import logging
import threading
from datetime import timedelta

from django.db import connections
from django.db.models import F, Q

from mindgap.collect import uploads
from mindgap.collect.errors import ImportProblem
from mindgap.collect.import_run import ImportRun
from mindgap.ground import clock

_SILENT = timedelta(seconds=60)
_SIGN_OF_LIFE = timedelta(seconds=0.5)
_MOST_ATTEMPTS = 3
_GLANCE_SECONDS = 0.05

log = logging.getLogger("mindgap.import")
_working: threading.Thread | None = None


def run_next() -> bool:
    """Begin the next import that waits, or look after the one that runs; whether there was any.

    It runs in a thread of its own, so that what customers say meanwhile is counted within its second.
    """
    global _working  # noqa: PLW0603 - one import at a time per process is the point
    if _working is not None:
        _working.join(_GLANCE_SECONDS)
        if _working.is_alive():
            return True
        _working = None
    claimed = claim()
    if claimed is None:
        return False
    _working = threading.Thread(target=_in_thread, args=(claimed,), name="import", daemon=True)
    _working.start()
    return True


def claim() -> ImportRun | None:
    """Take the oldest import that waits or whose worker has gone silent; of two workers only one gets it."""
    waiting = Q(state="waiting") | Q(state="running", alive_at__lt=clock.now() - _SILENT)
    for found in ImportRun.objects.filter(waiting).order_by("created_at", "id")[:3]:
        taken = ImportRun.objects.filter(
            pk=found.pk, state=found.state, alive_at=found.alive_at, attempts=found.attempts
        ).update(state="running", alive_at=clock.now(), attempts=F("attempts") + 1)
        if taken:
            return ImportRun.objects.get(pk=found.pk)
    return None


def do(claimed: ImportRun) -> None:
    """Do a claimed import to its end; safe to do again, as everything is counted once."""
    row = ImportRun.objects.filter(pk=claimed.pk)
    if claimed.attempts > _MOST_ATTEMPTS:
        _fail(
            claimed,
            "gave_up",
            "the worker stopped three times in the middle of this import; look into its log",
        )
        return
    there = uploads.find(claimed.organization, claimed.file)
    if there is None:
        _fail(claimed, "file_gone", "the uploaded file is gone; upload it again")
        return
    # What reads files takes a second to load: a worker without an import does not wait for it.
    from mindgap.collect.files import FileProblem
    from mindgap.collect.importer import run as import_files

    told = clock.now()

    def progress(stage: str, done: int, total: int) -> None:  # noqa: ARG001 - the page shows a share only
        nonlocal told
        if clock.now() - told >= _SIGN_OF_LIFE:
            told = clock.now()
            row.update(done=done, total=total, alive_at=told)

    try:
        result = import_files(
            (there.path,), claimed.mapping.mapping, organization=claimed.organization, progress=progress
        )
    except (ImportProblem, FileProblem) as problem:
        _fail(claimed, problem.code, str(problem))
        return
    except Exception:
        log.exception("import %s failed", claimed.pk)
        _fail(claimed, "error", "something unexpected went wrong; the worker's log says what")
        return
    total = result.total.read
    row.update(state="done", done=total, total=total, result=result.as_dict(), finished_at=clock.now())
    uploads.forget(there)


def _in_thread(claimed: ImportRun) -> None:
    try:
        do(claimed)
    finally:
        connections.close_all()


def _fail(claimed: ImportRun, code: str, words: str) -> None:
    now = clock.now()
    ImportRun.objects.filter(pk=claimed.pk).update(
        state="failed", problem_code=code, problem=words[:2000], finished_at=now
    )
