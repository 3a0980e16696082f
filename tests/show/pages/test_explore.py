"""Explore: any metric by any column, under an address that can be shared, as picture, table and file."""

import csv
import io
import re

import openpyxl
import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import sign_in

from mindgap.keep.models import Organization

MOST_QUERIES = 45


def rows(page: str) -> list[str]:
    """What the rows of the table are called."""
    table = re.search(r'id="rows".*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert table
    return [
        re.sub(r"<[^>]+>", "", row).strip()
        for row in re.findall(r'<th scope="row">(.*?)</th>', table[1], re.DOTALL)
    ]


def test_without_a_question_the_first_metric_is_shown_at_each_touchpoint(ann: Client) -> None:
    page = ann.get("/explore/").content.decode()
    assert rows(page) == ["Delivery"]
    assert '<option value="nps" selected>NPS</option>' in page


def test_a_metric_is_split_by_a_segment_with_interval_n_and_population(ann: Client) -> None:
    page = ann.get("/explore/?metric=csat&by=tier").content.decode()
    assert sorted(rows(page)) == ["Checkout, basic", "Checkout, gold", "Delivery, basic", "Delivery, gold"]
    assert "Population: completed interactions" in page
    assert re.search(r'data-label="Interval">[−+\d]', page)


def test_touchpoints_can_be_put_together(ann: Client) -> None:
    page = ann.get("/explore/?metric=csat&by=channel&across=together").content.decode()
    assert sorted(rows(page)) == ["App", "Web shop"]


def test_over_time_there_is_a_line_without_bridges_over_holes(ann: Client) -> None:
    page = ann.get("/explore/?metric=nps&by=month&period=all").content.decode()
    assert '"kind": "trend"' in page
    assert "NPS over time" in page


def test_days_and_points_never_share_an_axis(ann: Client) -> None:
    page = ann.get("/explore/?metric=gap.expectation&by=channel&period=all").content.decode()
    for unit in re.findall(r'"unit": "([^"]*)"', page):
        assert unit in ("days", "points", "", "%")


def test_a_row_leads_to_the_question_behind_it(ann: Client) -> None:
    page = ann.get("/explore/?metric=csat&by=channel&period=365d").content.decode()
    link = re.search(r'<th scope="row"><a href="([^"]+)">Delivery, Web shop', page)
    assert link
    address = link[1].replace("&amp;", "&")
    assert set(address.partition("?")[2].split("&")) == {
        "metric=csat",
        "channel=web",
        "touchpoint=delivery",
        "period=365d",
    }
    assert rows(ann.get(address).content.decode()) == ["Delivery"]


def test_two_periods_are_compared_with_what_is_within_noise(ann: Client) -> None:
    page = ann.get(
        "/explore/?metric=csat&compare=previous&since=2026-02-01&until=2026-02-28"
    ).content.decode()
    assert "Change: Feb. 1, 2026 to Feb. 28, 2026 compared with Jan. 1, 2026 to Jan. 31, 2026." in page
    assert "within noise" in page


def test_the_form_keeps_the_filter_of_the_bar_and_the_bar_keeps_the_form(ann: Client) -> None:
    page = ann.get("/explore/?metric=csat&by=channel&tier=gold&period=30d").content.decode()
    asked = re.search(r'<form class="asked".*?</form>', page, re.DOTALL)
    bar = re.search(r'<form class="bar-filter".*?</form>', page, re.DOTALL)
    assert asked
    assert bar
    assert 'name="tier" value="gold"' in asked[0]
    assert 'name="period" value="30d"' in asked[0]
    assert 'name="metric" value="csat"' in bar[0]
    assert 'name="by" value="channel"' in bar[0]


def test_csv_for_spreadsheets_holds_every_row_with_its_interval(ann: Client) -> None:
    answer = ann.get("/explore/download/csv/?metric=csat&by=channel")
    assert "attachment" in answer["Content-Disposition"]
    body = answer.content
    assert body.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(found) == 4
    assert all(float(row["Low"]) <= float(row["Value"]) <= float(row["High"]) for row in found)


def test_xlsx_holds_numbers_as_numbers(ann: Client) -> None:
    answer = ann.get("/explore/download/xlsx/?metric=csat")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert {cell.data_type for cell in sheet["D"][1:]} == {"n"}


def test_a_small_group_hides_its_value_on_the_page_and_in_the_file(ann: Client) -> None:
    query = "metric=nps&by=day&period=30d"
    page = ann.get(f"/explore/?{query}").content.decode()
    assert "too few answers" in page
    found = list(
        csv.DictReader(io.StringIO(ann.get(f"/explore/download/raw/?{query}").content.decode("utf-8-sig")))
    )
    assert all(row["Value"] == "" and row["n"] in ("", "0") for row in found if "Too few" in row["Warnings"])


@pytest.mark.parametrize(
    "query", ["by=nonsense", "metric=nonsense", "since=tomorrow", "where={", "touchpoint=nowhere"]
)
def test_an_address_that_cannot_be_read_is_said_so(ann: Client, query: str) -> None:
    answer = ann.get(f"/explore/?{query}")
    assert answer.status_code == 400
    assert "This address cannot be read" in answer.content.decode()


def test_an_unknown_form_of_file_is_not_found(ann: Client) -> None:
    assert ann.get("/explore/download/exe/").status_code == 404


def test_an_empty_organization_says_what_will_be_here(bare: Organization) -> None:
    page = sign_in(bare, "eve", roles=["analyst"]).get("/explore/").content.decode()
    assert "Nothing is counted here" in page


def test_a_file_holds_no_more_than_the_scope_of_the_member(bo: Client) -> None:
    body = bo.get("/explore/download/raw/?metric=csat&by=unit&period=all").content.decode("utf-8-sig")
    assert "North Gate" in body
    assert "South Quay" not in body


def test_an_outsider_sees_nothing_of_another_organization(chen: Client) -> None:
    assert "Delivery" not in chen.get("/explore/?period=all").content.decode()


@pytest.mark.parametrize("query", ["", "by=unit&compare=previous", "by=week&metric=kept"])
def test_page_asks_the_database_a_bounded_number_of_times(
    ann: Client, django_assert_max_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        ann.get(f"/explore/?{query}")
