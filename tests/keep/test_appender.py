"""Appending: durable before the receipt, once for each id, one bad hand-over never at its neighbours' cost."""

import threading
import time
from concurrent.futures import wait

import pytest
from django.db import connection, transaction

from mindgap.ground import identity
from mindgap.keep import appender
from mindgap.keep.appender import Full, Item, Writer
from mindgap.keep.models import Arrival, Organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


@pytest.fixture
def writer():
    made = Writer(limit=100)
    yield made
    made.close()


def item(organization):
    return Item(organization.id, identity.uuid7(), "answer", "api", b"{}")


def test_nothing_appended_is_nothing():
    assert appender.append(1, []) == appender.AppendResult(0, 0)


def test_a_body_comes_back_as_it_came_in(organization):
    body = bytes(range(256)) + "承诺".encode()
    appender.append(organization.id, [(identity.uuid7(), "answer", "test", body)])
    assert bytes(Arrival.objects.get().body) == body


def test_arrivals_know_their_transaction_where_several_may_write(organization):
    """PostgreSQL: readers stop before a transaction that is still running."""
    for _ in range(2):
        appender.append(organization.id, [(identity.uuid7(), "answer", "test", b"{}") for _ in range(2)])
    numbers = list(Arrival.objects.order_by("seq").values_list("transaction", flat=True))
    if connection.vendor == "postgresql":
        assert numbers[0] == numbers[1] < numbers[2] == numbers[3]
    else:
        assert numbers == [0, 0, 0, 0]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans in no time")
def test_the_statements_that_append_few_and_many_are_planned_once_for_a_connection(organization):
    for count in (1, 8, 1, 9, 1, 30):
        items = [(identity.uuid7(), "answer", "test", b"{}") for _ in range(count)]
        assert appender.append(organization.id, items).new == count
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like '%keep_arrival%'")
        assert cursor.fetchone() == (2,)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_the_recorder_waits_for_a_slower_transaction(organization):
    from mindgap.keep import recorder

    began, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            appender.append(organization.id, [(identity.uuid7(), "answer", "test", b"slow")])
            began.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    began.wait(10)
    appender.append(organization.id, [(identity.uuid7(), "answer", "test", b"quick")])
    assert recorder.run_batch().arrivals == 0
    go_on.set()
    thread.join()
    assert recorder.catch_up().arrivals == 2


def test_what_a_future_promised_is_in_the_record(organization, writer):
    futures = [writer.put([item(organization), item(organization)]) for _ in range(20)]
    wait(futures, timeout=20)
    assert [future.result().kept for future in futures] == [2] * 20
    assert Arrival.objects.count() == 40


def test_the_same_id_handed_over_twice_is_one_arrival_and_two_receipts(organization, writer):
    again = item(organization)
    assert [writer.put([again]).result(10).kept for _ in range(2)] == [1, 1]
    assert Arrival.objects.count() == 1


def test_a_bad_hand_over_fails_alone(organization, writer):
    futures = [writer.put([item(organization)]) for _ in range(3)]
    bad = writer.put([Item(organization.id + 999, identity.uuid7(), "answer", "api", b"{}")])
    futures += [writer.put([item(organization)]) for _ in range(3)]
    wait([*futures, bad], timeout=20)
    assert bad.exception() is not None
    assert [future.result().kept for future in futures] == [1] * 6
    assert Arrival.objects.count() == 6


def test_more_than_the_limit_is_refused_at_once(organization):
    writer = Writer(limit=3)
    with connection.cursor() as cursor:
        # Hold the writer up: it cannot append while this transaction is open.
        with transaction.atomic():
            lock = (
                "lock table keep_arrival" if connection.vendor == "postgresql" else "delete from keep_arrival"
            )
            cursor.execute(lock)
            futures = [writer.put([item(organization)])]
            while writer._items:
                pass
            futures += [writer.put([item(organization)]) for _ in range(3)]
            with pytest.raises(Full):
                writer.put([item(organization)])
        wait(futures, timeout=20)
    assert Arrival.objects.count() == 4
    writer.close()


def test_closing_commits_what_waits_and_takes_no_more(organization):
    writer = Writer(limit=1000)
    futures = [writer.put([item(organization)]) for _ in range(50)]
    writer.close()
    assert all(future.done() for future in futures)
    assert Arrival.objects.count() == 50
    with pytest.raises(Full):
        writer.put([item(organization)])


def test_a_broken_connection_fails_its_hand_over_and_the_next_is_kept(organization, writer, monkeypatch):
    with monkeypatch.context() as patch:

        def fail(items):
            raise OSError("disk full")

        patch.setattr(appender, "_insert", fail)
        lost = writer.put([item(organization)])
        wait([lost], timeout=10)
    assert isinstance(lost.exception(), OSError)
    assert writer.put([item(organization)]).result(10).kept == 1
    assert Arrival.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_writers_that_hold_each_others_ids_both_get_through(organization, writer):
    """Two processes get the same ids in another order at the same time; PostgreSQL lets only one go on."""
    one, two = item(organization), item(organization)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # So it is the writer that finds out, not this test.
            cursor.execute("set local deadlock_timeout = '30s'")
        appender.append(organization.id, [two[1:5]])
        waiting = writer.put([one, two])
        until = time.monotonic() + 30
        while not _waits() and time.monotonic() < until:
            time.sleep(0.01)
        appender.append(organization.id, [one[1:5]])
    assert waiting.result(20).kept == 2
    assert Arrival.objects.count() == 2


def _waits() -> bool:
    """Whether somebody who appends waits for somebody else."""
    with connection.cursor() as cursor:
        # What everybody does is looked at once in a transaction, unless it is forgotten.
        cursor.execute("select pg_stat_clear_snapshot()")
        waiting = "wait_event_type = 'Lock' and query like 'insert into keep_arrival%'"
        cursor.execute(f"select count(*) from pg_stat_activity where {waiting}")
        return bool(cursor.fetchone()[0])


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="It needs no turns")
def test_without_a_turn_nothing_is_acknowledged_and_the_next_is_kept(organization, writer, monkeypatch):
    """A folder where no lock can be had, such as a full disk or a share of files."""
    with monkeypatch.context() as patch:

        def fail(file):
            raise OSError("no locks available")

        patch.setattr(appender, "Turns", fail)
        lost = writer.put([item(organization)])
        wait([lost], timeout=10)
    assert isinstance(lost.exception(), OSError)
    kept = writer.put([item(organization)])
    wait([kept], timeout=20)
    assert Arrival.objects.count() == 1
