"""What notices of cases say where others may read along: nothing in the customer's own words but the masked quotation."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from mindgap.act.case import actions, improving
from mindgap.act.case.errors import CaseError, Incomplete, NotAllowed, NotPossible
from mindgap.act.improvement import errors as improvements
from mindgap.act.models import Case, Improvement, Notice
from mindgap.act.notice.words import NoticeWords, zone_of
from mindgap.ground import clock
from mindgap.keep.models import Answer, Organization, Touchpoint

SAID = "My aunt Canary waited at the door, call 13800138000\nSince noon"


@pytest.fixture
def answer(chain: Organization) -> Answer:
    delivery = Touchpoint.objects.get(organization=chain, code="delivery")
    return Answer.objects.create(
        id=1,
        organization=chain,
        key="a1",
        customer_id=1,
        touchpoint=delivery,
        comment=SAID,
        answered_at=clock.now(),
    )


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("My aunt Canary waited at the door, call 13800138000", "Delivery"),
        ("Late: aunt Canary waited at the door", "Delivery"),
        ("Order 4711 0815 99 was late", "Order *** was late"),
        ("Late and not told · Delivery", "Late and not told · Delivery"),
    ],
)
def test_a_notice_names_a_case_without_the_customers_words(
    opened: Callable[..., Case], answer: Answer, people: SimpleNamespace, title: str, told: str
) -> None:
    case = opened("k9", title=title, answer=answer)
    actions.reassign(case.pk, people.nina, version=0, owner=people.fay, reason="Her parcel")
    words = NoticeWords.read(Notice.objects.get(kind="case_assigned").words)
    subject, text = words.render("en", zone_of("UTC"))
    assert subject.endswith(f": {told}")
    assert "Canary" not in subject + text
    assert "0815" not in subject + text


def test_the_page_keeps_the_title_as_it_is(opened: Callable[..., Case], answer: Answer) -> None:
    assert opened("k9", title=SAID[:40], answer=answer).title == SAID[:40]


def test_an_improvement_that_is_not_opened_is_the_cases_own_refusal(
    case: Case, people: SimpleNamespace
) -> None:
    with pytest.raises(Incomplete) as missing:
        improving.improve(case.pk, people.nina, version=0, title=" ", side="both", kind="repair")
    assert (missing.value.field, missing.value.code) == ("title", "empty")
    with pytest.raises(Incomplete):
        improving.improve(case.pk, people.nina, version=0, title="Say so", side="both", kind="no such")
    assert not Improvement.objects.exists()
    case.refresh_from_db()
    assert case.version == 0


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (improvements.NotAllowed("open"), NotAllowed),
        (improvements.NotNow("open", "done"), NotPossible),
        (improvements.NotGiven("side", "unknown"), Incomplete),
    ],
)
def test_every_refusal_of_improvements_has_one_of_cases(
    case: Case, problem: improvements.ImprovementProblem, kind: type[CaseError]
) -> None:
    assert type(improving.refusal(problem, case)) is kind
