"""The widget on a page of another origin: when it shows, why not, keyboard, phone, and never in the page's way."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page
from tests.collect.survey import every_type
from tests.show.browser.answering_site import AnsweringSite
from tests.show.browser.host_page import HostPage
from tests.show.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SITE = """
import json, sys
from mindgap.show.start import start_django
start_django()
from mindgap.collect.widget.site import WidgetSite
from mindgap.keep.models import Measure, Organization, Promise, Survey, Touchpoint
origin, rules = json.load(sys.stdin)
shorts = {each.code: each.short for each in Survey.objects.all()}
for rule in rules: rule["survey"] = shorts[rule["survey"]]
shop = Organization.objects.get(code="shop")
mine = {"organization": shop}
load = Measure.objects.create(**mine, code="load", name="Load", kind="duration", unit="seconds", step="0.1", minimum=0)
page = Touchpoint.objects.create(**mine, code="page", name="Page", measure=load)
two = Promise.objects.create(**mine, touchpoint=page, measure=load, code="two", name="Two seconds", quantity=20)
made = WidgetSite.objects.create(
    **mine, name="x", origins=[origin], rules=rules, rest_days=0, promise=two, loads_share=1)
Survey.objects.filter(code="shut").update(state="closed")
print(made.short)
"""
_RULES = [
    {"survey": "quick", "event": "bought"},
    {"survey": "timed", "delay": 0.2, "pages": ["/timed*"]},
    {"survey": "leaving", "exit": True, "pages": ["/leaving"]},
    {"survey": "deep", "scroll": 50, "pages": ["/deep"]},
    {"survey": "large", "mode": "full"},
    {"survey": "within", "mode": "inline", "into": "#place"},
    {"survey": "nobody", "sample": 0.0},
    {"survey": "shut"},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsweringSite]:
    there = AnsweringSite(tmp_path_factory.mktemp("widget") / "home")
    one = {"code": "one", "questions": [every_type.question("nps", measure="recommend", required=True)]}
    there.publish({each["survey"]: {**every_type.raw(), "pages": [one]} for each in _RULES})  # type: ignore[misc]
    with there.up():
        yield there


@pytest.fixture(scope="module")
def host(site: AnsweringSite) -> Iterator[HostPage]:
    there = HostPage()
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("MINDGAP_", "DATABASE_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", _SITE],
        input=json.dumps([there.address, _RULES]),
        env=kept | {"MINDGAP_DATA": str(site.folder), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    there.load(site.address, done.stdout.strip())
    with there.up():
        yield there


@pytest.fixture
def eve(browser: Browser, host: HostPage) -> Iterator[Visitor]:
    """A visitor of the shop, in a browser that has not been there."""
    with Visitor.come(browser, host.address) as visitor:
        yield visitor


def come(visitor: Visitor, path: str = "/") -> Page:
    visitor.open(path)
    visitor.page.wait_for_function(
        "() => window.mindgap && mindgap('canShow', 'quick').reason !== 'not_ready'"
    )
    return visitor.page


def verdict(page: Page, code: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("code => mindgap('canShow', code)", code)
    return found


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("[data-mindgap] iframe")


def counts(site: AnsweringSite) -> dict[tuple[str, str], int]:
    sql = (
        "select s.code, c.event, c.count from collect_widgetcount c join keep_survey s on s.id = c.survey_id"
    )
    with sqlite3.connect(f"file:{site.folder / 'mindgap.sqlite3'}?mode=ro", uri=True) as there:
        rows = there.execute(sql).fetchall()
    there.close()
    return {(code, event): count for code, event, count in rows}


def came_to(site: AnsweringSite, code: str, event: str) -> int:
    """How often something was counted; a browser tells it when it has nothing better to do."""
    until = time.monotonic() + 10
    while (code, event) not in counts(site) and time.monotonic() < until:
        time.sleep(0.1)
    return counts(site).get((code, event), 0)


def test_it_says_whether_it_may_show_and_why_not(eve: Visitor) -> None:
    page = come(eve)
    reasons = {code: verdict(page, code)["reason"] for code in ("quick", "timed", "nobody", "shut", "none")}
    assert reasons == {
        "quick": "", "timed": "page", "nobody": "not_sampled", "shut": "closed", "none": "unknown",
    }  # fmt: skip
    assert verdict(page, "quick") == {"visible": True, "reason": ""}
    assert eve.problems == []


def test_an_event_of_the_page_shows_it_once_and_an_answer_is_stored(
    eve: Visitor, site: AnsweringSite
) -> None:
    page = come(eve)
    page.evaluate("mindgap('track', 'bought')")
    shown(page).locator("[value='9']").first.check(force=True)
    assert verdict(page, "quick")["reason"] == "another_open"
    shown(page).locator(".go .primary").click()
    shown(page).locator("#end").wait_for()
    page.wait_for_function(
        "() => Object.values(JSON.parse(localStorage.mindgap).seen).some((each) => each.finished)"
    )
    page.evaluate("mindgap('close')")
    assert page.locator("[data-mindgap]").count() == 0
    assert verdict(page, "quick")["reason"] == "answered"
    assert site.stored()[-1]["scores"] == {"recommend": 9}
    page.evaluate("mindgap('track', 'bought')")
    assert page.locator("[data-mindgap]").count() == 0
    assert came_to(site, "quick", "shown") == 1
    assert came_to(site, "quick", "finished") == 1
    assert eve.problems == []


def test_time_scrolling_and_leaving_set_it_off_on_their_pages_only(eve: Visitor) -> None:
    page = come(eve, "/timed/7")
    page.locator("[data-mindgap=popover] dialog").wait_for()
    page = come(eve, "/deep")
    assert page.locator("[data-mindgap]").count() == 0
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator("[data-mindgap=popover] dialog").wait_for()
    page = come(eve, "/leaving")
    leave = "document.dispatchEvent(new MouseEvent('mouseout', {clientY: -1, relatedTarget: null}))"
    page.evaluate(leave)
    page.locator("[data-mindgap=popover] dialog").wait_for()
    page.evaluate("mindgap('close')")
    page.evaluate(leave)
    assert page.locator("[data-mindgap]").count() == 0


def test_another_page_of_the_same_document_is_noticed(eve: Visitor) -> None:
    page = come(eve)
    page.evaluate("history.pushState({}, '', '/timed/new')")
    page.locator("[data-mindgap=popover] dialog").wait_for()


def test_what_comes_by_itself_leaves_the_focus_and_the_page_as_they_were(eve: Visitor) -> None:
    page = come(eve, "/timed")
    page.focus("#ask")
    before = page.evaluate("document.querySelector('h1').getBoundingClientRect().top")
    shown(page).locator(".go .primary").wait_for()
    assert page.evaluate("document.activeElement.id") == "ask"
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().top") == before


def test_the_large_one_is_a_modal_dialog_that_escape_closes_and_gives_the_focus_back(eve: Visitor) -> None:
    page = come(eve)
    page.focus("#ask")
    page.evaluate("mindgap('show', 'large')")
    shown(page).locator(".go .primary").wait_for()
    box = page.locator("[data-mindgap] dialog")
    assert box.get_attribute("aria-modal") == "true"
    assert box.get_attribute("aria-label")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "ask"
    page.locator("[data-mindgap] button").focus()
    page.keyboard.press("Escape")
    page.locator("[data-mindgap]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "ask"
    assert verdict(page, "large")["reason"] == "dismissed"


def test_escape_inside_the_survey_closes_it_too(eve: Visitor) -> None:
    page = come(eve)
    page.evaluate("mindgap('show', 'quick')")
    shown(page).locator("[value='9']").first.focus()
    page.keyboard.press("Escape")
    page.locator("[data-mindgap]").wait_for(state="detached")


@pytest.mark.parametrize("code", ["quick", "large", "within"])
def test_it_is_accessible_and_fits_a_phone(eve: Visitor, code: str) -> None:
    eve.look(width=390)
    page = come(eve)
    page.evaluate("code => mindgap('show', code)", code)
    shown(page).locator(".go .primary").wait_for()
    assert eve.violations() == []
    assert eve.too_wide() == []
    inside = page.locator("[data-mindgap] iframe").bounding_box()
    assert inside is not None
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= 390


def test_without_its_server_the_page_goes_on(browser: Browser, host: HostPage, site: AnsweringSite) -> None:
    with Visitor.come(browser, host.address) as visitor:
        visitor.page.route("**/config.json", lambda route: route.abort())
        visitor.open("/timed")
        visitor.page.evaluate("mindgap('track', 'bought'); mindgap('show'); mindgap('nonsense'); mindgap()")
        assert verdict(visitor.page, "quick") == {"visible": False, "reason": "not_ready"}
        assert not [each for each in visitor.problems if "ERR_FAILED" not in each]


def test_signing_out_forgets_the_visitor(eve: Visitor) -> None:
    page = come(eve)
    page.evaluate("mindgap('show', 'quick')")
    page.evaluate("mindgap('identify', 'c-1'); mindgap('logout')")
    assert page.evaluate("localStorage.mindgap") is None
    assert page.locator("[data-mindgap]").count() == 0


def test_how_long_a_page_took_is_told_when_it_is_left_and_names_nobody(
    eve: Visitor, site: AnsweringSite
) -> None:
    page = come(eve, "/orders/4711?mail=a@example.org")
    page.wait_for_timeout(500)
    page.goto("about:blank")
    until = time.monotonic() + 10
    while not (found := _loads(site)) and time.monotonic() < until:
        time.sleep(0.1)
    (load,) = found
    assert (load["touchpoint"], load["promise"], load["attributes"]["page"]) == ("page", "two", "/orders/*")
    assert 0 <= load["experienced"] < 60
    assert "example.org" not in json.dumps(load)


def _loads(site: AnsweringSite) -> list[dict[str, Any]]:
    return [each for each in site.stored("interaction") if each["attributes"]["page"].startswith("/orders")]
