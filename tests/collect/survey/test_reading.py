"""What people fill in, right and wrong."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collect.survey import every_type

from mindgap.collect.survey import page, reading
from mindgap.collect.survey.reading import Form
from mindgap.keep import definition

MADE = every_type.every_type()


def read(code: str, fields: dict[str, list[str]], **more: Any) -> Any:
    """The value of one question, or the code of its fault."""
    question = definition.read(
        {"title": {"en": "T"}, "pages": [{"code": "p", "questions": [{**_raw(code), **more}]}]}
    ).questions[0]
    done = reading.read([question], Form(fields))
    return done.faults[code].code if code in done.faults else done.values.get(code, "nothing")


def _raw(code: str) -> dict[str, Any]:
    return next(q for each in every_type.raw()["pages"] for q in each["questions"] if q["code"] == code)


@pytest.mark.parametrize("of", list(every_type.FIELDS))
def test_every_type_reads_what_its_page_sends(of: str) -> None:
    questions = next(each for each in MADE.pages if each.code == of).questions
    done = reading.read(questions, Form(every_type.FIELDS[of]))
    assert not done.faults
    assert done.values == {
        name: value
        for name, value in every_type.VALUES.items()
        if name.split(".")[0] in {q.code for q in questions}
    }


@pytest.mark.parametrize("code", [name for name in every_type.VALUES if "." not in name])
def test_what_was_read_can_be_written_into_the_form_and_read_again(code: str) -> None:
    question = MADE.question(code)
    fields = reading.written(question, every_type.VALUES)
    again = reading.read([question], Form(fields)).values
    assert again == {n: v for n, v in every_type.VALUES.items() if n == code or n.startswith(f"{code}.")}


@pytest.mark.parametrize("sent", ["11", "-1", "9.5", "９", "9 ", "09", "nine", "1e1", "~", "0x9", "9" * 5000])
def test_a_scale_takes_its_own_points_only(sent: str) -> None:
    """B7."""
    assert read("nps", {"nps": [sent]}) == "not_offered"


def test_two_values_for_one_scale_are_refused() -> None:
    assert read("nps", {"nps": ["9", "8"]}) == "not_offered"


def test_does_not_apply_is_null_and_only_where_it_is_offered() -> None:
    assert read("stars", {"stars": ["~"]}) is None
    assert read("duration", {"duration~": ["1"], "duration": ["5"]}) is None
    assert read("faces", {"faces": ["~"]}) == "not_offered"
    assert read("number", {"number~": ["1"]}) == "nothing"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"multiple": ["price"]}, ["price"]),
        ({"multiple": ["speed", "price", "speed"]}, ["price", "speed"]),
        ({"multiple": ["none"]}, ["none"]),
        ({"multiple": ["none", "price"]}, "alone"),
        ({"multiple": ["price", "speed", "advice"]}, "too_many"),
        ({"multiple": ["price", "free"]}, "not_offered"),
        ({"multiple": [str(n) for n in range(10_000)]}, "not_offered"),
        ({}, "nothing"),
    ],
)
def test_several_choices(fields, outcome) -> None:
    """B7."""
    assert read("multiple", fields) == outcome
    assert read("multiple", {"multiple": ["price"]}, least=2) == "too_few"


@pytest.mark.parametrize(
    ("places", "outcome"),
    [
        (["2", "1", "3"], ["speed", "price", "advice"]),
        (["1", "1", "2"], "repeated"),
        (["1", "2", ""], "unranked"),
        (["1", "2", "4"], "not_offered"),
        (["1", "2", "0"], "not_offered"),
        (["1", "2", "²"], "not_offered"),
        (["", "", ""], "nothing"),
    ],
)
def test_a_ranking_gives_every_choice_one_place(places, outcome) -> None:
    """B7."""
    names = ("ranking.price", "ranking.speed", "ranking.advice")
    assert read("ranking", {name: [place] for name, place in zip(names, places, strict=True)}) == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("3", 3),
        (" ３ ", 3),
        ("2,5", 2.5),
        ("2.5", 2.5),
        ("0", 0),
        ("1,000", "not_a_number"),
        ("1e3", "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("three", "not_a_number"),
        ("9" * 10_000, "not_a_number"),
        ("-1", "too_small"),
        ("366", "too_large"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, outcome) -> None:
    assert read("duration", {"duration": [text]}, step=0.5) == outcome
    assert read("duration", {"duration": ["2.5"]}) == "between_steps"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026/1/2", "2026-01-02"),
        ("2026年11月22日", "2026-11-22"),
        ("2026-02-30", "not_a_date"),
        ("yesterday", "not_a_date"),
    ],
)
def test_dates_are_read_as_people_write_them(text, outcome) -> None:
    assert read("date", {"date": [text]}) == outcome
    assert read("date", {"date.year": ["2026"], "date.month": ["11"], "date.day": ["2"]}) == "2026-11-02"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("a\x00b", "characters"),
        ("a\ud800b", "characters"),
        ("a\x1bb", "characters"),
        ("x" * 501, "too_long"),
        ("x" * 5_000_000, "too_long"),
        ("  \n ", "nothing"),
        ("é é 👩‍👩‍👧 𠮷 \u202e\ufeff", "é é 👩‍👩‍👧 𠮷 \u202e\ufeff"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("'; drop table keep_answer; --", "'; drop table keep_answer; --"),
        ("=1+1", "=1+1"),
        ("~", "~"),
    ],
)
def test_a_text_is_kept_code_point_by_code_point_or_refused(text, outcome) -> None:
    """B9."""
    assert read("text", {"text": [text]}) == outcome


@settings(deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200))
def test_any_text_of_printable_characters_is_kept_as_it_is(text: str) -> None:
    """B9."""
    assert read("text", {"text": [text]}) == (text if text.strip() else "nothing")


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (
            "email",
            ["ann@shop.example", "a+b@x.y.z", "王@例子.公司"],
            ["ann", "a@b", "a b@c.d", "a@b.c\nBcc: x", "<a@b.c>", "@b.c"],
        ),
        (
            "phone",
            ["+86 138-0000-0000", "(02) 1234 5678", "１３８００００００００"],
            ["12345", "call me", "+1" * 20, "1;2345678"],
        ),
        (
            "url",
            ["https://shop.example/a?b=c", "http://x.yz"],
            ["javascript:alert(1)", "//shop.example", "ftp://x.y", "https://"],
        ),
        ("digits", ["007"], ["1.5", "٣", "-1"]),
        ("postcode", ["100000", "SW1A 1AA"], ["<script>", "1"]),
    ],
)
def test_formats(form, good, bad) -> None:
    for text in good:
        assert not str(read("name", {"name": [text]}, format=form)).startswith("not_"), text
    for text in bad:
        assert str(read("name", {"name": [text]}, format=form)).startswith(
            ("not_", "characters", "too_long")
        ), text


@pytest.mark.parametrize("form", definition.FORMATS)
def test_no_text_takes_long_to_check(form: str) -> None:
    """A8."""
    started = time.perf_counter()
    for text in ("a" * 50_000 + "!", "a@" + "a." * 25_000, "1-" * 25_000, "https://" + "a/" * 25_000):
        read("name", {"name": [text]}, format=form, most=60_000)
    assert time.perf_counter() - started < 0.4


def test_a_contact_is_never_needed_and_a_consent_never_given_by_silence() -> None:
    assert read("contact", {}) == "nothing"
    assert read("consent", {}) is False
    assert read("consent", {"consent": ["0"]}) is False
    assert read("consent", {"consent": ["1"]}) is True
    assert read("consent", {}, required=True) == "consent_needed"


def test_one_fault_loses_nothing_of_the_others() -> None:
    done = reading.read(MADE.pages[0].questions, Form({"nps": ["11"], "faces": ["3"], "effort": ["8"]}))
    assert {code: fault.code for code, fault in done.faults.items()} == {
        "nps": "not_offered",
        "effort": "not_offered",
    }
    assert done.values == {"faces": 3}


def test_required_asks_for_every_row_and_both_sides() -> None:
    assert read("matrix", {"matrix.price": ["3"]}, required=True) == "missing_row"
    assert read("matrix", {}, required=True) == "missing"
    assert read("pair", {"pair.got": ["3"]}, required=True) == "missing"
    assert read("pair", {"pair~": ["1"]}, required=True) is None


def test_hidden_values_are_declared_ones_only() -> None:
    sent = {"order": ["o-1"], "role": ["admin"], "city": ["a\x00"], "campaign": ["x" * 201]}
    assert reading.accept_hidden(MADE, sent) == {"order": "o-1"}


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([n for f in every_type.FIELDS.values() for n in f]),
        st.lists(st.text(max_size=30), max_size=3),
    )
)
def test_whatever_is_sent_is_a_value_or_a_fault_with_words(fields) -> None:
    """B7, B9: no exception gets out, values are JSON, faults have a sentence."""
    done = reading.read(MADE.questions, Form(fields))
    json.dumps(done.values)
    for fault in done.faults.values():
        for code in every_type.LANGUAGES:
            assert "{" not in page.fault_words(fault, MADE, code)
