"""Proofreading: each mistake is told by its own code, at its own place, and a good survey has none."""

import time
from decimal import Decimal

import pytest
from tests.keep import asked
from tests.keep.asked import en

from mindgap.keep import proof
from mindgap.keep.definition import (
    Branch,
    Choice,
    End,
    Hidden,
    Page,
    Question,
    Quota,
    Theme,
)
from mindgap.keep.models import Measure
from mindgap.keep.proof import Known
from mindgap.keep.proof.look import contrast


def scale(code, least, most, *, step=1, unit=""):
    ends = {"minimum": least, "maximum": most}
    decimals = {name: None if end is None else Decimal(str(end)) for name, end in ends.items()}
    return Measure(code=code, step=Decimal(str(step)), unit=unit, **decimals)


KNOWN = Known(
    measures={
        each.code: each
        for each in (
            scale("satisfaction", 1, 5),
            scale("likelihood", 0, 10),
            scale("effort", 1, 7),
            scale("stars", 0.5, 5, step=0.5),
            scale("days", 0, None, unit="days"),
            scale("share", 0, 1, step=0.01),
        )
    },
    sources=frozenset({"friends"}),
    touchpoints=frozenset({"delivery"}),
    segments=frozenset({"state"}),
)
CHOICES = (Choice("a", en("A")), Choice("b", en("B"), other=True))


def ask(*questions, **more):
    """A definition of one page with these questions."""
    return asked.definition(pages=(Page("p1", questions),), **more)


def question(type_="text", code="q1", text=None, **more):
    return Question(code, type_, en("What?") if text is None else text, **more)


def found(definition, known=KNOWN):
    return {(problem.code, problem.path) for problem in proof.problems(definition, known)}


def codes(definition, *, errors=True):
    return {each.code for each in proof.problems(definition, KNOWN) if each.is_error is errors}


def when(column, op="is", value=None):
    return {"all": [{"column": column, "op": op, "value": value}]}


def test_a_good_survey_has_no_problem():
    assert proof.problems(asked.definition(), KNOWN) == ()


def test_a_problem_says_where_it_is_and_what_it_is_about():
    (problem,) = proof.problems(ask(question("single", choices=(*CHOICES, CHOICES[0]))), KNOWN)
    assert problem.path == "pages.p1.questions.q1.choices.a"
    assert (problem.code, problem.facts, problem.is_error) == ("duplicate_code", (("found", "a"),), True)
    assert problem.words == "the code a is used twice"


@pytest.mark.parametrize(
    ("definition", "code", "path"),
    [
        (ask(), "no_questions", "pages"),
        (ask(question(), question()), "duplicate_code", "pages.p1.questions.q1"),
        (asked.definition(pages=(Page("p", (question(),)), Page("p"))), "duplicate_code", "pages.p"),
        (ask(question(code="q.1")), "bad_code", "pages.p1.questions.q.1"),
        (ask(question(code="")), "bad_code", "pages.p1.questions."),
        (ask(question(code="lang")), "reserved_code", "pages.p1.questions.lang"),
        (ask(question(), hidden=(Hidden("q1"),)), "reserved_code", "hidden.q1"),
        (ask(question("essay")), "unknown_type", "pages.p1.questions.q1.type"),
        (ask(question("single")), "needs_choices", "pages.p1.questions.q1.choices"),
        (ask(question("dropdown", choices=CHOICES[:1])), "needs_choices", "pages.p1.questions.q1.choices"),
        (ask(question("matrix")), "needs_rows", "pages.p1.questions.q1.rows"),
        (ask(question("consent")), "needs_purpose", "pages.p1.questions.q1.purpose"),
        (ask(question("consent", purpose="fun")), "unknown_purpose", "pages.p1.questions.q1.purpose"),
        (ask(question("contact")), "needs_fields", "pages.p1.questions.q1.fields"),
        (ask(question("contact", fields=("fax",))), "unknown_field", "pages.p1.questions.q1.fields"),
        (ask(question("pair", asks=("got",), measure="effort")), "half_a_pair", "pages.p1.questions.q1.asks"),
        (ask(question("pair", asks=("got", "wish"))), "unknown_ask", "pages.p1.questions.q1.asks"),
        (ask(question("pair")), "needs_measure", "pages.p1.questions.q1.measure"),
        (ask(question("stars", expects="will")), "needs_measure", "pages.p1.questions.q1.measure"),
        (ask(question("stars", expects="hope")), "unknown_expectation", "pages.p1.questions.q1.expects"),
        (ask(question(format="regex")), "unknown_format", "pages.p1.questions.q1.format"),
        (ask(question(touchpoint="moon")), "unknown_touchpoint", "pages.p1.questions.q1.touchpoint"),
        (ask(question("nps", measure="joy")), "unknown_measure", "pages.p1.questions.q1.measure"),
        (ask(question("file", accepts=(".SVG",))), "dangerous_ending", "pages.p1.questions.q1.accepts"),
        (ask(question("file", most=1000)), "too_much", "pages.p1.questions.q1.most"),
        (ask(question(most=10**6)), "too_much", "pages.p1.questions.q1.most"),
        (ask(question("number", least=5, most=1)), "least_above_most", "pages.p1.questions.q1.least"),
        (ask(question("rating", step=0)), "bad_step", "pages.p1.questions.q1.step"),
        (ask(question("rating", least=0, most=1e9)), "too_many_points", "pages.p1.questions.q1.most"),
        (ask(question(), languages=()), "no_language", "languages"),
        (ask(question(), languages=("en", "en_US")), "bad_language", "languages.1"),
        (ask(question(), languages=("en", "en")), "duplicate_code", "languages.1"),
        (ask(question(text={})), "empty_text", "pages.p1.questions.q1.text.en"),
        (ask(question(text={"en": " "})), "empty_text", "pages.p1.questions.q1.text.en"),
        (ask(question(text=en("x" * 6000))), "too_long", "pages.p1.questions.q1.text.en"),
        (ask(question(), ends=(End("e", {}),)), "empty_text", "ends.e.text.en"),
        (ask(question(), theme=Theme(look="loud")), "unknown_look", "theme.look"),
        (ask(question(), theme=Theme(font="x}body{")), "bad_font", "theme.font"),
        (ask(question(), theme=Theme(text="red")), "bad_colour", "theme.text"),
        (ask(question(), theme=Theme(logo="data:image/png,x")), "bad_address", "theme.logo"),
        (ask(question(), redirect_hosts=("*.example.com",)), "bad_host", "redirect_hosts.0"),
        (ask(question(), quotas=(Quota("n", 0),)), "bad_limit", "quotas.n.limit"),
        (ask(question(), quotas=(Quota("n", 9, end="full"),)), "unknown_end", "quotas.n.end"),
    ],
)  # fmt: skip
def test_each_mistake_has_a_code_and_a_place(definition, code, path):
    assert (code, path) in found(definition)
    assert code in codes(definition)


def test_an_empty_choice_is_never_shown():
    """A9."""
    definition = ask(question("single", choices=(*CHOICES, Choice("c", {}))))
    assert ("empty_text", "pages.p1.questions.q1.choices.c.text.en") in found(definition)


def test_a_missing_translation_is_a_warning_for_its_language():
    definition = ask(question(help=en("Help")), languages=("en", "fr"))
    assert codes(definition) == set()
    paths = {path for code, path in found(definition) if code == "missing_translation"}
    assert {
        "title.fr",
        "pages.p1.questions.q1.text.fr",
        "pages.p1.questions.q1.help.fr",
        "ends.thanks.text.fr",
    } == paths


def test_one_script_of_chinese_never_stands_in_for_the_other():
    """A9."""
    hans = {"zh-hans": "您好"}
    definition = asked.definition(
        title=hans, languages=("zh-hans", "zh-hant"), pages=(Page("p1", (question(text=hans),)),), ends=()
    )
    assert ("missing_script", "pages.p1.questions.q1.text.zh-hant") in found(definition)
    with_english = asked.definition(languages=("en", "zh-hans"), pages=(Page("p1", (question(),)),))
    assert "missing_script" not in codes(with_english)


@pytest.mark.parametrize(
    ("text", "code", "is_error"),
    [
        ("exe.\u202egpj", "turned_text", True),
        ("a\u202db", "turned_text", True),
        ("a\u202bb\u202c", "direction_sign", False),
        ("a\u2067b", "direction_sign", False),
        ("a\x00b", "control_character", True),
        ("a\x1bb", "control_character", True),
        ("a\x9bb", "control_character", True),
    ],
)
def test_signs_that_turn_or_break_text_are_told(text, code, is_error):
    """A9."""
    assert code in codes(ask(question(text=en(text))), errors=is_error)


@pytest.mark.parametrize(
    "text", ["سلام\u200f!", "a\n\tb", "𠮷👩‍👩‍👧", "<img src=x onerror=alert(1)>", "{{7*7}} {0.__class__}"]
)
def test_text_may_be_anything_that_people_write(text):
    """A1, A5, B9: it is shown as text, so it need not be refused."""
    assert codes(ask(question(text=en(text)))) == set()


@pytest.mark.parametrize(
    ("asked_for", "measure", "fits"),
    [
        (question("nps"), "likelihood", True),
        (question("nps"), "satisfaction", False),
        (question("nps", most=5), "likelihood", True),
        (question("satisfaction"), "satisfaction", True),
        (question("satisfaction"), "likelihood", True),
        (question("rating", least=0, most=10), "satisfaction", False),
        (question("stars"), "stars", True),
        (question("stars", least=0.5, step=0.5), "stars", True),
        (question("stars", step=0.5), "satisfaction", False),
        (question("effort"), "effort", True),
        (question("duration"), "days", True),
        (question("duration", unit="days"), "days", True),
        (question("duration", least=-1), "days", False),
        (question("number"), "share", False),
        (question("number", least=0, most=1, step=0.01), "share", True),
        (question("number", least=0, most=1, step=0.001), "share", False),
        (question("pair", unit="days"), "days", True),
        (question("pair"), "satisfaction", True),
        (question("rating", choices=(Choice("1", en("bad")), Choice("5", en("good")))), "satisfaction", True),
        (question("rating", choices=(Choice("0", en("bad")), Choice("5", en("good")))), "satisfaction", False),
    ],
)  # fmt: skip
def test_every_number_that_can_be_given_lies_on_the_scale_of_the_measure(asked_for, measure, fits):
    """What is off the scale would be put aside, answer by answer, when it is too late."""
    whole = ask(question(asked_for.type, **_fields(asked_for), measure=measure))
    assert ("off_scale" not in codes(whole)) is fits


def _fields(of):
    return {name: getattr(of, name) for name in ("least", "most", "step", "unit", "choices")}


def test_rows_of_a_matrix_have_measures_of_their_own():
    rows = (Choice("r1", en("Speed"), measure="satisfaction"), Choice("r2", en("Tone"), measure="effort"))
    whole = ask(question("matrix", rows=rows, most=7))
    assert {path for code, path in found(whole) if code == "off_scale"} == {
        "pages.p1.questions.q1.rows.r1.measure"
    }


def test_what_is_asked_in_another_unit_than_it_is_counted_in_is_told():
    assert "other_unit" in codes(ask(question("duration", unit="hours", measure="days")))


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (ask(question("stars")), "no_measure"),
        (ask(question(source="moon")), "unknown_source"),
        (ask(question("contact", fields=("email",))), "no_notice"),
        (ask(question("contact", fields=("email",), required=True)), "contact_required"),
        (ask(question("consent", purpose="contact", required=True)), "consent_required"),
        (ask(question("rating")), "usual_scale"),
        (ask(question(), ends=()), "no_end"),
    ],
)
def test_what_is_unwise_is_a_warning(definition, code):
    assert code in codes(definition, errors=False)
    assert code not in codes(definition)


def two_pages(first=(), second=(), **more):
    return asked.definition(
        pages=(
            Page("p1", (question("satisfaction", "s", measure="satisfaction"), question("single", "c", choices=CHOICES)), **dict(first)),
            Page("p2", (question(code="t"),), **dict(second)),
        ),
        **({"hidden": (Hidden("order"),)} | more),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (when("s", "at_most", 2), None),
        (when("c", "in", ["a", "b"]), None),
        (when("c.b", "filled"), None),
        (when("hidden.order", "filled"), None),
        (when("language", "is", "en"), None),
        (when("segment.state", "is", "SP"), None),
        (when("segment.moon", "is", "SP"), "unknown_segment"),
        (when("t", "filled"), "condition_later"),
        (when("nothing"), "unknown_column"),
        (when("hidden.moon"), "unknown_column"),
        (when("c.a"), "unknown_column"),
        (when("s.x"), "unknown_column"),
        (when("s", "at_least", "2"), "not_a_number"),
        (when("s", "is", None), "not_a_number"),
        (when("c", "above", 1), "not_ordered"),
        (when("channel", "above", "web"), "not_ordered"),
        (when("c", "is", "z"), "unknown_choice"),
        (when("s", "like", 1), "bad_condition"),
        ({"all": {}}, "bad_condition"),
        ({"no": []}, "bad_condition"),
        ({"all": [when("s", "is", 1)["all"][0]] * 200}, "bad_condition"),
    ],
)
def test_a_condition_refers_to_what_is_known_where_it_stands(condition, code):
    told = {problem.code for problem in proof.problems(two_pages(second={"show_if": condition}), KNOWN)}
    assert told == ({code} if code else set())


def test_a_condition_of_endless_depth_is_refused():
    condition = when("s", "is", 1)
    for _ in range(900):
        condition = {"any": [condition]}
    assert "bad_condition" in codes(two_pages(second={"show_if": condition}))


def test_a_condition_on_the_same_page_is_decided_when_the_page_is_sent():
    later = question(code="t", show_if=when("s", "is", 1))
    whole = ask(question("satisfaction", "s", measure="satisfaction"), later)
    assert codes(whole, errors=False) == {"condition_same_page"}
    assert "condition_later" in codes(ask(later, question("satisfaction", "s", measure="satisfaction")))


def test_branches_and_ends_may_look_at_the_whole_page_before_them():
    to_end = Branch(when("s", "at_least", 4), end="thanks")
    assert codes(two_pages(first={"branches": (to_end,)})) == set()
    with_end = two_pages(ends=(End("e", en("Bye"), show_if=when("t", "filled")),))
    assert codes(with_end) == set()


@pytest.mark.parametrize(
    ("branch", "code"),
    [
        (Branch({}, page="p1"), "branch_back"),
        (Branch({}, page="p2"), "branch_back"),
        (Branch({}, page="p9"), "unknown_page"),
        (Branch({}, end="p1"), "unknown_end"),
        (Branch({}), "branch_target"),
        (Branch({}, page="p1", end="thanks"), "branch_target"),
    ],
)
def test_branches_lead_forward_only_so_that_nobody_goes_in_circles(branch, code):
    """A8."""
    assert codes(two_pages(second={"branches": (branch,)})) == {code}


@pytest.mark.parametrize(
    ("redirect", "code"),
    [
        ("https://shop.example.com/", None),
        ("https://evil.example/", "host_not_allowed"),
        ("//evil.example", "bad_address"),
        ("https://{{q1}}/", "bad_address"),
        ("javascript:alert(1)", "bad_address"),
    ],
)
def test_an_end_leads_to_allowed_hosts_only(redirect, code):
    """A7; the many other spellings are in test_address."""
    whole = ask(question(), ends=(End("e", {}, redirect=redirect),), redirect_hosts=("shop.example.com",))
    assert codes(whole) == ({code} if code else set())


def test_contrast_is_that_of_wcag():
    """WCAG 2.2: black on white is 21, #767676 on white the lightest grey above 4.5."""
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert codes(ask(question(), theme=Theme(text="#767676"))) == set()
    assert codes(ask(question(), theme=Theme(text="#777777"))) == {"low_contrast"}
    assert codes(ask(question(), theme=Theme(accent="#ffff00"))) == {"low_contrast"}


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (ask(*(question(code=f"q{n}") for n in range(2000))), "too_many_questions"),
        (asked.definition(pages=tuple(Page(f"p{n}") for n in range(61))), "too_many_pages"),
        (
            ask(question("single", choices=tuple(Choice(str(n), en("x")) for n in range(10_000)))),
            "too_many_choices",
        ),
        (ask(question("matrix", rows=tuple(Choice(str(n), en("x")) for n in range(51)))), "too_many_rows"),
        (ask(question(), ends=tuple(End(str(n), en("x")) for n in range(101))), "too_many"),
    ],
)
def test_what_is_far_too_large_is_refused_without_being_read(definition, code):
    """A8."""
    assert codes(definition) == {code}


def test_a_large_survey_is_read_within_a_tenth_of_a_second():
    """A8: 300 questions with 10 choices in 3 languages."""
    words = {"en": "x" * 80, "zh-hans": "您" * 40, "zh-hant": "您" * 40}
    choices = tuple(Choice(str(n), words) for n in range(10))
    pages = tuple(
        Page(f"p{page}", tuple(question("single", f"q{page}_{n}", words, choices=choices) for n in range(5)))
        for page in range(60)
    )
    whole = asked.definition(title=words, languages=tuple(words), pages=pages, ends=(End("e", words),))
    began = time.process_time()
    assert proof.problems(whole, KNOWN) == ()
    assert time.process_time() - began < 0.1


@pytest.mark.django_db
def test_what_is_known_is_what_the_organization_declared():
    from tests.keep.company import Company

    mine, other = Company(), Company("other")
    other.organization.units.create(code="north")
    known = proof.known(mine.organization.id)
    assert set(known.measures) == {"days", "satisfaction"}
    assert (known.touchpoints, known.units, known.segments) == ({"delivery", "visit"}, set(), {"state"})
