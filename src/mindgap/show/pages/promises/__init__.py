"""Promises: the register, how each is kept, what could be promised instead, and where its words stand."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(order=30, icon="clock-check", label=gettext_lazy("Promises"), view="promises")
