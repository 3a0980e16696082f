"""The page as HTML: small, quick, and never anything but text where an author or a respondent wrote."""

import gc
import re
import time
from html.parser import HTMLParser

import pytest
from tests.collect.survey import every_type

from mindgap.collect.survey import flow, inlined, logic, look, page, words
from mindgap.collect.survey.markup import Filling, escape, join, tag
from mindgap.collect.survey.page import Asking, Html, Sheet
from mindgap.collect.survey.reading import Form
from mindgap.collect.survey.state import NotOurs, Seal, State, TooOld, begin
from mindgap.ground import clock
from mindgap.keep import definition
from mindgap.keep.definition import Definition, Theme

SEAL = Seal("k" * 50)
PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "'><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    '" autofocus onfocus=alert(1) x="',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
)


class Outline(HTMLParser):
    """The tags of a page, their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.tags}


def draw(
    made: Definition, state: State, *, sheet: Sheet | None = None, step: flow.Step | None = None
) -> Html:
    """A page as the lane draws it."""
    step = step or flow.open_first(made, state)
    here = step.state
    filling = Filling(here, lambda text: logic.pipe(text, here, definition=made), step.fields, step.faults)
    shown = {question.code: question for question in step.page.questions}
    asking = Asking(
        step.page,
        [shown[code] for code in here.asked],
        SEAL.close(here),
        "/s/x",
        filling,
        is_first=not here.path,
    )
    return (sheet or Sheet(made, here.language)).ask(asking)


def visit(language: str = "en", **more) -> State:
    state = begin(survey="x", version=1, language=language)
    for name, value in more.items():
        setattr(state, name, value)
    return state


def hostile(payload: str) -> dict:
    """Every text of an author is the payload."""
    raw = every_type.raw()

    def spoil(value, key=""):
        if isinstance(value, dict):
            is_texts = value and set(value) <= set(every_type.LANGUAGES)
            return dict.fromkeys(value, payload) if is_texts else {k: spoil(v, k) for k, v in value.items()}
        return [spoil(each) for each in value] if isinstance(value, list) else value

    spoiled = spoil(raw)
    spoiled["theme"] = {"logo": payload, "accent": payload, "font": payload, "text": payload}
    spoiled["ends"][0] |= {"redirect": payload, "button": {"en": payload}}
    return spoiled


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_texts_of_authors_stay_text(payload: str) -> None:
    """A1, A2: no tag, no attribute, no style comes from a text."""
    made, clean = definition.read(hostile(payload)), every_type.every_type()
    for number, place in enumerate(made.pages):
        state = visit(page=place.code, path=["x"] * number)
        found = Outline(draw(made, state).text)
        honest = Outline(draw(clean, state).text)
        assert [name for name, _ in found.tags] == [name for name, _ in honest.tags]
        for (_, attributes), (_, plain) in zip(found.tags, honest.tags, strict=True):
            assert set(attributes) == set(plain)
        assert payload in found.text or payload.startswith("&lt;")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_texts_at_an_end_stay_text_and_lead_nowhere(payload: str) -> None:
    """A1, A7."""
    made = definition.read(hostile(payload))
    found = Outline(Sheet(made, "en").end(made.ends[0], Filling(visit(), str)).text)
    assert payload in found.text or payload.startswith("&lt;")
    assert found.names <= {
        "html",
        "head",
        "meta",
        "link",
        "style",
        "title",
        "body",
        "main",
        "h1",
        "p",
        "script",
    }
    assert {a["href"] for _, a in found.tags if "href" in a} == {"data:,"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_answers_stay_text_where_they_are_repeated(payload: str) -> None:
    """B8: piped into a title, a question, a choice, and shown again in a field."""
    raw = every_type.raw()
    raw["pages"] = [raw["pages"][3]]
    raw["title"] = {"en": "You said {{text}}"}
    raw["pages"][0]["questions"][0]["text"] = {"en": "{{text}}{{hidden.order}}"}
    made = definition.read(raw)
    honest = draw(made, visit(answers={"text": "fine", "name": "fine"}, hidden={"order": "1"}))
    html = draw(made, visit(answers={"text": payload, "name": payload}, hidden={"order": payload}))
    found = Outline(html.text)
    assert [name for name, _ in found.tags] == [name for name, _ in Outline(honest.text).tags]
    (field,) = [attributes for _, attributes in found.tags if attributes.get("name") == "name"]
    assert field["value"] == payload
    assert html.policy == honest.policy


@pytest.mark.parametrize("code", every_type.LANGUAGES)
def test_a_page_is_below_thirty_kilobytes_and_two_milliseconds(code: str) -> None:
    made = every_type.every_type()
    sheet = Sheet(made, code)
    for place in made.pages:
        step = flow.open_first(made, visit(code, page=place.code, answers=every_type.VALUES))
        assert len(draw(made, step.state, sheet=sheet, step=step).text.encode()) < 30_000
        started = time.process_time()
        for _ in range(20):
            draw(made, step.state, sheet=sheet, step=step)
        assert (time.process_time() - started) / 20 < 0.002


def test_reading_a_page_and_flowing_on_takes_less_than_two_milliseconds() -> None:
    made = every_type.every_type()
    sealed = SEAL.close(flow.open_first(made, visit()).state)
    started = time.process_time()
    for _ in range(20):
        flow.take(made, SEAL.open(sealed), Form(every_type.FIELDS["scored"]))
    assert (time.process_time() - started) / 20 < 0.002


def test_style_and_script_are_let_in_by_their_hashes() -> None:
    """The bytes between the tags are the bytes that were hashed."""
    html = draw(definition.read({**every_type.raw(), "theme": {"accent": "#8a1c5b"}}), visit())
    inside = re.findall(r"<style>(.*?)</style>|<script>(.*?)</script>", html.text, flags=re.DOTALL)
    assert len(inside) == 3
    for style, script in inside:
        assert inlined.of(style or script).source in html.policy
    assert "unsafe" not in html.policy


def test_nothing_comes_from_anywhere_else() -> None:
    """PIPL habits: no third party in an answering page, unless the author gives a logo."""
    found = Outline(draw(every_type.every_type(), visit()).text)
    assert {a.get("src") or a.get("href", "").partition("#")[0] for _, a in found.tags} <= {
        "",
        "data:,",
        None,
    }
    with_logo = draw(
        definition.read({**every_type.raw(), "theme": {"logo": "https://shop.example/a.png"}}), visit()
    )
    assert "img-src 'self' data: https://shop.example" in with_logo.policy


def test_every_field_has_a_name_that_is_heard() -> None:
    """B13: each radio button and box stands in a label, each other field has one."""
    made = every_type.every_type()
    for place in made.pages:
        found = Outline(draw(made, visit(page=place.code)).text)
        labelled = {a["for"] for name, a in found.tags if name == "label" and a.get("for")}
        for name, attributes in found.tags:
            kind = attributes.get("type")
            if name in ("input", "select", "textarea") and kind not in ("hidden", "radio", "checkbox"):
                heard = attributes.get("aria-label") or attributes.get("id") in labelled
                assert heard or attributes["name"] == page.TRAP, attributes


def test_a_fault_is_said_at_the_top_and_at_the_question_and_gets_the_focus() -> None:
    made = every_type.every_type()
    step = flow.take(made, flow.open_first(made, visit("zh-hant")).state, Form({"nps": ["11"]}))
    text = draw(made, step.state, step=step).text
    assert "<title>有誤: " in text
    assert 'role="alert" id="faults" tabindex="-1" autofocus' in text
    assert 'href="#q0"' in text
    assert 'aria-describedby="q0-fault q0-ends"' in text
    assert "請從所列選項中選擇" in text


def test_right_to_left_languages_turn_the_page() -> None:
    made = definition.read(
        {"title": {"ar": "كيف كان؟"}, "languages": ["ar", "en"], "pages": every_type.raw()["pages"]}
    )
    assert 'lang="ar" dir="rtl"' in draw(made, visit("ar")).text
    assert words.tag("zh-hant") == "zh-Hant"


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("https://shop.example/thanks?x=1", True),
        ("https://SHOP.example", True),
        ("//shop.example", False),
        ("https:shop.example", False),
        ("/\\evil.example", False),
        ("https://shop.example@evil.example", False),
        ("https://evil.example/shop.example", False),
        ("https://shop.example.evil.example", False),
        ("https://shop.example%0d%0aX: y", False),
        ("https://shop.example\r\nX: y", False),
        ("https://{{text}}", False),
        ("https://shop.example:8443/", False),
        ("http://shop.example", False),
        ("javascript:alert(1)", False),
        ("https://shop.example\\@evil.example", False),
        ("", False),
    ],
)
def test_an_end_leads_to_allowed_hosts_only(address: str, leads: bool) -> None:
    """A7: checked again when it is shown, whatever was stored."""
    assert bool(look.leads_to(address, ("shop.example",))) is leads
    raw = every_type.raw()
    raw["ends"][0]["redirect"] = address
    html = Sheet(definition.read(raw), "en").end(definition.read(raw).ends[0], Filling(visit(), str))
    assert ("http-equiv" in html.text) is leads


@pytest.mark.parametrize(
    "logo",
    ["javascript:alert(1)", "data:text/html,x", "http://x.example/a.png", "https://x.example/a.png; script-src *",
     "https://a@b.example/", 'https://x.example/"onerror=1', "//x.example/a", "https://x.example:99999/a", "https://[::1/"],
)  # fmt: skip
def test_a_logo_that_is_no_https_picture_is_left_out(logo: str) -> None:
    """A2."""
    assert look.logo(Theme(logo=logo)) == ("", "")


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#4338ca", "#ff0000", "#7f7f7f"])
@pytest.mark.parametrize("background", ["#ffffff", "#101010", "#fef3c7"])
def test_what_follows_from_the_colours_of_a_theme_can_be_read(accent: str, background: str) -> None:
    ink = "#f8fafc" if background == "#101010" else "#111827"
    style = look.style(Theme(accent=accent, text=ink, background=background))
    colors = dict(re.findall(r"--([\w-]+):(#\w{6})", style)) or {"accent": accent, "on-accent": "#ffffff"}

    def ratio(one: str, other: str) -> float:
        return look.contrast(
            *[tuple(float(int(each[n : n + 2], 16)) for n in (1, 3, 5)) for each in (one, other)]
        )

    assert ratio(colors["on-accent"], colors["accent"]) >= 4.5
    if style:
        assert ratio(colors["muted"], colors["paper"]) >= 4.4
        assert ratio(colors["edge"], colors["paper"]) >= 2.9


def test_a_seal_that_was_broken_for_something_else_or_grew_old_is_refused() -> None:
    state = visit(answers={"text": "𠮷"})
    sealed = SEAL.close(state)
    assert SEAL.open(sealed) == state
    for text in (
        "",
        "x",
        sealed[:-3],
        sealed + "AAAA",
        sealed.swapcase(),
        "é",
        SEAL.sign(b"x", purpose="state"),
    ):
        with pytest.raises(NotOurs):
            SEAL.open(text)
    with pytest.raises(NotOurs):
        SEAL.read(sealed, purpose="survey-test")
    with pytest.raises(NotOurs):
        Seal("other" * 10).open(sealed)
    with clock.frozen(clock.now().replace(year=clock.now().year + 1)), pytest.raises(TooOld):
        SEAL.open(sealed)


def test_text_becomes_markup_only_by_being_escaped() -> None:
    made = tag("a", "<b>", join("&"), href='"x"', class_="c", hidden=True, title=None)
    assert "".join(made.parts) == '<a href="&quot;x&quot;" class="c" hidden>&lt;b&gt;&amp;</a>'
    assert escape("a\ud800\x00") == "a?\ufffd"


@pytest.mark.parametrize(
    "code", ["unknown", "closed", "expired", "used", "stale", "often", "busy", "too_large"]
)
def test_pages_that_say_why_not_are_there_in_every_language(code: str) -> None:
    titles = {
        re.search("<h1[^>]*>(.*?)</h1>", page.notice(code, lang).text)[1] for lang in every_type.LANGUAGES
    }
    assert len(titles) >= 2


@pytest.mark.parametrize("type_", ["faces", "emotion"])
def test_faces_are_drawn_and_named_by_the_words_beside_them(type_: str) -> None:
    """Not every machine has a font with faces. Five different drawings, none of which a screen reader hears."""
    asked = {**every_type.raw(), "pages": [{"code": "one", "questions": [every_type.question(type_)]}]}
    text = draw(definition.read(asked), visit()).text
    drawn = re.findall(r'<svg class="picture face"[^>]*aria-hidden="true"[^>]*>.*?</svg>', text)
    assert len(drawn) == len(set(drawn)) == 5
    assert not re.search("[\U0001f300-\U0001faff]", text)
    assert len(set(re.findall(r'</svg><span class="small">([^<]+)</span>', text))) == 5


def test_drawing_a_page_leaves_nothing_to_the_collector_of_cycles() -> None:
    """A visit in a cycle is found late, by a search that keeps everybody waiting for a tenth of a second."""
    made = every_type.every_type()
    sheet = Sheet(made, "en")
    draw(made, visit(), sheet=sheet)
    gc.collect()
    gc.disable()
    try:
        draw(made, visit(), sheet=sheet)
        assert gc.collect() == 0
    finally:
        gc.enable()
