"""Told: the stored evidence of an item in sentences, and an item as the checklist shows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from mindgap.act.audit import looking
from mindgap.act.audit.audit import AuditFinding, AuditItem
from mindgap.act.audit.evidence import Evidence
from mindgap.act.audit.seeds import seeds
from mindgap.explain.finding import Finding, Period
from mindgap.keep import texts
from mindgap.keep.member import Member
from mindgap.show import words
from mindgap.show.pages.audits.naming import Named, Naming
from mindgap.show.words import Names
from mindgap.show.words import audit as speech
from mindgap.show.words.choice import word

SCORES = tuple(range(looking.LOWEST, looking.HIGHEST + 1))


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to say of an item; `value` is None where nothing was said."""

    name: str
    label: str
    value: int | None
    # `score`, `check` or `steps`.
    kind: str = "score"


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the checklist shows it."""

    item: AuditItem
    named: Named
    told: list[str]
    fields: list[Field]
    findings: list[AuditFinding] = field(default_factory=list)
    # The new wording by language, with the name of the language.
    after: list[tuple[str, str, str]] = field(default_factory=list)
    may_accept: bool = False

    @property
    def stands(self) -> list[tuple[str, int]]:
        """The scores as they are stored, by their names."""
        return [
            (word(speech.SHORT, name), value)
            for name, value in self.item.scores.items()
            if name in speech.SHORT
        ]


def line(
    item: AuditItem, naming: Naming, names: Names, member: Member, *, typed: dict[str, Any] | None = None
) -> Line:
    """An item with its evidence in words; `typed` is what was written and not saved."""
    is_place = item.subject.startswith("occurrence:")
    return Line(
        item=item,
        named=naming.of(item),
        told=sentences(item, names),
        fields=list(_fields(item, member, typed or {})),
        findings=list(item.findings.all()),
        after=_after(item, typed or {}) if is_place else [],
        may_accept=is_place and bool(item.wording.get("after")) and "accepted_at" not in item.wording,
    )


def sentences(item: AuditItem, names: Names) -> list[str]:
    """What the system found, one whole sentence each."""
    return list(dict.fromkeys(_sentence(each, names) for each in item.evidence))


def finding(written: Evidence) -> Finding:
    """The finding that was stored with an item."""
    since, until = (written["period"][name] for name in ("since", "until"))
    period = Period(
        date.fromisoformat(since) if since else None, date.fromisoformat(until) if until else None
    )
    return Finding(**{**written, "period": period, "warnings": tuple(written["warnings"])})


def _sentence(written: Evidence, names: Names) -> str:
    if "lacking" in written:
        return speech.lacking(written)
    return words.sentence(finding(written), names)


def _fields(item: AuditItem, member: Member, typed: dict[str, Any]) -> Iterator[Field]:
    def value(name: str) -> int | None:
        found: int | None = typed.get(name, item.scores.get(name))
        return found

    if item.subject.startswith("part:"):
        yield Field("mine", word(speech.DIMENSIONS, "score"), looking.view_of(item, member))
        return
    for name in looking.dimensions(item):
        yield Field(name, word(speech.DIMENSIONS, name), value(name))
    if item.subject.startswith(("site:", "channel:")):
        yield Field("steps", word(speech.DIMENSIONS, "steps"), value("steps"), "steps")
    for name in looking.checks(item):
        yield Field(name, _check(item, name), value(name), "check")


def _check(item: AuditItem, name: str) -> str:
    if not name.startswith("check_"):
        return word(speech.DIMENSIONS, name)
    level = seeds("pyramid")[item.subject.split(":", 1)[1]]
    return next(str(each.name) for each in level.checks if f"check_{each.code}" == name)


def _after(item: AuditItem, typed: dict[str, Any]) -> list[tuple[str, str, str]]:
    known = texts.read(typed.get("after", item.wording.get("after")))
    return [(code, name, known.get(code, "")) for code, name in settings.LANGUAGES]
