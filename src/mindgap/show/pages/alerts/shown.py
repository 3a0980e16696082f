"""How alerts and what came of their messages are shown: masked as the member may see it, in whole sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.act.alert.preview import Preview
from mindgap.act.alert.trigger import Happening
from mindgap.act.models import Alert, Notice
from mindgap.ground import clock
from mindgap.keep.models import Measure, Member, Organization, Touchpoint, Unit
from mindgap.show.pages.alerts import naming
from mindgap.show.pages.cases import personal
from mindgap.show.words import moment
from mindgap.show.words.number import count, number

_WORDS_SHOWN = 140


@dataclass(frozen=True, slots=True)
class Told:
    """One message: to whom, and how far it got; `look` and `icon` say the same as the words."""

    id: int
    who: str
    state: str
    look: str
    icon: str
    at: str
    detail: str


def row(alert: Alert, member: Member, zone: ZoneInfo, notices: Iterable[Notice]) -> dict[str, Any]:
    """An alert in one line of the list."""
    places = [str(each) for each in (alert.touchpoint, alert.unit) if each]
    return {
        "alert": alert,
        "rule": str(alert.rule),
        "severity": naming.word(naming.SEVERITIES, alert.severity),
        "look": naming.LOOKS.get(alert.severity, "is-unclear"),
        "where": " · ".join(places),
        "who": personal.name(alert.customer, member) if alert.customer else "",
        "at": moment.instant(alert.fired_at, zone),
        "silent": naming.word(naming.SILENT, alert.silent) if alert.silent else "",
        "is_fault": alert.silent in naming.FAULTS,
        "told": [told(each, zone) for each in notices],
    }


def told(notice: Notice, zone: ZoneInfo) -> Told:
    """What came of a message."""
    who = str(notice.member or notice.account or "–")
    delivery = notice.delivery
    if notice.problem or delivery is None:
        state = naming.word(naming.DELIVERIES, "not_sent")
        why = naming.word(naming.PROBLEMS, notice.problem or "no_account")
        return Told(
            notice.pk, who, state, "is-danger", "alert-triangle", moment.instant(notice.at, zone), why
        )
    code = "delivered" if delivery.delivered_at else delivery.state
    look, icon = _LOOKS.get(code, ("is-unclear", "clock"))
    at = delivery.delivered_at or delivery.sent_at or delivery.next_at
    detail = " ".join(part for part in (delivery.code, delivery.words) if part)
    return Told(
        notice.pk, who, naming.word(naming.DELIVERIES, code), look, icon, moment.instant(at, zone), detail
    )


_LOOKS = {
    "sent": ("is-better", "check"),
    "delivered": ("is-better", "circle-check"),
    "failed": ("is-danger", "alert-triangle"),
    "bounced": ("is-danger", "alert-triangle"),
    "suppressed": ("is-worse", "alert-triangle"),
}


def sightings(alert: Alert, organization: Organization) -> list[tuple[str, str]]:
    """What the rule saw, each with its name."""
    measures = {each.code: str(each) for each in Measure.objects.filter(organization=organization)}
    found = []
    for name, value in alert.saw.items():
        if name.startswith("score."):
            found.append((measures.get(name[6:], name[6:]), _plain(value)))
        elif name in _SAW:
            found.append((str(_SAW[name]()), _plain(value)))
    return found


_SAW = {
    "found": lambda: _("Words found"),
    "promised": lambda: _("Promised"),
    "actual": lambda: _("Actual"),
    "complaints": lambda: _("Complaints of this customer"),
    "value": lambda: _("Last four weeks"),
    "usual": lambda: _("Usual"),
    "low": lambda: _("Interval from"),
    "high": lambda: _("Interval to"),
    "n": lambda: _("Answers"),
    "quantities": lambda: _("Different values"),
    "number": lambda: _("Case"),
    "days": lambda: _("Days without anything done"),
}


def tried(preview: Preview, member: Member) -> dict[str, Any]:
    """A preview in words, with its latest examples."""
    organization = member.organization
    zone = clock.zone(organization.zone)
    names = {
        "touchpoint": {each.pk: str(each) for each in Touchpoint.objects.filter(organization=organization)},
        "unit": {each.pk: str(each) for each in Unit.objects.filter(organization=organization)},
    }
    since = moment.date(preview.since.astimezone(zone).date())
    sentence = ngettext(
        "It would have fired once since %(since)s.",
        "It would have fired %(n)s times since %(since)s.",
        preview.fired,
    ) % {"n": count(preview.fired), "since": since}
    messages = ngettext(
        "With this cool-down that is one message per recipient.",
        "With this cool-down that is %(n)s messages per recipient.",
        preview.told,
    ) % {"n": count(preview.told)}
    return {
        "fired": preview.fired,
        "sentence": sentence
        if preview.fired
        else _("It would not have fired since %(since)s.") % {"since": since},
        "messages": messages if preview.fired else "",
        "is_cut": preview.is_cut,
        "examples": [_example(each, member, names, zone) for each in preview.examples],
    }


def _example(
    happening: Happening, member: Member, names: dict[str, dict[int, str]], zone: ZoneInfo
) -> dict[str, str]:
    places = [
        names[name][key]
        for name, key in (("touchpoint", happening.touchpoint), ("unit", happening.unit))
        if key in names[name]
    ]
    words = personal.words(str(happening.row.get("comment") or ""), member)
    scores = [_plain(value) for name, value in happening.row.items() if name.startswith("score.")]
    return {
        "at": moment.instant(happening.happened_at, zone),
        "where": " · ".join(places),
        "score": " · ".join(scores[:3]),
        "words": words[:_WORDS_SHOWN] + ("…" if len(words) > _WORDS_SHOWN else ""),
    }


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float | int) and not isinstance(value, bool):
        return number(float(value), decimals=0 if float(value).is_integer() else 1)
    return str(value)
