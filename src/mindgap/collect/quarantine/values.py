"""What an entry of quarantine holds, as columns that people can see and correct."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mindgap.collect.aside import storable
from mindgap.collect.errors import NotRepairable
from mindgap.keep.models import Organization, Quarantine


def is_row(entry: Quarantine) -> bool:
    """Whether it is a row of a table; else it is a body that a program sent."""
    return isinstance(entry.raw, dict) and isinstance(entry.raw.get("row"), dict)


def values_of(entry: Quarantine) -> dict[str, str]:
    """Column to value; what is no text in a program's body is shown as JSON."""
    raw = entry.raw["row"] if is_row(entry) else entry.raw
    if not isinstance(raw, dict):
        return {"body": _shown(raw)}
    return {name: _shown(value) for name, value in raw.items()}


def mend(organization: Organization, id_: int, values: Mapping[str, str]) -> Quarantine:
    """Correct values of an open entry; an empty one is taken out. Replay it to have it counted."""
    try:
        entry = Quarantine.objects.get(organization=organization, pk=id_)
    except Quarantine.DoesNotExist as problem:
        raise NotRepairable(f"there is no entry {id_} in quarantine") from problem
    if entry.state != "open":
        raise NotRepairable(f"entry {id_} is {entry.state} already")
    raw = dict(entry.raw["row"] if is_row(entry) else entry.raw)
    for name, value in values.items():
        if value == "":
            raw.pop(storable(name), None)
        else:
            raw[storable(name)] = storable(value) if is_row(entry) else _read(raw.get(name), storable(value))
    entry.raw = {**entry.raw, "row": raw} if is_row(entry) else raw
    entry.save(update_fields=["raw"])
    return entry


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _read(before: Any, value: str) -> Any:
    """A corrected value of a body: text stays text, anything else is JSON, if it can be read as such."""
    if isinstance(before, str):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value
