"""Import: a file from a person's hands into the record: upload, look, say what the columns are, try, import, mend."""

from django.utils.translation import gettext_lazy

from mindgap.show.pages.frame.navigation import Nav

# Whoever may bring data in; all of them for the whole organization.
ROLES = ("admin", "cx_manager", "analyst")
NAV = Nav(order=90, icon="upload", label=gettext_lazy("Import"), view="import", roles=ROLES)
