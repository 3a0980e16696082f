"""The sample company's people and their cases (R200): told through the same actions as a person's."""

import pytest
from django.contrib.auth import get_user_model

from mindgap.act import sample
from mindgap.act.case import states
from mindgap.act.models import Case, CaseEvent
from mindgap.act.sample import cases as told
from mindgap.act.sample import staff
from mindgap.collect import sample as company
from mindgap.ground import clock
from mindgap.keep.models import Member, Organization

# On PostgreSQL readers wait for a commit.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sample_has_people_cases_and_a_trail_and_goes_away_as_a_whole() -> None:
    organization = company.load(scale=0.02)
    # A small company complains seldom: its last year has what the last weeks of the whole one have.
    assert told.tell(organization, staff.hire(organization), most=20, days=365) >= 10
    cases = Case.objects.filter(organization=organization)
    assert cases.filter(outcome="recovered").exists()
    assert cases.filter(state__in=states.OPEN).exists()
    for case in cases:
        times = list(CaseEvent.objects.filter(case=case).order_by("id").values_list("at", flat=True))
        assert times == sorted(times)
        assert times[-1] <= clock.now()
    before = cases.count(), CaseEvent.objects.count()
    assert sample.load(scale=0.02) == organization
    assert (cases.count(), CaseEvent.objects.count()) == before
    posts = Member.objects.filter(organization=organization)
    assert {role for member in posts for role in member.roles} >= {
        "front_line",
        "branch_manager",
        "executive",
    }
    assert not any(member.user.has_usable_password() for member in posts)
    assert sample.remove()
    assert not Organization.objects.filter(is_sample=True).exists()
    assert not get_user_model().objects.filter(email__endswith="@lantern.example").exists()
