"""Page: a survey in one language as HTML: put together once, filled in per visit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from mindgap.collect.survey import inlined, logic, look, questions
from mindgap.collect.survey import words as said
from mindgap.collect.survey.fault import Fault
from mindgap.collect.survey.markup import Filling, Markup, escape, join, literal, tag
from mindgap.collect.survey.questions.frame import Setting, written
from mindgap.collect.survey.state import State
from mindgap.keep.definition import Choice, Definition, End, Page, Question

# The names of what a form sends besides answers; codes of questions do not begin with an underscore.
SEALED, GO, LANGUAGE, SECONDS, TRAP = "_s", "_go", "_lang", "_t", "_homepage"
# What the button sends that breaks a visit off and deletes it.
LET_GO = "let-go"


class Html(msgspec.Struct, frozen=True):
    """A page and the policy under which the browser shows it; blank when it says nothing about anybody."""

    body: bytes
    policy: str
    is_blank: bool = False

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode()


# What is kept of one page: each of its combinations of questions, buttons and notes is put together once.
_WHOLES_MOST = 64


# HTML for every visit, or with holes for each.
Piece = bytes | Markup


@dataclass(frozen=True, slots=True)
class Whole:
    """A page put together, in three pieces: between them stand the address of the form and the sealed state."""

    until_action: "Piece"
    until_sealed: bytes
    rest: "Piece"


class Asking(msgspec.Struct, frozen=True):
    """One visit to one page: what it shows and where the form goes."""

    page: Page
    questions: Sequence[Question]
    sealed: str
    action: str
    filling: Filling
    note: str = ""
    is_first: bool = False
    is_last: bool = False
    may_go_back: bool = False


class Sheet:
    """A definition in one language; its questions are written once, when they are first asked."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition, self.language = definition, language
        self.table = said.table(language)
        self._numbers = {question.code: f"q{n}" for n, question in enumerate(definition.questions)}
        self._questions: dict[str, Markup] = {}
        self._headings = {page.code: self._heading(page) for page in definition.pages}
        self._intro = self._introduction()
        self._ends: dict[tuple[str, str, bool], Piece] = {}
        self._feet: dict[tuple[bool, bool, bool], str] = {}
        self._wholes: dict[tuple[object, ...], Whole] = {}
        logo, origin = look.logo(definition.theme)
        style = inlined.of(look.style(definition.theme))
        self.policy = _policy(style.source, origin)
        self._title = written(logic.words(definition.title, language, definition))
        image = tag("img", src=logo, alt="", class_="logo") if logo else None
        self._head = _head(language, style.text, definition.theme.look)
        self._top = join(image, tag("h1", self._title))
        self._withdraw = f'">{escape(self.table["withdraw"])}</a></p>'.encode()
        self._tail = f"</main><script>{inlined.script().text}</script></body></html>".encode()

    def ask(self, asking: Asking) -> Html:
        """The page of a form."""
        filling = asking.filling
        if filling.faults:
            filling.faulty = self._faulty(filling.faults)
        whole = self._compose(asking) if filling.faults or asking.note else self._whole(asking)
        pieces = (
            _filled(whole.until_action, filling),
            escape(asking.action).encode(),
            whole.until_sealed,
            asking.sealed.encode(),
            _filled(whole.rest, filling),
        )
        return Html(b"".join(pieces), self.policy)

    def _whole(self, asking: Asking) -> Whole:
        """The page without faults and notes, from memory where there is room."""
        is_blank = not asking.filling.fields
        shown = tuple(asking.filling.state.asked)
        shape = (is_blank, asking.is_first, asking.is_last, asking.may_go_back, asking.filling.state.test)
        key = (asking.page.code, shown, *shape)
        made = self._wholes.get(key)
        if made is None:
            made = self._compose(asking)
            if is_blank:
                made = Whole(_blank(made.until_action), made.until_sealed, _blank(made.rest))
            if len(self._wholes) < _WHOLES_MOST:
                self._wholes[key] = made
        return made

    def _compose(self, asking: Asking) -> Whole:
        """The page for this visit: what it has in common with others, and holes."""
        prefix = f"{escape(self.table['error'])}: " if asking.filling.faults else ""
        opened = self._open(asking)
        head = (
            literal(f"{self._head}<title>{prefix}"),
            self._title,
            literal("</title></head><body><main>"),
            self._top,
            literal(self._test(asking.filling.state) + self._progress(asking)),
            self._intro if asking.is_first else None,
            literal(self._summary(asking) + opened[0]),
        )
        rest = (
            literal(opened[2]),
            self._headings[asking.page.code],
            *map(self._question, asking.questions),
            literal(f"{self._foot(asking)}</form></main>"),
            literal(f"<script>{inlined.script().text}</script></body></html>"),
        )
        return Whole(join(*head), opened[1].encode(), join(*rest))

    def end(self, end: End | None, filling: Filling, *, withdraw: str = "", title: str = "thanks") -> Html:
        """The last page; `withdraw` is where consent can be taken back."""
        key = (end.code if end else "", title, filling.state.test)
        if key not in self._ends:
            head, inside = self._ending(end, title)
            test = literal(f"</head><body><main data-end>{self._test(filling.state)}")
            self._ends[key] = _blank(join(literal(self._head), head, test, inside))
        pieces = [_filled(self._ends[key], filling)]
        if withdraw:
            pieces += [b'<p class="help"><a href="', escape(withdraw).encode(), self._withdraw]
        return Html(b"".join((*pieces, self._tail)), self.policy)

    def _ending(self, end: End | None, title: str) -> tuple[Markup, Markup]:
        """What stands in the head and in the body of an end."""
        texts = (end.title, end.text) if end else ({}, {})
        headline = self._words(texts[0]) or join(self.table[title])
        body = self._words(texts[1]) or (None if texts[0] else join(self.table[f"{title}_text"]))
        address = look.leads_to(end.redirect, self.definition.redirect_hosts) if end else ""
        # Without words on it the button is pressed by itself.
        leaves = bool(end and address and not end.button)
        refresh = tag("meta", http_equiv="refresh", content=f"0;url={address}") if leaves else None
        button = join()
        if end and address:
            label = self._words(end.button) or join(self.table["leave"])
            link = tag("a", label, href=address, class_="primary", rel="noreferrer", data_leave=leaves)
            button = tag("p", link)
        headed = tag("h1", headline, tabindex="-1", id="end")
        text = tag("p", body, class_="text") if body else None
        return join(tag("title", headline), refresh), join(headed, text, button)

    def _words(self, texts: dict[str, str]) -> Markup | None:
        return written(logic.words(texts, self.language, self.definition)) if texts else None

    def _question(self, question: Question) -> Markup:
        made = self._questions.get(question.code)
        if made is None:
            number = self._numbers[question.code]
            made = questions.make(Setting(question, self.definition, self.language, self.table, number))
            self._questions[question.code] = made
        return made

    def _faulty(self, faults: Mapping[str, Fault]) -> Callable[[str], str]:
        # Not over the filling, which holds this: each visit would be left to the collector of cycles, which then keeps
        # everybody waiting for a tenth of a second, every second.
        def words(code: str) -> str:
            return fault_words(faults[code], self.definition, self.language)

        return words

    def _test(self, state: State) -> str:
        return f'<p class="test">{escape(self.table["test"])}</p>' if state.test else ""

    def _progress(self, asking: Asking) -> str:
        total = len(self.definition.pages)
        if not self.definition.progress or total < 2:
            return ""
        here = self.definition.pages.index(asking.page)
        return f'<progress max="{total}" value="{here}" aria-label="{escape(self.table["progress"])}"></progress>'

    def _introduction(self) -> Markup:
        intro, notice = self._words(self.definition.intro), self._words(self.definition.notice)
        whole = self._words(self.definition.notice_full)
        summary = tag("summary", self.table["notice"])
        return join(
            tag("p", intro, class_="text") if intro else None,
            tag("p", notice, class_="notice text") if notice else None,
            tag("details", summary, tag("p", whole, class_="text"), class_="notice") if whole else None,
        )

    def _heading(self, page: Page) -> Markup:
        words = self._words(page.title)
        return tag("h2", words) if words else join()

    def _summary(self, asking: Asking) -> str:
        filling = asking.filling
        if not filling.faults:
            return f'<p class="faults" role="status">{escape(asking.note)}</p>' if asking.note else ""
        items = "".join(
            f'<li><a href="#{self._numbers[question.code]}">{self._asked(question).fill(filling)}</a></li>'
            for question in asking.questions
            if question.code in filling.faults
        )
        return (
            '<div class="faults" role="alert" id="faults" tabindex="-1" autofocus>'
            f"<p>{escape(self.table['faults'])}</p><ul>{items}</ul></div>"
        )

    def _asked(self, question: Question) -> Markup:
        return written(logic.words(question.text, self.language, self.definition, fallback=question.code))

    def _open(self, asking: Asking) -> tuple[str, str, str]:
        """What stands before the address of the form, from there to the sealed state, and after it."""
        kind = ' enctype="multipart/form-data"' if any(q.type == "file" for q in asking.questions) else ""
        words = f'data-unsent="{escape(self.table["unsent"])}" data-count="{escape(self.table["count"])}"'
        trap = escape(self.table["trap"])
        middle = (
            f'"{kind} novalidate autocomplete="on" {words} data-page="{escape(asking.page.code)}">'
            f'<input type="hidden" name="{SEALED}" value="'
        )
        after = (
            f'"><input type="hidden" name="{SECONDS}"><p class="trap" aria-hidden="true"><label>{trap}'
            f'<input name="{TRAP}" tabindex="-1" autocomplete="off"></label></p>'
        )
        return '<form method="post" action="', middle, after

    def _foot(self, asking: Asking) -> str:
        key = (asking.is_last, asking.may_go_back, asking.is_first)
        if key not in self._feet:
            self._feet[key] = "".join(map(str, self._buttons(*key).parts))
        return self._feet[key]

    def _buttons(self, is_last: bool, may_go_back: bool, is_first: bool) -> Markup:
        table = self.table
        # The first button of a form is the one that Enter presses.
        forth = tag("button", table["send" if is_last else "next"], class_="primary", name=GO, value="next")
        back = tag("button", table["back"], name=GO, value="back") if may_go_back else None
        offered = [
            tag("button", said.NAMES.get(code, code), name=LANGUAGE, value=code, lang=said.tag(code))
            for code in self.definition.languages
            if code != self.language
        ]
        switch = (
            tag("div", *offered, class_="languages", role="group", aria_label=table["language"])
            if offered
            else None
        )
        # Nothing is stored of a visit before its second page (B16).
        let_go = tag("button", table["let_go"], class_="let-go", name=GO, value=LET_GO, formnovalidate="")
        return join(tag("div", forth, back, class_="go"), switch, None if is_first else let_go)


def _filled(piece: Piece, filling: Filling) -> bytes:
    return piece if isinstance(piece, bytes) else _sent(piece.fill(filling))


def _blank(piece: Piece) -> Piece:
    """A piece for visits without fields and faults: mostly nothing is left to be filled in."""
    if isinstance(piece, bytes):
        return piece
    blank = piece.blank()
    return blank if blank.has_holes else _sent("".join(map(str, blank.parts)))


def _sent(html: str) -> bytes:
    """HTML as it is sent; half a surrogate pair cannot be."""
    return html.encode("utf-8", "replace")


def fault_words(fault: Fault, definition: Definition, language: str) -> str:
    """The sentence of a fault in a language."""
    facts = {
        name: logic.words(fact.text, language, definition, fallback=fact.code)
        if isinstance(fact, Choice)
        else fact
        for name, fact in fault.facts.items()
    }
    return said.say(said.table(language), f"fault_{fault.code}", **facts)


def notice(code: str, language: str) -> Html:
    """A page that says why there is nothing to answer: `unknown`, `closed`, `expired`, `used`, `busy` …"""
    return _notice(code, said.best([language], ("en", "zh-hans", "zh-hant")))


@lru_cache(maxsize=64)
def _notice(code: str, language: str) -> Html:
    table = said.table(language)
    return sheet(table[code], tag("p", table[f"{code}_text"], class_="text"), language)


def sheet(title: str, inside: Markup, language: str) -> Html:
    """A page without a survey: its title and what stands below it, with nothing in it that a visit decides."""
    whole = join(tag("h1", title, tabindex="-1", id="end"), inside)
    head = f"{_head(language, '', 'plain')}<title>{escape(title)}</title></head>"
    body = f"<body><main data-end>{''.join(map(str, whole.parts))}</main></body></html>"
    return Html(_sent(head + body), _policy("", ""))


def _head(language: str, style: str, look_: str) -> str:
    themed = f"<style>{style}</style>" if style else ""
    shape = look_ if look_ in ("card", "compact") else "plain"
    return (
        f'<!doctype html><html lang="{escape(said.tag(language))}" dir="{said.direction(language)}" class="{shape}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><meta name="robots" content="noindex"><meta name="format-detection" content="telephone=no">'
        f"<style>{inlined.style().text}</style>{themed}"
    )


def _policy(style: str, image: str) -> str:
    """The policy without its frame-ancestors, which whoever answers the request knows."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {inlined.style().source} {style}".strip(),
            f"script-src {inlined.script().source}",
            f"img-src 'self' data: {image}".strip(),
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        ]
    )
