"""Surveys: preview, translation, the way of one person, and what came back (R56–R70, P9)."""

import csv
import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.collect.survey import address
from mindgap.collect.survey.state import Seal
from mindgap.ground import clock
from mindgap.keep import definition, survey
from mindgap.keep.models import Organization, Submission, Survey

WHOLE: dict[str, Any] = {
    "title": {"en": "Visit"},
    "languages": ["en", "zh-hant"],
    "pages": [
        {
            "code": "first",
            "questions": [
                {
                    "code": "nps",
                    "type": "nps",
                    "text": {"en": "Recommend?"},
                    "measure": "likelihood",
                    "may_skip": True,
                },
                {
                    "code": "where",
                    "type": "multiple",
                    "text": {"en": "Where?", "zh-hant": "在哪裡？"},
                    "choices": [
                        {"code": "web", "text": {"en": "Web", "zh-hant": "網站"}},
                        {"code": "shop", "text": {"en": "Shop", "zh-hant": "門市"}},
                    ],
                },
            ],
            "branches": [{"when": {"all": [{"column": "nps", "op": "at_least", "value": 9}]}, "end": "fan"}],
        },
        {
            "code": "second",
            "show_if": {
                "any": [
                    {"column": "hidden.store", "op": "is", "value": "north"},
                    {"column": "nps", "op": "at_most", "value": 6},
                ]
            },
            "questions": [{"code": "why", "type": "text", "long": True, "text": {"en": "Why?"}}],
        },
    ],
    "ends": [{"code": "thanks", "text": {"en": "Thanks"}}, {"code": "fan", "text": {"en": "Great"}}],
    "hidden": [{"code": "store", "keeps": "attribute"}],
}


@pytest.fixture
def mine(bare: Organization) -> Survey:
    made = Survey.objects.create(organization=bare, code="visit", name={"en": "Visit"})
    survey.save_draft(made, definition.read(WHOLE), expected_digest=survey.draft(made).digest)
    return made


@pytest.fixture
def keeper(bare: Organization) -> Client:
    return sign_in(bare, "kim", roles=["cx_manager"], personal_data="full")


@pytest.fixture
def reader(bare: Organization) -> Client:
    return sign_in(bare, "dora", roles=["analyst"], personal_data="none")


def answer(mine: Survey, *all_answers: dict[str, Any], state: str = "finished") -> None:
    version = survey.published(mine) or survey.publish(mine)
    start = Submission.objects.count()
    for number, answers in enumerate(all_answers, start + 1):
        Submission.objects.create(
            id=number,
            organization=mine.organization,
            key=uuid4(),
            survey=mine,
            version=version,
            state=state,
            started_at=clock.now() - timedelta(seconds=60),
            changed_at=clock.now(),
            finished_at=clock.now() if state == "finished" else None,
            language="en",
            answers=answers,
        )


def test_preview_shows_the_draft_by_a_mark_that_stores_nothing(keeper: Client, mine: Survey) -> None:
    page = keeper.get("/surveys/visit/preview/?lang=zh-hant&width=768").content.decode()
    source = re.search(r'<iframe class="is-768" src="([^"]*)"', page)
    assert source
    path = source[1].replace("&amp;", "&")
    assert path == address.preview_path(mine.short, Seal(settings.SECRET_KEY), language="zh-hant")


def test_translations_of_two_people_are_merged_text_by_text(keeper: Client, mine: Survey) -> None:
    place = "pages.first.questions"
    url = "/surveys/visit/translation/zh-hant/"
    keeper.post(url, {f"t.{place}.nps.text": "推薦嗎？", f"was.{place}.nps.text": ""})
    clash = keeper.post(
        url,
        {
            f"t.{place}.nps.text": "會推薦嗎？",
            f"was.{place}.nps.text": "",
            "t.ends.thanks.text": "謝謝",
            "was.ends.thanks.text": "",
        },
    )
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "推薦嗎？" in page
    assert "會推薦嗎？" in page
    saved = survey.draft(mine).read()
    assert saved.question("nps").text["zh-hant"] == "推薦嗎？"  # type: ignore[union-attr]
    assert saved.ends[0].text["zh-hant"] == "謝謝"
    again = {f"t.{place}.nps.text": "會推薦嗎？", f"was.{place}.nps.text": "推薦嗎？"}
    assert keeper.post(url, again).status_code == 302
    assert survey.draft(mine).read().question("nps").text["zh-hant"] == "會推薦嗎？"  # type: ignore[union-attr]


def test_what_is_missing_can_be_copied_and_is_counted(keeper: Client, mine: Survey) -> None:
    assert "3 of 8" in keeper.get("/surveys/visit/translation/").content.decode()
    keeper.post("/surveys/visit/translation/zh-hant/", {"copy": "all"})
    assert "8 of 8" in keeper.get("/surveys/visit/translation/").content.decode()
    assert survey.draft(mine).read().question("where").text["zh-hant"] == "在哪裡？"  # type: ignore[union-attr]


def test_a_language_is_added_and_removed_and_its_words_stay(keeper: Client, mine: Survey) -> None:
    url = "/surveys/visit/translation/"
    keeper.post(url, {"remove": "zh-hant"})
    assert survey.draft(mine).read().languages == ("en",)
    keeper.post(url, {"add": "ar"})
    keeper.post(url, {"add": "zh-hant"})
    assert survey.draft(mine).read().languages == ("en", "ar", "zh-hant")
    assert 'dir="rtl"' in keeper.get(f"{url}ar/").content.decode()
    assert survey.draft(mine).read().question("where").text["zh-hant"] == "在哪裡？"  # type: ignore[union-attr]
    keeper.post(url, {"remove": "en"})
    assert survey.draft(mine).read().languages[0] == "en"


@pytest.mark.parametrize(
    ("query", "shown", "absent"),
    [
        ("q.nps=10", "End fan", "Why? (why)"),
        ("q.nps=3", "Why? (why)", "End fan"),
        ("q.nps=7&hidden.store=north", "Why? (why)", "End fan"),
        ("q.nps=7", "End thanks", "Why? (why)"),
    ],
)
def test_the_way_of_a_person_follows_from_their_answers(
    keeper: Client, mine: Survey, query: str, shown: str, absent: str
) -> None:
    page = keeper.get(f"/surveys/visit/path/?{query}").content.decode()
    way = page.split('class="way"')[1]
    assert shown in way
    assert absent not in way
    assert "Recommend? (nps) is at least 9" in way


def test_results_count_with_n_and_interval(reader: Client, mine: Survey) -> None:
    answer(
        mine, *[{"nps": 10, "where": ["web"]}] * 8, *[{"nps": 2, "where": ["web", "shop"]}] * 4, {"nps": None}
    )
    page = reader.get("/surveys/visit/").content.decode()
    assert "13 finished answers" in page
    assert re.search(r"Net Promoter Score \+33\.3 \(.*\), n = 12", page)
    assert "1 said that it does not apply" in page
    shop = re.search(r'<th scope="row">Shop</th><td class="number">4</td>.*?</tr>', page)
    assert shop
    assert re.search(r"33\.3\s?%", shop[0])


def test_what_too_few_said_is_not_shown(reader: Client, mine: Survey) -> None:
    answer(mine, *[{"nps": 1, "why": "Slow <b>service</b>"}] * 7)
    page = reader.get("/surveys/visit/").content.decode()
    assert "Too few answered to show what they said." in page
    assert "Slow" not in page
    assert "Net Promoter Score" not in page.split("<main")[1]
    answer(mine, {"nps": 1, "why": "Call 13800138000"})
    page = reader.get("/surveys/visit/").content.decode()
    assert "Slow &lt;b&gt;service&lt;/b&gt;" in page
    assert "13800138000" not in page


def test_a_file_of_so_few_is_only_for_those_who_may_see_personal_data(
    keeper: Client, reader: Client, mine: Survey
) -> None:
    answer(mine, {"nps": 1, "why": "Slow"})
    assert reader.get("/surveys/visit/answers/wide/csv/").status_code == 403
    assert keeper.get("/surveys/visit/answers/wide/csv/").status_code == 200
    assert keeper.get("/surveys/visit/answers/square/csv/").status_code == 404


def table(client: Client, path: str) -> list[dict[str, str]]:
    body = client.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_the_wide_file_has_codes_a_row_of_labels_and_words_in_the_chosen_language(
    keeper: Client, mine: Survey
) -> None:
    answer(mine, {"nps": 9, "where": ["web", "shop"], "why": "=1+1"})
    labels, row = table(keeper, "/surveys/visit/answers/wide/csv/?lang=zh-hant&labels=1")
    assert labels["where"] == "在哪裡？"
    assert (row["nps"], row["where"], row["why"], row["state"]) == ("9", "網站; 門市", "'=1+1", "finished")
    (raw,) = table(keeper, "/surveys/visit/answers/wide/raw/")
    assert (raw["where"], raw["why"]) == ("Web; Shop", "=1+1")


def test_trials_are_shown_apart_and_left_out_of_files(keeper: Client, mine: Survey) -> None:
    answer(mine, *[{"nps": 3, "why": "said by a customer"}] * 12)
    answer(mine, {"nps": 10, "why": "said to try it"})
    Submission.objects.filter(answers__nps=10).update(is_test=True)
    page = keeper.get("/surveys/visit/").content.decode()
    assert "12 finished answers" in page
    assert "said to try it" not in page
    assert "1 trial is kept apart" in page
    trials = keeper.get("/surveys/visit/?trials=1").content.decode()
    assert "said to try it" in trials
    assert "said by a customer" not in trials
    url = "/surveys/visit/answers/wide/csv/"
    rows = {wanted: table(keeper, f"{url}?trials={wanted}") for wanted in ("", "with", "only")}
    assert {wanted: len(each) for wanted, each in rows.items()} == {"": 12, "with": 13, "only": 1}
    assert rows["only"][0]["why"] == "said to try it"


def test_the_long_file_has_a_row_for_each_answer_in_the_layout_of_the_hub(
    keeper: Client, mine: Survey
) -> None:
    answer(mine, {"nps": 9, "where": ["web", "shop"], "why": "Fast"})
    rows = table(keeper, "/surveys/visit/answers/long/raw/")
    found = [
        (row["field_id"], row["field_type"], row["value_number"], row["value_text"], row["value_id"])
        for row in rows
    ]
    assert found == [
        ("nps", "nps", "9", "", ""),
        ("where", "categorical", "", "Web", "web"),
        ("where", "categorical", "", "Shop", "shop"),
        ("why", "text", "", "Fast", ""),
    ]


def test_the_list_tells_finished_and_begun_and_asks_the_same_few_questions(
    keeper: Client, mine: Survey, django_assert_max_num_queries: Any
) -> None:
    answer(mine, {"nps": 9}, {"nps": 8})
    answer(mine, {"nps": 1}, state="partial")
    with django_assert_max_num_queries(14):
        page = keeper.get("/surveys/").content.decode()
    row = page.split("/surveys/visit/")[1].split("</tr>")[0]
    assert re.findall(r'data-label="(?:Finished|Begun only)">(\d+)', row) == ["2", "1"]


def test_an_editor_of_many_questions_asks_no_more_queries(
    keeper: Client, mine: Survey, django_assert_max_num_queries: Any
) -> None:
    for _number in range(10):
        keeper.post("/surveys/visit/changes/", {"act": "duplicate", "code": "nps"})
    with django_assert_max_num_queries(26):
        assert keeper.get("/surveys/visit/edit/questions/nps/").status_code == 200
