"""Numbers in the language of the reader."""

import pytest
from django.utils.translation import override

from mindgap.explain.finding import Finding
from mindgap.show import words
from mindgap.show.words.number import count, interval, number, p_value, percent, with_unit


def finding(code: str, value: float | None, low: float | None, high: float | None, unit: str = "") -> Finding:
    return Finding(
        code=code, measure="m", value=value, low=low, high=high, n=100, population="completed", unit=unit
    )


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [
        ("en", 5164, "5,164"),
        ("en", 123456, "123,456"),
        ("zh-hans", 9999, "9,999"),
        ("zh-hans", 12345, "1.2万"),
        ("zh-hant", 12345, "1.2萬"),
        ("zh-hans", 320_000_000, "3.2亿"),
        ("zh-hant", 320_000_000, "3.2億"),
        ("zh-hans", 20_000, "2万"),
        ("en", None, "–"),
    ],
)
def test_large_numbers_are_counted_in_ten_thousands_in_chinese(
    language: str, n: float | None, text: str
) -> None:
    with override(language):
        assert count(n) == text


def test_percent_has_a_space_in_english_only() -> None:
    with override("en"):
        assert percent(0.0662) == "6.6\u00a0%"
    with override("zh-hant"):
        assert percent(0.0662) == "6.6%"


def test_the_minus_is_a_minus() -> None:
    assert number(-0.5) == "\u22120.5"
    assert number(0.5, signed=True) == "+0.5"
    assert number(-0.01) == "0.0"
    assert number(None) == "–"


def test_one_day_is_singular_only_when_whole() -> None:
    with override("en"):
        assert with_unit(1, "days", decimals=0) == "1 day"
        assert with_unit(1, "days") == "1.0 days"
        assert with_unit(-1, "days", decimals=0) == "\u22121 day"
        assert with_unit(3, "parsecs", decimals=0) == "3"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (finding("promise.missed", 0.0662, 0.0598, 0.0733, "share"), "6.0–7.3"),
        (finding("gap.mean", -1.2, -1.5, -0.9, "days"), "\u22121.5 to \u22120.9"),
        (finding("score.mean", 4.14, 4.10, 4.17), "4.10–4.17"),
        (finding("score.nps", 30, 10, 50, "points"), "+10 to +50"),
        (finding("promise.advice", 7, 6, None, "days"), "at least 6"),
        (finding("promise.advice", 7, None, 9, "days"), "at most 9"),
        (finding("promise.coverage", 0.5, None, None, "share"), ""),
    ],
)
def test_intervals_show_no_more_than_is_known(given: Finding, text: str) -> None:
    with override("en"):
        assert interval(given) == text


def test_a_step_of_a_share_is_in_percentage_points() -> None:
    with override("en"):
        assert (
            words.figure(finding("change.previous", -0.101, -0.123, -0.079, "share"))
            == "\u221210.1 percentage points"
        )


def test_p_values_do_not_pretend() -> None:
    assert [p_value(p) for p in (None, 0.00001, 0.0312, 0.47)] == ["–", "p < 0.001", "p 0.031", "p 0.47"]
