"""Surveys: a draft that two may not overwrite, versions that never change."""

from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, transaction
from tests.keep import asked
from tests.keep.company import Company

from mindgap.ground import clock
from mindgap.keep import definition as definitions
from mindgap.keep import survey
from mindgap.keep.models import Survey, SurveyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def made(company):
    return Survey.objects.create(organization=company.organization, code="s1", name={"zh-hans": "配送"})


def retitled(title):
    return asked.definition(title=asked.en(title))


def test_a_first_draft_is_empty_and_in_the_languages_of_the_name(made):
    draft = survey.draft(made)
    assert (draft.number, draft.state) == (1, "draft")
    assert draft.read().title == {"zh-hans": "配送"}
    assert draft.read().languages == ("zh-hans",)
    assert draft.digest == definitions.digest(draft.read())
    assert survey.draft(made) == draft


def test_short_names_are_long_enough_to_be_unknown_and_can_be_typed(company):
    shorts = {survey.new_short() for _ in range(500)}
    assert len(shorts) == 500
    assert all(len(short) >= 11 and short.isalnum() and short == short.lower() for short in shorts)


def test_saving_over_what_somebody_else_saved_is_refused_and_says_what_is_there(made):
    before = survey.draft(made).digest
    first = survey.save_draft(made, retitled("first"), expected_digest=before)
    with pytest.raises(survey.DraftMoved) as refused:
        survey.save_draft(made, retitled("second"), expected_digest=before)
    assert (refused.value.expected, refused.value.found) == (before, first.digest)
    assert survey.draft(made).read().title == {"en": "first"}


def test_saving_the_same_again_after_a_lost_reply_is_no_conflict(made):
    before = survey.draft(made).digest
    first = survey.save_draft(made, retitled("first"), expected_digest=before)
    assert survey.save_draft(made, retitled("first"), expected_digest=before).digest == first.digest


def test_what_no_database_can_hold_is_left_out_of_a_draft(made):
    """B9: PostgreSQL holds every character but NUL."""
    saved = survey.save_draft(made, retitled("a\x00b"), expected_digest=survey.draft(made).digest)
    assert saved.read().title == {"en": "ab"}
    assert saved.digest == definitions.digest(saved.read())


def test_there_is_never_a_second_draft(made):
    survey.draft(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyVersion.objects.create(survey=made, number=2, digest="x")


def test_publishing_freezes_the_draft_and_opens_the_survey(company):
    made = asked.publish(company)
    published = survey.version(made, 1)
    assert published is not None
    assert published.state == "published"
    assert published.published_at is not None
    assert made.is_open
    assert Survey.objects.get(id=made.id).state == "live"


def test_a_published_version_stays_as_it_was_when_the_next_one_is_published(company):
    made = asked.publish(company)
    first = survey.version(made, 1)
    draft = survey.draft(made)
    assert (draft.number, draft.definition) == (2, first.definition)
    survey.save_draft(made, retitled("new"), expected_digest=draft.digest)
    survey.publish(made, expected_digest=definitions.digest(retitled("new")))
    assert survey.version(made, 1).definition == first.definition
    assert survey.published(made).number == 2
    assert survey.version(made, 3) is None


def test_a_draft_is_no_version_that_could_be_answered(made):
    survey.draft(made)
    assert survey.version(made, 1) is None


def test_a_draft_with_errors_is_not_published_and_says_why(made):
    survey.draft(made)
    with pytest.raises(survey.NotPublishable) as refused:
        survey.publish(made)
    assert "no_questions" in {problem.code for problem in refused.value.problems}
    assert Survey.objects.get(id=made.id).state == "draft"


def test_publishing_without_a_draft_or_another_one_than_was_seen_is_refused(company):
    made = asked.publish(company)
    with pytest.raises(survey.NotPublishable):
        survey.publish(made)
    survey.draft(made)
    with pytest.raises(survey.DraftMoved):
        survey.publish(made, expected_digest="0" * 32)


def test_a_closed_survey_takes_nothing_until_it_is_opened_again(company):
    made = asked.publish(company)
    survey.close(made)
    assert not made.is_open
    survey.reopen(made)
    assert made.is_open


def test_a_survey_closes_by_itself_and_opening_it_forgets_the_day(company):
    made = asked.publish(company)
    made.closes_at = clock.now() - timedelta(minutes=1)
    made.save()
    assert not made.is_open
    survey.reopen(made)
    assert made.is_open
    assert made.closes_at is None


def test_a_survey_that_was_never_published_cannot_be_opened(made):
    with pytest.raises(survey.NotPublishable):
        survey.reopen(made)


def test_a_definition_comes_back_as_it_was_written():
    whole = asked.definition()
    assert definitions.read(definitions.write(whole)) == whole
    assert definitions.read(msgspec.json.encode(definitions.write(whole))) == whole
