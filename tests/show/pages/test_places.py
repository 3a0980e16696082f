"""Places: one link for each unit with its code, closed and opened, printed; only keepers of this organization."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import sign_in

from mindgap.keep import definition as definitions
from mindgap.keep import survey as surveys
from mindgap.keep.definition import Definition, Hidden, Page, Question
from mindgap.keep.models import Invitation, Link, Organization, Survey, Unit
from mindgap.show.pages.places import placard, printed

HERE = "/surveys/visit/places/"


@pytest.fixture
def survey(bare: Organization) -> Survey:
    """A live survey in English and both scripts of Chinese, with a hidden field."""
    made = Survey.objects.create(organization=bare, code="visit", name={"en": "Your visit"})
    definition = Definition(
        title={"en": "Your visit", "zh-hans": "您的到访", "zh-hant": "您的到訪"},
        languages=("en", "zh-hans", "zh-hant"),
        hidden=(Hidden(code="table"),),
        pages=(
            Page(
                code="p1",
                questions=(
                    Question(code="own", type="text", text={"en": "?", "zh-hans": "？", "zh-hant": "？"}),
                ),
            ),
        ),
    )
    there = surveys.draft(made)
    surveys.save_draft(made, definition, expected_digest=there.digest)
    surveys.publish(made)
    assert definitions.digest(definition)
    return made


@pytest.fixture
def amy(bare: Organization) -> Client:
    return sign_in(bare, "amy", roles=["cx_manager"])


@pytest.fixture
def everywhere(survey: Survey, amy: Client) -> list[Link]:
    assert amy.post(HERE + "units/", {"channel": "web"}).status_code == 302
    return list(survey.links.order_by("id"))


def test_every_unit_gets_one_link_and_only_one(survey: Survey, amy: Client, everywhere: list[Link]) -> None:
    assert [(link.unit.code, link.channel) for link in everywhere if link.unit] == [
        ("north", "web"), ("north-1", "web"), ("south", "web"), ("south-1", "web"),
    ]  # fmt: skip
    amy.post(HERE + "units/", {"channel": "web"})
    assert survey.links.count() == 4
    Unit.objects.create(organization=survey.organization, code="east", name="East")
    amy.post(HERE + "units/", {"channel": "web"})
    assert survey.links.count() == 5


def test_the_units_below_one_unit_and_of_one_kind_can_be_chosen(survey: Survey, amy: Client) -> None:
    north = Unit.objects.get(code="north")
    amy.post(HERE + "units/", {"below": north.pk, "kind": "branch"})
    assert [link.unit.code for link in survey.links.all() if link.unit] == ["north-1"]


def test_outsiders_neither_see_nor_change_links(
    bare: Organization, survey: Survey, everywhere: list[Link]
) -> None:
    other = Organization.objects.create(code="other", name="Other")
    stranger = sign_in(other, "chen", roles=["admin"])
    analyst = sign_in(bare, "dora", roles=["analyst"])
    leader = sign_in(bare, "bo", roles=["branch_manager"], unit=Unit.objects.get(code="north"))
    one = everywhere[0].short
    for path in (
        "",
        "sheet/",
        "sheet.pdf",
        "new/",
        "personal/",
        f"{one}/",
        f"{one}/code.svg",
        f"{one}/code.png",
    ):
        assert [each.get(HERE + path).status_code for each in (stranger, analyst, leader)] == [404, 403, 403]
    for path in ("units/", "personal/", f"{one}/state/", f"{one}/"):
        assert [each.post(HERE + path).status_code for each in (stranger, analyst, leader)] == [404, 403, 403]
    assert Link.objects.get(short=one).is_active


def test_a_link_of_another_survey_is_not_reached_through_this_one(
    survey: Survey, amy: Client, everywhere: list[Link]
) -> None:
    Survey.objects.create(organization=survey.organization, code="else", name={"en": "Else"})
    assert amy.get(f"/surveys/else/places/{everywhere[0].short}/").status_code == 404


def test_units_of_another_organization_cannot_be_chosen(survey: Survey, amy: Client) -> None:
    other = Organization.objects.create(code="other", name="Other")
    foreign = Unit.objects.create(organization=other, code="x", name="X")
    assert amy.post(HERE + "units/", {"below": foreign.pk}).status_code == 422
    assert amy.post(HERE + "new/", {"unit": foreign.pk}).status_code == 200
    assert not survey.links.exists()


def test_a_link_is_closed_and_opened_but_never_lost(amy: Client, everywhere: list[Link]) -> None:
    link = everywhere[0]
    amy.post(f"{HERE}{link.short}/state/", {"to": "closed"})
    assert not Link.objects.get(pk=link.pk).is_active
    assert link.short not in amy.get(HERE + "sheet/").content.decode()
    amy.post(f"{HERE}{link.short}/state/", {"to": "open"})
    assert Link.objects.get(pk=link.pk).is_active


def test_a_link_takes_values_of_hidden_fields_that_the_survey_has(survey: Survey, amy: Client) -> None:
    assert amy.post(HERE + "new/", {"label": "Table 7", "hidden": "nothing=7"}).status_code == 200
    assert amy.post(HERE + "new/", {"label": "Table 7", "hidden": "table=7"}).status_code == 302
    assert survey.links.get().hidden == {"table": "7"}


def test_the_list_asks_as_much_for_many_links_as_for_few(
    amy: Client, everywhere: list[Link], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(13):
        assert amy.get(HERE).status_code == 200


def test_the_code_is_a_drawing_and_a_picture_of_the_address(amy: Client, everywhere: list[Link]) -> None:
    one = f"{HERE}{everywhere[0].short}/code."
    drawing, picture = amy.get(one + "svg"), amy.get(one + "png")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing.content.decode()
    assert picture.content.startswith(b"\x89PNG")
    assert "attachment" in picture["Content-Disposition"]
    assert amy.get(one + "exe").status_code == 404


@pytest.mark.parametrize(
    ("language", "title", "place", "words"),
    [
        ("en", "Your visit", "North", "How was it?"),
        ("zh-hans", "您的到访", "北区", "扫码"),
        ("zh-hant", "您的到訪", "North", "掃碼"),
    ],
)
def test_the_sheet_is_in_the_language_that_was_chosen(
    amy: Client, everywhere: list[Link], language: str, title: str, place: str, words: str
) -> None:
    shown = amy.get(HERE + "sheet/", {"language": language}).content.decode()
    assert all(each in shown for each in (title, place, words, everywhere[0].short))


def test_the_words_on_a_sheet_are_text_and_never_markup(amy: Client, everywhere: list[Link]) -> None:
    shown = amy.get(HERE + "sheet/", {"words": "<b>#read(1)</b>"}).content.decode()
    assert "<b>#read" not in shown
    assert amy.get(HERE + "sheet.pdf", {"words": "#read(1) $x$ *b*"}).content.startswith(b"%PDF")


@pytest.mark.parametrize("per", [1, 2, 4, 8])
def test_the_pdf_has_so_many_codes_on_a_page(survey: Survey, everywhere: list[Link], per: int) -> None:
    links = list(survey.links.select_related("unit"))
    made = printed.pdf(placard.placards(survey, links, language="en"), language="en", per=per)
    assert b"/Type/Pages/Count %d/" % -(-4 // per) in made


def test_without_a_font_the_pdf_is_refused_in_words(
    amy: Client, everywhere: list[Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "_installed", lambda: frozenset({"DejaVu Sans"}))
    answer: Any = amy.get(HERE + "sheet.pdf", {"language": "zh-hans"}, follow=True)
    assert "no font" in answer.content.decode()
    assert json.dumps(answer.redirect_chain).count("sheet/") == 1


@pytest.mark.django_db(transaction=True)
def test_personal_links_come_as_a_table_that_is_safe_to_open(survey: Survey, amy: Client) -> None:
    people = SimpleUploadedFile("people.csv", b"email,name\na@example.org,=1+1\n")
    answer = amy.post(HERE + "personal/", {"people": people, "until": "2026-04-02"})
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Cache-Control"] == "no-store"
    said = answer.content.decode("utf-8-sig")
    made = Invitation.objects.get()
    assert f"/s/{survey.short}/" in said
    assert "'=1+1" in said
    assert made.expires_at == datetime(2026, 4, 2, 16, 0, tzinfo=UTC)
    assert amy.post(HERE + "personal/", {"count": "3"}).content.decode().count("/s/") == 3


def test_personal_links_need_a_list_or_a_count_and_an_open_survey(survey: Survey, amy: Client) -> None:
    assert "Choose a list" in amy.post(HERE + "personal/", {}).content.decode()
    bad = SimpleUploadedFile("people.csv", b"name\nAnn\n")
    assert "needs a column" in amy.post(HERE + "personal/", {"people": bad}).content.decode()
    surveys.close(survey)
    assert "takes no answers" in amy.post(HERE + "personal/", {"count": "3"}).content.decode()
    assert not Invitation.objects.exists()
