"""Waves, lists and echoes: who is asked on a schedule, once in each round (R149, R197)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.collect.programme.conftest import NOON, another, work

from mindgap.collect.programme import candidates, waves
from mindgap.collect.programme.plan import Plan
from mindgap.ground import clock
from mindgap.keep.models import Contact, Invitation, Wave

pytestmark = pytest.mark.django_db(transaction=True)

MONTHLY = {"trigger": "schedule", "event": {}, "schedule": {"every": 1, "unit": "month", "at": "09:00"}}


def test_a_round_asks_each_customer_of_the_condition_once(store, programme, person, channels) -> None:
    gold = {"all": [{"column": "segment.tier", "op": "is", "value": "gold"}]}
    made = programme("pulse", condition=gold, since=NOON - timedelta(hours=5), **MONTHLY)
    for place in range(4):
        each = person(email=f"c{place}@x.org")
        each.segments = {"tier": "gold" if place % 2 else "basic"}
        each.save()
    work()
    work()
    wave = made.waves.get()
    assert (wave.number, wave.state, wave.starts_at) == (1, "running", datetime(2026, 3, 31, 1, tzinfo=UTC))
    assert wave.ends_at == datetime(2026, 4, 30, 1, tzinfo=UTC)
    assert [each.outcome for each in Contact.objects.filter(wave=wave)] == ["sent", "sent"]
    with clock.frozen(datetime(2026, 4, 30, 5, 0, tzinfo=UTC)):
        work()
    assert list(Wave.objects.values_list("number", "state")) == [(1, "ended"), (2, "running")]
    # Thirty days were over, but the survey rests for ninety.
    assert set(Contact.objects.filter(wave__number=2).values_list("outcome", flat=True)) == {"skipped_rest"}


@pytest.mark.parametrize(
    ("schedule", "starts"),
    [
        ({"every": 1, "unit": "month", "at": "09:00"}, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        ({"every": 2, "unit": "week", "at": "09:00"}, [date(2026, 1, 31), date(2026, 2, 14), date(2026, 2, 28)]),
        ({"every": 10, "unit": "day", "at": "09:00"}, [date(2026, 1, 31), date(2026, 2, 10), date(2026, 2, 20)]),
        ({"every": 1, "unit": "day", "at": "05:00"}, [date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 3)]),
    ],
)  # fmt: skip
def test_rounds_begin_at_the_local_time_of_the_plan(store, programme, schedule, starts) -> None:
    made = programme(
        "pulse", trigger="schedule", schedule=schedule, since=datetime(2026, 1, 31, 0, 0, tzinfo=UTC)
    )
    zone = clock.zone("Asia/Shanghai")
    found = [waves.start_of(made, Plan.of(made), n).astimezone(zone) for n in range(3)]
    assert [each.date() for each in found] == starts
    assert {each.strftime("%H:%M") for each in found} == {schedule["at"]}


def test_a_piece_that_was_filled_before_the_worker_died_is_not_filled_twice(
    store, programme, person, channels
) -> None:
    made = programme("pulse", since=NOON - timedelta(hours=5), **MONTHLY)
    person(email="a@x.org")
    waves.open_due(NOON)
    Wave.objects.update(state="planned")
    person(email="b@x.org")
    assert waves.open_due(NOON) == 1
    assert Contact.objects.filter(programme=made).count() == 2


def test_a_list_names_customers_by_any_identity_and_says_who_is_unknown(
    store, programme, person, channels
) -> None:
    made = programme("list", trigger="schedule", schedule={"every": 0}, since=NOON + timedelta(days=900))
    person(email="a@x.org", phone="138")
    person(email="b@x.org")
    wave, asked, unknown = waves.ask_these(made, ["A@x.org", "138", "b@x.org", "nobody", " "], NOON)
    assert (asked, unknown) == (2, ["nobody"])
    work()
    assert [each.outcome for each in Contact.objects.filter(wave=wave)] == ["sent", "sent"]


def test_who_said_what_they_expect_is_asked_sixty_days_later_how_it_was(
    store, programme, visit, person, channels
) -> None:
    """R149, R197: the second half of the pair, between 60 and 90 days, once."""
    before = programme("before", kind="expectation")
    programme(
        "echo", kind="echo", survey=another(visit, "echo"), trigger="schedule", schedule={"echo_of": "before"}
    )
    for days in (59, 61, 91):
        Invitation.objects.create(
            organization=store,
            survey=visit,
            programme=before,
            customer=person(email=f"{days}@x.org"),
            token_digest=str(days),
            state="answered",
            answered_at=NOON - timedelta(days=days),
        )
    work()
    work()
    (row,) = Contact.objects.all()
    assert (row.outcome, row.invitation.customer.identities.get().value) == ("sent", "61@x.org")
    assert candidates.take_echoes(NOON) == 0
