"""Words for cases: states, urgency, levels, faults, remedies, outcomes, and what each entry of a trail says."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = Mapping[str, Lazy | str]

STATES: Words = {
    "new": pgettext_lazy("state of a case", "New"),
    "triaged": pgettext_lazy("state of a case", "Acknowledged"),
    "contacted": pgettext_lazy("state of a case", "Contacted"),
    "resolving": pgettext_lazy("state of a case", "Being put right"),
    "awaiting_customer": pgettext_lazy("state of a case", "Waiting for the customer"),
    "resolved": pgettext_lazy("state of a case", "Resolved, to be confirmed"),
    "verified": pgettext_lazy("state of a case", "Confirmed by the customer"),
    "closed": pgettext_lazy("state of a case", "Closed"),
    "merged": pgettext_lazy("state of a case", "Merged"),
    "not_actionable": pgettext_lazy("state of a case", "Nothing to be done"),
}
URGENCIES: Words = {"normal": gettext_lazy("Normal"), "critical": gettext_lazy("Critical")}
LEVELS: Words = {
    "0": gettext_lazy("Not escalated"),
    "1": gettext_lazy("Escalated to the lead"),
    "2": gettext_lazy("Escalated to the customer experience manager"),
    "3": gettext_lazy("Escalated to the executives"),
}
FAULTS: Words = {
    "unknown": gettext_lazy("Not known"),
    "company": gettext_lazy("Us"),
    "customer": gettext_lazy("The customer"),
    "third_party": gettext_lazy("A third party"),
}
OUTCOMES: Words = {
    "recovered": gettext_lazy("Recovered"),
    "not_recovered": gettext_lazy("Not recovered"),
    "no_answer": gettext_lazy("The customer did not say"),
}
ORIGINS: Words = {
    "alert": gettext_lazy("An alert"),
    "answer": gettext_lazy("An answer"),
    "member": gettext_lazy("A member"),
    "customer": gettext_lazy("The customer"),
}
REMEDIES: Words = {
    "refund": pgettext_lazy("remedy", "Refund"),
    "discount": pgettext_lazy("remedy", "Discount"),
    "replacement": pgettext_lazy("remedy", "Replacement"),
    "repair": pgettext_lazy("remedy", "Repair"),
    "voucher": pgettext_lazy("remedy", "Voucher"),
    "upgrade": pgettext_lazy("remedy", "Upgrade"),
    "apology": pgettext_lazy("remedy", "Apology with a gift"),
    "other": pgettext_lazy("remedy", "Something else"),
}
REMEDY_STATES: Words = {
    "given": pgettext_lazy("state of a remedy", "Given"),
    "asked": pgettext_lazy("state of a remedy", "Waits for approval"),
    "refused": pgettext_lazy("state of a remedy", "Refused"),
}
STEPS: Words = {
    "acknowledge": gettext_lazy("Acknowledge"),
    "contact": gettext_lazy("First contact"),
    "resolve": gettext_lazy("Put right"),
}
COUNTS: Words = {
    "customer": gettext_lazy("in the customer's time"),
    "business": gettext_lazy("in business time"),
}


def word(words: Words, code: str) -> str:
    """The word for a code; a code without words stands for itself."""
    return str(words.get(code, code))
