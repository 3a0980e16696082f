"""Findings on a terminal: a table with the sentence, interval, n and population; or the JSON of the findings."""

import json
from collections.abc import Sequence

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mindgap.explain.finding import Finding
from mindgap.show.words import code
from mindgap.show.words.moment import period
from mindgap.show.words.name import Names
from mindgap.show.words.number import count, figure, interval
from mindgap.show.words.sentence import sentence

# Columns of a terminal from which on the value has a column of its own.
_WIDE = 110


def print_findings(findings: Sequence[Finding], names: Names, *, as_json: bool = False) -> None:
    """JSON has one object per finding and nothing else on the output."""
    if as_json:
        click.echo(
            json.dumps(
                [finding.write() for finding in findings], ensure_ascii=False, allow_nan=False, indent=1
            )
        )
        return
    console = Console()
    if not findings:
        console.print(_("Nothing has been counted here yet. Import something first, or ask for less."))
        return
    console.print(table(findings, names, is_narrow=console.width < _WIDE))
    for line in _footer(findings):
        console.print(escape(line), style="dim")


def table(findings: Sequence[Finding], names: Names, *, is_narrow: bool = False) -> Table:
    """One row per finding; where it is narrow the value stands in the sentence only."""
    made = Table(
        title=escape(period(findings[0].period)), title_justify="left", header_style="bold", pad_edge=False
    )
    made.add_column(_("Finding"), ratio=1)
    if not is_narrow:
        made.add_column(_("Value"), justify="right", no_wrap=True)
    made.add_column(_("Interval"), justify="right", no_wrap=True)
    made.add_column("n", justify="right", no_wrap=True)
    made.add_column(_("Population"), no_wrap=not is_narrow)
    for finding in findings:
        made.add_row(
            escape(sentence(finding, names)),
            *(() if is_narrow else (figure(finding),)),
            interval(finding) or "–",
            "–" if finding.n is None else count(finding.n),
            escape(finding.population + (f" · {finding.rule}" if finding.rule else "")),
        )
    return made


def _footer(findings: Sequence[Finding]) -> list[str]:
    """What the codes in the table mean, and what must be borne in mind; each once."""
    populations = dict.fromkeys(finding.population for finding in findings)
    lines = [f"{name}: {code.population(name)}" for name in populations]
    rules = dict.fromkeys(finding.rule for finding in findings if finding.rule)
    lines += [f"{name}: {code.rule(name)}" for name in rules]
    warnings = [*dict.fromkeys(warning for finding in findings for warning in finding.warnings)]
    if any(finding.code == "asked.early" and finding.details.get("count") for finding in findings):
        warnings.append("asked_early")
    return lines + [_("Mind: %(warning)s") % {"warning": code.warning(warning)} for warning in warnings]
