"""Explore: any metric by any column, as picture, table and file, under an address that can be shared."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(order=40, icon="chart-dots-3", label=gettext_lazy("Explore"), view="explore")
