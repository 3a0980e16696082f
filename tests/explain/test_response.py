"""Response: the sampling frame with Wilson's interval, and the reasons of those who were not asked."""

import pytest

from mindgap.explain.response import response
from mindgap.ground import clock
from mindgap.keep.models import Contact, Invitation, Organization, Programme, Survey, Wave
from mindgap.measure import proportion

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    shop = Organization.objects.create(code="shop")
    survey = Survey.objects.create(organization=shop, code="visit")
    return Programme.objects.create(organization=shop, survey=survey, code="after")


def put(programme: Programme, outcome: str, wave: Wave | None = None, **invitation: object) -> None:
    mine = {
        "organization": programme.organization,
        "survey": programme.survey,
        "programme": programme,
        "wave": wave,
    }
    number = str(Contact.objects.count())
    made = Invitation.objects.create(**mine, token_digest=number, **invitation) if outcome == "sent" else None
    Contact.objects.create(**mine, outcome=outcome, invitation=made, candidate=number)


def test_nobody_is_no_rate(programme: Programme) -> None:
    made = response(programme)
    assert (made.candidates, made.answered.of, made.answered.value) == (0, 0, None)


def test_rates_are_of_those_decided_and_of_those_asked(programme: Programme) -> None:
    now = clock.now()
    wave = Wave.objects.create(programme=programme, number=1, starts_at=now)
    for about in ({}, {"opened_at": now}, {"answered_at": now}, {"bounced_at": now}):
        put(programme, "sent", wave, **about)
    for outcome in ("skipped_cap", "skipped_cap", "not_sampled", "delayed_until"):
        put(programme, outcome)
    made = response(programme)
    assert (made.candidates, made.waiting, made.sent) == (8, 1, 4)
    assert made.reasons == (("skipped_cap", 2), ("not_sampled", 1))
    assert [(each.n, each.of) for each in (made.asked, made.delivered, made.opened, made.answered)] == [
        (4, 7), (3, 4), (2, 4), (1, 4),
    ]  # fmt: skip
    wilson = proportion(1, 4)
    assert (made.answered.value, made.answered.low, made.answered.high) == (0.25, wilson.low, wilson.high)
    assert response(programme, wave).candidates == 4
