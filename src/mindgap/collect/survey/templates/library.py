"""Library: the files of this folder, one template each."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from mindgap.collect.survey.templates.shared import shared
from mindgap.collect.survey.templates.template import Source

_FOLDER = Path(__file__).parent


class UnknownTemplate(LookupError):
    """There is no template, or no wording of it, of that name."""


@cache
def codes() -> tuple[str, ...]:
    """The codes of all templates, in the order in which they are offered; a new file comes last."""
    there = {path.stem for path in _FOLDER.glob("*.toml")}
    known = [code for code in shared().order if code in there]
    return (*known, *sorted(there - set(known)))


@cache
def source(code: str) -> Source:
    """What the file of that code says; `UnknownTemplate` when there is none."""
    if code not in codes():
        raise UnknownTemplate(code)
    return msgspec.convert(tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8")), Source)
