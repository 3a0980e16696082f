"""Offer: what the script in a page is told: the site's surveys with their rules, and whether each is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from mindgap.collect.widget.rule import Rule
from mindgap.collect.widget.site import EVENTS, WidgetSite, count
from mindgap.ground import clock, duration
from mindgap.keep import incoming
from mindgap.keep import survey as surveys
from mindgap.keep.models import Link, Survey

_LOAD_MOST_MS = 60_000.0
_EVENTS_MOST = 20


class Happened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that became of an offer."""

    survey: str
    event: str


class Load(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page load: milliseconds, but for `cls`, which is a share of the screen."""

    page: str
    lcp: float
    cls: float = 0.0
    inp: float | None = None
    ttfb: float | None = None
    load: float | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A site as the lane needs it; `surveys` are the ids behind the short names of its rules."""

    site: int
    organization: int
    zone: str
    origins: tuple[str, ...]
    config: dict[str, Any]
    surveys: dict[str, int]
    touchpoint: str = ""
    promise: str = ""
    unit: str = ""
    step: Decimal = Decimal(1)


def find(short: str) -> Offer | None:
    """The offer of an active site; None when there is no such site."""
    rows = WidgetSite.objects.select_related("organization", "promise__touchpoint", "promise__measure")
    site = rows.filter(short=short, is_active=True).first()
    if site is None:
        return None
    rules = site.read_rules()
    entrances = {rule.survey: _entrance(site.organization_id, rule.survey) for rule in rules}
    told = [_told(rule, entrances[rule.survey]) for rule in rules if entrances[rule.survey] is not None]
    promise = site.promise
    measured = promise if promise and promise.is_active and promise.measure.unit in duration.SECONDS else None
    return Offer(
        site=site.pk,
        organization=site.organization_id,
        zone=site.organization.zone,
        origins=tuple(site.origins),
        config={
            "rules": told,
            "rest_days": site.rest_days,
            "loads": site.loads_share if measured else 0,
        },
        surveys={short: found[0].pk for short, found in entrances.items() if found},
        touchpoint=measured.touchpoint.code if measured else "",
        promise=measured.code if measured else "",
        unit=measured.measure.unit if measured else "",
        step=measured.measure.step if measured else Decimal(1),
    )


def framers(organization: int) -> tuple[str, ...]:
    """The origins that may show surveys of an organization in a frame."""
    rows = WidgetSite.objects.filter(organization=organization, is_active=True).values_list(
        "origins", flat=True
    )
    return tuple(sorted({origin for origins in rows for origin in origins}))


def note(offer: Offer, happened: Iterable[Happened]) -> None:
    """Count what became of offers; what names no survey of the site counts for nothing."""
    day = clock.now().astimezone(ZoneInfo(offer.zone)).date()
    for each in list(happened)[:_EVENTS_MOST]:
        if each.survey in offer.surveys and each.event in EVENTS:
            count(offer.site, offer.surveys[each.survey], each.event, day)


def interaction(offer: Offer, load: Load, *, name: UUID, at: datetime) -> incoming.Interaction | None:
    """A page load as an interaction at the touchpoint of the promise; None when it cannot be meant."""
    if not offer.promise or not 0 < load.lcp <= _LOAD_MOST_MS:
        return None
    taken = Decimal(str(load.lcp)) / 1000 / duration.SECONDS[offer.unit]
    steps = (taken / offer.step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    vitals = {"cls": load.cls, "inp_ms": load.inp, "ttfb_ms": load.ttfb, "load_ms": load.load}
    return incoming.Interaction(
        key=str(name),
        touchpoint=offer.touchpoint,
        started_at=at,
        promise=offer.promise,
        experienced=float(steps * offer.step),
        attributes={"page": load.page[:200]}
        | {code: f"{value:.3f}" for code, value in vitals.items() if value is not None},
    )


def _entrance(organization: int, short: str) -> tuple[Survey, bool] | None:
    """The survey behind a short name, and whether it is open."""
    survey = Survey.objects.filter(organization=organization, short=short).first()
    if survey is not None:
        return survey, survey.is_open
    link = (
        Link.objects.select_related("survey").filter(survey__organization=organization, short=short).first()
    )
    return (link.survey, link.is_active and link.survey.is_open) if link else None


def _told(rule: Rule, found: tuple[Survey, bool] | None) -> dict[str, Any]:
    assert found is not None
    survey, is_open = found
    newest = surveys.published(survey)
    told: dict[str, Any] = msgspec.to_builtins(rule)
    return told | {
        "name": survey.code,
        "mode": rule.mode,
        "pages": rule.pages,
        "sample": rule.sample,
        "every_days": rule.every_days,
        "open": is_open and newest is not None,
        "title": newest.read().title if newest else {},
    }
