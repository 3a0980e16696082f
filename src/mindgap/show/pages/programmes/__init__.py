"""Programmes: who is asked when and how often, how that went, and why somebody was or was not asked."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav
from mindgap.show.pages.frame.permission import KEEPERS

# Who may look; only the keepers may change.
READERS = (*KEEPERS, "executive", "analyst")

NAV = Nav(order=55, icon="send", label=gettext_lazy("Programmes"), view="programmes", roles=READERS)
