"""Words for cases: states, urgency, levels, faults, remedies, outcomes, and what each entry of a trail says."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.act.playbook import causes

Words = dict[str, Lazy | str]

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
SEVERITIES: Words = {
    "forgettable": gettext_lazy("Soon forgotten"),
    "forgivable": gettext_lazy("Forgiven if put right"),
    "lasting": gettext_lazy("Remembered for long"),
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


CAUSES: Words = {
    "long_waiting": gettext_lazy("Waiting too long"),
    "needs_unknown": gettext_lazy("Needs that nobody asked about"),
    "unresolved": gettext_lazy("An earlier complaint that nobody settled"),
    "too_automated": gettext_lazy("Too much machine, too little help"),
    "impersonal": gettext_lazy("Treated like a number"),
    "rude": gettext_lazy("Rudeness"),
    "human_unreachable": gettext_lazy("No person to be reached"),
    "missed_promise": gettext_lazy("A promise that was not kept"),
    "late_untold": gettext_lazy("Late, and nobody said so before"),
    "wrong_or_incomplete": gettext_lazy("The wrong thing, or not all of it"),
    "damaged": gettext_lazy("Damage"),
    "contradictory_information": gettext_lazy("Information that contradicts itself"),
    "price_surprise": gettext_lazy("A price that nobody had mentioned"),
    "exaggeration": gettext_lazy("Advertising that promised too much"),
    "neglected": gettext_lazy("Neglect after the purchase"),
    "slow_or_broken_page": gettext_lazy("A slow or broken page"),
    "repeated": gettext_lazy("Having to say everything again"),
    "pressure": gettext_lazy("Pressure to buy"),
    "safety": gettext_lazy("Danger to health or property"),
    "unclean": gettext_lazy("Dirt"),
    "disorderly": gettext_lazy("Disorder"),
    "no_understanding": gettext_lazy("No understanding"),
    "disrespect": gettext_lazy("Lack of respect"),
    "time_wasted": gettext_lazy("Time wasted"),
    "difficult": gettext_lazy("Too difficult"),
    "undependable": gettext_lazy("Not to be relied on"),
    "company_fault": gettext_lazy("Something else of ours"),
    "customer_fault": gettext_lazy("Something of the customer's own"),
    "third_party_fault": gettext_lazy("Something of a third party's"),
}


def word(words: Words, code: str) -> str:
    """The word for a code; a code without words stands for itself."""
    return str(words.get(code, code))


assert set(CAUSES) == set(causes.CAUSES), "every cause needs its words"
