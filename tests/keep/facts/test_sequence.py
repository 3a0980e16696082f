"""What the same customers said or did one after another, by hand."""

import pytest
from tests.keep.facts.tail import put

from mindgap.keep import facts
from mindgap.keep.facts import Question
from mindgap.keep.facts.sequence import Starts, afterwards, journeys, pairs
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
# Days of the stories below are counted from here.
ZERO = 20_000
SCORE, DAYS = 2, 3


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


@pytest.fixture
def closes(organization):
    """Let what was put so far lie in files; what is put after it lies in the tail."""
    return lambda: facts.close_tail(organization, force=True)


def said(customer, day, value, answer, *, measure=SCORE, **more):
    return {
        "customer": customer,
        "day": ZERO + day,
        "value": value,
        "answer": answer,
        "measure": measure,
        **more,
    }


def visit(customer, day, interaction, **more):
    return {
        "customer": customer,
        "day": ZERO + day,
        "interaction": interaction,
        "answer": 0,
        "measure": DAYS,
        **more,
    }


def ask(organization, starts=None, within=100):
    question = Question(organization.id, until=ZERO + 200)
    found = afterwards(question, SCORE, starts or Starts(), within=within)
    said = zip(found.groups.tolist(), found.values.tolist(), found.n.tolist(), strict=True)
    back = zip(found.back_groups.tolist(), found.came_back.tolist(), found.back_n.tolist(), strict=True)
    return list(said), list(back)


def test_who_had_no_trouble_is_followed_from_the_first_day(organization, closes):
    put(organization, visit(1, 0, 1), said(1, 5, 9, 1), said(1, 8, 2, 2), visit(1, 50, 2))
    put(organization, visit(2, 0, 3))
    assert ask(organization) == ([(0, 9, 1)], [(0, 0, 1), (0, 1, 1)])
    closes()
    assert ask(organization) == ([(0, 9, 1)], [(0, 0, 1), (0, 1, 1)])


def test_what_was_said_on_the_first_day_or_too_late_is_not_later(organization, closes):
    put(organization, visit(1, 0, 1), said(1, 0, 9, 1), said(1, 101, 3, 2))
    closes()
    assert ask(organization)[0] == []


def test_who_missed_a_promise_had_trouble_from_that_day_on(organization, closes):
    """Customer 2 answered before it and counts, customer 3 answered on that day and does not."""
    for customer, day in ((1, 3), (2, 10), (3, 5)):
        put(organization, visit(customer, 0, customer * 10), said(customer, 5, 9, customer))
        put(organization, visit(customer, day, customer * 10 + 1, outcome=-1))
    closes()
    assert ask(organization)[0] == [(0, 9, 1)]


def test_an_answer_that_became_a_case_is_still_an_answer_of_somebody_without_trouble(organization, closes):
    """Else the group without trouble would hold good answers only."""
    put(organization, visit(1, 0, 1), said(1, 5, 1, 1), visit(2, 0, 2), said(2, 6, 1, 2))
    closes()
    starts = Starts(troubled=(1, 2), trouble_days=(ZERO + 5, ZERO + 5))
    assert ask(organization, starts)[0] == [(0, 1, 1)]


def test_the_recovered_are_followed_from_their_day_whatever_befell_them(organization, closes):
    put(organization, visit(1, 0, 1, outcome=-1), said(1, 1, 2, 1), said(1, 30, 8, 2), visit(1, 40, 2))
    put(organization, visit(2, 0, 3, outcome=-1), said(2, 30, 4, 3))
    closes()
    starts = Starts((1, 2), (1, 2), (ZERO + 20, ZERO + 20), (1, 2), (ZERO + 1, ZERO + 1))
    assert ask(organization, starts) == ([(1, 8, 1), (2, 4, 1)], [(1, 1, 1), (2, 0, 1)])


def test_who_was_not_followed_long_enough_neither_came_back_nor_stayed_away(organization, closes):
    put(organization, visit(1, 150, 1), visit(1, 160, 2))
    closes()
    assert ask(organization)[1] == []


def test_what_was_taken_back_was_never_said(organization, closes):
    put(organization, visit(1, 0, 1), said(1, 5, 9, 1), said(1, 7, 4, 2))
    closes()
    put(organization, said(1, 5, 9, 1), sign=-1)
    assert ask(organization)[0] == [(0, 4, 1)]


def test_nobody_known_is_nobody(organization):
    assert ask(organization) == ([], [])
    put(organization, visit(0, 0, 1), said(0, 5, 9, 1))
    assert ask(organization) == ([], [])


def test_a_memory_is_paired_with_what_was_said_some_weeks_before(organization, closes):
    put(
        organization,
        said(1, 0, 9, 1), said(1, 10, 8, 2), said(1, 60, 3, 3), said(1, 80, 5, 4, measure=4),
        said(2, 0, 7, 5), said(2, 200, 6, 6, measure=4),
        said(3, 20, 8, 7), said(3, 85, 5, 8, measure=4),
    )  # fmt: skip
    closes()
    found = pairs(Question(organization.id), SCORE, 4, least=50, most=100)
    assert [each.tolist() for each in found] == [[8], [5], [2]]


def test_a_journey_has_two_touchpoints_and_a_judgement_apart(organization, closes):
    put(
        organization,
        said(1, 1, 4, 1, touchpoint=1), said(1, 2, 2, 2, touchpoint=2), said(1, 3, 5, 3, touchpoint=1),
        said(1, 9, 8, 4, measure=5, touchpoint=0), said(1, 10, 1, 5, touchpoint=1),
        # One touchpoint only; a judgement at a touchpoint; touchpoints of another journey.
        said(2, 1, 4, 6, touchpoint=1), said(2, 9, 8, 7, measure=5, touchpoint=0),
        said(3, 1, 4, 8, touchpoint=1), said(3, 2, 4, 9, touchpoint=2), said(3, 9, 8, 10, measure=5, touchpoint=1),
        said(4, 1, 4, 11, touchpoint=1), said(4, 2, 4, 12, touchpoint=7), said(4, 9, 8, 13, measure=5, touchpoint=0),
    )  # fmt: skip
    closes()
    found = journeys(Question(organization.id), SCORE, 5, (1, 2), within=30, better="higher")
    assert (found.overall.tolist(), found.worst.tolist(), found.last.tolist()) == ([8], [2], [5])
    assert found.mean.tolist() == [pytest.approx(11 / 3)]
    assert found.touchpoints.tolist() == [3]
    anywhere = journeys(Question(organization.id), SCORE, 5, (1, 2), within=30, better="higher", apart=False)
    assert anywhere.worst.tolist() == [2, 4]
    lower = journeys(Question(organization.id), SCORE, 5, (1, 2), within=30, better="lower")
    assert lower.worst.tolist() == [5]
    one_go = journeys(
        Question(organization.id), SCORE, SCORE, (1, 2), within=30, better="higher", apart=False
    )
    # The last answer judges, so it is no moment of its own.
    assert one_go.touchpoints.tolist() == [3]
    assert journeys(Question(organization.id), SCORE, 5, (8, 9), within=30, better="higher").mean.size == 0
