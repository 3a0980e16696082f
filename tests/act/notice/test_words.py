"""Words of notices: complete in three languages, and nothing of what a customer wrote is evaluated (A5)."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.act.conftest import NOW

from mindgap.act.notice.wording import WORDING
from mindgap.act.notice.words import NoticeWords, span
from mindgap.ground.language import LANGUAGES

SHANGHAI = ZoneInfo("Asia/Shanghai")
_NAMED = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", sorted(WORDING))
def test_every_kind_says_the_same_in_every_language(code: str) -> None:
    assert set(WORDING[code]) == set(LANGUAGES)
    shapes = [[_facts(subjects), _facts(lines)] for subjects, lines in WORDING[code].values()]
    assert shapes[0] == shapes[1] == shapes[2]


def _facts(lines: tuple[str, ...]) -> list[list[str]]:
    return [sorted(_NAMED.findall(line)) for line in lines]


@pytest.mark.parametrize("code", sorted(WORDING))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_said(code: str, language: str) -> None:
    names = {name for part in WORDING[code]["en"] for line in part for name in _NAMED.findall(line)}
    subject, text = NoticeWords(code, dict.fromkeys(names, "X")).render(language, SHANGHAI)
    assert subject
    assert text
    assert "{" not in subject + text


def test_facts_are_told_in_the_readers_zone_and_language() -> None:
    words = NoticeWords(
        "improvement_due", {"number": 3, "title": "t", "deadline": date(2026, 12, 1), "tasks": 2}
    )
    assert words.render("en", SHANGHAI)[0] == "Improvement 3 is due on 1 Dec 2026: t"
    assert words.render("zh-hant", SHANGHAI)[0] == "改善項目 3 將於 2026年12月1日 到期：t"


def test_what_is_stored_says_the_same_again() -> None:
    words = NoticeWords(
        "case_warned",
        {
            "number": 3,
            "title": {"en": "t"},
            "left": timedelta(hours=26),
            "due": NOW,
            "owner": None,
            "step": "x",
        },
        "/cases/3/",
    )
    assert NoticeWords.read(words.write()) == words
    assert NoticeWords.read(words.write()).render("en", SHANGHAI) == words.render("en", SHANGHAI)


def test_what_a_customer_wrote_fills_nothing() -> None:
    words = NoticeWords(
        "case_replied", {"number": 1, "title": "{words}", "words": "{customer} {number}", "customer": "W"}
    )
    subject, text = words.render("en", SHANGHAI)
    assert subject == "The customer replied to case 1: {words}"
    assert "“{customer} {number}”" in text


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=2, hours=3, minutes=9), "2 days 3 hours"),
        (timedelta(minutes=-61), "1 hour 1 minute"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert span(length, "en") == said
    assert span(timedelta(days=2, hours=3), "zh-hans") == "2天3小时"
