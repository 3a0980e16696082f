"""Invitations and links: found by what was sent out, known by nothing else."""

from datetime import timedelta

import pytest
from tests.keep import asked
from tests.keep.company import Company

from mindgap.ground import clock
from mindgap.keep import invitation, link
from mindgap.keep.models import Invitation, Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company()


def test_an_invitation_is_found_by_its_token_of_which_only_a_digest_is_kept(company):
    """B4: at least 128 random bits."""
    made, token = invitation.make(asked.publish(company), hidden={"order": "7"})
    assert invitation.find(token) == made
    assert len(token) * 6 >= 128
    assert token not in str(Invitation.objects.values())
    assert made.organization_id == company.organization.id
    assert made.touchpoint == company.delivery


@pytest.mark.parametrize("token", ["", "x", "\ud800", "\x00", "a" * 10_000])
def test_a_token_that_nobody_got_finds_nothing(company, token):
    invitation.make(asked.publish(company))
    assert invitation.find(token) is None


def test_an_invitation_may_be_answered_until_it_expires_or_is_spent(company):
    made, _ = invitation.make(asked.publish(company), expires_at=clock.now() + timedelta(days=1))
    assert made.is_open
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert not made.is_open
    for state in ("answered", "revoked", "bounced", "expired"):
        made.state = state
        assert not made.is_open


def test_a_link_is_found_by_its_short_name_even_when_it_is_switched_off(company):
    made = Link.objects.create(
        survey=asked.publish(company), label="Store 7", channel="store", is_active=False
    )
    found = link.find(made.short)
    assert found == made
    assert str(found) == "Store 7"
    assert link.find("nowhere") is None
