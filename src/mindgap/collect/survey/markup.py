"""Markup: HTML written once with holes in it, filled in per visit.

Text is escaped when it becomes markup, so a string can only ever be text; `tag` and the holes are the only places
where HTML comes from. Attribute names are written with `_` for `-`; None and False leave an attribute out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from mindgap.collect.survey.fault import Fault
from mindgap.collect.survey.state import State

_VOID = frozenset(("input", "meta", "br", "img", "link", "hr"))
_ESCAPED = re.compile("[&<>\"'\x00]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\x00": "\ufffd"}


@dataclass(slots=True)
class Filling:
    """What one visit puts into the holes: fields as they stand in the form, faults, and how to pipe a text."""

    state: State
    pipe: Callable[[str], str]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    faulty: Callable[[str], str] = str


class Hole(Protocol):
    """A place whose HTML depends on the visit.

    One that depends on fields and faults alone also says what stands there while there are none: `blank`.
    """

    def fill(self, filling: Filling) -> str:
        """The HTML at this place."""


class Markup:
    """HTML as literal pieces and holes."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence["str | Hole"]) -> None:
        self.parts = tuple(_merged(parts))

    def fill(self, filling: Filling) -> str:
        """The HTML for a visit."""
        return "".join([part if type(part) is str else part.fill(filling) for part in self.parts])  # type: ignore[union-attr]

    @property
    def has_holes(self) -> bool:
        """Whether anything in it depends on the visit."""
        return any(not isinstance(part, str) for part in self.parts)

    def blank(self) -> "Markup":
        """The same for visits that have neither fields nor faults: most holes are filled already."""
        return Markup([part.blank() if hasattr(part, "blank") else part for part in self.parts])


Child = str | Markup | None


def escape(text: str) -> str:
    """Text that may stand between tags and in quoted attributes; half a surrogate pair cannot be sent at all."""
    safe = _ESCAPED.sub(_escaped, text)
    return safe if safe.isascii() else safe.encode("utf-8", "replace").decode("utf-8")


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def tag(
    name: str, /, *children: Child, holes: Sequence[Hole] = (), **attributes: str | bool | None
) -> Markup:
    """An element; `holes` stand among its attributes and write themselves whole, with a blank before them."""
    parts: list[str | Hole] = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        written = key.rstrip("_").replace("_", "-")
        parts.append(f" {written}" if value is True else f' {written}="{escape(value)}"')
    parts += holes
    parts.append(">")
    if name not in _VOID:
        parts += [*join(*children).parts, f"</{name}>"]
    return Markup(parts)


def join(*children: Child) -> Markup:
    """Several one after the other."""
    parts: list[str | Hole] = []
    for child in children:
        if isinstance(child, Markup):
            parts += child.parts
        elif child:
            parts.append(escape(child))
    return Markup(parts)


def literal(html: str) -> Markup:
    """HTML that is written already, by `page` alone: nothing of an author's or a visit's goes in here unescaped."""
    return Markup([html])


def hole(what: Hole) -> Markup:
    """A hole as markup."""
    return Markup([what])


class Set(NamedTuple):
    """`checked` or `selected` where the field has that value."""

    name: str
    value: str
    word: str = "checked"

    def fill(self, filling: Filling) -> str:
        return f" {self.word}" if self.value in filling.fields.get(self.name, ()) else ""

    def blank(self) -> str:
        return ""


class Value(NamedTuple):
    """The attribute `value` of a field."""

    name: str
    # What is not shown when it stands there.
    unwritten: str = ""

    def fill(self, filling: Filling) -> str:
        text = next(iter(filling.fields.get(self.name, ())), "")
        return f' value="{escape(text)}"' if text and text != self.unwritten else ""

    def blank(self) -> str:
        return ""


class Body(NamedTuple):
    """The text inside a text area; a first line end would be swallowed, hence one more."""

    name: str
    unwritten: str = ""

    def fill(self, filling: Filling) -> str:
        text = next(iter(filling.fields.get(self.name, ())), "")
        return f"\n{escape(text)}" if text and text != self.unwritten else ""

    def blank(self) -> str:
        return ""


class Piped(NamedTuple):
    """An author's text with answers in it: replaced first, escaped as a whole then (B8)."""

    text: str

    def fill(self, filling: Filling) -> str:
        return escape(filling.pipe(self.text))


class FaultOf(NamedTuple):
    """The sentence that says what is wrong with a question."""

    code: str
    id: str

    def fill(self, filling: Filling) -> str:
        if self.code not in filling.faults:
            return ""
        return f'<p class="fault" id="{self.id}-fault">{escape(filling.faulty(self.code))}</p>'

    def blank(self) -> str:
        return ""


class Described(NamedTuple):
    """What describes a field: its help always, its fault when there is one."""

    code: str
    id: str
    others: tuple[str, ...] = ()
    invalid: bool = True

    def fill(self, filling: Filling) -> str:
        return self._written(is_wrong=self.code in filling.faults)

    def blank(self) -> str:
        return self._written(is_wrong=False)

    def _written(self, *, is_wrong: bool) -> str:
        ids = (*((f"{self.id}-fault",) if is_wrong else ()), *self.others)
        said = f' aria-describedby="{" ".join(ids)}"' if ids else ""
        return said + (' aria-invalid="true"' if is_wrong and self.invalid else "")


class Ordered(NamedTuple):
    """Parts in an order of the visit's own."""

    parts: Mapping[str, Markup]
    order: Callable[[State], Sequence[str]]

    def fill(self, filling: Filling) -> str:
        return "".join([self.parts[code].fill(filling) for code in self.order(filling.state)])

    def blank(self) -> "Ordered":
        return Ordered({code: part.blank() for code, part in self.parts.items()}, self.order)


class Written(NamedTuple):
    """Anything else that a visit decides."""

    write: Callable[[Filling], str]

    def fill(self, filling: Filling) -> str:
        return self.write(filling)


def _merged(parts: Sequence[str | Hole]) -> list[str | Hole]:
    """Neighbouring literal pieces as one: the fewer pieces, the faster the filling."""
    merged: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return merged
