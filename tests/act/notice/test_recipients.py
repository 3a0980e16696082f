"""Recipients: a role at the unit, else the next above; nobody beyond their scope, nobody of another company."""

import pytest

from mindgap.act.notice.recipients import resolve
from mindgap.collect.models import SendingAccount
from mindgap.keep.models import Member, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(company, staff):
    """The names of those who are told: `told("pudong", {"to": "role", "role": "front_line"})`."""

    def ask(unit: str, *spec: dict[str, object], owner: str = "") -> list[str]:
        place = Unit.objects.get(code=unit) if unit else None
        return [str(each) for each in resolve(company, place, spec, owner=staff.get(owner))]

    return ask


def role(name: str) -> dict[str, object]:
    return {"to": "role", "role": name}


def test_a_role_is_looked_for_at_the_unit_and_then_up_the_tree(told) -> None:
    assert told("pudong", role("branch_manager")) == ["Ann"]
    assert told("xuhui", role("branch_manager")) == ["Eve"]
    assert told("pudong", role("cx_manager")) == ["Cai"]
    assert told("xuhui", role("front_line")) == []
    assert told("", role("branch_manager")) == []


def test_everybody_is_told_once(told) -> None:
    assert told("pudong", role("branch_manager"), {"to": "owner"}, role("cx_manager"), owner="ann") == [
        "Ann", "Cai",
    ]  # fmt: skip


def test_an_owner_who_may_not_see_the_unit_is_not_told(told) -> None:
    assert told("pudong", {"to": "owner"}, owner="eve") == []
    assert told("xuhui", {"to": "owner"}, owner="eve") == ["Eve"]
    assert told("pudong", {"to": "owner"}) == []


def test_a_member_is_named_and_one_of_another_company_is_not_found(told, staff) -> None:
    assert told("pudong", {"to": "member", "member": staff["cai"].pk}) == ["Cai"]
    assert told("pudong", {"to": "member", "member": staff["fay"].pk}) == []
    assert told("pudong", role("admin")) == []
    assert told("pudong", {"to": "nonsense"}, {}) == []


def test_whoever_left_is_not_told(told, staff) -> None:
    Member.objects.filter(pk=staff["ann"].pk).update(is_active=False)
    assert told("pudong", role("branch_manager")) == []


def test_a_group_is_told_while_its_account_is_active(told, company) -> None:
    robot = SendingAccount.objects.create(
        organization=company, channel="wecom_robot", name="Shift", way="wecom_group", settings={}
    )
    assert told("pudong", {"to": "account", "account": robot.pk}) == ["Shift"]
    SendingAccount.objects.update(is_active=False)
    assert told("pudong", {"to": "account", "account": robot.pk}) == []
