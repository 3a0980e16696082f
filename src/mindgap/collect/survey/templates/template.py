"""Template: a survey to begin with, as people choose it, and what it becomes for an organization."""

from dataclasses import dataclass
from typing import Any

import msgspec

from mindgap.collect.mapping.schema import Mapping
from mindgap.keep.definition import Definition, Words
from mindgap.keep.texts import Texts


class Apart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Measures of their own for a wording whose answers must never be counted with the others'.

    `name` is their name; `{name}` in it stands for that of the measure they are modelled on.
    """

    prefix: str
    name: Words


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to put the same questions. `names` says what stands for `{…}`; `asks` what every pair asks for."""

    code: str
    title: Words
    names: dict[str, Words] = {}
    asks: tuple[str, ...] = ()
    apart: Apart | None = None


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template as its file has it. `heading` is the title that customers read, `title` the one authors choose by.

    Pages are those of a definition, except that a question may take a part of `parts/shared.toml` by `like`.
    """

    kind: str
    title: Words
    summary: Words
    when: Words
    avoid: Words
    heading: Words
    pages: tuple[dict[str, Any], ...]
    intro: Words = {}
    # The kind of touchpoint that it is meant for; empty: the organization as a whole.
    touchpoint: str = ""
    consents: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A template to choose: what it is for, when it fits and when not, and what it asks where nobody says more.

    `kind` is the kind of the survey, `touchpoint` a kind of touchpoint or empty, `seconds` an estimate of what
    answering takes (`length.seconds`), `measures` the codes of what is counted.
    """

    code: str
    kind: str
    title: Texts
    summary: Texts
    when: Texts
    avoid: Texts
    touchpoint: str
    wordings: tuple[Wording, ...]
    definition: Definition
    measures: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a template became: the definition, the measures to declare before it is saved, and the names of the
    gaps in its texts (`contact`, `retention` …) that stand in square brackets until somebody fills them in.
    """

    code: str
    kind: str
    title: Texts
    definition: Definition
    registers: Mapping
    unfilled: tuple[str, ...] = ()
