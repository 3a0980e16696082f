"""Trials: what somebody answers to try a survey is kept to be looked at and counted nowhere."""

from collections.abc import Callable

import pytest
from tests.collect.lane.test_answering import ONE, keep_up, short_survey, stored
from tests.collect.survey.respondent import Respondent

from mindgap.collect.lane.limits import Limits
from mindgap.collect.survey import address
from mindgap.collect.survey.state import Seal
from mindgap.explain import survey as answered
from mindgap.keep import claim, invitation, link, survey
from mindgap.keep.models import Answer, Consent, Customer, Invitation, Link, Submission, Survey

pytestmark = pytest.mark.django_db(transaction=True)


def try_out(ann: Respondent, limits: Limits, short: str) -> None:
    end = ann.answer_all(address.preview_path(short, Seal(limits.secret)), ONE)
    assert end.status == 200
    keep_up()


def test_a_trial_is_kept_whole_and_counted_nowhere(
    ann: Respondent, limits: Limits, publish: Callable[..., Survey]
) -> None:
    made = publish(short_survey(quotas=[{"code": "all", "limit": 1}]))
    try_out(ann, limits, made.short)
    row = Submission.objects.get()
    assert (row.is_test, row.state, row.answers["nps"], row.answers["text"]) == (
        True,
        "finished",
        9,
        "Late again",
    )
    assert row.customer is None
    assert not Answer.objects.exists()
    assert not Consent.objects.exists()
    assert claim.taken(made.organization_id, "quota:visit:all") == 0
    assert answered.standing(made.pk, made.organization_id).started == 0
    read = survey.published(made)
    assert read is not None
    assert {each.n for each in answered.tallies(made.pk, read.read())} == {0}
    assert answered.trials(made.pk) == 1
    tried = answered.tallies(made.pk, read.read(), trials=True)[0]
    assert (tried.n, tried.is_few, tried.shares[0].value) == (1, False, 9.0)
    assert answered.written(made.pk, "text").count() == 0
    assert answered.written(made.pk, "text", trials=True).get().said == "Late again"
    # The quota of one is still free for a customer.
    ann.answer_all(f"/s/{made.short}", ONE)
    keep_up()
    assert Submission.objects.get(is_test=False).state == "finished"


def test_a_draft_can_be_tried_and_a_true_answer_to_it_is_refused(
    ann: Respondent, limits: Limits, publish: Callable[..., Survey]
) -> None:
    made = publish(short_survey())
    draft = survey.draft(made)
    assert draft.published_at is None
    try_out(ann, limits, made.short)
    assert Submission.objects.get().version_id == draft.pk


def test_a_trial_leaves_the_personal_link_and_the_link_of_a_store_as_they_were(
    ann: Respondent, limits: Limits, publish: Callable[..., Survey]
) -> None:
    made = publish(short_survey())
    bo = Customer.objects.create(id=1, organization=made.organization, name="Bo")
    _, token = invitation.make(made, customer=bo)
    mark = address.preview_path(made.short, Seal(limits.secret)).partition("?")[2]
    ann.answer_all(f"/s/{made.short}/{token}?{mark}", ONE)
    place = Link.objects.create(survey=made, channel="qr")
    try_out(ann, limits, place.short)
    keep_up()
    assert [each.is_test for each in Submission.objects.all()] == [True, True]
    assert Invitation.objects.get().state == "waiting"
    assert link.standings(made) == {}
    # Bo can still answer, and is one answer.
    ann.answer_all(f"/s/{made.short}/{token}", ONE)
    keep_up()
    assert Submission.objects.filter(is_test=False, customer=bo).count() == 1
    assert Invitation.objects.get().state == "answered"
    assert all(not each.customer for each in stored("submission") if each.test)
