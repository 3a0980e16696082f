"""Audits: what we look at ourselves, message by message and part by part, beside what customers say; what to do first."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(order=66, icon="list-check", label=gettext_lazy("Audits"), view="audits")
