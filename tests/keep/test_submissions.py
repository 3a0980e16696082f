"""Submissions: pages come twice, late and out of order, and one submission comes of them."""

import itertools
from datetime import timedelta

import pytest
from tests.keep import asked
from tests.keep.asked import Visitor, take_in
from tests.keep.company import START, Company

from mindgap.keep import incoming, invitation, recorder, submissions
from mindgap.keep.models import (
    Answer,
    Arrival,
    Channel,
    Consent,
    Customer,
    Link,
    Quarantine,
    Submission,
    Tally,
    Unit,
)
from mindgap.keep.reader import START as START_OF_ALL
from mindgap.keep.reader import Stretch

pytestmark = pytest.mark.django_db(transaction=True)

ANN = incoming.Person({"email": "ann@x.org"}, name="Ann")


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def survey(company):
    return asked.publish(company)


def minutes(count):
    return START + timedelta(minutes=count)


def test_a_page_makes_a_partial_submission_and_no_answer(company, survey):
    """B10: a draft is not counted as an answer."""
    visitor = Visitor(company, survey)
    visitor.page(
        2, page="p2", answers={"q1": 4}, seconds={"p1": 7.5}, hidden={"order": "7"}, language="en",
        channel="web", unit="north", touchpoint="delivery", flags=("too_fast",),
    )  # fmt: skip
    assert take_in() == 1
    kept = Submission.objects.get()
    assert (kept.key, kept.survey, kept.version.number, kept.state) == (visitor.key, survey, 1, "partial")
    assert (kept.started_at, kept.changed_at, kept.finished_at) == (START, minutes(2), None)
    assert (kept.answers, kept.seconds, kept.hidden) == ({"q1": 4}, {"p1": 7.5}, {"order": "7"})
    assert (kept.page, kept.language, kept.flags) == ("p2", "en", {"suspect": ["too_fast"]})
    assert (kept.channel, kept.unit) == (Channel.objects.get(code="web"), Unit.objects.get(code="north"))
    assert kept.touchpoint == company.delivery
    assert not Answer.objects.exists()


def test_the_record_passes_over_submissions_without_a_word(company, survey):
    Visitor(company, survey).page()
    assert not recorder.catch_up()
    assert recorder.position().seq == Arrival.objects.get().seq
    assert not Tally.objects.exists()
    assert not Quarantine.objects.exists()


def test_a_finished_one_is_also_an_answer_and_belongs_to_the_same_customer(company, survey):
    visitor = Visitor(company, survey)
    visitor.page(1, answers={"q1": 4})
    take_in()
    visitor.finish(9, answers={"q1": 4, "q2": "a"}, customer=ANN)
    take_in()
    kept = Submission.objects.get()
    assert (kept.state, kept.finished_at, kept.page) == ("finished", minutes(9), "")
    assert kept.customer == Customer.objects.get()
    assert Answer.objects.get().key == str(kept.key)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_furthest_and_latest_page_wins_in_whatever_order_they_come(company, survey, order):
    """B1, K11: two tabs, retries and a slow network."""
    visitor = Visitor(company, survey)
    pages = [
        lambda: visitor.page(1, answers={"q1": 1}),
        lambda: visitor.page(3, answers={"q1": 3}),
        lambda: visitor.finish(2, answers={"q1": 2}),
        lambda: visitor.page(4, started_at=START - timedelta(minutes=1), answers={"q1": 1}),
    ]
    for place in order:
        pages[place]()
        if place % 2:
            take_in()
    take_in()
    kept = Submission.objects.get()
    assert (kept.state, kept.answers, kept.changed_at) == ("finished", {"q1": 2}, minutes(2))


def test_reading_the_same_arrivals_again_changes_nothing(company, survey):
    visitor = Visitor(company, survey, consents=(incoming.Consent("contact", given=True),), customer=ANN)
    visitor.page(1)
    visitor.finish(2)
    take_in()
    before = [list(model.objects.values()) for model in (Submission, Consent, Customer, Answer)]
    assert take_in() == 0
    submissions._reader.advance(Stretch(submissions._reader.position(), START_OF_ALL))
    assert take_in() == 2
    assert [list(model.objects.values()) for model in (Submission, Consent, Customer, Answer)] == before


def test_who_was_turned_away_by_a_quota_is_kept_as_that(company, survey):
    visitor = Visitor(company, survey)
    visitor.page(1)
    visitor.page(2, state="over_quota", answers={"q1": 5})
    take_in()
    kept = Submission.objects.get()
    assert (kept.state, kept.finished_at) == ("over_quota", None)
    assert kept.answers == {"q1": 5}


def test_an_invitation_is_opened_by_the_first_page_and_answered_by_the_last(company, survey):
    made, token = invitation.make(survey)
    visitor = Visitor(company, survey, invitation=invitation.digest_of(token))
    visitor.page(1)
    take_in()
    made.refresh_from_db()
    assert (made.state, made.opened_at, made.answered_at) == ("opened", START, None)
    visitor.finish(5)
    visitor.page(6)
    take_in()
    made.refresh_from_db()
    assert (made.state, made.opened_at, made.answered_at) == ("answered", START, minutes(5))
    assert Submission.objects.get().invitation == made


def test_whom_it_is_from_follows_from_the_invitation_when_the_page_does_not_know(company, survey):
    company.customer("c1", ANN)
    recorder.catch_up()
    made, token = invitation.make(survey, customer=Customer.objects.get())
    visitor = Visitor(company, survey, invitation=invitation.digest_of(token))
    visitor.page(1)
    take_in()
    assert Submission.objects.get().customer == made.customer


def test_whom_it_is_from_follows_from_what_they_told_as_soon_as_that_is_known(company, survey):
    visitor = Visitor(company, survey, customer=ANN)
    visitor.page(1)
    take_in()
    assert Submission.objects.get().customer is None
    company.customer("c1", ANN)
    visitor.page(2)
    take_in()
    assert Submission.objects.get().customer == Customer.objects.get()


def test_an_invitation_or_link_of_another_survey_or_organization_is_none(company, survey):
    """R184 and the failures of peers: the wrong object of authorization."""
    other = asked.publish(company, "other")
    foreign = asked.publish(Company("foreign"))
    for wrong in (other, foreign):
        made, token = invitation.make(wrong)
        link = Link.objects.create(survey=wrong)
        visitor = Visitor(company, survey, invitation=invitation.digest_of(token), link=link.short)
        visitor.page(1)
        take_in()
        kept = Submission.objects.get(key=visitor.key)
        assert (kept.invitation, kept.link) == (None, None)
        made.refresh_from_db()
        assert made.state == "waiting"


def test_a_link_says_where_a_submission_came_in(company, survey):
    link = Link.objects.create(survey=survey, label="Store 7")
    Visitor(company, survey, link=link.short).page(1)
    take_in()
    assert Submission.objects.get().link == link


def test_a_consent_is_written_once_with_the_words_that_were_seen(company, survey):
    given = incoming.Consent("contact", given=True, text_version="1", text_hash="abc")
    visitor = Visitor(company, survey, channel="web", consents=(given,))
    visitor.page(1)
    visitor.page(2)
    take_in()
    visitor.finish(3, customer=ANN)
    take_in()
    said = Consent.objects.get()
    assert (said.purpose, said.given, said.text_version, said.text_hash) == ("contact", True, "1", "abc")
    assert (said.at, said.channel, said.submission_key) == (minutes(1), "web", visitor.key)
    assert said.proof == {"survey": survey.code, "version": 1, "language": ""}
    assert said.customer == Customer.objects.get()


def test_a_box_left_empty_withdraws_nothing_and_one_made_empty_again_does(company, survey):
    visitor = Visitor(company, survey)
    for minute, given in ((1, False), (2, True), (3, False)):
        visitor.page(minute, consents=(incoming.Consent("contact", given=given),))
    take_in()
    assert list(Consent.objects.values_list("given", flat=True)) == [True, False]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"survey": "nowhere"}, "unknown_survey"),
        ({"version": 7}, "unknown_survey"),
        ({"state": "half"}, "unknown_state"),
        ({"page": "p" * 65}, "too_long"),
        ({"answers": {"q3": "a\x00b"}}, "control_character"),
        ({"changed_at": START.replace(tzinfo=None)}, "no_zone"),
        ({"seconds": {"p1": 1}, "finished": START.replace(year=3000)}, "impossible_date"),
    ],
)
def test_what_cannot_be_kept_is_put_aside_with_its_reason_and_the_others_get_through(
    company, survey, changed, reason
):
    bad, good = Visitor(company, survey), Visitor(company, survey)
    bad.page(1, **changed)
    good.page(1)
    take_in()
    aside = Quarantine.objects.get()
    assert (aside.reason, aside.kind, aside.source) == (reason, "submission", "survey")
    assert Submission.objects.get().key == good.key


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"kind":"answer"}', b'{"kind":"submission","key":"\xff"}']
)
def test_what_is_no_submission_is_put_aside(company, survey, body):
    company.send_raw(body, kind="submission", source="survey")
    take_in()
    assert Quarantine.objects.get().reason == "unreadable"


def test_a_key_that_is_no_uuid_is_put_aside(company, survey):
    company.send(incoming.Submission("mine", survey.code, 1, START, START))
    take_in()
    assert Quarantine.objects.get().reason == "bad_key"


def test_what_the_database_will_not_hold_is_put_aside_alone(company, survey):
    """A number that no column of PostgreSQL holds may be somewhere inside."""
    visitors = [Visitor(company, survey) for _ in range(5)]
    for visitor in visitors:
        visitor.page(1)
    broken = visitors[2].key

    class Broken(submissions.Intake):
        def write(self):
            super().write()
            if broken in self._now:
                raise submissions.DataError("cannot be held")

    before, submissions.Intake = submissions.Intake, Broken
    try:
        take_in()
    finally:
        submissions.Intake = before
    assert Quarantine.objects.get().reason == "not_storable"
    assert set(Submission.objects.values_list("key", flat=True)) == {
        visitor.key for visitor in visitors if visitor.key != broken
    }


def test_of_two_processes_that_read_the_same_submissions_one_writes_them(company, survey):
    Visitor(company, survey).page(1)
    recorder.catch_up()
    stretch = submissions._reader.batch(10)
    assert take_in() == 1
    assert submissions._write(stretch) == 0
    assert Submission.objects.count() == 1


def test_organizations_share_a_batch_and_nothing_else(company, survey):
    other = Company("other")
    theirs = asked.publish(other)
    one, two = Visitor(company, survey), Visitor(other, theirs)
    two.key = one.key
    one.page(1, answers={"q1": 1})
    two.page(1, answers={"q1": 2})
    take_in()
    assert Submission.objects.get(survey=survey).answers == {"q1": 1}
    assert Submission.objects.get(survey=theirs).answers == {"q1": 2}


def test_an_old_version_stays_answerable(company, survey):
    from mindgap.keep import survey as surveys

    visitor = Visitor(company, survey)
    visitor.page(1)
    surveys.draft(survey)
    surveys.publish(survey)
    visitor.finish(2)
    take_in()
    assert Submission.objects.get().version.number == 1


def test_a_merged_customer_keeps_their_submissions(company, survey):
    Visitor(company, survey, customer=incoming.Person({"phone": "1"})).finish(2)
    company.customer("c1", ANN)
    take_in()
    company.customer("c2", incoming.Person({"email": "ann@x.org", "phone": "1"}))
    take_in()
    assert Submission.objects.get().customer == Customer.objects.get()
