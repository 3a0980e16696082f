"""The outbox as a loop of its own: a slow provider must not keep what comes in waiting."""

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections

from mindgap.collect.channels import deliver
from mindgap.ground import clock

_IDLE_SECONDS = 1.0
_ERROR_SECONDS = 5.0
_SWEEP = timedelta(hours=1)

log = logging.getLogger("mindgap.sending")


def run(stopping: threading.Event) -> None:
    """Send what is due until told to stop; several may run at once."""
    swept = clock.now() - _SWEEP
    while not stopping.is_set():
        pause = 0.0
        try:
            if not deliver.run_next():
                pause = _IDLE_SECONDS
            if clock.now() - swept >= _SWEEP:
                deliver.sweep()
                swept = clock.now()
        except Exception:
            log.exception("the outbox met an error and goes on")
            pause = _ERROR_SECONDS
        close_old_connections()
        stopping.wait(pause)
