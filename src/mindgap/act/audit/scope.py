"""Scope: what an audit covers, and the inquiry by which evidence for it is sought."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mindgap.act.audit.audit import Audit
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.keep.models import Organization, Unit

DAYS = 365
# R159: what customers may expect where nothing else is promised. Seconds.
PAGE_SECONDS, TILL_SECONDS = 2.0, 120.0


@dataclass(frozen=True, slots=True)
class Scope:
    """Codes; an empty tuple is all. `days` is how far back evidence is sought."""

    touchpoints: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    unit: str = ""
    days: int = DAYS
    page_seconds: float = PAGE_SECONDS
    till_seconds: float = TILL_SECONDS
    # The steps of a site in order, as the widget names pages.
    pages: tuple[str, ...] = ()
    # Of an audit that was made again: which one came before.
    before: int | None = field(default=None)

    @classmethod
    def read(cls, written: dict[str, Any]) -> "Scope":
        known = {name: written[name] for name in cls.__dataclass_fields__ if name in written}
        for name in ("touchpoints", "channels", "pages"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)

    def write(self) -> dict[str, Any]:
        return {
            "touchpoints": list(self.touchpoints),
            "channels": list(self.channels),
            "unit": self.unit,
            "days": self.days,
            "page_seconds": self.page_seconds,
            "till_seconds": self.till_seconds,
            "pages": list(self.pages),
            "before": self.before,
        }

    def covers(self, touchpoint: str) -> bool:
        return not self.touchpoints or touchpoint in self.touchpoints

    def inquiry(self, organization: Organization) -> Inquiry:
        """What may be asked of the facts for this audit: its unit with all below it, the last days."""
        today = clock.date_of(clock.local_day(clock.now(), clock.zone(organization.zone)))
        period = Period(today - timedelta(days=self.days - 1), today)
        if not self.unit:
            return Inquiry(organization, period)
        unit = Unit.objects.get(organization=organization, code=self.unit)
        return Inquiry(organization, period, scope=frozenset(unit.subtree().values_list("id", flat=True)))


def unit_of(audit: Audit) -> Unit | None:
    """The unit that an audit is confined to; None is the whole organization."""
    code = Scope.read(audit.scope).unit
    return Unit.objects.filter(organization=audit.organization_id, code=code).first() if code else None
