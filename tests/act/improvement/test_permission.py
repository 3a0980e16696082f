"""Who may see and do what with an improvement; each action has its outsiders (I5, F*)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from tests.act.improvement import shop

from mindgap.act.case.case import Case
from mindgap.act.improvement import actions, feed
from mindgap.act.improvement.errors import NotAllowed
from mindgap.act.improvement.idle import idle
from mindgap.act.improvement.improvement import Improvement, ImprovementEvent, Task
from mindgap.act.improvement.patterns import patterns
from mindgap.act.improvement.permission import improvements
from mindgap.ground import clock
from mindgap.keep.models import Member, Organization, Touchpoint, Unit

pytestmark = pytest.mark.django_db
ACTIONS: dict[str, Callable[[Improvement, Member], Any]] = {
    "edit": lambda row, by: actions.edit(row.pk, by, version=row.version, title="Mine"),
    "agree": lambda row, by: actions.agree(row.pk, by, version=row.version, wish=shop.wish()),
    "start": lambda row, by: actions.start(row.pk, by, version=row.version),
    "finish": lambda row, by: actions.finish(row.pk, by, version=row.version),
    "standardise": lambda row, by: actions.standardise(row.pk, by, version=row.version, words="x"),
    "drop": lambda row, by: actions.drop(row.pk, by, version=row.version, reason="x"),
    "take_up": lambda row, by: actions.take_up(row.pk, by, version=row.version),
    "note": lambda row, by: actions.note(row.pk, by, words="x"),
    "add_task": lambda row, by: actions.add_task(row.pk, by, version=row.version, words="x"),
    "tick": lambda row, by: actions.tick(row.pk, by, task=row.tasks.get().pk, done=True),
}


@pytest.fixture
def organization() -> Organization:
    return shop.build()


@pytest.fixture
def row(organization: Organization) -> Improvement:
    found = shop.improvement(organization, shop.member(organization, "ann", "cx_manager"))
    Task.objects.create(improvement=found, words="Open a second till")
    return found


def outsider(organization: Organization, kind: str) -> Member:
    if kind == "other organization":
        return shop.member(Organization.objects.create(code="other"), "chen", "admin")
    if kind == "other unit":
        return shop.member(organization, "eve", "branch_manager", unit="u1")
    if kind == "reader":
        return shop.member(organization, "rea", "executive", "analyst")
    if kind == "front line":
        return shop.member(organization, "fay", "front_line", unit="u0")
    return shop.member(organization, "old", "admin", is_active=False)


@pytest.mark.parametrize("kind", ["other organization", "other unit", "reader", "front line", "left"])
@pytest.mark.parametrize("action", ACTIONS)
def test_an_outsider_may_not(organization: Organization, row: Improvement, kind: str, action: str) -> None:
    before = (row.version, row.events.count())
    with pytest.raises(NotAllowed):
        ACTIONS[action](row, outsider(organization, kind))
    row.refresh_from_db()
    assert (row.version, row.events.count()) == before


def test_leads_see_their_scope_and_others_what_they_have_a_part_in(
    organization: Organization, row: Improvement
) -> None:
    lead = shop.member(organization, "bo", "branch_manager", unit="u0")
    staff = shop.member(organization, "fay", "front_line", unit="u0")
    whole = shop.improvement(organization, unit=None)
    assert list(improvements(lead)) == [row]
    assert list(improvements(staff)) == []
    assert set(improvements(outsider(organization, "reader"))) == {row, whole}
    Task.objects.create(improvement=whole, words="Count the queue", owner=staff)
    Task.objects.create(improvement=whole, words="Count again", owner=staff)
    assert list(improvements(staff)) == [whole]


def test_whoever_owns_a_task_ticks_it_and_nothing_else(organization: Organization, row: Improvement) -> None:
    staff = shop.member(organization, "fay", "front_line", unit="u0")
    Task.objects.update(owner=staff)
    task = actions.tick(row.pk, staff, task=row.tasks.get().pk, done=True)
    assert task.done_at is not None
    with pytest.raises(NotAllowed):
        ACTIONS["edit"](row, staff)
    other = Task.objects.create(improvement=shop.improvement(organization, unit=None), words="x")
    with pytest.raises(NotAllowed):
        actions.tick(row.pk, staff, task=other.pk, done=True)


def test_an_owner_works_on_it_and_does_not_set_its_goal(organization: Organization, row: Improvement) -> None:
    owner = shop.member(organization, "fay", "front_line", unit="u0")
    Improvement.objects.filter(pk=row.pk).update(owner=owner, state="agreed")
    row.refresh_from_db()
    row = actions.start(row.pk, owner, version=row.version)
    assert row.state == "doing"
    for action in ("agree", "drop", "standardise"):
        with pytest.raises(NotAllowed):
            ACTIONS[action](row, owner)


def cases(organization: Organization, unit: str, n: int, **about: Any) -> None:
    place = Touchpoint.objects.get(organization=organization, code="store")
    first = Case.objects.count()
    Case.objects.bulk_create(
        Case(
            organization=organization, number=first + i, title="late", touchpoint=place, cause="long_waiting",
            unit=Unit.objects.get(organization=organization, code=unit), **about,
        )
        for i in range(n)
    )  # fmt: skip


def test_three_cases_of_one_cause_in_a_quarter_are_a_pattern_of_those_who_may_see_them(
    organization: Organization,
) -> None:
    """R32: patterns become improvements."""
    ann = shop.member(organization, "ann", "cx_manager")
    bo = shop.member(organization, "bo", "branch_manager", unit="u0")
    cases(organization, "u0", 2)
    assert patterns(ann) == []
    cases(organization, "u1", 1)
    cases(organization, "u1", 9, opened_at=clock.now() - timedelta(days=100))
    cases(organization, "u1", 9, state="not_actionable")
    (found,) = patterns(ann)
    assert (found.cause, found.n, len(found.numbers)) == ("long_waiting", 3, 3)
    assert patterns(bo) == []
    shop.improvement(organization, origin="cases", source={"cause": "long_waiting"}, unit=None)
    assert patterns(ann) == []


def test_managers_who_do_nothing_are_named_and_those_who_do_something_are_not(
    organization: Organization,
) -> None:
    ann = shop.member(organization, "ann", "cx_manager")
    bo = shop.member(organization, "bo", "branch_manager", unit="u0")
    eve = shop.member(organization, "eve", "branch_manager", unit="u1")
    shop.member(organization, "fay", "front_line", unit="u0")
    row = shop.improvement(organization, ann)
    assert [each.member for each in idle(ann)] == [bo, eve]
    Improvement.objects.filter(pk=row.pk).update(owner=bo)
    old = ImprovementEvent.objects.create(improvement=row, by=eve, kind="note")
    assert [each.member for each in idle(ann)] == []
    ImprovementEvent.objects.filter(pk=old.pk).update(at=clock.now() - timedelta(days=91))
    (found,) = idle(ann)
    assert (found.member, found.last_at is not None) == (eve, True)
    assert idle(bo) == []


def test_a_feed_opens_with_its_token_only_and_shows_only_what_its_member_may_see(
    organization: Organization, row: Improvement
) -> None:
    bo = shop.member(organization, "bo", "branch_manager", unit="u0")
    Improvement.objects.filter(pk=row.pk).update(deadline=date(2026, 6, 7))
    Task.objects.update(due=date(2026, 5, 1))
    whole = shop.improvement(organization, unit=None, title="For all")
    Improvement.objects.filter(pk=whole.pk).update(deadline=date(2026, 6, 7))
    token = feed.new(bo)
    assert feed.member_of(token) == bo
    assert feed.member_of(token[:-1]) is None
    text = feed.write(bo, address=lambda each: f"https://x/improvements/{each.number}/").decode()
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260607" in text
    assert "SUMMARY:Shorter queue: Open a second till" in text
    assert "For all" not in text
    assert feed.member_of(feed.new(bo)) == bo
    assert feed.member_of(token) is None
    get_user_model().objects.filter(pk=bo.user_id).update(is_active=False)
    assert feed.member_of(token) is None
