"""Words for the topics by which playbooks are found."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

Words = Mapping[str, Lazy | str]

TOPICS: Words = {
    "detractor": gettext_lazy("Detractor"),
    "passive": gettext_lazy("Passive"),
    "promoter": gettext_lazy("Promoter"),
    "safety": gettext_lazy("Safety"),
}
