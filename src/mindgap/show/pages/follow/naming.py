"""Words of the customer's page: what the state of a case means for them, in plain words."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mindgap.act.case import states
from mindgap.act.case.follow import Given, Standing
from mindgap.show.pages.cases.naming import REMEDIES, word

THANKS: dict[str, Lazy | str] = {
    "reply": gettext_lazy("Thank you. We have what you wrote, and whoever takes care of it is told."),
    "confirmation": gettext_lazy("Thank you. We have your answer."),
}
SAID: dict[str, Lazy | str] = {
    "apology": gettext_lazy("We apologise"),
    "question": gettext_lazy("We asked you"),
    "reply": gettext_lazy("You wrote"),
}


def state(standing: Standing) -> str:
    """Where things stand, in one sentence."""
    if standing.outcome == "recovered":
        return _("You told us that it was put right. Thank you.")
    if standing.is_awaited:
        return _("We need a word from you to go on: please read our question below.")
    if standing.is_asked:
        return _("We think that it is put right. Is it?")
    if standing.state == states.NEW:
        return _("We have your complaint, and somebody will take care of it.")
    if standing.state == states.TRIAGED:
        return _("Somebody takes care of it and will get in touch with you.")
    if standing.is_open:
        return _("We are putting it right.")
    if standing.state == states.NOT_ACTIONABLE:
        return _("We could do nothing more about this. If you see it differently, please write to us.")
    return _("This is closed. If something is still wrong, please write to us.")


def given(each: Given) -> str:
    """What was given, in words."""
    kind = word(REMEDIES, each.kind)
    return _("%(kind)s: %(words)s") % {"kind": kind, "words": each.words} if each.words else kind
