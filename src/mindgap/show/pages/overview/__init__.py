"""The first page: loyalty, expectation gap, promises kept, what to mend first, what changed."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

NAV = Nav(10, "layout-dashboard", gettext_lazy("Overview"), "overview")
