"""What is asked, in which order, what follows, what is repeated in a text."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collect.survey import every_type

from mindgap.collect.survey import logic, words
from mindgap.collect.survey.state import Several, begin
from mindgap.keep import definition
from mindgap.keep.definition import Definition, End, Page

HERE = UUID(int=7)


def survey(*pages, **more) -> Definition:
    """Pages of `(code, questions, further fields)`."""
    written = [{"code": code, "questions": questions, **rest} for code, questions, rest in pages]
    return definition.read({"title": {"en": "T"}, "pages": written, **more})


def ask(code: str, **more):
    return {"code": code, "type": "nps", "text": {"en": code}, **more}


def when(column: str, value, op: str = "is"):
    return {"all": [{"column": column, "op": op, "value": value}]}


def state(id_: UUID = HERE, **answers):
    made = begin(survey="s", version=1, language="en", id_=id_)
    made.answers = answers
    return made


def test_a_question_is_shown_when_its_condition_is_met() -> None:
    made = survey(("one", [ask("a"), ask("b", show_if=when("a", 6, "at_most"))], {}))
    page = made.pages[0]
    assert [q.code for q in logic.visible(made, page, state(a=3))] == ["a", "b"]
    assert [q.code for q in logic.visible(made, page, state(a=9))] == ["a"]
    assert [q.code for q in logic.visible(made, page, state())] == ["a"]


def test_the_answer_to_a_hidden_question_shows_no_other() -> None:
    made = survey(
        ("one", [ask("a"), ask("b", show_if=when("a", 1)), ask("c", show_if=when("b", 1))], {}),
    )
    assert [q.code for q in logic.visible(made, made.pages[0], state(a=2, b=1))] == ["a"]


def test_chosen_codes_meet_is_and_in_and_does_not_apply_meets_nothing_but_empty() -> None:
    row = state(m=["price", "speed"], s=None).row()
    assert logic.meets(when("m", "price"), row)
    assert logic.meets(when("m", ["advice", "speed"], "in"), row)
    assert not logic.meets(when("m", "price", "not"), row)
    assert logic.meets(when("s", None, "empty"), row)
    assert not logic.meets(when("s", 0, "at_least"), row)
    assert Several(("a", "b")) == ("a", "b")


def test_a_number_compared_with_a_text_is_not_met_and_stops_nobody() -> None:
    assert not logic.meets(when("a", "many", "above"), state(a=3).row())
    assert not logic.meets({"none": 3}, state().row())


def test_rows_of_a_matrix_and_sides_of_a_pair_are_columns() -> None:
    row = state(m={"price": 2}, p={"got": 1, "will": 4}).row()
    assert logic.meets({"all": [*when("m.price", 2)["all"], *when("p.got", 1)["all"]]}, row)


def test_branches_lead_forward_to_pages_and_ends_and_never_back() -> None:
    """A8."""
    made = survey(
        (
            "one",
            [ask("a")],
            {"branches": [{"when": when("a", 0), "end": "sorry"}, {"when": when("a", 1), "page": "three"}]},
        ),
        ("two", [ask("b")], {"branches": [{"when": when("b", 1), "page": "one"}]}),
        ("three", [ask("c")], {}),
        ends=[{"code": "sorry", "text": {"en": "Sorry"}}, {"code": "thanks", "text": {"en": "Thanks"}}],
    )
    one, two, three = made.pages
    following = logic.next_page(made, one, state(a=0))
    assert isinstance(following, End)
    assert following.code == "sorry"
    assert logic.next_page(made, one, state(a=1)) is three
    assert logic.next_page(made, one, state(a=5)) is two
    assert logic.next_page(made, two, state(a=5, b=1)) is three
    assert logic.next_page(made, three, state()) is None


def test_a_page_without_anything_to_ask_is_passed_over() -> None:
    made = survey(
        ("one", [ask("a")], {}),
        ("two", [ask("b", show_if=when("a", 1))], {}),
        ("three", [ask("c")], {"show_if": when("a", 1)}),
        ("four", [ask("d")], {}),
    )
    following = logic.next_page(made, made.pages[0], state(a=5))
    assert isinstance(following, Page)
    assert following.code == "four"


def test_the_end_is_the_first_whose_condition_is_met_and_not_one_kept_for_a_quota() -> None:
    made = survey(
        ends=[
            {"code": "full", "text": {"en": "Full"}},
            {"code": "low", "text": {"en": "Sorry"}, "show_if": when("a", 6, "at_most")},
            {"code": "thanks", "text": {"en": "Thanks"}},
        ],
        quotas=[{"code": "q", "limit": 1, "end": "full"}],
    )
    assert logic.end_of(made, state(a=2)).code == "low"
    assert logic.end_of(made, state(a=9)).code == "thanks"
    assert [quota.code for quota in logic.quota_claims(made, state())] == ["q"]


def test_answers_of_a_way_that_was_left_do_not_count() -> None:
    made = survey(
        ("one", [ask("a")], {"branches": [{"when": when("a", 1), "page": "three"}]}),
        ("two", [ask("b")], {}),
        ("three", [ask("c", show_if=when("b", None, "empty"))], {}),
    )
    assert logic.settled(made, state(a=1, b=5, c=3)) == {"a": 1, "c": 3}
    assert logic.settled(made, state(a=2, b=5, c=3)) == {"a": 2, "b": 5}
    assert logic.way_to(made, state(a=1), "three") == ["one"]


@settings(deadline=None)
@given(st.uuids())
def test_the_order_follows_from_the_submission_and_other_stays_last(id_: UUID) -> None:
    made = every_type.every_type()
    question = made.question("multiple")
    first = logic.choices_in_order(question, state(id_))
    assert first == logic.choices_in_order(question, state(id_))
    assert first[-1].code == "none"
    assert {choice.code for choice in first} == {choice.code for choice in question.choices}


def test_orders_differ_between_respondents_and_every_order_occurs() -> None:
    question = every_type.every_type().question("multiple")
    seen = {tuple(c.code for c in logic.choices_in_order(question, state(UUID(int=n)))) for n in range(200)}
    assert len(seen) == 6


def test_placeholders_become_labels_and_values_and_nothing_else_is_touched() -> None:
    """A5."""
    made = every_type.every_type()
    here = state(single="else", multiple=["price", "speed"], nps=9, stars=None, text="<b>{{nps}}</b>")
    here.answers["single.else"] = "the market"
    here.hidden = {"order": "o-1"}

    def piped(text: str) -> str:
        return logic.pipe(text, here, definition=made)

    assert (
        piped("{{single}}, {{multiple}}, {{ nps }}, {{stars}}, {{hidden.order}}")
        == "the market, Price, Speed, 9, , o-1"
    )
    assert piped("{{text}}") == "<b>{{nps}}</b>"
    assert piped("{{unknown}}{{request.user.password}}{{hidden.none}}") == ""
    for literal in ("{{7*7}}", "{% debug %}", "{0.__class__}", "${7*7}", "#{7*7}", "{{ 'a'.upper() }}"):
        assert piped(literal) == literal


@pytest.mark.parametrize(
    ("wanted", "offered", "chosen"),
    [
        (["zh-TW"], ("en", "zh-hans", "zh-hant"), "zh-hant"),
        (["zh-CN", "en"], ("en", "zh-hant"), "en"),
        (["zh"], ("zh-hant", "en"), "zh-hant"),
        (["zh-HK", "zh"], ("en", "zh-hans"), "zh-hans"),
        (["de-AT", "en"], ("en", "de"), "de"),
        (["fr"], ("zh-hans", "en"), "zh-hans"),
        ([], ("en",), "en"),
    ],
)
def test_one_chinese_never_stands_in_for_the_other(wanted, offered, chosen) -> None:
    assert words.best(wanted, offered) == chosen


def test_a_text_without_translation_is_shown_in_another_language_rather_than_not_at_all() -> None:
    """A9."""
    made = definition.read({"title": {"en": "T"}, "languages": ["en", "zh-hans", "zh-hant"]})
    assert logic.words({"en": "Shop"}, "zh-hant", made) == "Shop"
    assert logic.words({"zh-hans": "门店", "de": "Laden"}, "zh-hant", made) == "Laden"
    assert logic.words({"zh-hans": "门店"}, "zh-hant", made) == "门店"


def test_every_word_is_there_in_three_languages_and_the_two_chinese_differ_where_they_must() -> None:
    tables = [words.table(code) for code in ("en", "zh-hans", "zh-hant")]
    assert all(text.strip() for table in tables for text in table.values())
    assert tables[1]["send"] != tables[2]["send"]
    assert words.table("de") is tables[0]
    assert words.accepted("zh-TW,zh;q=0.9,en;q=0.8,*;q=0.1, x;q=nan2") == ("zh-TW", "zh", "en")


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "other", "a.x"]), st.integers(0, 10)))
def test_a_survey_without_conditions_keeps_what_going_through_it_would_keep(answers) -> None:
    made = survey(
        ("one", [ask("a"), ask("b")], {"shuffle": True}), ("two", [], {}), ("three", [ask("c")], {})
    )
    assert logic.outline(made).is_straight
    kept = logic.settled(made, state(**answers))
    assert kept == logic._walk(made, state(**answers))[0]
    assert kept.keys() == answers.keys() - {"other"}


def test_only_what_was_answered_to_these_questions_is_taken_out() -> None:
    answers = {"a": 1, "a.x": 2, "ab": 3, "b.a": 4, "b": 5}
    assert logic.without(answers, {"a"}) == {"ab": 3, "b.a": 4, "b": 5}
    assert logic.without(answers, {"a", "b"}) == {"ab": 3}
