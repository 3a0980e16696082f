"""Surveys (R49–R70): the list, the editor with and without a script, publishing, and who may do what."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.collect.survey.every_type import raw
from tests.show.conftest import sign_in

from mindgap.keep import definition, survey
from mindgap.keep.models import Organization, Survey

HOSTILE = "<img src=x onerror=alert(1)>\"'</script><svg/onload=alert(2)>{{7*7}}"


@pytest.fixture
def mine(bare: Organization) -> Survey:
    """A survey with one page and two questions, in English and traditional Chinese."""
    made = Survey.objects.create(organization=bare, code="visit", name={"en": "Visit"})
    save(
        made,
        {
            "title": {"en": "Visit"},
            "languages": ["en", "zh-hant"],
            "pages": [
                {
                    "code": "first",
                    "questions": [
                        {"code": "nps", "type": "nps", "text": {"en": "Recommend?"}, "measure": "likelihood"},
                        {
                            "code": "where",
                            "type": "single",
                            "text": {"en": "Where?"},
                            "choices": [
                                {"code": "web", "text": {"en": "Web", "zh-hant": "網站"}},
                                {"code": "shop", "text": {"en": "Shop"}},
                            ],
                        },
                    ],
                }
            ],
            "ends": [{"code": "thanks", "text": {"en": "Thank you"}}],
        },
    )
    return made


@pytest.fixture
def keeper(bare: Organization) -> Client:
    return sign_in(bare, "kim", roles=["cx_manager"], personal_data="full")


def save(made: Survey, raw: dict[str, Any]) -> None:
    there = survey.draft(made)
    survey.save_draft(made, definition.read(raw), expected_digest=there.digest)


def draft(made: Survey) -> definition.Definition:
    return survey.draft(made).read()


def fields(page: str, part: str = "") -> dict[str, Any]:
    """What a browser would send of the form of a part that is open."""
    form = re.search(r'<form class="form"[^>]*data-part.*?</form>', page, re.DOTALL)
    assert form, part
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name = re.search(r'name="([^"]*)"', tag)
        if not name or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(value[1] if value else "on" if "checkbox" in tag else "")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = body.removeprefix("\n").removeprefix("\r\n")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body) or re.search(
            r'<option value="([^"]*)"', body
        )
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def open_part(client: Client, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    return fields(answer.content.decode())


def test_an_empty_list_offers_the_first_step(keeper: Client) -> None:
    page = keeper.get("/surveys/").content.decode()
    assert "No survey yet" in page
    assert 'href="/surveys/new/"' in page


def test_a_survey_begins_from_each_template(keeper: Client, bare: Organization) -> None:
    from mindgap.collect.survey import templates

    offered = templates.catalog()
    page = keeper.get("/surveys/new/").content.decode()
    assert all(f'href="?template={each.code}"' in page for each in offered)
    for each in offered:
        sent = {"template": each.code, "name_en": each.code, "code": f"s-{each.code}", "kind": each.kind}
        assert keeper.post("/surveys/new/", sent).status_code == 302
        made = Survey.objects.get(organization=bare, code=f"s-{each.code}")
        assert draft(made).questions
        assert keeper.get(f"/surveys/{made.code}/edit/").status_code == 200


def test_a_survey_begins_empty_and_gets_its_first_question(keeper: Client, bare: Organization) -> None:
    answer = keeper.post(
        "/surveys/new/", {"template": "empty", "name_en": "Mine", "code": "mine", "kind": "transaction"}
    )
    assert answer["Location"] == "/surveys/mine/edit/"
    answer = keeper.post("/surveys/mine/changes/", {"act": "add_question", "type": "nps"})
    assert answer["Location"] == "/surveys/mine/edit/questions/nps/"
    assert [each.type for each in draft(Survey.objects.get(code="mine")).questions] == ["nps"]


@pytest.mark.parametrize("type_", definition.TYPES)
def test_every_type_of_question_can_be_added_and_saved(keeper: Client, mine: Survey, type_: str) -> None:
    answer = keeper.post("/surveys/visit/changes/", {"act": "add_question", "type": type_, "page": "first"})
    path = answer["Location"]
    sent = open_part(keeper, path) | {"text": f"About {type_}"}
    assert keeper.post(path, sent).status_code == 302
    saved = draft(mine).questions[-1]
    assert (saved.type, saved.text) == (type_, {"en": f"About {type_}"})


def test_saving_a_form_as_it_is_changes_nothing(keeper: Client, bare: Organization) -> None:
    """Whatever the forms do not show must survive them."""
    made = Survey.objects.create(organization=bare, code="all", name={"en": "All"})
    whole = raw()
    whole["pages"][0]["questions"][1]["show_if"] = {"any": [{"column": "nps", "op": "at_most", "value": 6}]}
    whole["pages"][0]["branches"] = [
        {"when": {"all": [{"column": "nps", "op": "is", "value": 0}]}, "end": "full"},
        {"when": {"all": [{"any": [{"column": "nps", "op": "is", "value": 1}]}]}, "page": "said"},
    ]
    whole["quotas"] = [
        {
            "code": "q",
            "limit": 5,
            "end": "full",
            "when": {"all": [{"column": "language", "op": "in", "value": ["en"]}]},
        }
    ]
    save(made, whole)
    before = draft(made)
    paths = [
        "whole",
        "theme",
        "hidden",
        "quotas/q",
        "ends/full",
        *(f"pages/{page.code}" for page in before.pages),
    ]
    paths += [f"questions/{each.code}" for each in before.questions]
    for part in paths:
        path = f"/surveys/all/edit/{part}/"
        assert keeper.post(path, open_part(keeper, path)).status_code == 302, part
        assert draft(made) == before, part


def test_a_question_keeps_its_translations_when_its_words_change(keeper: Client, mine: Survey) -> None:
    path = "/surveys/visit/edit/questions/where/"
    sent = open_part(keeper, path) | {
        "choice-0-text": "Website",
        "choice-3-text": "By phone",
        "go": "choice.0.down",
    }
    assert keeper.post(path, sent).status_code == 302
    choices = draft(mine).question("where").choices  # type: ignore[union-attr]
    assert [choice.code for choice in choices] == ["shop", "web", "by-phone"]
    assert choices[1].text == {"en": "Website", "zh-hant": "網站"}


def test_a_condition_is_written_in_rows_and_read_as_numbers(keeper: Client, mine: Survey) -> None:
    path = "/surveys/visit/edit/questions/where/"
    sent = open_part(keeper, path) | {"when-0-column": "nps", "when-0-op": "at_most", "when-0-value": "6"}
    keeper.post(path, sent)
    assert draft(mine).question("where").show_if == {"all": [{"column": "nps", "op": "at_most", "value": 6}]}  # type: ignore[union-attr]


def test_questions_move_by_buttons_over_the_edge_of_their_page(keeper: Client, mine: Survey) -> None:
    post = lambda **sent: keeper.post("/surveys/visit/changes/", sent)
    post(act="up", kind="questions", code="where")
    assert [each.code for each in draft(mine).questions] == ["where", "nps"]
    post(act="add_page")
    post(act="down", kind="questions", code="nps")
    assert [[each.code for each in page.questions] for page in draft(mine).pages] == [["where"], ["nps"]]
    post(act="place", code="nps", page="first", at="0")
    assert [[each.code for each in page.questions] for page in draft(mine).pages] == [["nps", "where"], []]


def test_what_was_removed_can_be_put_back(keeper: Client, mine: Survey) -> None:
    before = draft(mine)
    keeper.post("/surveys/visit/changes/", {"act": "remove", "kind": "questions", "code": "nps"})
    assert [each.code for each in draft(mine).questions] == ["where"]
    assert "nps was removed" in keeper.get("/surveys/visit/edit/").content.decode()
    keeper.post("/surveys/visit/changes/", {"act": "undo"})
    assert draft(mine) == before


def test_a_copy_stands_right_behind_its_original(keeper: Client, mine: Survey) -> None:
    keeper.post("/surveys/visit/changes/", {"act": "duplicate", "code": "nps"})
    assert [each.code for each in draft(mine).questions] == ["nps", "nps-2", "where"]


def test_the_second_of_two_who_change_one_part_sees_both(keeper: Client, mine: Survey) -> None:
    path = "/surveys/visit/edit/questions/nps/"
    hers, his = open_part(keeper, path), open_part(keeper, path)
    assert keeper.post(path, hers | {"text": "Hers"}).status_code == 302
    answer = keeper.post(path, his | {"text": "His"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hers" in page
    assert "His" in page
    assert draft(mine).question("nps").text == {"en": "Hers"}  # type: ignore[union-attr]
    assert keeper.post(path, fields(page)).status_code == 302
    assert draft(mine).question("nps").text == {"en": "His"}  # type: ignore[union-attr]


def test_two_who_change_different_parts_never_meet(keeper: Client, mine: Survey) -> None:
    one, other = "/surveys/visit/edit/questions/nps/", "/surveys/visit/edit/questions/where/"
    hers, his = open_part(keeper, one), open_part(keeper, other)
    assert keeper.post(one, hers | {"text": "Hers"}).status_code == 302
    assert keeper.post(other, his | {"text": "His"}).status_code == 302
    assert [each.text["en"] for each in draft(mine).questions] == ["Hers", "His"]


def test_words_for_a_part_that_was_removed_meanwhile_are_shown_again(keeper: Client, mine: Survey) -> None:
    path = "/surveys/visit/edit/questions/nps/"
    sent = open_part(keeper, path)
    keeper.post("/surveys/visit/changes/", {"act": "remove", "kind": "questions", "code": "nps"})
    answer = keeper.post(path, sent | {"text": "Long thought about"})
    assert answer.status_code == 409
    assert "Long thought about" in answer.content.decode()


def test_problems_lead_to_their_place_and_keep_it_from_being_published(keeper: Client, mine: Survey) -> None:
    path = "/surveys/visit/edit/questions/where/"
    keeper.post(path, open_part(keeper, path) | {"choice-0-text": "", "choice-1-text": ""})
    page = keeper.get("/surveys/visit/edit/").content.decode()
    assert f'<a href="{path}">Give at least 2 choices.</a>' in page
    keeper.post("/surveys/visit/publication/")
    assert Survey.objects.get(pk=mine.pk).state == "draft"


def test_a_survey_is_published_closed_and_opened_again(keeper: Client, mine: Survey) -> None:
    assert "Publish version 1" in keeper.get("/surveys/visit/versions/").content.decode()
    for path, state in (("publication", "live"), ("closure", "closed"), ("reopening", "live")):
        keeper.post(f"/surveys/visit/{path}/")
        assert Survey.objects.get(pk=mine.pk).state == state
    keeper.post("/surveys/visit/changes/", {"act": "add_question", "type": "stars", "page": "first"})
    page = keeper.get("/surveys/visit/versions/").content.decode()
    assert "added: stars" in page
    assert "Kim" in page


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(keeper: Client, mine: Survey) -> None:
    old = survey.draft(mine).digest
    keeper.post("/surveys/visit/changes/", {"act": "duplicate", "code": "nps"})
    keeper.post("/surveys/visit/publication/", {"digest": old})
    assert Survey.objects.get(pk=mine.pk).state == "draft"


def test_hostile_words_stand_as_words_on_every_page(keeper: Client, mine: Survey) -> None:
    """A1: what authors write is text, wherever it is shown."""
    whole = definition.write(draft(mine))
    whole["title"]["en"] = HOSTILE
    for page in whole["pages"]:
        page["title"] = {"en": HOSTILE}
        for question in page["questions"]:
            question["text"]["en"] = HOSTILE
            question["help"] = {"en": HOSTILE}
            for choice in question.get("choices", ()):
                choice["text"]["en"] = HOSTILE
    whole["ends"][0]["text"]["en"] = HOSTILE
    Survey.objects.filter(pk=mine.pk).update(name={"en": HOSTILE})
    save(mine, whole)
    keeper.post("/surveys/visit/publication/")
    places = ("", "edit/", "edit/questions/where/", "edit/pages/first/", "edit/whole/", "translation/zh-hant/",
              "preview/", "path/", "links/", "versions/", "settings/")  # fmt: skip
    for place in places:
        page = keeper.get(f"/surveys/visit/{place}").content.decode()
        assert "<img src=x" not in page, place
        assert "<svg/onload" not in page, place
        assert "{{7*7}}" in page, place


OUTSIDE = (
    "", "edit/", "edit/questions/nps/", "settings/", "translation/", "translation/zh-hant/", "preview/", "path/",
    "links/", "versions/", "answers/wide/csv/",
)  # fmt: skip


@pytest.mark.parametrize("place", OUTSIDE)
def test_outsiders_find_nothing_here(bare: Organization, mine: Survey, place: str) -> None:
    other = Organization.objects.create(code="other", name="Other Company")
    chen = sign_in(other, "chen", roles=["admin"], personal_data="full")
    assert chen.get(f"/surveys/visit/{place}").status_code == 404
    assert Client().get(f"/surveys/visit/{place}").status_code == 302
    assert "Visit" not in chen.get("/surveys/").content.decode()


@pytest.mark.parametrize("place", OUTSIDE[1:-1])
def test_an_analyst_reads_results_and_changes_nothing(bare: Organization, mine: Survey, place: str) -> None:
    dora = sign_in(bare, "dora", roles=["analyst"], personal_data="none")
    assert dora.get("/surveys/visit/").status_code == 200
    assert dora.get(f"/surveys/visit/{place}").status_code == 403


@pytest.mark.parametrize("place", ["changes", "publication", "closure", "reopening"])
def test_nobody_else_changes_a_survey(bare: Organization, mine: Survey, place: str) -> None:
    dora = sign_in(bare, "dora", roles=["analyst"], personal_data="none")
    before = survey.draft(mine).digest
    sent = {"act": "remove", "kind": "questions", "code": "nps"}
    assert dora.post(f"/surveys/visit/{place}/", sent).status_code == 403
    assert survey.draft(mine).digest == before
    assert Survey.objects.get(pk=mine.pk).state == "draft"


def test_a_branch_manager_sees_no_survey_of_the_whole_organization(bo_bare: Client, mine: Survey) -> None:
    assert bo_bare.get("/surveys/").status_code == 403
    assert bo_bare.get("/surveys/visit/").status_code == 403


@pytest.fixture
def bo_bare(bare: Organization) -> Client:
    from mindgap.keep.models import Unit

    return sign_in(
        bare, "bo", roles=["branch_manager"], unit=Unit.objects.get(organization=bare, code="north")
    )
