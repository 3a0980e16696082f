"""Keyword: a word or topic stands in the comment, in either script of Chinese, any width or case."""

from collections.abc import Mapping
from typing import Any

from mindgap.act.alert import matching
from mindgap.act.alert.trigger import ANSWER, PLACE, SCORES, Setting, Settings, Trigger


def _sees(row: Mapping[str, Any], settings: Settings) -> dict[str, Any] | None:
    found = matching.found(row.get("comment") or "", settings["words"])
    return {"found": found} if found else None


TRIGGER = Trigger(
    code="keyword",
    columns=(*SCORES, *PLACE),
    settings=(Setting("words", (), kind="words"),),
    rows=frozenset({ANSWER}),
    sees=_sees,
)
