"""Repeated complaint: a low answer of a customer who gave low answers before, within so many days."""

from collections.abc import Mapping
from typing import Any

from mindgap.act.alert.trigger import ANSWER, PLACE, SCORES, Setting, Settings, Trigger


def _sees(row: Mapping[str, Any], settings: Settings) -> dict[str, Any] | None:
    lowest = row.get("lowest")
    if lowest is None or lowest > settings["lowest"]:
        return None
    # `history` holds the lowest scores of this customer's earlier answers, with how many days ago they were given.
    earlier = sum(
        days <= settings["days"] and before <= settings["lowest"] for days, before in row.get("history", ())
    )
    return {"complaints": earlier + 1} if earlier + 1 >= settings["times"] else None


TRIGGER = Trigger(
    code="repeat_complaint",
    columns=(*SCORES, *PLACE),
    settings=(
        Setting("times", 2, least=2, most=20),
        Setting("days", 90, most=365),
        Setting("lowest", 40, least=0, most=100),
    ),
    rows=frozenset({ANSWER}),
    sees=_sees,
    wants_history="days",
)
