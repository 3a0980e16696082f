"""Improvements: what is being changed, by when, and whether it had an effect."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(
    order=18,
    icon="trending-up",
    label=gettext_lazy("Improvements"),
    view="improvements",
    also=("playbooks",),
)
