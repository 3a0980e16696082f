"""An audit as a table: what was looked at, the scores, what the system found, what is to be mended."""

from django.utils.translation import gettext as _

from mindgap.act.audit import ranking
from mindgap.act.audit.audit import Audit
from mindgap.show.pages.audits import told
from mindgap.show.pages.audits.naming import Naming
from mindgap.show.reports.table import Table
from mindgap.show.words import Names
from mindgap.show.words import audit as speech
from mindgap.show.words.choice import word

_DIMENSIONS = {
    "messages": ("accuracy", "empathy"),
    "courted": (),
    "pyramid": ("score", "effort", "impact"),
    "digital": ("speed", "ease", "design", "steps"),
    "mistakes": ("score",),
}


def table(audit: Audit, names: Names) -> Table:
    """One row for each thing, lowest first; scores from 0 to 10."""
    found = ranking.result(audit)
    naming = Naming(audit, [row.item for row in found.rows])
    dimensions = _DIMENSIONS[audit.kind]
    head = (
        _("What"),
        _("Where"),
        _("Score"),
        *(word(speech.SHORT, name) for name in dimensions),
        _("What we think, mean"),
        _("Members"),
        _("Customers"),
        _("Low"),
        _("High"),
        "n",
        _("Notes"),
        _("Evidence"),
        _("Findings"),
        _("What to do first"),
        _("Looked at"),
    )
    rows = []
    for row in found.rows:
        named = naming.of(row.item)
        rows.append(
            (
                named.name,
                named.where,
                row.score,
                *(row.item.scores.get(name) for name in dimensions),
                row.mine,
                len(row.views) or None,
                *(row.customers or (None, None, None, None)),
                row.item.words,
                "\n".join(told.sentences(row.item, names)),
                "\n".join(each.words for each in row.item.findings.all()),
                str(row.todo.todo) if row.todo else "",
                row.item.looked_at.date().isoformat() if row.item.looked_at else "",
            )
        )
    return Table(audit.name, head, rows)
