"""Every kind of finding has a sentence of its own."""

# ruff: noqa: F811 - a fixture is imported and then named

import re

import pytest
from django.utils.translation import override
from tests.explain.company import one
from tests.explain.conftest import acme  # noqa: F401

from mindgap.explain.advice import advise
from mindgap.explain.audit import audit
from mindgap.explain.change import changes
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.journey import journeys
from mindgap.explain.overview import overview
from mindgap.explain.problem import problems
from mindgap.explain.report import report
from mindgap.explain.worst import worst
from mindgap.keep.models import Organization
from mindgap.show import words

pytestmark = pytest.mark.django_db


def everything(asked: Inquiry) -> list[Finding]:
    first = overview(asked)
    stops = [stop for journey in journeys(asked) for stop in journey.stops]
    found = [*report(asked), *advise(asked), *audit(asked), *changes(asked), *problems(asked), *worst(asked)]
    found += [each for each in (first.loyalty, first.kept, first.under_goal) if each]
    return found + [each for stop in stops for each in (stop.experienced, stop.expected, stop.gap) if each]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_finding_can_be_said(acme: Organization, language: str) -> None:
    asked = Inquiry(organization=acme)
    names = words.Names.of_inquiry(asked)
    with override(language):
        said = [words.sentence(finding, names) for finding in everything(asked)]
    assert len(said) > 40
    assert not [text for text in said if not text or re.search(r"%\(|None|nan|inf\b", text)]


def test_the_sentence_holds_value_interval_and_n(acme: Organization) -> None:
    asked = Inquiry(organization=acme)
    names = words.Names.of_inquiry(asked)
    found = report(asked)
    with override("en"):
        assert words.sentence(one(found, "gap.mean", touchpoint="delivery"), names) == (
            "Delivery: on average 0.6 days better than promised (+0.3 to +0.9), n 100."
        )
        assert words.sentence(one(found, "promise.missed", rule="calendar"), names) == (
            "Delivery: the promise was missed, by calendar day, in 20.0\u00a0% (13.3–28.9) of cases, n 100."
        )
        assert (
            words.sentence(one(found, "score.effort"), names) == "Hotline: too few answers to show a figure."
        )


def test_a_promise_that_is_too_short_is_said_without_signs(acme: Organization) -> None:
    asked = Inquiry(organization=acme)
    slack = one(advise(asked), "promise.slack", population="not_cancelled")
    with override("en"):
        text = words.sentence(slack, words.Names.of_inquiry(asked))
    assert text.startswith("Delivery: the promise would have to be 2 days longer")
    assert "\u2212" not in text


def test_names_follow_the_reader(acme: Organization) -> None:
    """Simplified is never shown to a reader of Traditional Chinese."""
    names = words.Names(acme)
    with override("zh-hans"):
        assert names.of("touchpoint", "delivery") == "配送"
    whole = Finding(code="x", measure="", value=1, low=None, high=None, n=1, population="completed")
    with override("zh-hans"):
        assert names.touchpoint(whole) == "顶点"
    with override("zh-hant"):
        assert names.touchpoint(whole) == "Acme"


def test_values_of_columns_have_names(acme: Organization) -> None:
    names = words.Names(acme)
    with override("en"):
        assert names.of("state", "open") == "open"
        assert names.of("promise", "kept") == "promise kept"
        assert names.of("promise", "five-days") == "five-days"
        assert names.of("outcome", "missed") == "missed"
        assert names.of("week", "2026-03-02") == "week of March 2, 2026"
        assert names.of("month", "2026-03") == "March 2026"
        assert names.of("day", "2026-03-02") == "March 2, 2026"
        assert names.of("seg_tier", "gold") == "gold"
        assert names.of("channel", None) == "Channel: –"
        assert (names.column("seg_tier"), names.column("channel")) == ("Tier", "Channel")
        assert names.metric("csat") == "Satisfaction"
        assert names.metric("loyalty.nps") == "Loyalty (Net Promoter Score)"
        assert names.metric("missed") == "Promise missed"
        assert names.metric(None) == ""
