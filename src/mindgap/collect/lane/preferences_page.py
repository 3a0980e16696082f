"""The page of preferences as HTML: plain forms, no script needed, the look of the answering pages."""

from datetime import datetime

from mindgap.collect.lane import preferences_words as own
from mindgap.collect.programme.wishes import REQUESTS, Said, Standing
from mindgap.collect.survey import page, words
from mindgap.collect.survey.markup import Markup, join, tag
from mindgap.collect.survey.page import Html
from mindgap.ground import language as languages

# The name of the buttons, and of the boxes of channels.
DO, WAY = "_do", "way"
_TEXT = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def draw(standing: Standing, code: str, *, action: str, note: str = "") -> Html:
    """The page for one person; `note` says what has just been done."""
    table = own.table(code)
    named = languages.choose(standing.name, code, fallback="")
    return page.sheet(
        table["title"],
        join(
            tag("p", table["from"].replace("{name}", named), class_="help") if named else None,
            tag("p", table[note], class_="faults", role="status") if note else None,
            _ways(standing, table, code, action) if standing.ways else None,
            _kept(standing, table, code, action),
            _switch(table, code, action),
        ),
        code,
    )


def _ways(standing: Standing, table: dict[str, str], code: str, action: str) -> Markup:
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name=WAY, value=each.code, checked=each.is_allowed),
            tag("span", languages.choose(each.name, code, fallback=table.get(each.code, each.code))),
            class_="option",
        )
        for each in standing.ways
    ]
    group = tag(
        "fieldset",
        tag("legend", table["ways"]),
        tag("p", table["ways_help"], class_="help"),
        tag("div", *boxes, class_="options"),
        class_="q",
    )
    buttons = tag(
        "div",
        tag("button", table["save"], class_="primary", name=DO, value="save"),
        tag("button", table["stop"], name=DO, value="stop"),
        class_="go",
    )
    return tag("form", group, buttons, method="post", action=_address(action, code), class_="q")


def _kept(standing: Standing, table: dict[str, str], code: str, action: str) -> Markup:
    lines = []
    if standing.identities:
        known = [f"{table.get(kind, kind)} {value}" for kind, value in standing.identities]
        lines.append(table["identities"].replace("{list}", own.joined(known, code)))
    if standing.interactions:
        lines.append(table["interactions"].replace("{n}", str(standing.interactions)))
    lines.append(table["answers"].replace("{n}", str(standing.answers)))
    agreed = [table.get(each.what, each.what) for each in standing.consents]
    lines.append(
        table["consents"].replace("{list}", own.joined(agreed, code)) if agreed else table["no_consents"]
    )
    asked = {each.what: each for each in standing.requests}
    buttons = [tag("button", table["withdraw"], name=DO, value="withdraw")] if agreed else []
    buttons += [tag("button", table[what], name=DO, value=what) for what in REQUESTS if what not in asked]
    return join(
        tag("h2", table["kept"]),
        *[tag("p", line) for line in lines],
        *[tag("p", _asked(each, table), class_="notice") for each in asked.values()],
        tag("form", tag("div", *buttons, class_="go"), method="post", action=_address(action, code))
        if buttons
        else None,
    )


def _asked(said: Said, table: dict[str, str]) -> str:
    text = table[f"asked_{said.what}"].replace("{at}", _day(said.at))
    return text.replace("{due}", _day(said.due) if said.due else "–")


def _switch(table: dict[str, str], code: str, action: str) -> Markup:
    links = [
        tag("a", words.NAMES[each], href=_address(action, each), lang=_TEXT[each], hreflang=_TEXT[each])
        for each in languages.LANGUAGES
        if each != code
    ]
    return tag("nav", *links, class_="languages", aria_label=table["language"])


def _address(action: str, code: str) -> str:
    return f"{action}?lang={code}"


def _day(when: datetime) -> str:
    return when.date().isoformat()
