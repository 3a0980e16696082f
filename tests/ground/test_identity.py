"""Ids that are made without asking anybody."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mindgap.ground import clock, identity


def test_a_uuid7_says_what_it_is_and_when_it_was_made():
    """RFC 9562, section 5.7."""
    instant = clock.now() + timedelta(days=1)
    with clock.frozen(instant):
        made = identity.uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(instant.timestamp() * 1000)
    # Leave the module's memory of the latest stamp behind it.
    identity._last = 0


def test_later_ids_are_never_earlier_even_when_the_clock_goes_back():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    identity._last = 0
    with clock.frozen(now):
        first = identity.uuid7()
    with clock.frozen(now - timedelta(hours=1)):
        second = identity.uuid7()
    identity._last = 0
    assert second.int >> 80 == first.int >> 80


def test_ids_differ_in_all_threads():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: identity.uuid7(), range(5000)))
    assert len(set(made)) == 5000


def test_a_child_does_not_make_the_ids_that_its_parent_makes():
    identity.uuid7()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, b"".join(identity.uuid7().bytes for _ in range(50)))
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 800)
    mine = {identity.uuid7().bytes[8:] for _ in range(50)}
    os.close(read)
    os.close(write)
    assert len(theirs) == 800
    assert not mine & {theirs[start + 8 : start + 16] for start in range(0, 800, 16)}


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_the_same_content_has_the_same_id_and_other_content_another(one, other):
    assert (identity.content_id(*one) == identity.content_id(*other)) == (one == other)


def test_a_content_id_stays_the_same_for_ever():
    assert str(identity.content_id("acme", "answer", "r1")) == "32af6b3d-5958-5f2d-a1f0-0d9218a0df39"
