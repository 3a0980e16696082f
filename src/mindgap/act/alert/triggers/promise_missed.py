"""Promise missed: an interaction is over, and what was promised was not kept (by the promise's own rule)."""

from collections.abc import Mapping
from typing import Any

from mindgap.act.alert.trigger import INTERACTION, PLACE, PROMISE, Setting, Settings, Trigger


def _sees(row: Mapping[str, Any], settings: Settings) -> dict[str, Any] | None:
    if row.get("kept") is not False or abs(row.get("late") or 0) < settings["by"]:
        return None
    return {"promised": row.get("promised"), "actual": row.get("actual")}


TRIGGER = Trigger(
    code="promise_missed",
    columns=(*PLACE, *PROMISE),
    settings=(Setting("by", 0, least=0),),
    rows=frozenset({INTERACTION}),
    sees=_sees,
)
