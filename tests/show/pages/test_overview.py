"""The first page: three figures, what to mend first, what changed (R26, R30, R31)."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.show.conftest import answer, send, sign_in

from mindgap.keep.models import Organization

# One question to the facts reads its measures and its files; the page asks about thirty.
MOST_QUERIES = 120


def figure(page: str, name: str) -> str:
    """The block of one of the three figures."""
    found = re.search(rf'id="figure-{name}".*?</section>', page, re.DOTALL)
    assert found, f"no figure {name}"
    return found[0]


def test_overview_states_loyalty_gap_and_promise_with_interval_n_and_population(ann: Client) -> None:
    """R30, R31: no figure without its interval, its n and of whom it speaks."""
    page = ann.get("/").content.decode()
    for name in ("loyalty", "gap", "kept"):
        block = figure(page, name)
        assert re.search(
            r'figure-ground"><span class="number">[^<]*\d[^<]*</span><span class="number">n [\d,]+', block
        )
        assert "Counted:" in block


def test_overview_compares_each_figure_with_the_period_before_and_with_last_year(ann: Client) -> None:
    page = ann.get("/?period=90d").content.decode()
    for name in ("loyalty", "gap", "kept"):
        block = figure(page, name)
        assert "against the period before" in block
        # The record begins 210 days ago: there is no last year to compare with.
        assert "Not comparable with last year" in block


def test_overview_says_which_touchpoint_is_worst_and_what_to_do(ann: Client) -> None:
    """R26: start with the worst touchpoint."""
    page = ann.get("/").content.decode()
    assert '"kind": "worst"' in page
    assert "What to mend first" in page
    assert "/touchpoints/delivery/" in page


def test_overview_counts_real_changes_apart_from_noise(ann: Client) -> None:
    page = ann.get("/?period=90d").content.decode()
    assert re.search(r"\d+ real changes?, \d+ within noise", page)


def test_overview_warns_of_answers_asked_too_early_and_of_contradicting_promises(ann: Client) -> None:
    """R20: the website says five days, the advertisement three."""
    page = ann.get("/?period=all").content.decode()
    assert "asked for before the experience" in page
    assert "Delivered within 5 days is made in different ways: 3 days or 5 days" in page


def test_refresh_is_empty_until_a_reading_comes_in(ann: Client, organization: Organization) -> None:
    page = ann.get("/")
    url = re.search(r'hx-get="(/figures/[^"]+)"', page.content.decode())
    assert url
    address = url[1].replace("&amp;", "&")
    assert ann.get(address).status_code == 204
    before = figure(page.content.decode(), "loyalty")
    send(organization, [answer(f"new-{number}", score=0) for number in range(20)])
    fresh = ann.get(address)
    assert fresh.status_code == 200
    assert figure(fresh.content.decode(), "loyalty") != before
    assert "<html" not in fresh.content.decode()


def test_refresh_keeps_the_filter_of_the_page(ann: Client) -> None:
    page = ann.get("/?period=all&channel=web").content.decode()
    assert re.search(r'hx-get="/figures/\?period=all&amp;channel=web&amp;stamp=', page)


def test_branch_manager_sees_only_the_units_below_theirs(ann: Client, bo: Client) -> None:
    def answers(client: Client) -> int:
        block = figure(client.get("/?period=all").content.decode(), "loyalty")
        found = re.search(r'class="number">n ([\d,]+)', block)
        assert found
        return int(found[1].replace(",", ""))

    # Every day one parcel goes north and one goes south.
    assert answers(bo) * 2 == answers(ann)


def test_branch_manager_cannot_widen_the_scope_by_the_address(bo: Client) -> None:
    page = bo.get("/?period=all&unit=south").content.decode()
    assert "Nothing was counted here" in page


def test_outsider_sees_nothing_of_another_organization(chen: Client) -> None:
    page = chen.get("/?period=all").content.decode()
    assert "Harbour" not in page
    assert "Nothing was counted here" in page


def test_visitor_is_sent_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_empty_organization_is_told_what_will_be_here_and_how_to_begin(bare: Organization) -> None:
    page = sign_in(bare, "eva", roles=["admin"]).get("/").content.decode()
    assert "Here you will see where customers got less than they expected" in page
    assert "Import a file" in page


def test_filter_that_cannot_be_read_is_a_page_that_says_so(ann: Client) -> None:
    answer = ann.get("/?since=yesterday")
    assert answer.status_code == 400
    assert "Without a filter" in answer.content.decode()


def test_small_group_shows_neither_value_nor_n(ann: Client, organization: Organization) -> None:
    """Fewer than five answers give people away."""
    page = ann.get("/?since=2025-09-02&until=2025-09-03").content.decode()
    assert "Too few answers" in figure(page, "loyalty")
    assert not re.search(r"n \d", figure(page, "loyalty"))


def test_overview_asks_the_database_a_bounded_number_of_times(
    ann: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        assert ann.get("/").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_overview_names_things_in_the_language_of_the_reader(ann: Client, language: str) -> None:
    ann.cookies["django_language"] = language
    page = ann.get("/?period=all").content.decode()
    assert ("港湾商店" if language == "zh-hans" else "港灣商店") in page
