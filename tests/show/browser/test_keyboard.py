"""With the keyboard alone: everything can be reached, in order, and one always sees where one is."""

import re

import pytest
from tests.show.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _walk(visitor: Visitor, *, most: int = 60) -> list[str]:
    """What is reached by pressing Tab from the top of the page; each with a ring that can be seen."""
    reached: list[str] = []
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("() => document.activeElement === document.body"):
            break
        reached.append(visitor.focused())
        assert visitor.sees_focus(), f"no focus can be seen at {reached[-1]!r}"
    return reached


def test_the_first_stop_skips_to_the_content(ann: Visitor) -> None:
    ann.look()
    ann.open("/")
    ann.page.keyboard.press("Tab")
    assert ann.focused() == "Skip to the content"
    assert ann.sees_focus()
    ann.page.keyboard.press("Enter")
    assert ann.page.evaluate("() => document.activeElement.id") == "content"


@pytest.mark.parametrize("width", [1280, 390])
def test_rail_filter_and_figures_are_reached_in_order_and_seen(ann: Visitor, width: int) -> None:
    ann.look(width=width)
    ann.open("/")
    reached = _walk(ann)
    places = [
        next(i for i, each in enumerate(reached) if re.search(name, each))
        for name in ("^Cases$", "^period$", "^See it along the journey")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "path", ["/journey/", "/touchpoints/delivery/", "/promises/delivery_date/", "/explore/", "/settings/"]
)
def test_every_stop_of_a_page_has_a_ring_that_can_be_seen(ann: Visitor, path: str) -> None:
    ann.look()
    ann.open(path)
    assert len(_walk(ann)) > 15


def test_a_filter_is_changed_and_the_focus_stays(ann: Visitor) -> None:
    ann.look()
    ann.open("/")
    ann.page.focus("select[name=period]")
    with ann.page.expect_response(lambda answer: "period=365d" in answer.url):
        ann.page.keyboard.press("End")
        ann.page.keyboard.press("ArrowUp")
    ann.page.wait_for_url(re.compile("period=365d"))
    assert ann.page.evaluate("() => document.activeElement.name") == "period"


def test_a_touchpoint_is_reached_from_the_journey_map(ann: Visitor) -> None:
    ann.look()
    ann.open("/journey/")
    ann.page.locator(".gap-strip a", has_text="Delivery").focus()
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url(re.compile("/touchpoints/delivery/"))
    assert ann.page.locator("h1").inner_text() == "Delivery"


def test_a_chart_is_walked_through_point_by_point_and_says_each(ann: Visitor) -> None:
    ann.look()
    ann.open("/touchpoints/delivery/")
    plot = ann.page.locator("figure.chart [data-plot]").first
    plot.focus()
    voice = ann.page.locator("figure.chart [data-voice]").first
    ann.page.keyboard.press("ArrowRight")
    first = voice.inner_text()
    assert first
    ann.page.keyboard.press("ArrowRight")
    assert first != voice.inner_text()


def test_a_menu_opens_and_closes_and_gives_the_focus_back(ann: Visitor) -> None:
    ann.look()
    ann.open("/")
    ann.page.locator("summary[aria-label='Language']").focus()
    ann.page.keyboard.press("Enter")
    ann.page.keyboard.press("Tab")
    assert ann.focused() == "English"
    ann.page.keyboard.press("Escape")
    assert ann.page.locator("details.menu[open]").count() == 0
    assert ann.focused() == "Language"


def test_the_language_is_changed_and_the_page_stays(ann: Visitor) -> None:
    ann.look()
    ann.open("/promises/?period=365d")
    ann.page.locator("summary[aria-label='Language']").click()
    ann.page.get_by_role("button", name="繁體中文").click()
    ann.page.wait_for_selector("html[lang=zh-hant]")
    assert ann.page.url.endswith("/promises/?period=365d")


def test_the_theme_is_changed_at_once_and_kept(ann: Visitor) -> None:
    ann.look()
    ann.open("/")
    ann.page.locator("summary[aria-label='Me and this screen']").click()
    ann.page.get_by_role("button", name="Dark", exact=True).click()
    assert ann.page.locator("html").get_attribute("data-bs-theme") == "dark"
    ann.open("/settings/")
    assert ann.page.locator("html").get_attribute("data-bs-theme") == "dark"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_seldom_used_filter_waits_behind_more_and_stays_in_the_address(ann: Visitor, width: int) -> None:
    ann.look(width=width)
    ann.open("/")
    ann.page.locator(".bar-more summary").focus()
    ann.page.keyboard.press("Enter")
    ann.page.keyboard.press("Tab")
    name = ann.page.evaluate("() => document.activeElement.name")
    assert ann.sees_focus()
    assert ann.violations() == []
    ann.page.keyboard.press("ArrowDown")
    ann.page.wait_for_url(re.compile(f"[?&]{name}="))
    # Once used it stands in the bar itself.
    ann.open(ann.page.url.removeprefix(ann.address))
    assert ann.page.locator(f".bar-filter > .choice select[name={name}]").is_visible()
    assert ann.too_wide() == []
