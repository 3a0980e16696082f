"""The trail of a case in words: who did what when, and what changed by it."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.act.models import CaseEvent
from mindgap.ground.mask import without_contacts
from mindgap.keep.models import Member
from mindgap.show.pages.cases import naming
from mindgap.show.words import cause, moment

KINDS: dict[str, Lazy | str] = {
    "opened": gettext_lazy("The case was opened"),
    "further": gettext_lazy("Something else went wrong with the same interaction"),
    "graver": gettext_lazy("It became urgent"),
    "note": gettext_lazy("Note"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "contacted": gettext_lazy("The customer was reached"),
    "reassigned": gettext_lazy("Handed over"),
    "escalated": gettext_lazy("Escalated"),
    "warned": gettext_lazy("Three quarters of the time are over"),
    "breached": gettext_lazy("The time is over"),
    "awaiting_customer": gettext_lazy("The customer was asked for something; the clocks stand"),
    "resolved": gettext_lazy("Put right; the customer will be asked"),
    "apologised": gettext_lazy("Apologised"),
    "promised": gettext_lazy("Promised something by a date"),
    "promise_kept": gettext_lazy("What was promised is done"),
    "recovery_missed": gettext_lazy("What was promised was not done in time"),
    "remedy": gettext_lazy("Something was given"),
    "remedy_asked": gettext_lazy("Approval was asked for something to give"),
    "remedy_approved": gettext_lazy("What was to be given is approved"),
    "remedy_refused": gettext_lazy("What was to be given is refused"),
    "merged": gettext_lazy("Merged into another case"),
    "merged_with": gettext_lazy("Another case was merged into this one"),
    "not_actionable": gettext_lazy("Ended without action"),
    "closed": pgettext_lazy("entry in a trail", "Closed"),
    "reopened": gettext_lazy("Opened again"),
    "replied": gettext_lazy("The customer wrote"),
    "linked": gettext_lazy("The customer was sent the address of their own page"),
    "not_asked": gettext_lazy("The customer could not be asked whether it was put right"),
    "asked": gettext_lazy("The customer was asked whether it was put right"),
    "confirmed": gettext_lazy("The customer confirmed it"),
    "recovered": gettext_lazy("The customer says that it was put right"),
    "not_recovered": gettext_lazy("The customer says that it was not put right"),
    "no_answer": gettext_lazy("The customer did not say whether it was put right"),
    "improvement": gettext_lazy("It became part of an improvement"),
}
# Kinds whose words are a key, or the number of a case.
_TECHNICAL = ("further",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail."""

    when: str
    who: str
    what: str
    words: str
    changes: tuple[str, ...]
    by_customer: bool


def entries(events: list[CaseEvent], member: Member, zone: ZoneInfo) -> list[Entry]:
    """The trail, the latest first."""
    owners = {id_ for each in events for id_ in each.changes.get("owner_id", ()) if id_}
    names = {each.pk: str(each) for each in Member.objects.filter(pk__in=owners).select_related("user")}
    return [_entry(each, member, zone, names) for each in reversed(events)]


def entry(event: CaseEvent, member: Member, zone: ZoneInfo) -> Entry:
    """One entry alone."""
    return entries([event], member, zone)[0]


def _entry(event: CaseEvent, member: Member, zone: ZoneInfo, names: dict[int, str]) -> Entry:
    return Entry(
        when=moment.instant(event.at, zone),
        who=_who(event),
        what=naming.word(KINDS, event.kind),
        words="" if event.kind in _TECHNICAL else _words(event, member),
        changes=tuple(_changes(event.changes, names)),
        by_customer=event.by_customer,
    )


def _who(event: CaseEvent) -> str:
    if event.by_customer:
        return _("The customer")
    return str(event.by) if event.by else _("By itself")


def _words(event: CaseEvent, member: Member) -> str:
    """Words as they were written for those who may see everything; the customer's own not at all for `none`."""
    if member.personal_data == "full":
        return event.words
    if member.personal_data == "none" and event.by_customer:
        return ""
    return without_contacts(event.words)


def _changes(changes: dict[str, Any], names: dict[int, str]) -> list[str]:
    found = []
    if "owner_id" in changes:
        after = changes["owner_id"][1]
        found.append(_("Owner: %(name)s") % {"name": names.get(after, "–")} if after else _("Owner: nobody"))
    if changes.get("step") in naming.STEPS:
        found.append(_("Step: %(name)s") % {"name": naming.STEPS[changes["step"]]})
    for field, words, sentence in _FIELDS:
        if field in changes and isinstance(changes[field], list) and changes[field][1]:
            found.append(str(sentence) % {"value": naming.word(words, str(changes[field][1]))})
    return found


_FIELDS: tuple[tuple[str, naming.Words, Lazy | str], ...] = (
    ("state", naming.STATES, gettext_lazy("State: %(value)s")),
    ("level", naming.LEVELS, gettext_lazy("Level: %(value)s")),
    ("urgency", naming.URGENCIES, gettext_lazy("Urgency: %(value)s")),
    ("fault", naming.FAULTS, gettext_lazy("Fault: %(value)s")),
    ("cause", cause.CAUSES, gettext_lazy("Cause: %(value)s")),
    ("severity", cause.SEVERITIES, gettext_lazy("Severity: %(value)s")),
    ("outcome", naming.OUTCOMES, gettext_lazy("Outcome: %(value)s")),
)
