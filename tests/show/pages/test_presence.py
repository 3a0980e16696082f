"""Who is asking, and for which organization: links in messages name theirs."""

from django.test import Client

from mindgap.keep.models import Member, Organization


def _also_in(client: Client, code: str, *, is_member: bool) -> Organization:
    other = Organization.objects.create(code=code, name={"en": code})
    if is_member:
        user = Member.objects.get(user_id=client.session["_auth_user_id"]).user
        Member.objects.create(organization=other, user=user, roles=["admin"])
    return other


def test_a_link_in_a_message_leads_into_its_organization_and_one_stays_there(
    ann: Client, organization: Organization
) -> None:
    other = _also_in(ann, "elsewhere", is_member=True)
    assert ann.get("/cases/").context["organization"] == organization
    assert ann.get(f"/cases/?in={other.code}").context["organization"] == other
    assert ann.get("/cases/").context["organization"] == other
    assert ann.get(f"/cases/?in={organization.code}").context["organization"] == organization


def test_a_link_leads_nobody_into_an_organization_of_others(ann: Client, organization: Organization) -> None:
    other = _also_in(ann, "foreign", is_member=False)
    assert ann.get(f"/cases/?in={other.code}").context["organization"] == organization
