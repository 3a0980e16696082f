"""Readers: each in order, from where it was, never past one that has yet to commit or that must go first."""

import threading

import pytest
from django.db import connection, transaction
from tests.keep.company import Company, at

from mindgap.ground import identity
from mindgap.keep import appender, reader, recorder
from mindgap.keep.models import Arrival
from mindgap.keep.reader import START, Reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    return Company()


def send(company, *kinds, source="test"):
    for kind in kinds:
        company.send_raw(kind.encode(), kind=kind, source=source)


def read(one, limit=100):
    """The bodies of the next batch, which is then behind the reader."""
    stretch = one.batch(limit)
    with transaction.atomic():
        assert one.advance(stretch)
    return [each.body.decode() for each in stretch.arrivals]


def test_a_reader_goes_through_everything_once_and_in_order(company):
    one = Reader("one")
    send(company, "a", "b", "c")
    assert [read(one, 2), read(one, 2), read(one, 2)] == [["a", "b"], ["c"], []]
    send(company, "d")
    assert read(one) == ["d"]


def test_readers_have_places_of_their_own(company):
    send(company, "a", "b")
    assert read(Reader("one")) == ["a", "b"]
    assert read(Reader("two")) == ["a", "b"]
    assert reader.position("one") == reader.position("two") == reader.last()
    assert reader.position("three") == START


def test_a_reader_of_some_kinds_and_sources_passes_over_the_others_for_good(company, monkeypatch):
    one = Reader("one", kinds=("a", "b"), sources=("mine",))
    send(company, "a", "b", "c", source="theirs")
    send(company, "c", "a", source="mine")
    send(company, "c", "b", "c", source="mine")
    assert [read(one, 1), read(one, 1), read(one, 1)] == [["a"], ["b"], []]
    assert one.position() == reader.last()
    assert not one.batch(1)
    send(company, *"cccc", "a", source="mine")
    monkeypatch.setattr(reader, "_SPAN", 3)
    assert [read(one), read(one)] == [[], ["a"]]


def test_an_arrival_is_read_as_it_was_appended(company):
    name = identity.uuid7()
    appender.append(company.organization.id, [(name, "a", "mine", b"\x00\xff")])
    (arrival,) = Reader("one").batch(1).arrivals
    there = Arrival.objects.get()
    assert (arrival.id, arrival.organization, arrival.seq) == (name, company.organization.id, there.seq)
    assert (arrival.kind, arrival.source, arrival.body) == ("a", "mine", b"\x00\xff")
    assert arrival.received_at == there.received_at


def test_of_two_that_read_the_same_stretch_one_advances(company):
    send(company, "a", "b")
    first, second = Reader("one").batch(10), Reader("one").batch(10)
    with transaction.atomic():
        assert Reader("one").advance(first)
    with transaction.atomic():
        assert not Reader("one").advance(second)
    assert not Reader("one").batch(10)


def test_a_reader_that_died_before_its_commit_reads_again(company):
    send(company, "a")
    one = Reader("one")
    stretch = one.batch(1)

    @transaction.atomic
    def die():
        assert one.advance(stretch)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert read(one) == ["a"]


def test_a_reader_that_goes_behind_another_never_overtakes_it(company):
    behind = Reader("second", behind=recorder.READER)
    company.interaction("o1", experienced=at(2))
    assert not behind.batch(10)
    recorder.catch_up()
    company.interaction("o2", experienced=at(2))
    assert len(behind.batch(10).arrivals) == 1


def test_chasing_ends_where_the_arrivals_ended_when_it_began(company):
    send(company, "a", "b", "c")
    one, seen = Reader("one"), []
    for _ in one.chase():
        seen += read(one, 2)
        send(company, "late")
    assert seen == ["a", "b", "c", "late"]
    assert one.position() < reader.last()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_a_reader_waits_for_a_slower_transaction(company):
    began, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            send(company, "slow")
            began.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    began.wait(10)
    send(company, "quick")
    some = Reader("some", kinds=("slow", "quick"))
    assert not Reader("one").batch(10)
    assert not some.batch(10)
    go_on.set()
    thread.join()
    assert read(some) == ["slow", "quick"]
