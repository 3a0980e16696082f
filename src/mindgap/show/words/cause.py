"""Words for what went wrong in a case and how it will be remembered, by the codes of `act.playbook.causes`."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from mindgap.act.playbook import causes

Words = Mapping[str, Lazy | str]

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
SEVERITIES: Words = {
    "forgettable": gettext_lazy("Soon forgotten"),
    "forgivable": gettext_lazy("Forgiven if put right"),
    "lasting": gettext_lazy("Remembered for long"),
}

assert set(CAUSES) == set(causes.CAUSES), "every cause needs its words"
