"""Settings: what the organization is, what it measures, who belongs to it."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(
    order=100,
    icon="settings",
    label=gettext_lazy("Settings"),
    view="settings",
    roles=("admin", "cx_manager"),
    also=("erasures",),
)
