"""Pace: how many requests a second one key, or one address, may make; whoever goes faster delays only themself."""

import time
from collections import OrderedDict

_NAMES_MOST = 50_000


class Pace:
    """So many a second on average, and as many at once after a rest. In this process only.

    One number per name is kept: the instant at which all that it did so far would be done at an even pace.
    """

    def __init__(self, per_second: int) -> None:
        self._step = 1.0 / per_second if per_second else 0.0
        self._done_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, name: str, *, now: float | None = None) -> float:
        """Count one request: 0.0 when it may pass, else the seconds after which one may, and it counts for nothing."""
        if not self._step:
            return 0.0
        now = time.monotonic() if now is None else now
        done_at = max(self._done_at.get(name, now), now)
        over = done_at + self._step - (now + 1.0)
        # Half a step of slack: sums of fractions are never exact.
        if over > self._step / 2:
            return over
        self._done_at[name] = done_at + self._step
        self._done_at.move_to_end(name)
        while len(self._done_at) > _NAMES_MOST:
            self._done_at.popitem(last=False)
        return 0.0
