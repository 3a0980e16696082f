"""The journey map (R60, R171): stages, touchpoints, expectation line against experience line, gap, drill."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.keep.models import Organization

MOST_QUERIES = 40


def spec(page: str) -> dict[str, Any]:
    """The specification of the map."""
    found = re.search(r'<script id="journey-0-spec" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_map_has_the_stages_in_the_order_in_which_they_are_gone(ann: Client) -> None:
    stages = spec(ann.get("/journey/").content.decode())["stages"]
    assert [stage["name"] for stage in stages] == ["Buy", "Receive"]
    assert [[point["label"] for point in stage["touchpoints"]] for stage in stages] == [
        ["Checkout"],
        ["Delivery"],
    ]


def test_map_draws_what_was_expected_against_what_was_experienced(ann: Client) -> None:
    (checkout,), (delivery,) = (
        stage["touchpoints"] for stage in spec(ann.get("/journey/").content.decode())["stages"]
    )
    assert checkout["expected"] is None
    assert checkout["low"] < checkout["experienced"] < checkout["high"]
    assert delivery["moment"]
    assert {checkout["peak"], delivery["peak"]} == {True, False}
    assert delivery["end"]


def test_map_drills_to_the_touchpoint_with_the_same_filter(ann: Client) -> None:
    stages = spec(ann.get("/journey/?period=all&channel=web").content.decode())["stages"]
    assert stages[1]["touchpoints"][0]["href"] == "/touchpoints/delivery/?period=all&channel=web"


def test_map_is_also_a_strip_and_a_table(ann: Client) -> None:
    page = ann.get("/journey/").content.decode()
    assert 'class="gap-strip"' in page
    assert "not asked" in page
    table = re.search(r'class="table">(.*?)</table>', page, re.DOTALL)
    assert table
    assert "Moment of truth" in table[1]
    assert re.search(r'<th scope="row">Delivery</th>', table[1])


def test_gaps_to_promises_stand_beside_the_map(ann: Client) -> None:
    page = ann.get("/journey/").content.decode()
    assert "Against what was promised" in page
    assert re.search(r"Delivery: .*promise", page)


def test_map_follows_the_scope_of_the_branch_manager(ann: Client, bo: Client) -> None:
    def n(client: Client) -> int:
        return spec(client.get("/journey/?period=all").content.decode())["stages"][0]["touchpoints"][0]["n"]

    assert n(bo) * 2 == n(ann)


def test_outsider_sees_no_touchpoint_of_another_organization(chen: Client) -> None:
    page = chen.get("/journey/").content.decode()
    assert "Delivery" not in page
    assert "Here you will see the way your customers go" in page


def test_journey_along_which_nobody_was_asked_says_so(bare: Organization) -> None:
    page = sign_in(bare, "eva", roles=["admin"]).get("/journey/").content.decode()
    assert "Nobody was asked along this journey" in page
    assert "Shop with us" in page


def test_names_come_in_the_language_of_the_reader(ann: Client) -> None:
    ann.cookies["django_language"] = "zh-hans"
    stages = spec(ann.get("/journey/").content.decode())["stages"]
    assert [stage["name"] for stage in stages] == ["购买", "收货"]


def test_map_asks_the_database_a_bounded_number_of_times(
    ann: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        assert ann.get("/journey/").status_code == 200


@pytest.mark.parametrize("path", ["/journey/", "/journey"])
def test_visitor_is_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    assert "/account/login/" in client.get(path)["Location"]
