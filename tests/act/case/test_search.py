"""Searching the queue: by what each member may know of customers, among the cases that they see, in few queries (R140)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from mindgap.act.case import actions, follow, queue, search
from mindgap.act.models import Case
from mindgap.ground import clock
from mindgap.keep.models import Customer, Identity, Interaction, Member, Organization, Touchpoint, Unit


@pytest.fixture
def order(chain: Organization) -> Interaction:
    Identity.objects.create(organization=chain, customer_id=1, kind="phone", value="+8613800138000")
    return Interaction.objects.create(
        id=1, organization=chain, key="SO-2026-77", customer_id=1, started_at=clock.now(),
        touchpoint=Touchpoint.objects.get(organization=chain, code="delivery"),
    )  # fmt: skip


@pytest.fixture
def wangs(opened: Callable[..., Case], order: Interaction, people: SimpleNamespace) -> Case:
    """Wang's case, with a note and a reply; beside it one of Li's."""
    case = opened("a", interaction=order)
    li = Customer.objects.create(id=2, organization=order.organization, name="Li Wei")
    opened("b", customer=li, title="Cold soup")
    actions.note(case.pk, people.nina, words="The driver lost the Parcel, ring 13911112222")
    actions.await_customer(case.pk, people.nina, version=0, words="Which colour?")
    follow.reply(case.token, "Purple, please")
    return case


def found(member: Member, words: str) -> list[int]:
    return [each.number for each in queue.queue(member, words=words).rows]


@pytest.mark.parametrize(
    ("words", "ann", "nina", "al"),
    [
        ("#1", [1], [1], [1]),
        ("SO-2026-77", [1], [1], [1]),
        ("SO-2026", [], [], []),
        ("cold", [2], [2], [2]),
        ("lost the parcel", [1], [1], [1]),
        # Whoever sees customers masked must know them already; whoever sees nothing of them does not find them.
        ("王小明", [1], [1], []),
        ("li wei", [2], [2], []),
        ("小明", [1], [], []),
        ("WANG@x.org", [1], [1], []),
        ("wang@", [1], [], []),
        ("138 0013-8000", [1], [1], []),
        ("+86138001", [1], [], []),
        ("1391111", [1], [], []),
        # What the customer wrote is no note.
        ("purple", [], [], []),
        ("%", [], [], []),
    ],
)
def test_everybody_finds_a_case_by_what_they_may_know(
    wangs: Case, people: SimpleNamespace, words: str, ann: list[int], nina: list[int], al: list[int]
) -> None:
    assert [found(each, words) for each in (people.ann, people.nina, people.al)] == [ann, nina, al]


@pytest.mark.parametrize(
    "words", ["#1", "SO-2026-77", "王小明", "wang@x.org", "lost the parcel", "Late", "late"]
)
def test_nobody_finds_what_they_do_not_see(wangs: Case, people: SimpleNamespace, words: str) -> None:
    assert [found(each, words) for each in (people.sol, people.tom, people.chen, people.zoe)] == [[]] * 4


def test_a_search_takes_few_queries_and_old_cases_are_found_by_what_names_them(
    wangs: Case, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    unit = Unit.objects.get(code="n1")
    Case.objects.bulk_create(
        Case(organization=wangs.organization, number=number, title="x", key=str(number), unit=unit)
        for number in range(10, 40)
    )
    with django_assert_max_num_queries(7):
        assert found(people.ann, "王小明") == [1]
    monkeypatch.setattr(search, "NEWEST", 20)
    assert [found(people.ann, words) for words in ("1", "SO-2026-77", "王小明", "lost")] == [[1], [1], [], []]
    monkeypatch.setattr(search, "FOUND_MOST", 5)
    assert len(found(people.ann, "x")) == 5
