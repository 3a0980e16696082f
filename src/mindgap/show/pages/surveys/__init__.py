"""Surveys: the list, the editor of a draft, its translation, preview and explanation, its versions and its results."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav
from mindgap.show.pages.frame.permission import KEEPERS

# Who may read what was answered; only the keepers may change what is asked.
READERS = (*KEEPERS, "executive", "analyst")

NAV = Nav(
    order=50,
    icon="clipboard-text",
    label=gettext_lazy("Surveys"),
    view="surveys",
    roles=READERS,
    also=("widget",),
)
