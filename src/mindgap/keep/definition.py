"""Definition: what one version of a survey asks, as data: pages of questions, logic, ends, quotas, look, languages.

A definition is a value. A draft is replaced as a whole; a published one never changes, so that an answer can always
be read with the words that the customer saw. Texts are objects of texts by language code. Conditions are those of
`mindgap.ground.condition`; their columns are codes of questions (the value given), `hidden.<code>`, `language`,
`channel`, `unit`, `touchpoint` and `segment.<code>`.
"""

import hashlib
from functools import cached_property
from typing import Any

import msgspec

from mindgap.ground.condition import Condition

# What a question can be. `pair` asks for expectation and experience of one thing side by side (R13, R31).
TYPES = (
    "nps",
    "stars",
    "faces",
    "satisfaction",
    "effort",
    "rating",
    "single",
    "multiple",
    "dropdown",
    "ranking",
    "matrix",
    "pair",
    "duration",
    "number",
    "date",
    "text",
    "emotion",
    "consent",
    "contact",
    "file",
    "statement",
)
# The questions whose answer is a number on the scale of a measure.
SCORED = ("nps", "stars", "faces", "satisfaction", "effort", "rating", "duration", "number", "emotion")
# Least and most of a scale of points where the author says nothing; a type that is not here wants a number typed.
SCALES = {
    "nps": (0, 10),
    "effort": (1, 7),
    "stars": (1, 5),
    "faces": (1, 5),
    "satisfaction": (1, 5),
    "emotion": (1, 5),
    "rating": (1, 5),
    "matrix": (1, 5),
    "pair": (1, 5),
}
CHOSEN = ("single", "multiple", "dropdown", "ranking")
# What a `pair` may ask, in the order in which it is shown; `got` is the experience.
ASKS = ("should", "will", "minimum", "got")
# What `text` may be checked against; no patterns of authors, which could be made to run for ever.
FORMATS = ("", "email", "phone", "url", "digits", "postcode")
LOOKS = ("plain", "card", "compact")

Words = dict[str, str]


class Choice(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """One thing to choose, or one row of a matrix. `other` adds a field for words; `alone` excludes the others."""

    code: str
    text: Words
    other: bool = False
    alone: bool = False
    # For a row of a matrix: the measure that its score is of.
    measure: str = ""


class Question(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """One question. `measure` names what its number is of; `expects` says that it is an expectation of that kind
    (`should`, `will`, `minimum`) and not an experience; `touchpoint` overrides that of the survey.
    """

    code: str
    type: str
    text: Words
    help: Words = {}
    required: bool = False
    measure: str = ""
    expects: str = ""
    source: str = ""
    touchpoint: str = ""
    asks: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    # Ends of a scale and what stands at them; for `text` the number of characters, for `multiple` of choices,
    # for `file` the megabytes.
    least: float | None = None
    most: float | None = None
    step: float = 1
    unit: str = ""
    low: Words = {}
    high: Words = {}
    # "Does not apply" as an answer of its own, never a zero.
    may_skip: bool = False
    format: str = ""
    long: bool = False
    shuffle: bool = False
    show_if: dict[str, Any] | None = None
    # For `consent`: what it is for (`contact`, `partner`, `abroad`, `marketing`, `research`).
    purpose: str = ""
    # For `contact`: which identities it asks for (`email`, `phone`, `name`, `wecom`).
    fields: tuple[str, ...] = ()
    # For `file`: endings that are taken.
    accepts: tuple[str, ...] = ()


class Branch(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """After its page, when the condition is met: go to the page, or to the end, of that code."""

    when: dict[str, Any]
    page: str = ""
    end: str = ""


class Page(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """Questions that are shown together. `shuffle` mixes them, the same for one respondent at each visit."""

    code: str
    questions: tuple[Question, ...] = ()
    title: Words = {}
    show_if: dict[str, Any] | None = None
    branches: tuple[Branch, ...] = ()
    shuffle: bool = False


class End(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """What is said at the end; the first whose condition is met. `redirect` goes to allowed hosts only."""

    code: str
    text: Words
    title: Words = {}
    show_if: dict[str, Any] | None = None
    redirect: str = ""
    button: Words = {}


class Quota(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """At most `limit` finished submissions that meet the condition; who comes later sees the end `end`."""

    code: str
    limit: int
    when: dict[str, Any] | None = None
    end: str = ""


class Hidden(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """A value that the address brings. `keeps`: `segment`, `attribute`, `interaction`, `unit`, `touchpoint`."""

    code: str
    keeps: str = "attribute"


class Theme(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """Colours are `#rrggbb`; contrast is checked when publishing. `logo` is an https address or empty."""

    accent: str = "#4338ca"
    text: str = "#1e293b"
    background: str = "#ffffff"
    logo: str = ""
    look: str = "plain"
    font: str = ""


class Definition(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole. The first of `languages` is the one that it was written in."""

    title: Words
    languages: tuple[str, ...] = ("en",)
    pages: tuple[Page, ...] = ()
    ends: tuple[End, ...] = ()
    quotas: tuple[Quota, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    theme: Theme = Theme()
    intro: Words = {}
    # Short notice above the form and the full text behind it (PIPL Art. 17).
    notice: Words = {}
    notice_full: Words = {}
    progress: bool = True
    may_go_back: bool = True
    # Hosts that `End.redirect` may lead to.
    redirect_hosts: tuple[str, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order in which they were written."""
        return tuple(question for page in self.pages for question in page.questions)

    def question(self, code: str) -> Question | None:
        """The question of that code."""
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> dict[str, Question]:
        return {question.code: question for question in reversed(self.questions)}


_decoder = msgspec.json.Decoder(Definition)
_encoder = msgspec.json.Encoder(order="sorted")


def read(raw: bytes | str | dict[str, Any]) -> Definition:
    """The definition of a JSON text or object; `msgspec.ValidationError` says where it does not fit."""
    if isinstance(raw, dict):
        return msgspec.convert(raw, Definition)
    return _decoder.decode(raw)


def write(definition: Definition) -> dict[str, Any]:
    """The JSON object that `read` takes back."""
    whole: dict[str, Any] = msgspec.json.decode(_encoder.encode(definition))
    return whole


def digest(definition: Definition) -> str:
    """A name that follows from the content: equal definitions have equal digests."""
    return hashlib.blake2b(_encoder.encode(definition), digest_size=16).hexdigest()


def condition(raw: dict[str, Any] | None) -> Condition:
    """The condition written in a definition; nothing is always met."""
    return Condition.read(raw)
