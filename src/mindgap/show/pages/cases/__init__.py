"""Cases: who waits for us, since when, what may be done about it, and what came of it."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

# All but those who only analyse; which cases each of them sees is decided by their scope.
READERS = ("front_line", "branch_manager", "cx_manager", "executive", "admin")

NAV = Nav(order=15, icon="lifebuoy", label=gettext_lazy("Cases"), view="cases", roles=READERS)
