"""Answering in a real browser: every type, three languages, phones, keyboards, no script, bad connections."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from tests.collect.survey import every_type
from tests.collect.survey.test_page import PAYLOADS, hostile
from tests.show.browser.answering_site import AnsweringSite
from tests.show.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_GO = ".go .primary"
_GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
_SMALL = """() => [...document.querySelectorAll(".point, .option, button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea, summary")]
  .filter((each) => !each.closest(".trap") && each.offsetParent)
  .filter((each) => { const box = each.getBoundingClientRect(); return box.height < 43.5 || box.width < 40; })
  .map((each) => each.outerHTML.slice(0, 90))"""


def _on_one_page(raw: dict[str, Any]) -> dict[str, Any]:
    questions = [question for each in raw["pages"] for question in each["questions"]]
    return {**raw, "pages": [{"code": "one", "questions": questions, "title": raw["title"]}]}


def _short(**more: Any) -> dict[str, Any]:
    questions = [
        every_type.question("nps", measure="recommend", required=True),
        every_type.question("text", long=True, most=500),
    ]
    return {**every_type.raw(), "pages": [{"code": "one", "questions": questions}], **more}


def _echo() -> dict[str, Any]:
    raw = _short()
    again = {"code": "again", "type": "text", "text": {"en": "You said {{text}}. Why?"}}
    raw["pages"].append({"code": "two", "questions": [again], "title": {"en": "{{text}}"}})
    raw["ends"] = [{"code": "end", "title": {"en": "{{text}}"}, "text": {"en": "{{again}}"}}]
    return raw


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsweringSite]:
    there = AnsweringSite(tmp_path_factory.mktemp("answering") / "home")
    hostiles = {f"hostile{n}": _on_one_page(hostile(payload)) for n, payload in enumerate(PAYLOADS)}
    there.publish({"all": every_type.raw(), "short": _short(), "echo": _echo(), **hostiles})
    with there.up():
        yield there


@pytest.fixture
def bo(browser: Browser, site: AnsweringSite) -> Iterator[Visitor]:
    """A respondent with a script."""
    with Visitor.come(browser, site.address) as visitor:
        yield visitor


@pytest.fixture
def chen(browser: Browser, site: AnsweringSite) -> Iterator[Visitor]:
    """A respondent whose browser runs no script."""
    with Visitor.come(browser, site.address, script=False) as visitor:
        yield visitor


def fill(page: Page, fields: dict[str, list[str]]) -> None:
    """Fill in the fields of a page as a person would."""
    for name, texts in fields.items():
        for text in texts:
            field = page.locator(f'[name="{name}"]').first
            if field.get_attribute("type") in ("radio", "checkbox"):
                page.locator(f'[name="{name}"][value="{text}"]').check(force=True)
            elif not field.is_visible():
                # A place in a list that is dragged: moved by its buttons elsewhere.
                continue
            elif field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)


def forth(page: Page, *, until: str) -> None:
    """Press the first button and wait for what comes."""
    page.click(_GO)
    page.wait_for_selector(until)


def test_every_type_in_every_language_is_accessible_on_phones_and_screens(
    bo: Visitor, site: AnsweringSite
) -> None:
    """B13."""
    pages = list(every_type.FIELDS)
    for language in every_type.LANGUAGES:
        bo.open(f"{site.path('all')}?lang={language}")
        for code, following in zip(pages, [*pages[1:], ""], strict=True):
            for width in (320, 1280):
                bo.page.set_viewport_size({"width": width, "height": 900})
                # On a wide screen the same parts stand in the same order: one language tells.
                assert (width > 320 and language != "zh-hant") or bo.violations() == []
                assert bo.too_wide() == []
                assert width > 320 or bo.page.evaluate(_SMALL) == []
            fill(bo.page, every_type.FIELDS[code])
            forth(bo.page, until=f'form[data-page="{following}"]' if following else "main[data-end]")
        assert bo.violations() == []
        assert bo.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_faults_are_accessible_in_both_themes(bo: Visitor, site: AnsweringSite, theme: Any) -> None:
    """B13."""
    bo.page.emulate_media(color_scheme=theme)
    bo.open(site.path("all"))
    bo.page.check('[name="stars"][value="3"]', force=True)
    forth(bo.page, until="#faults")
    assert bo.violations() == []
    assert bo.page.evaluate("() => document.activeElement.id") == "faults"
    assert bo.page.is_checked('[name="stars"][value="3"]')


def test_a_scale_is_announced_as_question_and_number(bo: Visitor, site: AnsweringSite) -> None:
    """B13: "question, 9, 9 of 11": the group has the question, each button its number, the browser counts."""
    bo.open(site.path("short"))
    group = bo.page.get_by_role("group", name="Would you recommend us? (required)")
    assert group.get_by_role("radio").count() == 11
    assert group.get_by_role("radio", name="9", exact=True).count() == 1
    described = group.get_attribute("aria-describedby")
    assert described is not None
    assert "10 = Extremely likely" in bo.page.locator(f"#{described.split()[-1]}").inner_text()


def test_every_type_is_answered_with_the_keyboard_alone_on_a_phone(bo: Visitor, site: AnsweringSite) -> None:
    """B13: in traditional Chinese at 390 px, without a pointer, to the last page; every stop shows where one is."""
    before = len(site.stored()), len(site.stored("submission"))
    bo.page.set_viewport_size({"width": 390, "height": 844})
    bo.open(f"{site.path('all')}?lang=zh-hant")
    assert bo.page.locator("html").get_attribute("lang") == "zh-Hant"
    pages = list(every_type.FIELDS)
    for code, following in zip(pages, [*pages[1:], ""], strict=True):
        for name, texts in every_type.FIELDS[code].items():
            if name.startswith("ranking."):
                continue
            for text in texts:
                _type(bo, name, text)
        if code == "chosen":
            # The list is moved by its buttons: advice and price stand above speed until it goes up.
            _press(bo, ".ranks li:has([name='ranking.speed']) button >> nth=0", times=2)
            _press(bo, ".ranks li:has([name='ranking.price']) button >> nth=0", times=2)
            _press(bo, ".ranks li:has([name='ranking.price']) button >> nth=1", times=1)
        if code == "said":
            _tab(bo, "[name=file]")
            with bo.page.expect_file_chooser() as chooser:
                bo.page.keyboard.press("Enter")
            chooser.value.set_files({"name": "票.gif", "mimeType": "image/gif", "buffer": _GIF})
        _tab(bo, _GO)
        bo.page.keyboard.press("Enter")
        bo.page.wait_for_selector(f'form[data-page="{following}"]' if following else "main[data-end]")
    assert bo.page.locator("main[data-end]").get_by_text("感謝您的時間").count() == 1
    (answer,) = site.stored()[before[0] :]
    said = {
        name: value
        for told in site.stored("submission")[before[1] :]
        for name, value in told["answers"].items()
    }
    assert (answer["scores"]["recommend"], answer["language"]) == (9, "zh-hant")
    assert answer["attributes"]["q.ranking"] == "speed,price,advice"
    asked = {
        name if part is None else f"{name}.{part}": each
        for name, value in every_type.VALUES.items()
        for part, each in (value.items() if isinstance(value, dict) else [(None, value)])
    }
    assert {name: said.get(name, "nothing") for name in asked} == asked
    assert said["file"]
    assert bo.problems == []


def _tab(visitor: Visitor, selector: str) -> None:
    """Press Tab until it is reached, from wherever one is."""
    page = visitor.page
    wanted = page.locator(selector).first
    for _ in range(150):
        if wanted.evaluate("each => each === document.activeElement"):
            assert visitor.sees_focus(), f"no focus can be seen at {selector}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keyboard")


def _press(visitor: Visitor, selector: str, *, times: int) -> None:
    _tab(visitor, selector)
    for _ in range(times):
        visitor.page.keyboard.press("Space")


def _type(visitor: Visitor, name: str, text: str) -> None:
    """Answer with one value, in the way of its kind."""
    page, keys = visitor.page, visitor.page.keyboard
    kind = page.locator(f'[name="{name}"]').first.evaluate("each => each.type")
    if kind == "checkbox":
        _tab(visitor, f'[name="{name}"][value="{text}"]')
        keys.press("Space")
        return
    for _ in range(150):
        if page.evaluate("() => document.activeElement.name") == name:
            break
        keys.press("Tab")
    assert visitor.sees_focus(), f"no focus can be seen at {name}"
    if kind in ("radio", "select-one"):
        if kind == "radio":
            keys.press("Space")
        for _ in range(30):
            if page.evaluate("() => document.activeElement.value") == text:
                return
            keys.press("ArrowDown")
        raise AssertionError(f"no way to {text} of {name} by keyboard")
    if kind == "date":
        # Chromium without a screen speaks American, whatever language a page is in.
        year, month, day = text.split("-")
        text = f"{month}{day}{year}"
    for number, line in enumerate(text.split("\n")):
        if number:
            keys.press("Enter")
        keys.type(line)


def test_every_type_is_answered_without_script(chen: Visitor, site: AnsweringSite) -> None:
    before = len(site.stored())
    chen.open(site.path("all"))
    for code, fields in every_type.FIELDS.items():
        assert chen.page.locator(f'form[data-page="{code}"]').count() == 1
        fill(chen.page, fields)
        chen.page.click(_GO)
    assert chen.page.locator("main[data-end]").get_by_text("Thank you for your time").count() == 1
    (answer,) = site.stored()[before:]
    assert answer["scores"]["recommend"] == 9
    assert answer["attributes"]["q.ranking"] == "speed,price,advice"
    assert chen.problems == []


def test_double_click_back_and_reload_without_script_are_one_answer(
    chen: Visitor, site: AnsweringSite
) -> None:
    """B1."""
    before = len(site.stored())
    chen.open(site.path("short"))
    fill(chen.page, {"nps": ["7"]})
    chen.page.dblclick(_GO)
    chen.page.wait_for_selector("main[data-end]")
    chen.page.reload()
    assert chen.page.locator("main[data-end]").count() == 1
    chen.page.go_back()
    chen.page.click(_GO)
    chen.page.wait_for_selector("main[data-end]")
    assert len(site.stored()) == before + 1


def test_double_click_with_script_is_one_answer_and_back_goes_to_the_page_before(
    bo: Visitor, site: AnsweringSite
) -> None:
    """B1."""
    before = len(site.stored())
    bo.open(site.path("echo"))
    fill(bo.page, {"nps": ["7"], "text": ["slow"]})
    bo.page.dblclick(_GO)
    bo.page.wait_for_selector('form[data-page="two"]')
    bo.page.evaluate("() => history.back()")
    bo.page.wait_for_selector('form[data-page="one"]')
    assert bo.page.input_value('[name="text"]') == "slow"
    forth(bo.page, until='form[data-page="two"]')
    bo.page.dblclick(_GO)
    bo.page.wait_for_selector("main[data-end]")
    assert len(site.stored()) == before + 1


def test_looking_stores_nothing_and_loads_one_small_file(bo: Visitor, site: AnsweringSite) -> None:
    """B6, and the weight of a page: one request, at most 30 KB."""
    before = [len(site.stored(kind)) for kind in ("answer", "submission")]
    loaded: list[str] = []
    bo.page.on("request", lambda request: loaded.append(request.url))
    for code in ("all", "short"):
        loaded.clear()
        reply = bo.open(site.path(code) + "?first=9")
        assert len([url for url in loaded if not url.startswith("data:")]) == 1
        assert len(reply.body()) <= 30_000
        assert bo.page.is_checked('[name="nps"][value="9"]')
    bo.open(site.path("short", invited=True))
    assert [len(site.stored(kind)) for kind in ("answer", "submission")] == before


def test_hostile_texts_of_authors_do_nothing(bo: Visitor, site: AnsweringSite) -> None:
    """A1: no dialog, no report of the policy, no other address."""
    dialogs: list[str] = []
    bo.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for number, payload in enumerate(PAYLOADS):
        bo.open(site.path(f"hostile{number}"))
        bo.page.wait_for_timeout(30)
        assert payload in bo.page.locator("h1").inner_text()
        assert bo.problems == []
        assert bo.page.url == site.address + site.path(f"hostile{number}")
    assert dialogs == []


@pytest.mark.parametrize("payload", ["<img src=x onerror=alert(1)>", "'\"></h2><script>alert(1)</script>"])
def test_hostile_answers_do_nothing_where_they_are_repeated(
    bo: Visitor, site: AnsweringSite, payload: str
) -> None:
    """B8."""
    dialogs: list[str] = []
    bo.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    bo.open(site.path("echo"))
    fill(bo.page, {"nps": ["1"], "text": [payload]})
    forth(bo.page, until='form[data-page="two"]')
    assert payload in bo.page.locator("h2").inner_text()
    fill(bo.page, {"again": [payload]})
    forth(bo.page, until="main[data-end]")
    assert bo.page.locator("h1").inner_text() == payload
    assert (dialogs, bo.problems) == ([], [])


def test_a_lost_reply_is_sent_again_and_counted_once(bo: Visitor, site: AnsweringSite) -> None:
    """B2."""
    before = len(site.stored())
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            # The server has it; the browser never hears of that.
            lost.append(route.fetch().text())
            route.abort("connectionreset")
        else:
            route.continue_()

    bo.open(site.path("short"))
    fill(bo.page, {"nps": ["4"], "text": ["gone?"]})
    bo.page.route("**/s/**", lose_first)
    bo.page.click(_GO)
    bo.page.wait_for_selector("#unsent")
    assert "trying again" in bo.page.locator("#unsent").inner_text()
    bo.page.wait_for_selector("main[data-end]")
    assert len(lost) == 1
    assert [each["comment"] for each in site.stored()[before:]] == ["gone?"]


def test_without_connection_everything_stays_and_goes_when_it_is_back(
    bo: Visitor, site: AnsweringSite
) -> None:
    """B10, K4."""
    before = len(site.stored())
    bo.open(site.path("short"))
    fill(bo.page, {"nps": ["3"], "text": ["under the ground"]})
    bo.page.context.set_offline(True)
    bo.page.click(_GO)
    bo.page.wait_for_selector("#unsent")
    assert bo.page.input_value('[name="text"]') == "under the ground"
    bo.page.context.set_offline(False)
    bo.page.wait_for_selector("main[data-end]")
    assert [each["comment"] for each in site.stored()[before:]] == ["under the ground"]


def test_a_reload_loses_neither_the_page_nor_what_was_typed(bo: Visitor, site: AnsweringSite) -> None:
    """B10."""
    bo.open(site.path("echo"))
    fill(bo.page, {"nps": ["6"], "text": ["first words"]})
    bo.page.reload()
    assert bo.page.input_value('[name="text"]') == "first words"
    assert bo.page.is_checked('[name="nps"][value="6"]')
    forth(bo.page, until='form[data-page="two"]')
    bo.page.reload()
    bo.page.wait_for_selector('form[data-page="two"]')
    assert "first words" in bo.page.locator("h2").inner_text()


def test_another_language_keeps_what_was_typed(bo: Visitor, site: AnsweringSite) -> None:
    bo.open(site.path("short"))
    fill(bo.page, {"nps": ["8"], "text": ["好的 𠮷"]})
    bo.page.click('[name="_lang"][value="zh-hant"]')
    bo.page.wait_for_selector('html[lang="zh-Hant"]')
    assert bo.page.input_value('[name="text"]') == "好的 𠮷"
    assert bo.page.is_checked('[name="nps"][value="8"]')
    assert bo.page.locator(_GO).inner_text() == "送出"


def test_a_ranking_is_moved_with_buttons_and_by_hand(bo: Visitor, site: AnsweringSite) -> None:
    bo.open(site.path("all"))
    fill(bo.page, every_type.FIELDS["scored"])
    forth(bo.page, until='form[data-page="chosen"]')
    bo.page.get_by_role("button", name="Move up: Speed").press("Enter")
    names = "() => [...document.querySelectorAll('.ranks li > span')].map((each) => each.textContent)"
    assert bo.page.evaluate(names) == ["Speed", "Price", "Advice"]
    assert bo.focused() == "Move up: Speed"
    places = "() => [...document.querySelectorAll('.ranks select')].map((each) => each.name + each.value)"
    assert bo.page.evaluate(places) == ["ranking.speed1", "ranking.price2", "ranking.advice3"]
    last, first = bo.page.locator(".ranks li").nth(2), bo.page.locator(".ranks li").nth(0)
    last.scroll_into_view_if_needed()
    there, here = last.bounding_box(), first.bounding_box()
    assert there is not None
    assert here is not None
    bo.page.mouse.move(there["x"] + 30, there["y"] + 20)
    bo.page.mouse.down()
    bo.page.mouse.move(here["x"] + 30, here["y"] + 60, steps=8)
    bo.page.mouse.move(here["x"] + 30, here["y"] + 5, steps=8)
    bo.page.mouse.up()
    assert bo.page.evaluate(names) == ["Advice", "Speed", "Price"]
    assert bo.page.evaluate(places)[0] == "ranking.advice1"


def test_a_page_may_be_read_from_right_to_left_and_without_colours(bo: Visitor, site: AnsweringSite) -> None:
    bo.page.emulate_media(forced_colors="active")
    bo.open(site.path("all"))
    bo.page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    bo.page.set_viewport_size({"width": 320, "height": 700})
    assert bo.too_wide() == []
    assert bo.page.locator('[name="nps"][value="9"]').is_visible()
