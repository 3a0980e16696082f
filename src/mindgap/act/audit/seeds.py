"""Seeds: what each kind of audit looks at, in three languages, with what to do first (R21, R51–R57, R70, R72, R154)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mindgap.keep import texts
from mindgap.keep.texts import Texts

_FILE = Path(__file__).with_name("seeds.toml")


@dataclass(frozen=True, slots=True)
class Check:
    """One yes or no of a level."""

    code: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Seed:
    """One thing to look at; `measure` and `measures` are what customers may have been asked about it."""

    code: str
    name: Texts
    asks: Texts
    todo: Texts
    measure: str = ""
    measures: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    # For mistakes: causes of cases and words in comments that tell of it. Words of `en` are whole words.
    causes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


@cache
def seeds(kind: str) -> dict[str, Seed]:
    """The seeds of a kind of audit by their code, in order."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {each["code"]: _seed(each) for each in read[kind]}


def _seed(written: dict[str, Any]) -> Seed:
    keywords = written.get("keywords", {})
    return Seed(
        code=written["code"],
        name=texts.read(written["name"]),
        asks=texts.read(written["asks"]),
        todo=texts.read(written["todo"]),
        measure=written.get("measure", ""),
        measures=tuple(written.get("measures", ())),
        checks=tuple(Check(each["code"], texts.read(each["name"])) for each in written.get("checks", ())),
        causes=tuple(written.get("causes", ())),
        words=tuple(keywords.get("en", ())),
        signs=tuple(keywords.get("zh", ())),
    )
