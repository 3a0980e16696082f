"""Beside the event loop: questions to the record in a few threads that keep their connection, and what they answered.

A connection for each question would cost more than the question; all who ask the same at once get one answer.
"""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

_THREADS = 4
_T = TypeVar("_T")
_Name = TypeVar("_Name")

# What counts the seconds here; tests let it run ahead.
_now = time.monotonic
_lock = threading.Lock()
_pools: list[ThreadPoolExecutor] = []
_connections: set[Any] = set()


async def ask(look: Callable[[], _T]) -> _T:
    """What a function finds that asks the record."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), _looked, look)


def close() -> None:
    """Let the threads end and close their connections; whoever asks afterwards begins anew."""
    with _lock:
        pools, connections = _pools[:], list(_connections)
        _pools.clear()
        _connections.clear()
    for pool in pools:
        pool.shutdown(wait=True)
    for connection in connections:
        # Its own thread has ended, so that this one may.
        connection.inc_thread_sharing()
        connection.close()


def _pool() -> ThreadPoolExecutor:
    with _lock:
        if not _pools:
            _pools.append(ThreadPoolExecutor(_THREADS, thread_name_prefix="beside"))
        return _pools[0]


def _looked(look: Callable[[], _T]) -> _T:
    from django.db import connections

    connection = connections["default"]
    _connections.add(connection)
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    try:
        return look()
    except BaseException:
        # Perhaps it is broken: the next question opens a new one.
        connection.close()
        raise


class Memory(Generic[_Name, _T]):
    """What was found under a name, for `seconds` at most; also that nothing was found.

    In the second half of that time one look in the background renews what is still asked for: nobody waits for it.
    While looks fail, what was found at most `patience` seconds ago stands in.
    """

    def __init__(self, *, seconds: float = 1.0, most: int = 10_000, patience: float = 0.0) -> None:
        self._seconds, self._most, self._patience = seconds, most, patience
        # (until when it may be used, from when on it is renewed, what was found)
        self._known: OrderedDict[_Name, tuple[float, float, _T]] = OrderedDict()
        self._looking: dict[_Name, asyncio.Task[_T]] = {}

    async def find(self, name: _Name, look: Callable[[], _T]) -> _T:
        """What is known under the name, or what `look` finds."""
        found, now = self._known.get(name), _now()
        if found is not None and now < found[1]:
            return found[2]
        task = self._looking.get(name)
        if task is None:
            task = self._looking[name] = asyncio.create_task(self._look(name, look))
            task.add_done_callback(lambda done: self._looked(name, done))
        if found is not None and now < found[0]:
            return found[2]
        try:
            # Many may wait; one who gives up must not take the answer from the others.
            return await asyncio.shield(task)
        except Exception:
            if found is not None and now < found[0] + self._patience:
                return found[2]
            raise

    async def _look(self, name: _Name, look: Callable[[], _T]) -> _T:
        # What is found may have changed a moment later: its time begins before the question.
        began = _now()
        found = await ask(look)
        self._known[name] = (began + self._seconds, began + self._seconds / 2, found)
        self._known.move_to_end(name)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def _looked(self, name: _Name, task: "asyncio.Task[_T]") -> None:
        self._looking.pop(name, None)
        if not task.cancelled():
            # Whoever waited was told; who did not will ask again before the time is up.
            task.exception()
