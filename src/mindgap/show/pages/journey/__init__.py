"""The journey map: stages and touchpoints, what was expected against what was experienced."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(20, "route", gettext_lazy("Journey"), "journey", also=("touchpoints",))
