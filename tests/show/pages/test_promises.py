"""Promises (R8, R19–R21, R30, R33–R34, R166): the register, the page of one, the advisor, the places of its words."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import sign_in

from mindgap.keep.models import Occurrence, Organization, Promise

PAGE = "/promises/deliver-5/"
MOST_QUERIES = 45


def test_register_states_the_kept_rate_with_interval_and_n(ann: Client) -> None:
    page = ann.get("/promises/").content.decode()
    row = re.search(r'<th scope="row"><a href="/promises/deliver-5/">.*?</tr>', page, re.DOTALL)
    assert row
    assert "at most 5 days" in row[0]
    assert re.search(r'data-label="Kept">\d+(\.\d+)?\s%', row[0])
    assert re.search(r'data-label="Interval">\d+(\.\d+)?–\d+', row[0])
    assert re.search(r'data-label="n">\d+', row[0])


def test_register_raises_the_contradiction_of_three_days_against_five(ann: Client) -> None:
    page = ann.get("/promises/").content.decode()
    assert "One promise contradicts itself" in page
    assert "3 days or 5 days" in page


def test_register_shows_which_touchpoints_carry_a_promise(ann: Client) -> None:
    page = ann.get("/promises/").content.decode()
    assert "1 of 2 touchpoints carry one in words" in page


def test_an_empty_register_says_what_will_be_here_and_offers_the_first_step(ann: Client) -> None:
    Promise.objects.all().delete()
    page = ann.get("/promises/").content.decode()
    assert "No promise is declared yet" in page
    assert 'href="/promises/new/"' in page


def test_page_names_both_rules_of_being_late(ann: Client) -> None:
    page = ann.get(PAGE).content.decode()
    assert "Missed, late by calendar day" in page
    assert "Missed, late by timestamp" in page
    assert "open ones as far as they were seen" in page


def advised(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script id="advisor-table" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])["rows"]


def test_advisor_says_for_every_promise_how_often_it_would_have_been_kept(ann: Client) -> None:
    rows = advised(ann.get(PAGE).content.decode())
    assert [row["value"] for row in rows] == sorted(row["value"] for row in rows)
    six = next(row["sentence"] for row in rows if row["value"] == 6)
    assert re.fullmatch(
        r"A promise of 6 days would have been kept in \d+\.\d\s% of cases \(\d+\.\d–\d+\.\d\), n \d+\.", six
    )


def test_advisor_works_without_script_by_its_form(ann: Client) -> None:
    page = ann.get(PAGE + "?quantity=8").content.decode()
    assert re.search(r"<output[^>]*>A promise of 8 days", page)
    spec = re.search(r'<script id="happened-spec" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert spec
    assert json.loads(spec[1])["promise"] == 8


def test_advisor_keeps_the_filter_of_the_page(ann: Client) -> None:
    page = ann.get(PAGE + "?period=365d&channel=web").content.decode()
    form = re.search(r'<form class="advisor".*?</form>', page, re.DOTALL)
    assert form
    assert re.search(r'name="channel" value="web"', form[0])
    assert re.search(r'name="period" value="365d"', form[0])


@pytest.mark.parametrize("asked", ["x", "", "-1", "1e9"])
def test_advisor_answers_any_value_of_the_address(ann: Client, asked: str) -> None:
    assert ann.get(f"{PAGE}?quantity={asked}").status_code == 200


def test_page_says_so_where_nothing_happened(ann: Client) -> None:
    page = ann.get(PAGE + "?since=2001-01-01&until=2001-01-31").content.decode()
    assert "Nothing happened under this promise here" in page


def test_a_place_is_added_with_the_value_that_its_words_name(ann: Client, organization: Organization) -> None:
    form = {"place": "script", "where": "Hotline, page 2", "words_en": "Four days", "amount": "4"}
    assert ann.post(PAGE + "occurrences/new/", form).status_code == 302
    added = Occurrence.objects.get(place="script")
    assert (added.quantity, str(added.words), added.promise.organization) == (4, "Four days", organization)


def test_a_value_between_two_steps_is_refused_beside_its_field(ann: Client) -> None:
    form = {"place": "script", "words_en": "Half a week", "amount": "3.5"}
    answer = ann.post(PAGE + "occurrences/new/", form)
    assert "not on the scale" in answer.content.decode()
    assert not Occurrence.objects.filter(place="script").exists()


def test_a_retired_place_no_longer_contradicts(ann: Client) -> None:
    three = Occurrence.objects.get(quantity=3)
    ann.post(f"{PAGE}occurrences/{three.pk}/retirement/")
    three.refresh_from_db()
    assert not three.is_active
    assert "contradict" not in ann.get(PAGE).content.decode()
    ann.post(f"{PAGE}occurrences/{three.pk}/retirement/", {"stands": "again"})
    assert Occurrence.objects.get(pk=three.pk).is_active


def test_a_promise_is_declared_in_three_languages(ann: Client, organization: Organization) -> None:
    checkout = organization.touchpoints.get(code="checkout")
    days = organization.measures.get(code="delivery-days")
    form = {
        "name_en": "Refund in a week", "name_zh_hant": "一週內退款", "touchpoint": checkout.pk, "measure": days.pk,
        "bound": "at_most", "amount": "7", "rule": "calendar", "is_active": "on",
    }  # fmt: skip
    assert ann.post("/promises/new/", form).status_code == 302
    made = Promise.objects.get(code="refund-in-a-week")
    assert made.quantity == 7
    assert made.name == {"en": "Refund in a week", "zh-hant": "一週內退款"}


def test_who_may_not_change_promises_reads_them_without_buttons(bo: Client) -> None:
    page = bo.get(PAGE).content.decode()
    assert "Add a place" not in page
    assert bo.get("/promises/new/").status_code == 403
    assert bo.post(PAGE + "occurrences/new/", {}).status_code == 403
    assert (
        bo.post(f"{PAGE}occurrences/{Occurrence.objects.get(quantity=3).pk}/retirement/").status_code == 403
    )
    assert Occurrence.objects.filter(is_active=True).count() == 2


def test_an_outsider_finds_no_promise_of_another_organization(chen: Client) -> None:
    assert chen.get(PAGE).status_code == 404
    assert chen.get(PAGE + "edit/").status_code == 404
    assert "Delivered within" not in chen.get("/promises/").content.decode()


def test_a_branch_manager_counts_only_the_own_branch(ann: Client, bo: Client) -> None:
    def n(client: Client) -> int:
        found = re.search(r'data-label="n">([\d,]+)', client.get("/promises/").content.decode())
        assert found
        return int(found[1].replace(",", ""))

    assert n(bo) < n(ann)


@pytest.mark.parametrize("path", ["/promises/", PAGE])
def test_pages_ask_the_database_a_bounded_number_of_times(
    ann: Client, django_assert_max_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        ann.get(path)


def test_more_promises_do_not_mean_more_queries(
    organization: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    one = Promise.objects.get(code="deliver-5")
    for number in range(20):
        Promise.objects.create(
            organization=organization,
            touchpoint=one.touchpoint,
            measure=one.measure,
            code=f"p{number}",
            quantity=number,
        )
    client = sign_in(organization, "eve", roles=["analyst"])
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/promises/")
