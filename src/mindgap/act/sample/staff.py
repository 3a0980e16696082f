"""The people of the sample company: one for each post. They have no password and no mailbox that exists."""

from django.contrib.auth import get_user_model
from django.db import transaction

from mindgap.act.case.case import Authority
from mindgap.keep.models import Member, Organization, Unit

# `.example` is reserved for this (RFC 2606): no mail can ever arrive there.
_DOMAIN = "lantern.example"
# Mail name -> name, roles, unit, level of personal data.
_POSTS = {
    "lin.yue": ("林悦", ("cx_manager",), "", "full"),
    "deng.wei": ("邓伟", ("executive",), "", "none"),
    "gao.lei": ("高磊", ("branch_manager",), "west", "full"),
    "zhao.min": ("赵敏", ("branch_manager",), "west-3", "full"),
    "chen.hao": ("陈浩", ("branch_manager",), "east", "full"),
    "xu.na": ("徐娜", ("front_line",), "west-3", "masked"),
    "sun.bo": ("孙博", ("branch_manager",), "service-centre", "full"),
    "he.jie": ("何洁", ("front_line",), "service-centre", "full"),
    "tang.yi": ("唐怡", ("analyst",), "", "masked"),
}
# Role -> what it may give away without asking, per case and month, in fen (R187).
_AUTHORITIES = {
    "front_line": (10_000, 200_000),
    "branch_manager": (50_000, 2_000_000),
    "cx_manager": (200_000, 5_000_000),
}


def exist(organization: Organization) -> bool:
    """Whether the people are there already."""
    return Member.objects.filter(organization=organization, user__email__endswith=f"@{_DOMAIN}").exists()


@transaction.atomic
def hire(organization: Organization) -> dict[str, Member]:
    """Everybody, by mail name, with the authority of their roles."""
    units = {unit.code: unit for unit in Unit.objects.filter(organization=organization)}
    found = {}
    for mail, (name, roles, unit, personal) in _POSTS.items():
        user, is_new = get_user_model().objects.get_or_create(
            username=f"sample.{mail}", defaults={"email": f"{mail}@{_DOMAIN}"}
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        found[mail] = Member.objects.create(
            organization=organization,
            user=user,
            name=name,
            roles=list(roles),
            unit=units.get(unit),
            personal_data=personal,
            language="zh-hans",
        )
    for role, (per_case, per_month) in _AUTHORITIES.items():
        Authority.objects.get_or_create(
            organization=organization,
            role=role,
            member=None,
            defaults={"per_case_minor": per_case, "per_month_minor": per_month},
        )
    return found


def dismiss() -> None:
    """Remove the people: nobody else signs in as one of them."""
    get_user_model().objects.filter(username__startswith="sample.", email__endswith=f"@{_DOMAIN}").delete()
