"""Draft: one thing that an audit is to look at, before it is a row."""

from dataclasses import dataclass, field
from typing import Any

from mindgap.act.audit.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Draft:
    """`subject` as `AuditItem.subject`; `wording` holds words that are looked at, or the name of what is asked."""

    subject: str
    evidence: list[Evidence] = field(default_factory=list)
    wording: dict[str, Any] = field(default_factory=dict)
