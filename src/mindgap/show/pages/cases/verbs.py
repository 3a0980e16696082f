"""What may be done with a case: for each action its address, its words, its form, and in which states it makes sense."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.act.case import states
from mindgap.act.models import Case
from mindgap.show.pages.cases import forms

_DONE = (states.RESOLVED, states.VERIFIED, states.CLOSED, states.NOT_ACTIONABLE)


@dataclass(frozen=True, slots=True)
class Verb:
    """One action; `path` is the small resource that it makes."""

    code: str
    path: str
    title: Lazy | str
    button: Lazy | str
    icon: str
    form: type[forms.CaseForm]
    fits: Callable[[Case], bool]
    done: Lazy | str


def _open(case: Case) -> bool:
    return case.is_open


VERBS: dict[str, Verb] = {
    verb.code: verb
    for verb in (
        Verb(
            "acknowledge", "acknowledgement",
            gettext_lazy("Acknowledge"), pgettext_lazy("button", "I take care of it"), "eye", forms.PlainForm,
            lambda case: case.state == states.NEW, gettext_lazy("You take care of this case."),
        ),
        Verb(
            "contact", "contact",
            gettext_lazy("Contact the customer"), pgettext_lazy("button", "The customer was reached"), "phone",
            forms.ContactForm, _open, gettext_lazy("The contact is noted."),
        ),
        Verb(
            "remedy", "remedies",
            gettext_lazy("Give something"), pgettext_lazy("button", "Give it"), "circle-check", forms.RemedyForm,
            lambda case: case.is_open or case.state == states.RESOLVED, gettext_lazy("The remedy is noted."),
        ),
        Verb(
            "apologise", "apology",
            gettext_lazy("Apologise"), pgettext_lazy("button", "Apologise"), "message-2", forms.ApologyForm,
            lambda case: case.is_open and case.apologized_at is None, gettext_lazy("The apology is on the customer's page."),
        ),
        Verb(
            "promise_recovery", "promise",
            gettext_lazy("Promise something by a date"), pgettext_lazy("button", "Promise it"), "calendar",
            forms.PromiseForm, _open, gettext_lazy("The promise is on the customer's page, and it is watched."),
        ),
        Verb(
            "keep_promise", "promise/kept",
            gettext_lazy("What was promised is done"), pgettext_lazy("button", "It is done"), "check", forms.PlainForm,
            lambda case: case.is_open and case.recovery_due is not None and case.recovery_kept is None,
            gettext_lazy("The promise is kept."),
        ),
        Verb(
            "resolve", "resolution",
            gettext_lazy("It is put right"), pgettext_lazy("button", "It is put right"), "check", forms.ResolveForm,
            _open, gettext_lazy("It is put right. The customer will be asked whether they see it so."),
        ),
        Verb(
            "note", "notes",
            gettext_lazy("Write a note"), pgettext_lazy("button", "Keep the note"), "edit", forms.NoteForm,
            lambda _case: True, gettext_lazy("The note is kept."),
        ),
        Verb(
            "await_customer", "waiting",
            gettext_lazy("Wait for the customer"), pgettext_lazy("button", "Wait for the customer"), "hourglass",
            forms.AwaitForm, lambda case: states.AWAITING in states.following(case.state),
            gettext_lazy("The clocks stand until the customer replies."),
        ),
        Verb(
            "reassign", "owner",
            gettext_lazy("Hand it to somebody else"), pgettext_lazy("button", "Hand it over"), "users", forms.ReassignForm,
            _open, gettext_lazy("The case is handed over."),
        ),
        Verb(
            "escalate", "escalation",
            gettext_lazy("Escalate"), pgettext_lazy("button", "Escalate"), "arrow-up", forms.ReasonForm,
            lambda case: case.is_open and case.level < 3, gettext_lazy("The next level is told."),
        ),
        Verb(
            "merge", "merger",
            gettext_lazy("Merge with another case"), pgettext_lazy("button", "Merge"), "copy", forms.MergeForm,
            _open, gettext_lazy("The case is merged."),
        ),
        Verb(
            "not_actionable", "dismissal",
            gettext_lazy("Nothing can be done"), pgettext_lazy("button", "End it without action"), "x", forms.ReasonForm,
            _open, gettext_lazy("The case is ended."),
        ),
        Verb(
            "improve", "improvement",
            gettext_lazy("Mend the cause for everybody"), pgettext_lazy("button", "Open an improvement"), "trending-up",
            forms.ImprovementForm, lambda case: case.improvement_id is None, gettext_lazy("The improvement is opened."),
        ),
        Verb(
            "close", "closure",
            gettext_lazy("Close"), pgettext_lazy("button", "Close the case"), "lock", forms.PlainForm,
            lambda case: case.state in (states.RESOLVED, states.VERIFIED), gettext_lazy("The case is closed."),
        ),
        Verb(
            "reopen", "reopening",
            gettext_lazy("Open it again"), pgettext_lazy("button", "Open it again"), "refresh", forms.ReasonForm,
            lambda case: case.state in _DONE, gettext_lazy("The case is open again."),
        ),
    )
}  # fmt: skip

# The one thing that brings a case forward from each state: it stands first, open.
NEXT = {
    states.NEW: "acknowledge",
    states.TRIAGED: "contact",
    states.CONTACTED: "resolve",
    states.RESOLVING: "resolve",
    states.AWAITING: "contact",
    states.VERIFIED: "close",
}


def fitting(case: Case, may: Callable[[str], bool]) -> list[Verb]:
    """What this member may do now, the next step first."""
    found = [verb for verb in VERBS.values() if verb.fits(case) and may(verb.code)]
    return sorted(found, key=lambda verb: verb.code != NEXT.get(case.state))


def named(verb: Verb, **more: Any) -> dict[str, Any]:
    """A verb as a template draws it."""
    return {
        "code": verb.code,
        "path": verb.path,
        "title": verb.title,
        "button": verb.button,
        "icon": verb.icon,
        **more,
    }
