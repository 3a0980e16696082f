"""What an import did, or in a dry run would do: every row in exactly one of the counts."""

from dataclasses import dataclass, field
from typing import Any

# In the order of delivery: what happens later finds the customers; answers find what they speak of.
KINDS = ("customers", "interactions", "answers")


@dataclass(slots=True)
class Tally:
    """Rows of one kind: `read` is the sum of all the others.

    `repeated` rows say the same as another row of their key; `dropped` ones say something else and lost by the
    mapping's rule; `left_out` ones do not meet the mapping's condition.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    already: int = 0
    quarantined: int = 0
    repeated: int = 0
    dropped: int = 0
    left_out: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know; `code` is stable, the words are English for logs and the command line."""

    code: str
    words: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The outcome: rows of the tables, counts by kind, registers made, reasons of quarantine, notes.

    `tables` are the rows read per table; `rows` of one table may make several things, so the counts by kind do not
    add up to it.
    """

    organization: str
    dry_run: bool
    tables: dict[str, int]
    blank: int
    by_kind: dict[str, Tally]
    reasons: dict[str, int]
    made: dict[str, int]
    notes: tuple[Note, ...] = ()

    @property
    def total(self) -> Tally:
        return sum(self.by_kind.values(), Tally())

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain values, for JSON."""
        return {
            "organization": self.organization,
            "dry_run": self.dry_run,
            "tables": self.tables,
            "blank": self.blank,
            **self.total.as_dict(),
            "by_kind": {kind: tally.as_dict() for kind, tally in self.by_kind.items()},
            "reasons": self.reasons,
            "made": self.made,
            "warnings": [{"code": note.code, "words": note.words, **note.facts} for note in self.notes],
        }
