"""Safety: the comment speaks of injury, illness, fire or danger (R136). The words are shipped; a rule may add more."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mindgap.act.alert import matching
from mindgap.act.alert.trigger import ANSWER, PLACE, SCORES, Setting, Settings, Trigger


@cache
def shipped() -> tuple[str, ...]:
    """The words of all three languages."""
    raw = tomllib.loads(Path(__file__).with_name("safety.toml").read_text(encoding="utf-8"))
    return tuple(word for words in raw.values() for word in words)


def _sees(row: Mapping[str, Any], settings: Settings) -> dict[str, Any] | None:
    comment = row.get("comment")
    if not comment:
        return None
    found = matching.found(comment, (*shipped(), *settings["words"]))
    return {"found": found} if found else None


TRIGGER = Trigger(
    code="safety",
    columns=(*SCORES, *PLACE),
    settings=(Setting("words", (), kind="words"),),
    rows=frozenset({ANSWER}),
    sees=_sees,
)
