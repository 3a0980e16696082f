"""Words for programmes: states, triggers, outcomes of the ledger, and a sentence for each step of a decision."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from mindgap.collect.channels.segments import UCS, Segments
from mindgap.show.words import moment
from mindgap.show.words.number import percent

Words = dict[str, Lazy | str]

STATES: Words = {
    "draft": pgettext_lazy("state of a programme", "Draft"),
    "running": pgettext_lazy("state of a programme", "Running"),
    "paused": pgettext_lazy("state of a programme", "Paused"),
    "ended": pgettext_lazy("state of a programme", "Ended"),
}
TRIGGERS: Words = {
    "event": gettext_lazy("After something happened"),
    "schedule": gettext_lazy("On a schedule, or by a list"),
}
WAVE_STATES: Words = {
    "planned": pgettext_lazy("state of a wave", "Planned"),
    "running": pgettext_lazy("state of a wave", "Running"),
    "ended": pgettext_lazy("state of a wave", "Ended"),
}
OUTCOMES: Words = {
    "sent": pgettext_lazy("outcome of a candidate", "Asked"),
    "delayed_until": gettext_lazy("Waiting"),
    "skipped_cap": gettext_lazy("Asked often enough"),
    "skipped_consent": gettext_lazy("No consent"),
    "skipped_optout": gettext_lazy("Opted out"),
    "skipped_quiet": gettext_lazy("Quiet hours until too late"),
    "skipped_rest": gettext_lazy("Left in peace"),
    "skipped_open_case": gettext_lazy("Open case"),
    "lost_auction": gettext_lazy("Another programme asked"),
    "not_sampled": gettext_lazy("Not drawn"),
    "no_address": gettext_lazy("No address"),
    "failed": gettext_lazy("Did not come about"),
}
WAYS: Words = {
    "free": gettext_lazy("possible"),
    "opted_out": gettext_lazy("opted out"),
    "no_address": gettext_lazy("no address"),
    "no_account": gettext_lazy("no sending account"),
    "suppressed": gettext_lazy("address does not work"),
    "too_late": gettext_lazy("too late for this channel"),
}
MESSAGES: Words = {
    "invitation": pgettext_lazy("message", "Invitation"),
    "reminder": pgettext_lazy("message", "Reminder"),
    "thanks": pgettext_lazy("message", "Thanks"),
}
WORDS: Words = {
    "own": gettext_lazy("Words of your own"),
    "ours": gettext_lazy("Words that come with the product"),
    "missing": gettext_lazy("Not written yet: sent in English"),
}
_PLACEHOLDERS: Words = {
    "name": gettext_lazy("Name of the customer; nothing, if it is not known"),
    "organization": gettext_lazy("Name of the organization"),
    "survey": gettext_lazy("Title of the survey"),
}
CONSENTS: Words = {
    "given": gettext_lazy("given"),
    "withdrawn": gettext_lazy("withdrawn"),
    "unasked": gettext_lazy("never asked"),
}


def word(words: Words, code: str) -> str:
    """The word for a code; a code without words stands for itself."""
    return str(words.get(code, code))


def sentence(step: dict[str, Any], zone: ZoneInfo) -> str:
    """What a step of a decision saw, in one sentence; instants in the organization's zone."""
    write = _SENTENCES.get(step["step"])
    return write(step.get("saw", {}), bool(step["passed"]), zone) if write else str(step["step"])


def placeholders(known: tuple[str, ...]) -> list[tuple[str, str]]:
    """What the words of a message may name, as it is written, and what stands there in the end."""
    hidden = _("Value that the link or the interaction brings along")
    return [(f"{{{{{each}}}}}", str(_PLACEHOLDERS.get(each, hidden))) for each in known]


def messages_of(segments: Segments) -> str:
    """As how many text messages a text is paid for."""
    return ngettext("1 text message", "%(n)s text messages", segments.count) % {"n": segments.count}


def counted(segments: Segments) -> str:
    """As how many text messages a text is paid for, and how much of the last one is left, in one sentence."""
    facts = {"n": segments.count, "units": segments.units, "left": segments.left}
    if segments.encoding == UCS:
        return (
            ngettext(
                "1 text message: %(units)s characters, %(left)s left (70 in one, 67 in each of several).",
                "%(n)s text messages: %(units)s characters, %(left)s left in the last one (70 in one, 67 in each of several).",
                segments.count,
            )
            % facts
        )
    return (
        ngettext(
            "1 text message: %(units)s characters, %(left)s left (160 in one, 153 in each of several).",
            "%(n)s text messages: %(units)s characters, %(left)s left in the last one (160 in one, 153 in each of several).",
            segments.count,
        )
        % facts
    )


def when(text: str | None, zone: ZoneInfo) -> str:
    """An instant of the reasons as people read it."""
    return moment.instant(datetime.fromisoformat(text), zone) if text else "–"


def _trigger(saw: dict[str, Any], _passed: bool, zone: ZoneInfo) -> str:
    due = when(saw.get("due"), zone)
    if saw.get("interaction"):
        return _("Set off by the interaction %(key)s; due %(due)s.") % {"key": saw["interaction"], "due": due}
    if saw.get("echo_of"):
        return _("Asked once more after the programme %(code)s; due %(due)s.") % {
            "code": saw["echo_of"],
            "due": due,
        }
    return _("Set off by wave %(number)s; due %(due)s.") % {"number": saw.get("wave", "–"), "due": due}


def _customer(_saw: dict[str, Any], _passed: bool, _zone: ZoneInfo) -> str:
    return _("It is not known whose interaction this was.")


def _in_time(saw: dict[str, Any], passed: bool, zone: ZoneInfo) -> str:
    if passed:
        return _("It was not too late to ask.")
    return _("It was too late: asking made sense until %(deadline)s.") % {
        "deadline": when(saw.get("deadline"), zone)
    }


def _consent(saw: dict[str, Any], passed: bool, _zone: ZoneInfo) -> str:
    consent = word(CONSENTS, saw.get("consent", ""))
    if passed or saw.get("consent") == "withdrawn":
        return _("Consent to be contacted: %(consent)s.") % {"consent": consent}
    return _("Consent to be contacted: %(consent)s; this programme needs it.") % {"consent": consent}


def _channel(saw: dict[str, Any], _passed: bool, _zone: ZoneInfo) -> str:
    ways = "; ".join(f"{way} – {word(WAYS, state)}" for way, state in saw.get("ways", ()))
    return _("Channels in order: %(ways)s.") % {"ways": ways or pgettext("channels", "none")}


def _quiet(saw: dict[str, Any], passed: bool, zone: ZoneInfo) -> str:
    facts = {"local": saw.get("local"), "zone": saw.get("zone"), "until": when(saw.get("until"), zone)}
    if passed:
        return _("It was %(local)s where the customer is (%(zone)s): no quiet hour.") % facts
    return _("It was %(local)s where the customer is (%(zone)s): quiet until %(until)s.") % facts


def _cap(saw: dict[str, Any], _passed: bool, _zone: ZoneInfo) -> str:
    return _(
        "Asked over all channels: %(asked)s of at most %(most)s in %(days)s days,"
        " %(asked_year)s of at most %(most_year)s in a year."
    ) % {name: saw.get(name) for name in ("asked", "most", "days", "asked_year", "most_year")}


def _answer_rest(saw: dict[str, Any], passed: bool, zone: ZoneInfo) -> str:
    if passed:
        return _("No relationship survey was answered within %(days)s days.") % {"days": saw.get("days")}
    facts = {"at": when(saw.get("answered_at"), zone), "days": saw.get("days")}
    return _("Answered a relationship survey on %(at)s: left in peace for %(days)s days.") % facts


def _survey_rest(saw: dict[str, Any], passed: bool, zone: ZoneInfo) -> str:
    if passed:
        return _("This survey had not asked within %(days)s days.") % {"days": saw.get("days")}
    facts = {"at": when(saw.get("asked_at"), zone), "days": saw.get("days")}
    return _("This survey had asked on %(at)s: it rests for %(days)s days.") % facts


def _case(saw: dict[str, Any], passed: bool, _zone: ZoneInfo) -> str:
    if not saw.get("open"):
        return _("No case was open.")
    if passed:
        return _("A case was open, which does not hold this survey back.")
    return _("A case was open: ordinary surveys wait until it is closed.")


def _auction(saw: dict[str, Any], passed: bool, _zone: ZoneInfo) -> str:
    rivals = saw.get("rivals", 0)
    if passed and not rivals:
        return _("No other programme wanted to ask.")
    if passed:
        return ngettext(
            "One other programme wanted to ask; this one came first.",
            "%(n)s other programmes wanted to ask; this one came first.",
            rivals,
        ) % {"n": rivals}
    return _("The programme %(winner)s came first.") % {"winner": saw.get("winner")}


def _draw(saw: dict[str, Any], passed: bool, _zone: ZoneInfo) -> str:
    share = percent(saw.get("share"))
    if passed:
        return _("Drawn for the sample of %(share)s.") % {"share": share}
    return _("Not drawn for the sample of %(share)s.") % {"share": share}


def _send(saw: dict[str, Any], passed: bool, _zone: ZoneInfo) -> str:
    if passed:
        return _("Handed over to be sent.")
    return _("Could not be handed over: %(problem)s.") % {"problem": saw.get("problem")}


def _delivery(saw: dict[str, Any], _passed: bool, _zone: ZoneInfo) -> str:
    return _("The message did not leave: %(code)s. It does not count as asked.") % {
        "code": saw.get("code") or saw.get("state")
    }


def _holds(_saw: dict[str, Any], _passed: bool, _zone: ZoneInfo) -> str:
    return _("What set it off did not hold any more, or the programme or its survey had ended.")


_SENTENCES = {
    "trigger": _trigger, "customer": _customer, "in_time": _in_time, "consent": _consent, "channel": _channel,
    "quiet": _quiet, "cap": _cap, "answer_rest": _answer_rest, "survey_rest": _survey_rest, "case": _case,
    "auction": _auction, "draw": _draw, "send": _send, "delivery": _delivery, "holds": _holds,
}  # fmt: skip
