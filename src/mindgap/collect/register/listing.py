"""A table of touchpoints or promises brought into their register, by code: new ones made, others brought up to date."""

from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from django.db import models, transaction

from mindgap.collect.errors import BadMapping, MissingColumns
from mindgap.collect.mapping import Mapping, schema
from mindgap.collect.register.declare import declare
from mindgap.ground import language
from mindgap.keep.models import Organization, Promise, Touchpoint

Which = Literal["touchpoints", "promises"]
_PARTS: dict[str, tuple[type[schema.Part], type[models.Model]]] = {
    "touchpoints": (schema.TouchpointPart, Touchpoint),
    "promises": (schema.PromisePart, Promise),
}
# What the texts of a part are; a column may hold one language of it: `name zh-hans`.
_TEXTS = ("name", "conditions")
_ENDINGS = {"zhhans": "zh-hans", "zhhant": "zh-hant", "zhcn": "zh-hans", "zhtw": "zh-hant", "en": "en"}


@dataclass(slots=True)
class Listed:
    """How many rows made, changed or found an entry; the others with their reason and words, by row from 0."""

    new: int = 0
    changed: int = 0
    already: int = 0
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)


def fields_of(columns: list[str], which: Which, names: dict[str, str]) -> dict[str, str]:
    """Column to field of the part (`name.zh-hans` for one language), by what columns are usually called."""
    known = {each.name for each in msgspec.structs.fields(_PARTS[which][0])}
    found: dict[str, str] = {}
    for column in columns:
        base, code = _language(column, names)
        name = names.get(base)
        if name in known and not (code and name not in _TEXTS):
            found[column] = f"{name}.{code}" if code else str(name)
    missing = tuple({"touchpoints": ("code",), "promises": ("code", "touchpoint")}[which])
    missing = tuple(name for name in missing if name not in found.values())
    if missing:
        raise MissingColumns(missing, table=f"the list of {which}", present=tuple(columns))
    return found


def bring_in(
    organization: Organization,
    which: Which,
    rows: list[dict[str, str]],
    columns: dict[str, str],
    *,
    dry_run: bool,
) -> Listed:
    """Make or update one entry per row; a row that does not fit is left out with its reason."""
    listed = Listed()
    with transaction.atomic():
        for number, row in enumerate(rows):
            try:
                with transaction.atomic():
                    _bring(organization, which, _part(which, row, columns), listed)
            except (BadMapping, msgspec.ValidationError) as problem:
                words = problem.words if isinstance(problem, BadMapping) else str(problem)
                listed.refused[number] = ("bad_register", words)
        if dry_run:
            transaction.set_rollback(True)
    return listed


def _part(which: Which, row: dict[str, str], columns: dict[str, str]) -> Any:
    raw: dict[str, Any] = {}
    for column, name in columns.items():
        value = row.get(column, "").strip()
        base, _, code = name.partition(".")
        if not value:
            continue
        if code:
            texts = raw.setdefault(base, {})
            if isinstance(texts, str):
                texts = raw[base] = {language.DEFAULT: texts}
            texts[code] = value
        elif isinstance(raw.get(base), dict):
            raw[base].setdefault(language.DEFAULT, value)
        else:
            raw[base] = _truth(value) if base.startswith("is_") else value
    part = msgspec.convert(raw, _PARTS[which][0], strict=False)
    if not part.code.strip():  # type: ignore[attr-defined]
        raise BadMapping("the code is empty")
    return part


def _bring(organization: Organization, which: Which, part: Any, listed: Listed) -> None:
    model: Any = _PARTS[which][1]
    is_new = not model.objects.filter(organization=organization, code=part.code).exists()
    declared = declare(organization, _mapping(which, part))
    if is_new:
        listed.new += 1
    elif not declared.differ:
        listed.already += 1
    else:
        declare(organization, _mapping(which, part), update=True)
        listed.changed += 1


def _mapping(which: Which, part: Any) -> Mapping:
    return Mapping(touchpoint=(part,)) if which == "touchpoints" else Mapping(promise=(part,))


def _truth(value: str) -> bool:
    low = value.casefold()
    if low in ("true", "yes", "y", "1", "是", "有"):
        return True
    if low in ("false", "no", "n", "0", "否", "无", "無"):
        return False
    raise BadMapping(f"{value!r} is neither yes nor no")


def _language(column: str, names: dict[str, str]) -> tuple[str, str]:
    """A column's name as names are compared, without the language at its end, and that language."""
    plain = "".join(letter for letter in column.casefold() if letter.isalnum())
    for ending, code in _ENDINGS.items():
        if plain not in names and plain.removesuffix(ending) in names:
            return plain.removesuffix(ending), code
    return plain, ""
