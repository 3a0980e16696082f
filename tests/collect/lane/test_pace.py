"""Whoever sends too fast delays only themself (C5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.collect.lane.caller import post, talk

from mindgap.collect import key
from mindgap.collect.lane.pace import Pace
from mindgap.keep.models import Arrival, Organization

ANSWER = {"answered_at": "2026-11-01T10:00:00+08:00", "scores": {"satisfaction": 4}}


def test_a_second_after_a_rest_holds_as_many_as_agreed_and_the_next_must_wait() -> None:
    pace = Pace(10)
    assert [pace.wait("ann", now=5.0) for _ in range(10)] == [0.0] * 10
    assert 0 < pace.wait("ann", now=5.0) <= 0.1 + 1e-9
    assert pace.wait("bo", now=5.0) == 0.0
    assert pace.wait("ann", now=5.1) == 0.0


@given(some.integers(1, 50), some.lists(some.floats(0, 0.2), min_size=1, max_size=300))
def test_in_no_second_more_than_twice_as_many_pass(per_second: int, pauses: list[float]) -> None:
    pace, now, passed = Pace(per_second), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if not pace.wait("ann", now=now):
            passed.append(now)
    for start in passed:
        assert sum(start <= each < start + 1 for each in passed) <= 2 * per_second + 1


def test_no_limit_is_no_limit() -> None:
    pace = Pace(0)
    assert not any(pace.wait("ann", now=0.0) for _ in range(10_000))


@pytest.mark.django_db(transaction=True)
def test_a_key_over_its_pace_is_told_when_to_come_back_and_other_keys_notice_nothing() -> None:
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    fast, other = (key.make(shop.pk, name)[1] for name in ("fast", "other"))
    replies = talk(fast, *[post(ANSWER)] * 8, post(ANSWER, authorization=f"Bearer {other}"), paces=(5, 0))
    assert [each.status_code for each in replies[:5]] == [200] * 5
    assert 429 in [each.status_code for each in replies[5:8]]
    late = next(each for each in replies if each.status_code == 429)
    assert int(late.headers["retry-after"]) >= 1
    assert late.json()["error"]["code"] == "too_fast"
    assert replies[8].status_code == 200
    assert Arrival.objects.count() == sum(each.status_code == 200 for each in replies)


@pytest.mark.django_db(transaction=True)
def test_an_address_over_its_pace_is_stopped_before_its_keys_are_looked_at() -> None:
    replies = talk("mg_wrong", *[post(ANSWER)] * 6, paces=(0, 3))
    assert [each.status_code for each in replies[:3]] == [401] * 3
    assert 429 in [each.status_code for each in replies[3:]]
