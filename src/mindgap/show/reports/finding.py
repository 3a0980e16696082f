"""Findings as a table: one row each, with everything that is needed to judge the figure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mindgap.explain.finding import Finding
from mindgap.show import words
from mindgap.show.reports.table import Cell, Table
from mindgap.show.words import Names


def findings(found: Sequence[Finding], *, title: str, names: Names, by: str | None = None) -> Table:
    """The table of findings: names for people, plain numbers for programs. Hidden values stay empty."""
    head = (
        _("Touchpoint"),
        names.column(by) if by else _("Group"),
        _("Metric"),
        _("Value"),
        _("Low"),
        _("High"),
        pgettext("unit of a measure", "Unit"),
        "n",
        _("Population"),
        _("Since"),
        _("Until"),
        _("Warnings"),
        _("Code"),
    )
    return Table(title, head, [_row(finding, names) for finding in found])


def _row(finding: Finding, names: Names) -> tuple[Cell, ...]:
    return (
        names.touchpoint(finding) if finding.touchpoint else "",
        names.group(finding),
        names.metric(finding.metric),
        finding.value,
        finding.low,
        finding.high,
        finding.unit,
        finding.n,
        words.population(finding.population),
        finding.period.write()["since"],
        finding.period.write()["until"],
        " ".join(words.warning(code) for code in finding.warnings),
        finding.code,
    )
