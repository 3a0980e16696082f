"""Beside the event loop: one question for many, renewed ahead of need, and nothing older than agreed."""

import asyncio
import threading

import pytest

from mindgap.collect import beside
from mindgap.collect.beside import Memory


class Record:
    """Answers with how often it was asked; it can be held up, and broken."""

    def __init__(self) -> None:
        self.asked, self.is_broken = 0, False
        self.open = threading.Event()
        self.open.set()

    def look(self) -> int:
        assert self.open.wait(10)
        self.asked += 1
        if self.is_broken:
            raise OSError("the disk is gone")
        return self.asked


@pytest.fixture
def record():
    yield Record()
    beside.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Seconds that pass when they are told to."""
    now = [100.0]
    monkeypatch.setattr(beside, "_now", lambda: now[0])
    return now


async def _settled(memory: Memory) -> None:
    await asyncio.gather(*memory._looking.values())


def test_many_who_ask_at_once_cost_one_question(record: Record) -> None:
    async def run() -> list[int]:
        memory: Memory[str, int] = Memory()
        record.open.clear()
        asking = [asyncio.ensure_future(memory.find("shop", record.look)) for _ in range(50)]
        await asyncio.sleep(0)
        asking[0].cancel()
        record.open.set()
        return list(await asyncio.gather(*asking[1:]))

    assert asyncio.run(run()) == [1] * 49
    assert record.asked == 1


def test_what_is_still_asked_for_is_renewed_without_anybody_waiting(record: Record, clock) -> None:
    async def run() -> None:
        memory: Memory[str, int] = Memory(seconds=1.0)
        assert await memory.find("shop", record.look) == 1
        clock[0] += 0.6
        # The old one at once, and one look behind the scenes.
        record.open.clear()
        assert [await memory.find("shop", record.look) for _ in range(5)] == [1] * 5
        record.open.set()
        await _settled(memory)
        clock[0] += 0.45
        assert await memory.find("shop", record.look) == 2
        clock[0] += 1.0
        assert await memory.find("shop", record.look) == 3

    asyncio.run(run())


def test_a_failing_record_is_an_error_unless_an_older_finding_may_stand_in(record: Record, clock) -> None:
    async def run() -> None:
        strict: Memory[str, int] = Memory()
        patient: Memory[str, int] = Memory(patience=60)
        for memory in (strict, patient):
            await memory.find("shop", record.look)
        record.is_broken = True
        clock[0] += 2
        with pytest.raises(OSError, match="disk"):
            await strict.find("shop", record.look)
        assert await patient.find("shop", record.look) == 2
        clock[0] += 61
        with pytest.raises(OSError, match="disk"):
            await patient.find("shop", record.look)
        record.is_broken = False
        assert await strict.find("shop", record.look) > 2

    asyncio.run(run())


def test_the_longest_unused_is_forgotten_when_there_is_no_room(record: Record) -> None:
    async def run() -> None:
        memory: Memory[int, int] = Memory(seconds=1000, most=2)
        assert [await memory.find(name, record.look) for name in (1, 2, 3, 3, 2, 1)] == [1, 2, 3, 3, 2, 4]

    asyncio.run(run())


@pytest.mark.django_db(transaction=True)
def test_threads_keep_their_connection_until_they_are_closed() -> None:
    from django.db import connection

    def connected() -> int:
        connection.ensure_connection()
        return id(connection.connection)

    async def run() -> set[int]:
        return {await beside.ask(connected) for _ in range(20)}

    assert len(asyncio.run(run())) <= 4
    held = list(beside._connections)
    beside.close()
    assert held
    assert all(each.connection is None for each in held)
