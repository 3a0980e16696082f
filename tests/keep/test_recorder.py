"""From arrivals to the record and the tail of the facts."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.keep.company import Company, at

from mindgap.ground import identity
from mindgap.keep import appender, incoming, ledger, reader, recorder
from mindgap.keep.facts import Question, counts, verify
from mindgap.keep.models import (
    Answer,
    Channel,
    Customer,
    Expectation,
    Identity,
    Interaction,
    Quarantine,
    Reading,
    SegmentValue,
    Unit,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    return Company()


def by(company, *columns, **more):
    return counts(Question(company.organization.id, columns, **more)).rows()


def reasons():
    return list(Quarantine.objects.values_list("reason", flat=True))


def test_an_interaction_and_its_answer_become_a_record_and_readings(company):
    """R3, R8: promise and experience stand together; the answer carries the outcome."""
    company.interaction("o1", started=at(1), due=at(6), experienced=at(8), customer="a@x.org")
    company.answer("r1", interaction="o1", scores={"satisfaction": 2}, answered=at(9), asked=at(9))
    done = recorder.catch_up()
    assert (done.new_interactions, done.new_answers, done.readings) == (1, 1, 2)
    row = Interaction.objects.get()
    assert (row.value, row.promised) == (7, 5)
    assert Answer.objects.get().interaction == row
    assert Answer.objects.get().touchpoint == company.delivery
    assert by(company, "measure", "value", "promised", "outcome", "state") == [
        (company.days.id, 7, 5, -1, 1, 1),
        (company.satisfaction.id, 2, None, -1, 1, 1),
    ]


def test_the_same_content_again_changes_nothing(company):
    for _ in range(2):
        company.interaction("o1", experienced=at(2), due=at(3))
    done = recorder.catch_up()
    assert (done.new_interactions, done.changed_interactions, done.known, done.readings) == (1, 0, 1, 1)


def test_an_item_sent_again_under_its_id_is_no_second_arrival(company):
    item = (identity.uuid7(), "answer", "test", incoming.write(incoming.Answer("r1", answered_at=at(1))))
    assert appender.append(company.organization.id, [item, item]) == appender.AppendResult(new=1, known=1)
    assert appender.append(company.organization.id, [item]) == appender.AppendResult(new=0, known=1)


def test_other_content_under_the_same_key_takes_the_old_reading_back(company):
    company.interaction("o1", experienced=at(8), due=at(6))
    recorder.catch_up()
    company.interaction("o1", experienced=at(4), due=at(6))
    done = recorder.catch_up()
    assert (done.changed_interactions, done.readings) == (1, 2)
    assert by(company, "value", "outcome") == [(3, 1, 1)]
    assert sorted(Reading.objects.values_list("sign", flat=True)) == [-1, 1, 1]
    assert verify(company.organization) == ()


def test_a_changed_interaction_restates_the_readings_of_its_answers(company):
    company.interaction("o1", experienced=at(8), due=at(6), unit="north")
    company.answer("r1", interaction="o1", scores={"satisfaction": 2}, answered=at(9))
    recorder.catch_up()
    company.interaction("o1", experienced=at(6), due=at(6), unit="south")
    recorder.catch_up()
    south = Unit.objects.get(code="south").id
    assert by(company, "measure", "outcome", "unit") == [
        (company.days.id, 0, south, 1),
        (company.satisfaction.id, 0, south, 1),
    ]
    assert verify(company.organization) == ()


def test_an_answer_that_comes_first_is_linked_when_its_interaction_comes(company):
    company.answer("r1", interaction="o1", scores={"satisfaction": 5}, answered=at(9))
    recorder.catch_up()
    assert by(company, "touchpoint", "state", "outcome") == [(0, 0, None, 1)]
    assert Answer.objects.get().awaits == "o1"
    company.interaction("o1", experienced=at(4), due=at(6))
    recorder.catch_up()
    answer = Answer.objects.get()
    assert (answer.interaction.key, answer.awaits) == ("o1", "")
    assert by(company, "touchpoint", "state", "outcome", measures=(company.satisfaction.id,)) == [
        (company.delivery.id, 1, 1, 1)
    ]
    assert verify(company.organization) == ()


def test_both_in_one_batch_are_linked_in_either_order(company):
    company.answer("r1", interaction="o1", scores={"satisfaction": 5}, answered=at(9))
    company.interaction("o1", experienced=at(4), due=at(6))
    assert recorder.catch_up().readings == 2
    assert Answer.objects.get().interaction.key == "o1"


@pytest.mark.parametrize(
    ("asked", "experienced", "early"),
    [(at(3), at(4), 1), (at(4), at(4), 0), (at(5), at(4), 0), (at(5), None, 1)],
)
def test_asked_before_it_happened_is_early(company, asked, experienced, early):
    company.interaction("o1", experienced=experienced, due=at(6))
    company.answer("r1", interaction="o1", scores={"satisfaction": 5}, asked=asked, answered=at(20))
    recorder.catch_up()
    assert by(company, "early", measures=(company.satisfaction.id,)) == [(early, 1)]


def test_late_by_calendar_and_late_by_timestamp_are_two_rules(company):
    """Due at midnight of the sixth: delivered on the sixth is on time by the calendar, late by the clock."""
    company.interaction("o1", due=datetime(2026, 1, 6, tzinfo=UTC), experienced=at(6))
    company.interaction("o2", due=at(6), experienced=at(6))
    company.interaction("o3", due=at(6), experienced=at(6) - timedelta(hours=1))
    recorder.catch_up()
    assert by(company, "outcome", "outcome_time") == [(0, -1, 1), (0, 0, 1), (0, 1, 1)]


def test_a_quantity_stands_in_for_a_promise_of_ones_own(company):
    """And stays as it was promised when the promise is changed later (R8)."""
    company.promise.quantity = 5
    company.promise.save()
    company.interaction("o1", promise="on-time", experienced=at(6))
    company.interaction("o2", promise="on-time", due=at(3), experienced=at(6))
    recorder.catch_up()
    assert by(company, "promised", "outcome", "promise") == [
        (2, -1, company.promise.id, 1),
        (5, 0, company.promise.id, 1),
    ]


@pytest.mark.parametrize(
    ("bound", "value", "outcome"),
    [
        ("at_most", 4, 1), ("at_most", 5, 0), ("at_most", 6, -1),
        ("at_least", 4, -1), ("at_least", 5, 0), ("at_least", 6, 0),
        ("exactly", 4, -1), ("exactly", 5, 0), ("exactly", 6, -1),
    ],
)  # fmt: skip
def test_outcome_respects_the_bound_and_the_direction(company, bound, value, outcome):
    """Fewer days than promised exceed it; more than "at least" merely keep it: days are better few."""
    company.promise.bound = bound
    company.promise.save()
    company.interaction("o1", promise="on-time", due=at(6), experienced=at(1 + value))
    recorder.catch_up()
    assert by(company, "outcome", "outcome_time") == [(outcome, outcome, 1)]


def test_open_interactions_stand_on_the_day_of_their_start(company):
    company.interaction("o1", started=at(2), due=at(6))
    company.interaction("o2", started=at(2), due=at(6), observed_until=at(9))
    company.interaction("o3", started=at(2), due=at(6), cancelled=True)
    recorder.catch_up()
    start = (at(2).date() - datetime(1970, 1, 1).date()).days
    assert by(company, "day", "state", "value", "outcome") == [
        (start, 2, 7, None, 1),
        (start, 2, None, None, 1),
        (start, 3, None, None, 1),
    ]
    assert by(company, "state", "value", as_of=start + 3) == [(2, 3, 1), (2, 7, 1), (3, None, 1)]


def test_a_visit_without_measure_makes_no_reading_but_lends_its_touchpoint(company):
    company.interaction("v1", touchpoint="visit", channel="store")
    company.answer("r1", interaction="v1", scores={"satisfaction": 4}, answered=at(2))
    recorder.catch_up()
    channel = Channel.objects.get(code="store").id
    assert by(company, "touchpoint", "channel", "state", "early") == [(company.visit.id, channel, 1, 0, 1)]


def test_days_are_those_of_the_organizations_zone():
    """R8: ordered Monday late evening in São Paulo, delivered Wednesday morning: two days, not one and a half."""
    company = Company(zone="America/Sao_Paulo")
    started = datetime(2018, 3, 6, 2, 30, tzinfo=UTC)  # Monday 23:30
    company.interaction("o1", started=started, experienced=datetime(2018, 3, 7, 12, tzinfo=UTC))
    recorder.catch_up()
    day = (datetime(2018, 3, 7).date() - datetime(1970, 1, 1).date()).days
    assert by(company, "day", "value") == [(day, 2, 1)]


def test_stated_expectations_are_kept_and_the_predicted_one_stands_beside_the_score(company):
    """R12, R167, R172: by kind and source; `will` before `should`; a statement without score makes a reading."""
    company.answer(
        "r1",
        touchpoint="visit",
        scores={"satisfaction": 3},
        expected=(
            incoming.Statement("satisfaction", 5, "should", "rivals"),
            incoming.Statement("satisfaction", 4, "will", "friends"),
            incoming.Statement("satisfaction", 2, "minimum"),
            incoming.Statement("days", 6, "should"),
        ),
    )
    recorder.catch_up()
    friends = company.organization.expectation_sources.get(code="friends").id
    assert by(company, "measure", "value", "expected", "source") == [
        (company.days.id, None, 6, 0, 1),
        (company.satisfaction.id, 3, 4, friends, 1),
    ]
    kept = Expectation.objects.order_by("id").values_list("kind", "value", "source__code")
    assert list(kept) == [
        ("should", 5, "rivals"),
        ("will", 4, "friends"),
        ("minimum", 2, None),
        ("should", 6, None),
    ]
    company.answer("r1", touchpoint="visit", scores={"satisfaction": 3})
    recorder.catch_up()
    assert not Expectation.objects.exists()
    assert by(company, "measure", "value", "expected") == [(company.satisfaction.id, 3, None, 1)]


def test_identities_of_one_person_make_one_customer(company):
    """R64: known by mail, then by phone, then by both; everything of the two becomes the one's."""
    company.interaction("o1", experienced=at(2), person=incoming.Person({"email": "A@x.org "}))
    company.interaction("o2", experienced=at(2), person=incoming.Person({"phone": "1"}))
    recorder.catch_up()
    assert Customer.objects.count() == 2
    company.answer(
        "r1", scores={"satisfaction": 4}, person=incoming.Person({"email": "a@x.org", "phone": "1"})
    )
    recorder.catch_up()
    customer = Customer.objects.get()
    assert Identity.objects.filter(customer=customer).count() == 2
    assert {row.customer_id for row in Interaction.objects.all()} == {customer.id}
    assert {*Reading.objects.values_list("customer", flat=True)} >= {customer.id}
    assert verify(company.organization) == ()


def test_three_strangers_of_one_batch_who_turn_out_to_be_one_are_one(company):
    company.interaction(
        "o1", experienced=at(2), person=incoming.Person({"email": "a"}, segments={"state": "SP"})
    )
    company.interaction("o2", experienced=at(2), person=incoming.Person({"phone": "1"}))
    company.interaction("o3", experienced=at(2), person=incoming.Person({"email": "a", "phone": "1"}))
    recorder.catch_up()
    customer = Customer.objects.get()
    assert set(Interaction.objects.values_list("customer_id", flat=True)) == {customer.id}
    state = SegmentValue.objects.get().id
    assert by(company, "seg_state") == [(state, 3)]
    assert verify(company.organization) == ()


def test_a_customers_segment_reaches_what_the_customer_did_before(company):
    company.interaction("o1", experienced=at(2), customer="a@x.org")
    company.interaction("o2", experienced=at(2), customer="a@x.org", segments={"state": "RJ"})
    recorder.catch_up()
    company.customer("c1", incoming.Person({"email": "a@x.org"}, segments={"state": "SP", "undeclared": "x"}))
    done = recorder.catch_up()
    assert done.changed_customers == 1
    names = dict(SegmentValue.objects.values_list("value", "id"))
    # What the item says itself wins.
    assert by(company, "seg_state") == sorted([(names["SP"], 1), (names["RJ"], 1)])
    assert verify(company.organization) == ()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (incoming.Interaction("o1", "nowhere", at(1)), "unknown_touchpoint"),
        (incoming.Interaction("o1", "delivery", at(1), promise="none"), "unknown_promise"),
        (incoming.Interaction("o1", "visit", at(1), promise="on-time"), "promise_elsewhere"),
        (incoming.Interaction("o1", "delivery", at(2), experienced_at=at(1)), "experienced_before_start"),
        (incoming.Interaction("o1", "delivery", at(2), due_at=at(1)), "due_before_start"),
        (incoming.Interaction("o1", "delivery", at(2), observed_until=at(1)), "observed_before_start"),
        (incoming.Interaction("o1", "delivery", at(1), experienced=-1), "off_scale"),
        (incoming.Interaction("o1", "delivery", at(1), experienced=3e9), "off_scale"),
        (incoming.Interaction("o1", "visit", at(1), experienced=1), "nothing_measured"),
        (incoming.Interaction("o1", "delivery", at(1), revenue="1", currency="USD"), "other_currency"),
        (incoming.Interaction("o1", "delivery", at(1), revenue="1,5"), "bad_amount"),
        (incoming.Interaction("", "delivery", at(1)), "no_key"),
        (incoming.Interaction("o" * 201, "delivery", at(1)), "too_long"),
        (incoming.Interaction("o1", "delivery", datetime(2026, 1, 1)), "no_zone"),
        (incoming.Interaction("o1", "delivery", datetime(20, 1, 1, tzinfo=UTC)), "impossible_date"),
        (incoming.Answer("r1", at(1), scores={"joy": 1}), "unknown_measure"),
        (incoming.Answer("r1", at(1), scores={"satisfaction": 6}), "off_scale"),
        (incoming.Answer("r1", at(1), scores={"satisfaction": 2.5}), "off_scale"),
        (incoming.Answer("r1", at(1), asked_at=at(2)), "answered_before_asked"),
        (incoming.Answer("r1", at(1), weight=-1), "bad_weight"),
        (
            incoming.Answer("r1", at(1), expected=(incoming.Statement("days", 1, "hope"),)),
            "unknown_expectation",
        ),
        (incoming.Answer("r1", at(1), comment="\x00"), "control_character"),
    ],
)
def test_what_does_not_fit_goes_to_quarantine_and_the_rest_goes_on(company, item, reason):
    company.send(item)
    company.interaction("fine", experienced=at(2))
    done = recorder.catch_up()
    assert (done.quarantined, done.new_interactions) == (1, 1)
    kept = Quarantine.objects.get()
    assert kept.reason == reason
    assert kept.words
    assert kept.raw


def test_a_body_that_is_no_item_goes_to_quarantine_as_it_is(company):
    company.send_raw(b'{"kind": "answer"}')
    company.send_raw(b"\xff{")
    company.send_raw(
        b'{"kind": "interaction", "key": "1", "touchpoint": "visit", "started_at": "2026-01-01T00:00:00Z"}'
    )
    assert recorder.catch_up().quarantined == 3
    assert sorted(reasons()) == ["unreadable", "unreadable", "wrong_kind"]


def test_the_same_bad_item_is_quarantined_once(company):
    for _ in range(2):
        company.send(incoming.Answer("r1", at(1), scores={"joy": 1}))
    assert recorder.catch_up().quarantined == 2
    assert len(reasons()) == 1


def test_a_date_without_time_on_the_day_of_the_start_is_not_before_it(company):
    company.interaction("o1", started=at(1), due=datetime(2026, 1, 1, tzinfo=UTC), experienced=at(1))
    assert recorder.catch_up().quarantined == 0
    assert by(company, "value", "promised", "outcome") == [(0, 0, 0, 1)]


def test_money_is_kept_in_minor_units(company):
    company.interaction("o1", experienced=at(2), revenue="128.45", cost="3", currency="EUR")
    recorder.catch_up()
    row = Interaction.objects.get()
    assert (row.revenue_minor, row.cost_minor) == (12845, 300)


def test_a_crash_before_the_commit_leaves_the_batch_to_be_recorded_again(company, monkeypatch):
    company.interaction("o1", experienced=at(2))

    def die(done):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_write_tallies", die)
        with pytest.raises(KeyboardInterrupt):
            recorder.run_batch()
    assert recorder.position().seq == 0
    assert not Interaction.objects.exists()
    assert not Reading.objects.exists()
    assert recorder.catch_up().new_interactions == 1


def test_a_recorder_that_lost_the_race_writes_nothing(company):
    company.interaction("o1", experienced=at(2))
    stretch = reader.Reader(recorder.READER).batch(10)
    assert recorder.catch_up().new_interactions == 1
    assert recorder._write(stretch) is None
    assert Reading.objects.count() == 1


def test_organizations_share_a_batch_and_nothing_else(company):
    other = Company("other")
    for each in (company, other):
        each.interaction("o1", experienced=at(2), customer="a@x.org")
    assert recorder.catch_up().new_interactions == 2
    assert Customer.objects.count() == 2
    assert by(company, "value") == by(other, "value") == [(1, 1)]


def test_tallies_say_by_source_what_became_of_its_arrivals(company):
    company.interaction("o1", experienced=at(2))
    recorder.catch_up()
    for item in (
        incoming.Interaction("o1", "delivery", at(1), experienced_at=at(4)),
        incoming.Interaction("o2", "delivery", at(1), experienced_at=at(4)),
        incoming.Interaction("o2", "delivery", at(1), experienced_at=at(4)),
        incoming.Interaction("o3", "nowhere", at(1)),
    ):
        company.send(item, source="import:1")
    recorder.catch_up()
    told = recorder.tallies(company.organization.id, "import:1")["interaction"]
    assert (told.new, told.changed, told.known, told.quarantined) == (1, 1, 1, 1)


def test_a_dry_run_says_what_recording_would_do_and_writes_nothing(company):
    company.interaction("o1", experienced=at(2))
    recorder.catch_up()
    things = [
        incoming.Interaction("o1", "delivery", at(1), experienced_at=at(2)),
        incoming.Interaction("o1", "delivery", at(1), experienced_at=at(3), channel="fresh"),
        incoming.Interaction("o2", "delivery", at(1), experienced_at=at(3)),
        incoming.Interaction("o2", "delivery", at(1), experienced_at=at(3)),
        incoming.Interaction("o2", "delivery", at(1), experienced_at=at(4)),
        incoming.Interaction("o3", "nowhere", at(1)),
        incoming.Customer("c1", incoming.Person({"email": "n@x.org"}, segments={"state": "SP"})),
        incoming.Customer("c1", incoming.Person({"email": "n@x.org"}, segments={"state": "SP"})),
    ]
    items = [
        (identity.uuid7(), type(thing).__name__.lower(), "dry", incoming.write(thing)) for thing in things
    ]
    states = [verdict.state for verdict in recorder.classify(company.organization.id, items)]
    assert states == ["known", "changed", "new", "known", "changed", "quarantined", "new", "known"]
    run = recorder.DryRun(company.organization.id)
    assert [verdict.state for item in items for verdict in run.judge([item])] == states
    assert not Channel.objects.exists()
    assert not SegmentValue.objects.exists()
    assert Interaction.objects.count() == 1
    appender.append(company.organization.id, items)
    done = recorder.catch_up()
    assert (done.new_interactions, done.changed_interactions, done.new_customers, done.known) == (1, 2, 1, 3)
    assert {verdict.state for verdict in recorder.classify(company.organization.id, items)} == {"known"}
