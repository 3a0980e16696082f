"""Words of audits: kinds, what is scored, and what the system found by itself, or why it found nothing."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.explain.finding import Finding
from mindgap.show.words.choice import Words
from mindgap.show.words.number import count, number, percent, with_unit

Parts = dict[str, Any]

KINDS: Words = {
    "messages": gettext_lazy("Expectation messages"),
    "courted": gettext_lazy("COURTED self-assessment"),
    "pyramid": gettext_lazy("Experience pyramid"),
    "digital": gettext_lazy("Digital audit"),
    "mistakes": gettext_lazy("Catalogue of mistakes"),
}
ABOUT: Words = {
    "messages": gettext_lazy(
        "Everything that tells customers what to expect: is it accurate, does it care, does it agree with itself?"
    ),
    "courted": gettext_lazy(
        "Clean, orderly, understanding, respect, time-saving, easy, dependable: what we think, beside what customers say."
    ),
    "pyramid": gettext_lazy(
        "Six levels, from informing to making life better: which one is weak, and where effort pays."
    ),
    "digital": gettext_lazy(
        "Each site and channel: how fast, how many steps, where customers stop, what is in their way."
    ),
    "mistakes": gettext_lazy(
        "What drives customers away, from long waiting to rude answers: what does the record tell?"
    ),
}
STATES: Words = {"open": pgettext_lazy("audit", "in progress"), "done": pgettext_lazy("audit", "done")}
DIMENSIONS: Words = {
    "accuracy": gettext_lazy("Accuracy (0 misleading, 10 can be relied on)"),
    "empathy": gettext_lazy("Empathy (0 about us, 10 about the customer)"),
    "score": gettext_lazy("How well is it done (0 not at all, 10 always)?"),
    "effort": gettext_lazy("Effort to become better (0 none, 10 very much)"),
    "impact": gettext_lazy("Impact on customers (0 none, 10 very much)"),
    "speed": gettext_lazy("Speed (0 very slow, 10 at once)"),
    "ease": gettext_lazy("Ease (0 nobody manages, 10 everybody does)"),
    "design": gettext_lazy("Design (0 repels, 10 attracts)"),
    "steps": gettext_lazy("Steps from wish to done"),
    "bare": gettext_lazy("Nothing needs to be said here"),
}
SHORT: Words = {
    "accuracy": gettext_lazy("Accuracy"),
    "empathy": gettext_lazy("Empathy"),
    "score": gettext_lazy("Score"),
    "effort": pgettext_lazy("of an improvement", "Effort"),
    "impact": gettext_lazy("Impact"),
    "speed": gettext_lazy("Speed"),
    "ease": gettext_lazy("Ease"),
    "design": gettext_lazy("Design"),
    "steps": gettext_lazy("Steps"),
    "bare": gettext_lazy("Message needed"),
}
SEVERITIES: Words = {
    "quick": gettext_lazy("Easy to fix at once"),
    "warning": gettext_lazy("To be mended"),
    "critical": gettext_lazy("Critical"),
}


def lacking(evidence: dict[str, Any]) -> str:
    """Why there is no figure."""
    return {
        "not_asked": _("No data: customers are not asked about this yet. A survey template does."),
        "not_answered": _("No data: nobody has answered about this in the period."),
        "no_interactions": _("No data: no interactions with this are recorded in the period."),
        "no_comments": _("No data: nobody wrote a comment in the period."),
        "no_cases": _("No data: no cases in the period."),
        "no_loads": _("No data: page loads are not measured. Give the site a promise of its load time."),
        "few_loads": _("Step %(page)s: too few page loads to show a figure."),
        "no_visitors": _(
            "The widget measures page loads and keeps nothing of whom, so which visitor went on is not known. Steps are compared by their page loads; a page that is loaded again counts again."
        ),
        "no_promise": _("Nothing is written down that tells customers here what to expect."),
    }[evidence["lacking"]] % {"page": evidence.get("page", "")}


def _within(finding: Finding, parts: Parts) -> str:
    seconds = finding.details["seconds"]
    parts["limit"] = (
        with_unit(seconds / 60, "minutes", decimals=0)
        if seconds >= 60
        else with_unit(seconds, "seconds", decimals=0 if float(seconds).is_integer() else 1)
    )
    return _("%(place)s: %(value)s%(range)s took no longer than %(limit)s, n %(n)s.") % parts


def _load(finding: Finding, parts: Parts) -> str:
    details = finding.details
    parts["share"] = percent(details["quantile"], decimals=0)
    if "page" in details:
        parts["page"] = details["page"] or "/"
        return (
            _("Slow page %(page)s: %(share)s of the visits load within %(value)s%(range)s, n %(n)s.") % parts
        )
    if "vital" in details:
        parts["value"] = number(finding.value, decimals=2 if details["vital"] == "cls" else 0)
        return {
            "cls": _(
                "Jumping of the page: %(share)s of the visits at most %(value)s%(range)s of the screen, n %(n)s."
            ),
            "inp_ms": _(
                "Answer to a tap: %(share)s of the visits within %(value)s milliseconds%(range)s, n %(n)s."
            ),
            "ttfb_ms": _(
                "First sign of the server: %(share)s of the visits within %(value)s milliseconds%(range)s, n %(n)s."
            ),
        }[details["vital"]] % parts
    return _("%(place)s: %(share)s of the visits load within %(value)s%(range)s, n %(n)s.") % parts


def _reached(finding: Finding, parts: Parts) -> str:
    details = finding.details
    parts["page"], parts["before"] = details["page"], details["before"]
    parts["count"], parts["first"] = count(details["count"]), count(details["n_before"])
    return (
        _(
            "Step %(page)s: %(count)s page loads for %(first)s of %(before)s before it, that is %(value)s%(range)s."
        )
        % parts
    )


def _stopped(_finding: Finding, parts: Parts) -> str:
    return _("%(place)s: %(value)s%(range)s stopped before the end, n %(n)s.") % parts


def _mentioned(finding: Finding, parts: Parts) -> str:
    parts["count"] = number(finding.details.get("count"), decimals=0)
    return (
        _("%(value)s%(range)s of the comments name it (%(count)s of %(n)s; a word may also be denied).")
        % parts
    )


def _cause(finding: Finding, parts: Parts) -> str:
    parts["count"] = number(finding.details.get("count"), decimals=0)
    return (
        _("It is the cause of %(value)s%(range)s of the cases whose cause is known (%(count)s of %(n)s).")
        % parts
    )


def _again(finding: Finding, parts: Parts) -> str:
    parts["count"] = number(finding.details.get("count"), decimals=0)
    return _("%(value)s%(range)s of the cases are repeated complaints (%(count)s of %(n)s).") % parts


def _unrecovered(finding: Finding, parts: Parts) -> str:
    parts["count"] = number(finding.details.get("count"), decimals=0)
    return (
        _(
            "%(value)s%(range)s of the customers who were asked say that it was not put right (%(count)s of %(n)s)."
        )
        % parts
    )


SENTENCES: dict[str, Callable[[Finding, Parts], str]] = {
    "audit.within": _within,
    "audit.load": _load,
    "audit.reached": _reached,
    "audit.stopped": _stopped,
    "audit.mentioned": _mentioned,
    "audit.cause": _cause,
    "audit.again": _again,
    "audit.unrecovered": _unrecovered,
}
