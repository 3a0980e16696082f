"""Part: the form of one part of a draft. It knows what the part was when it was opened, so that two people who change
the same part learn of each other, and two who change different parts never wait.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from mindgap.keep.definition import Choice, Definition, Words
from mindgap.show.pages.surveys import arranging
from mindgap.show.pages.surveys import condition as conditions
from mindgap.show.pages.surveys.condition import Column, Rows

_BLANK = 3
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The draft around a part, and what the organization has declared: pairs of code and name."""

    definition: Definition
    measures: Options = ()
    sources: Options = ()
    touchpoints: Options = ()
    units: Options = ()
    segments: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The language in which it is written."""
        return self.definition.languages[0] if self.definition.languages else "en"


@dataclass(slots=True)
class Choices:
    """The lines of choices, or of a matrix's rows (which may name measures)."""

    prefix: str
    title: Any
    lines: list[dict[str, Any]]
    measures: Options = ()
    is_rows: bool = False


class PartForm(forms.Form):
    """`value` is the part as it is; `made()` is what it becomes."""

    was = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str] | None = None, *, value: Any, place: Place) -> None:
        self.value, self.place = value, place
        super().__init__(data, initial={**self.start(), "was": token(value)}, auto_id="part_%s")
        self.shape()

    def start(self) -> dict[str, Any]:
        """What stands in the fields at first."""
        found: dict[str, Any] = {}
        for name in self.base_fields:
            value = getattr(self.value, name, None)
            found[name] = value.get(self.place.base, "") if isinstance(value, dict) else value
        return found

    def shape(self) -> None:
        """Leave out fields and fill lists, by what the value is."""

    def made(self) -> Any:
        """The part as the form says."""
        raise NotImplementedError

    @property
    def plain(self) -> list[Any]:
        """Fields that people see, in order."""
        return [self[name] for name in self.fields if not self.fields[name].widget.is_hidden]

    @property
    def tables(self) -> list[Choices]:
        """Lists of choices in the form."""
        return []

    @property
    def rules(self) -> list[Rows]:
        """Conditions in the form."""
        return []

    def words(self, name: str) -> Words:
        """A text of the form in the base language, with its translations."""
        old: Words = getattr(self.value, name)
        text = (self.cleaned_data.get(name) or "").strip()
        rest = {code: each for code, each in old.items() if code != self.place.base}
        return {self.place.base: text, **rest} if text else rest

    def rows_of(self, prefix: str, title: Any, raw: dict[str, Any] | None, known: tuple[Column, ...]) -> Rows:
        """The rows of a condition: as sent, else as stored."""
        if self.is_bound and not self.data.get(f"{prefix}-nested"):
            return conditions.posted(prefix, str(title), self.data, known)
        return conditions.rows(prefix, str(title), raw, known)


def token(value: Any) -> str:
    """A name of a part's content: it changes when anybody changes the part."""
    raw = msgspec.json.encode(value, order="sorted")
    return hashlib.blake2b(raw, digest_size=12).hexdigest()


def choose(*, label: Any, empty: Any = "", required: bool = False, help_text: Any = "") -> forms.ChoiceField:
    """A list to choose from, which is filled when the form knows its place."""
    made = forms.ChoiceField(label=label, required=required, help_text=help_text)
    made.empty = empty  # type: ignore[attr-defined]
    return made


def fill(form: forms.Form, name: str, options: Iterable[tuple[str, Any]], *, now: str = "") -> None:
    """Give a list its choices; what stands there now stays possible even when nobody has declared it."""
    found = list(options)
    if now and now not in {code for code, _ in found}:
        found.append((now, now))
    own: Any = form.fields[name]
    own.choices = found if own.required else [("", getattr(own, "empty", "") or "–"), *found]


def line(
    label: Any, *, rows: int = 0, required: bool = False, help_text: Any = "", most: int = 5000
) -> forms.CharField:
    """A field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text, widget=widget
    )


def tick(label: Any, *, help_text: Any = "") -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=label, required=False, help_text=help_text)


def lines_of(choices: tuple[Choice, ...], base: str) -> list[dict[str, Any]]:
    """The lines of a table of choices, with empty ones below."""
    found = [
        {
            "code": each.code,
            "text": each.text.get(base, ""),
            "other": each.other,
            "alone": each.alone,
            "measure": each.measure,
        }
        for each in choices
    ]
    return found + [{"code": "", "text": "", "other": False, "alone": False, "measure": ""}] * _BLANK


def sent_lines(prefix: str, sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines as they were sent, in order."""
    numbers = sorted(
        int(middle)
        for name in sent
        if name.startswith(f"{prefix}-") and name.endswith("-text")
        if (middle := name[len(prefix) + 1 : -len("-text")]).isdecimal() and len(middle) < 4
    )
    return [
        {
            "code": sent.get(f"{prefix}-{number}-code", "").strip()[:64],
            "text": sent.get(f"{prefix}-{number}-text", "").strip()[:2000],
            "other": bool(sent.get(f"{prefix}-{number}-other")),
            "alone": bool(sent.get(f"{prefix}-{number}-alone")),
            "measure": sent.get(f"{prefix}-{number}-measure", "")[:64],
        }
        for number in numbers
    ]


def choices_of(
    prefix: str, sent: Mapping[str, str], before: tuple[Choice, ...], base: str
) -> tuple[Choice, ...]:
    """The choices of the lines; a line without words goes, one without a code gets one."""
    old = {each.code: each for each in before}
    lines = sent_lines(prefix, sent)
    _reorder(prefix, lines, sent.get("go", ""))
    taken = {line["code"] for line in lines if line["code"]}
    found = []
    for line in lines:
        if not line["text"]:
            continue
        code = line["code"]
        if not code:
            code = arranging.free(slugify(line["text"])[:32] or "choice", taken)
            taken.add(code)
        there = old.get(code) or Choice(code=code, text={})
        rest = {language: each for language, each in there.text.items() if language != base}
        found.append(
            msgspec.structs.replace(
                there,
                text={base: line["text"], **rest},
                other=line["other"],
                alone=line["alone"],
                measure=line["measure"],
            )
        )
    return tuple(found)


def _reorder(prefix: str, lines: list[dict[str, Any]], go: str) -> None:
    """Move the line that a button of the form names: `choice.2.up`."""
    name, _, rest = go.partition(".")
    number, _, way = rest.partition(".")
    if name != prefix or not number.isdecimal() or not int(number) < len(lines):
        return
    to = int(number) + (-1 if way == "up" else 1)
    if 0 <= to < len(lines):
        lines.insert(to, lines.pop(int(number)))


LANGUAGE_HINT = gettext_lazy(
    "In the language the survey is written in; the others are on the page Translation."
)
