"""What an import did, or would do, as a page shows it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mindgap.show.pages.importing import refusal
from mindgap.show.words import count

_COUNTS = ("new", "changed", "already", "quarantined", "repeated", "dropped", "left_out")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every row in exactly one of the counts; `notes` are worth knowing although nothing is wrong."""

    is_dry: bool
    head: list[str]
    rows: list[tuple[str, list[str]]]
    reasons: list[tuple[str, str]]
    made: list[str]
    notes: list[str]
    quarantined: int
    read: int


def outcome(result: dict[str, Any]) -> Outcome:
    """The outcome of the plain values of an import's result."""
    shown = [
        name for name in _COUNTS if result.get(name) or name in ("new", "changed", "already", "quarantined")
    ]
    kinds = {"customers": _("Customers"), "interactions": _("Interactions"), "answers": _("Answers")}
    return Outcome(
        is_dry=bool(result.get("dry_run")),
        head=[_("read"), *(_word(name) for name in shown)],
        rows=[
            (kinds.get(kind, kind), [count(tally["read"]), *(count(tally[name]) for name in shown)])
            for kind, tally in result.get("by_kind", {}).items()
        ],
        reasons=[(refusal.reason(code), count(number)) for code, number in result.get("reasons", {}).items()],
        made=[
            _("%(n)s × %(kind)s") % {"n": count(number), "kind": _register(kind)}
            for kind, number in result.get("made", {}).items()
        ],
        notes=[str(note.get("words", "")) for note in result.get("warnings", [])],
        quarantined=int(result.get("quarantined", 0)),
        read=int(result.get("read", 0)),
    )


def _word(name: str) -> str:
    return {
        "new": _("new"),
        "changed": _("changed"),
        "already": _("already there"),
        "quarantined": _("set aside"),
        "repeated": _("repeated"),
        "dropped": _("superseded"),
        "left_out": _("left out"),
    }[name]


def _register(kind: str) -> str:
    return {
        "touchpoint": _("touchpoint"),
        "measure": _("measure"),
        "metric": _("metric"),
        "segment": _("segment"),
        "channel": _("channel"),
        "unit": _("unit"),
        "promise": _("promise"),
        "occurrence": _("place of a promise"),
        "journey": _("journey"),
        "stage": _("stage"),
        "source": _("source of expectation"),
    }.get(kind, kind)
