"""Alerts: what rules fired on, who was told and whether it arrived; and the rules themselves, tried before they run."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

# Which alerts each of them sees is decided by their scope; rules are changed by the keepers only.
READERS = ("front_line", "branch_manager", "cx_manager", "executive", "admin")
# Who may say that they have seen to an alert, or send its message again.
ACTORS = ("front_line", "branch_manager", "cx_manager", "admin")

NAV = Nav(order=16, icon="bell", label=gettext_lazy("Alerts"), view="alerts", roles=READERS)
