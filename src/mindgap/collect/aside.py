"""Setting rows aside: refused rows of a table become quarantine, with all that is needed to mend and replay them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mindgap.collect.receive import digest
from mindgap.collect.refusal import Refusal
from mindgap.collect.sheet import Sheet
from mindgap.keep.models import Quarantine

_BATCH = 1000
_MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row came from and how it was read, so that it can be read again by itself.

    `how` holds what was decided over whole columns: the order of dates by column, the moment of observation.
    """

    sheet: Sheet
    mapping: int
    record: int
    kind: str
    how: dict[str, Any]


def set_aside(organization_id: int, origin: Origin, refused: dict[int, Refusal]) -> None:
    """Keep refused rows (by row number) in quarantine; a row that is there already stays as it is."""
    rows = _rows(organization_id, origin, refused)
    while batch := list(islice(rows, _BATCH)):
        Quarantine.objects.bulk_create(batch, ignore_conflicts=True)


def _rows(organization_id: int, origin: Origin, refused: dict[int, Refusal]) -> Iterator[Quarantine]:
    seen: Counter[str] = Counter()
    lines = origin.sheet.lines
    for row in sorted(refused):
        refusal, raw = refused[row], origin.sheet.raw(row)
        content = digest([origin.kind, origin.record, raw])
        seen[content] += 1
        yield Quarantine(
            organization_id=organization_id,
            kind=origin.kind,
            source=origin.sheet.file[:200],
            line=lines[row],
            reason=refusal.reason,
            words=storable(refusal.words)[:_MOST_WORDS],
            column=storable(refusal.column)[:200],
            raw=pack(origin, raw),
            # The line is not part of it: tomorrow's export has the same bad row some lines further down.
            digest=digest([content, seen[content]]),
        )


def pack(origin: Origin, raw: dict[str, str]) -> dict[str, Any]:
    """What quarantine keeps of a row of a table."""
    row = {storable(name): storable(value) for name, value in raw.items()}
    return {"row": row, "mapping": origin.mapping, "record": origin.record, "how": origin.how}


def storable(text: str) -> str:
    """Text that every database can hold: no NUL."""
    return text.replace("\x00", "\ufffd")
