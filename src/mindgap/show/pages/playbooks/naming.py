"""Words for causes, severities and topics of cases, by which playbooks are found."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = Mapping[str, Lazy | str]

CAUSES: Words = {
    "long_waiting": gettext_lazy("Waited too long"),
    "needs_unknown": gettext_lazy("Staff did not know what was needed"),
    "unresolved": gettext_lazy("Problem not solved"),
    "too_automated": gettext_lazy("Too much automation"),
    "impersonal": gettext_lazy("Impersonal service"),
    "rude": gettext_lazy("Rude or angry staff"),
    "human_unreachable": gettext_lazy("Nobody could be reached"),
    "missed_promise": gettext_lazy("Promise missed"),
    "late_untold": gettext_lazy("Late, and not told before"),
    "wrong_or_incomplete": gettext_lazy("Wrong or incomplete"),
    "damaged": gettext_lazy("Damaged"),
    "contradictory_information": gettext_lazy("Contradictory information"),
    "price_surprise": gettext_lazy("Cost more than expected"),
    "exaggeration": gettext_lazy("Advertised better than delivered"),
    "neglected": gettext_lazy("Nobody answered"),
    "slow_or_broken_page": gettext_lazy("Page slow or broken"),
    "repeated": gettext_lazy("Complained again"),
    "pressure": gettext_lazy("Pressed to buy"),
    "safety": gettext_lazy("Somebody was hurt or in danger"),
    "unclean": gettext_lazy("Not clean"),
    "disorderly": gettext_lazy("Not orderly"),
    "no_understanding": gettext_lazy("Not understood"),
    "disrespect": gettext_lazy("Not respected"),
    "time_wasted": gettext_lazy("Time wasted"),
    "difficult": gettext_lazy("Too difficult"),
    "undependable": gettext_lazy("Not dependable"),
    "company_fault": gettext_lazy("Our own fault"),
    "customer_fault": gettext_lazy("The customer’s own mishap"),
    "third_party_fault": gettext_lazy("Fault of a partner"),
}
SEVERITIES: Words = {
    "forgettable": pgettext_lazy("severity", "Forgettable"),
    "forgivable": pgettext_lazy("severity", "Forgivable"),
    "lasting": pgettext_lazy("severity", "Lasting"),
}
TOPICS: Words = {
    "detractor": gettext_lazy("Detractor"),
    "passive": gettext_lazy("Passive"),
    "promoter": gettext_lazy("Promoter"),
    "safety": gettext_lazy("Safety"),
}
