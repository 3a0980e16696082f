"""Triggers of arrivals: what each sees, and what it must not take for it (behaviour 3.1)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.act.alert.conftest import answer, person
from tests.act.conftest import COMMITS

from mindgap.act.alert import matching
from mindgap.act.alert.alert import Alert
from mindgap.act.alert.triggers import catalog
from mindgap.act.alert.triggers.safety import shipped
from mindgap.ground import clock
from mindgap.keep import incoming
from mindgap.keep.models import Promise, Survey, SurveyVersion

pytestmark = pytest.mark.django_db(transaction=COMMITS)


def test_every_trigger_of_the_list_is_there() -> None:
    assert set(catalog()) == {
        "answer", "bounce", "callback_asked", "case_overdue", "keyword", "late_untold", "metric_shift", "neglect",
        "no_response", "promise_contradiction", "promise_missed", "repeat_complaint", "safety",
    }  # fmt: skip
    for code, trigger in catalog().items():
        assert trigger.code == code
        assert bool(trigger.rows) == (trigger.sees is not None)
        assert bool(trigger.look) == (trigger.every is not None)
        assert bool(trigger.look) != bool(trigger.rows)


@pytest.mark.parametrize(
    ("comment", "words", "expected"),
    [
        ("我要投訴你們", ["投诉"], ["投诉"]),
        ("我要投诉你们", ["投訴"], ["投诉"]),
        ("ＲＥＦＵＮＤ please", ["refund"], ["refund"]),
        ("I rather like it", ["rat"], []),
        ("a rat! in the shop", ["rat"], ["rat"]),
        ("two injuries, one injured", ["injur*"], ["injuries", "injured"]),
        ("talk to a  human", ["a human"], ["a  human"]),
        ("C++ is fine", ["c++"], ["c++"]),
        ("nothing", ["", " "], []),
        ("", ["x"], []),
    ],
)
def test_words_are_found_in_either_script_any_width_and_whole(comment, words, expected) -> None:
    assert matching.found(comment, words) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "The battery caught fire", "my son was injured", "孩子被烫伤了", "孩子被燙傷了", "喝了以後過敏送醫", "找到碎玻璃", "漏电！",
        "FOOD POISONING after dinner", "ｓｍｏｋｅ came out",
    ],
)  # fmt: skip
def test_harm_is_recognised_in_three_languages(comment: str) -> None:
    assert matching.found(comment, shipped())


@pytest.mark.parametrize(
    "comment",
    ["Good value", "很满意，很快", "The app crashed twice", "服務很好", "firefox works", "fast delivery"],
)
def test_harmless_words_are_no_harm(comment: str) -> None:
    assert matching.found(comment, shipped()) == []


def test_safety_is_critical_and_marks_its_case(staff, mail, post, rule, take, send_all) -> None:
    rule("safety", severity="critical", opens_case=True)
    take(answer(score=9, comment="很好，但充電器冒煙了"), answer("b", score=1, comment="slow"))
    alert = Alert.objects.get()
    assert alert.saw["found"] == ["冒烟"]
    assert (alert.case.is_safety, alert.case.urgency) == (True, "critical")


def test_a_keyword_rule_needs_words_and_heeds_its_condition(staff, mail, rule, take) -> None:
    rule("keyword")
    rule("keyword", settings={"words": ["退款"]})
    rule("keyword", {"all": [{"column": "unit", "op": "is", "value": "xuhui"}]}, settings={"words": ["退款"]})
    take(answer(comment="我要退款"))
    assert [each.rule.code for each in Alert.objects.all()] == ["keyword-1"]


def test_a_repeated_complaint_counts_earlier_low_answers_of_the_same_customer(
    staff, mail, rule, take
) -> None:
    rule("repeat_complaint", settings={"times": 3, "days": 30})
    now = clock.now()
    take(
        answer("1", answered_at=now - timedelta(days=40)),
        answer("2", answered_at=now - timedelta(days=10)),
        answer("3", score=9, answered_at=now - timedelta(days=9)),
        answer("4", answered_at=now - timedelta(hours=9)),
        answer("other", customer=person(email="li@example.org")),
    )
    assert Alert.objects.count() == 0
    take(answer("5"))
    alert = Alert.objects.get()
    assert alert.saw["complaints"] == 3


def test_two_rules_on_repeated_complaints_each_look_as_far_back_as_they_say(staff, mail, rule, take) -> None:
    rule("repeat_complaint", settings={"times": 2, "days": 5})
    rule("repeat_complaint", {"all": [{"column": "touchpoint", "op": "in", "value": ["delivery", "x"]}]},
         settings={"times": 2, "days": 60})  # fmt: skip
    take(answer("1", answered_at=clock.now() - timedelta(days=30)))
    take(answer("2"))
    assert [each.rule.code for each in Alert.objects.all()] == ["repeat_complaint-1"]


def test_a_rule_of_another_touchpoint_is_not_asked_and_any_of_several_lines_is_enough(
    staff, mail, rule, take
) -> None:
    there, elsewhere = (
        {"column": "touchpoint", "op": "is", "value": code} for code in ("delivery", "checkout")
    )
    low = {"column": "score.likelihood", "op": "at_most", "value": 6}
    rule(condition={"all": [elsewhere, low]}, cooldown_hours=0)
    rule(
        condition={"all": [there, low, {"column": "language", "op": "not", "value": "de"}, there]},
        cooldown_hours=0,
    )
    rule(condition={"any": [elsewhere, low]}, cooldown_hours=0)
    rule(
        condition={
            "all": [{"any": [elsewhere, there]}, {"column": "score.likelihood", "op": "above", "value": 1}]
        }
    )
    take(answer())
    assert {each.rule.code for each in Alert.objects.all()} == {"answer-1", "answer-2", "answer-3"}


@pytest.mark.parametrize(
    ("took", "rule_of", "fires"), [(5, "calendar", 0), (6, "calendar", 1), (9, "calendar", 1)]
)
def test_a_promise_is_missed_by_its_own_rule(staff, mail, rule, take, took, rule_of, fires) -> None:
    rule("promise_missed")
    start = clock.now() - timedelta(days=took)
    take(
        incoming.Interaction(
            key="o1", touchpoint="delivery", started_at=start, experienced_at=clock.now(), promise="in-5",
            promised=5, unit="pudong", customer=person(),
        )
    )  # fmt: skip
    assert Alert.objects.count() == fires
    if fires:
        assert Alert.objects.get().saw == {"promised": 5.0, "actual": float(took)}


def test_a_promise_missed_by_little_can_be_left_alone(staff, mail, rule, take) -> None:
    rule("promise_missed", settings={"by": 3})
    assert Promise.objects.count() == 1
    for key, took in (("a", 7), ("b", 8)):
        start = clock.now() - timedelta(days=took)
        take(
            incoming.Interaction(
                key=key, touchpoint="delivery", started_at=start, experienced_at=clock.now(), promise="in-5",
                promised=5, unit="pudong",
            )
        )  # fmt: skip
    assert Alert.objects.get().saw["actual"] == 8


def test_an_interaction_that_is_open_or_was_cancelled_missed_nothing(staff, mail, rule, take) -> None:
    rule("promise_missed")
    start = clock.now() - timedelta(days=30)
    about = {
        "touchpoint": "delivery",
        "started_at": start,
        "promise": "in-5",
        "promised": 5,
        "unit": "pudong",
    }
    take(incoming.Interaction(key="o", **about), incoming.Interaction(key="c", cancelled=True, **about))
    assert Alert.objects.count() == 0


@pytest.fixture
def submitted(company):
    """A finished submission with what was ticked, and the answer of the same key before it."""
    survey = Survey.objects.create(organization=company, code="visit", name={"en": "Visit"}, state="live")
    SurveyVersion.objects.create(
        survey=survey, number=1, definition={"title": {"en": "x"}, "languages": ["en"], "pages": []}, digest="x",
        state="published", published_at=clock.now(),
    )  # fmt: skip

    def make(*consents: incoming.Consent, state: str = "finished", test: bool = False) -> tuple:
        key, now = str(uuid4()), clock.now()
        return (
            answer(key, score=8),
            incoming.Submission(
                key=key, survey="visit", version=1, started_at=now, changed_at=now, state=state,
                finished=now if state == "finished" else None, consents=consents, test=test,
            ),
        )  # fmt: skip

    return make


def test_whoever_ticked_that_they_may_be_called_is_called(staff, mail, rule, take, submitted) -> None:
    rule("callback_asked", opens_case=True)
    take(*submitted(incoming.Consent("contact", given=True)))
    alert = Alert.objects.get()
    assert (alert.unit.code, alert.customer.name, alert.case.title) == (
        "pudong",
        "王小明",
        "Low score · Delivery",
    )


@pytest.mark.parametrize(
    "about",
    [
        {"consents": [incoming.Consent("contact", given=False)]},
        {"consents": [incoming.Consent("research", given=True)]},
        {"consents": [incoming.Consent("contact", given=True)], "state": "partial"},
        {"consents": [incoming.Consent("contact", given=True)], "test": True},
        {"consents": []},
    ],
)
def test_nobody_is_called_who_did_not_ask(staff, mail, rule, take, submitted, about) -> None:
    rule("callback_asked")
    take(*submitted(*about.pop("consents"), **about))
    assert Alert.objects.count() == 0
