"""Without JavaScript: every page can be read, every choice sent, every number found."""

import re

import pytest
from tests.show.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    "path", ["/", "/journey/", "/touchpoints/delivery/", "/promises/delivery_date/", "/explore/"]
)
def test_a_page_is_read_as_sentences_and_tables(plain: Visitor, path: str) -> None:
    assert plain.open(path).status == 200
    charts = plain.page.locator("figure.chart")
    assert charts.count() > 0
    for place in range(charts.count()):
        chart = charts.nth(place)
        assert chart.locator(".chart-title").inner_text().strip()
        assert not chart.locator("[data-plot]").is_visible()
        chart.locator("summary").first.click()
        assert chart.locator("table").first.is_visible()
    assert plain.page.locator(".skeleton").count() == 0


def test_a_filter_is_sent_by_its_button(plain: Visitor) -> None:
    plain.open("/")
    plain.page.select_option("select[name=period]", "365d")
    plain.page.locator("form.bar-filter button[type=submit]").click()
    plain.page.wait_for_url(re.compile("period=365d"))
    assert plain.page.locator("select[name=period]").input_value() == "365d"


def test_explore_is_asked_by_its_button(plain: Visitor) -> None:
    plain.open("/explore/")
    plain.page.select_option("select[name=by]", "channel")
    plain.page.locator("form.asked button").click()
    plain.page.wait_for_url(re.compile("by=channel"))
    assert plain.page.locator("#rows").is_visible()


def test_the_advisor_answers_to_its_form(plain: Visitor) -> None:
    plain.open("/promises/delivery_date/")
    slider = plain.page.locator("input[name=quantity]")
    before = plain.page.locator("form.advisor output").inner_text()
    slider.focus()
    for _ in range(3):
        plain.page.keyboard.press("ArrowRight")
    plain.page.locator("form.advisor button").click()
    plain.page.wait_for_url(re.compile("quantity="))
    after = plain.page.locator("form.advisor output").inner_text()
    assert after != before
    assert "would have been kept in" in after


def test_a_note_on_a_case_is_sent_by_its_button(plain: Visitor) -> None:
    plain.open("/cases/1/")
    plain.page.locator("#do-note summary").click()
    plain.page.locator("#note-words").fill("Written without a script")
    plain.page.locator("#do-note form button").click()
    plain.page.wait_for_url(re.compile("/cases/1/$"))
    assert "Written without a script" in plain.page.locator(".trail").inner_text()


def test_every_place_of_the_rail_is_reached_on_a_phone(plain: Visitor) -> None:
    plain.look(width=390)
    plain.open("/")
    for place in plain.page.locator(".rail a.rail-link").all():
        address = place.get_attribute("href")
        assert address
        assert plain.page.request.get(plain.address + address).ok
    plain.page.locator(".rail-more").click()
    plain.page.locator("#rail-rest a", has_text="Settings").click()
    plain.page.wait_for_url(re.compile("/settings/"))
