"""Numbers on pages: one filter per kind, and the tag of a figure, which never stands without interval and n."""

from dataclasses import replace
from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from mindgap.explain.finding import NOT_KNOWN, TOO_FEW, Finding

NPS = Finding("score.nps", "likelihood", 32.1, 28.9, 35.2, 5164, "completed", metric="nps", unit="points")


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|points }}", 32.14, "+32.1"),
        ("{{ v|share }}", 0.0662, "6.6\u00a0%"),
        ("{{ v|number }}", 5164, "5,164"),
        ("{{ v|number }}", 4.135, "4.1"),
        ("{{ v|duration:'days' }}", 5, "5 days"),
        ("{{ v|duration:'days' }}", 1, "1 day"),
        ("{{ v|duration:'hours' }}", 1.25, "1.2 hours"),
        ("{{ v|signed }}", -1.8, "−1.8"),
        ("{{ v|signed }}", 0.01, "0.0"),
        ("{{ v|day }}", date(2026, 11, 22), "Nov. 22, 2026"),
    ],
)
def test_filter_writes_a_number_as_people_read_it(source: str, value: object, text: str) -> None:
    assert shown(source, v=value) == text


@pytest.mark.parametrize("name", ["points", "share", "number", "duration:'days'", "signed", "day"])
def test_nothing_known_is_a_dash(name: str) -> None:
    assert shown(f"{{{{ v|{name} }}}}", v=None) == "–"


def test_large_numbers_are_written_in_ten_thousands_in_chinese() -> None:
    with translation.override("zh-hant"):
        assert shown("{{ v|number }}", v=51640) == "5.2萬"


def test_figure_shows_value_interval_and_n() -> None:
    text = shown("{% figure finding label='Loyalty' %}", finding=NPS)
    for part in ("Loyalty", "+32.1", "points", "+28.9 to +35.2", "n 5,164"):
        assert part in text


def test_figure_names_its_metric_where_no_label_is_given() -> None:
    assert "Net Promoter Score" in shown("{% figure finding %}", finding=NPS)


@pytest.mark.parametrize("warning", [TOO_FEW, NOT_KNOWN])
def test_figure_without_value_shows_no_n(warning: str) -> None:
    bare = replace(NPS, value=None, low=None, high=None, n=None, warnings=(warning,))
    text = shown("{% figure finding %}", finding=bare)
    assert "figure-ground" not in text or "from 5 answers" in text
    assert "n 5" not in text
