"""`mindgap driver`: what goes with loyalty (or any other measure), and what to mend first."""

from datetime import datetime
from typing import Any

import click

from mindgap.explain.driver import drivers
from mindgap.explain.errors import ExplainError
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry, conditions
from mindgap.keep.models import Organization
from mindgap.show import words
from mindgap.show.cli import options
from mindgap.show.words.table import print_findings

DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@options.common
@click.option("--outcome", required=True, metavar="CODE", help="The measure or metric to explain.")
@click.option(
    "--driver", "chosen", multiple=True, metavar="CODE", help="Only these; measure@touchpoint for one place."
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="NAME=CODE,…",
    help="Split among groups: product=quality,range.",
)
@click.option("--touchpoint", metavar="CODE", help="Only what was said of this touchpoint.")
@click.option(
    "--per", type=click.Choice(["interaction", "customer"]), default="interaction", show_default=True
)
@click.option("--since", type=DATE, metavar="DATE", help="First day, as 2026-11-22.")
@click.option("--until", type=DATE, metavar="DATE", help="Last day, included.")
@click.option(
    "--where", "wheres", multiple=True, metavar="COLUMN=VALUE", help="Only these; != for all others."
)
@click.option("--json", "as_json", is_flag=True, help="A list of findings.")
def command(
    organization: Organization,
    outcome: str,
    chosen: tuple[str, ...],
    groups: tuple[str, ...],
    touchpoint: str | None,
    per: Any,
    since: datetime | None,
    until: datetime | None,
    wheres: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Shares of the explained variance with intervals and ranks; what goes together need not be a cause."""
    try:
        asked = Inquiry(
            organization=organization,
            touchpoint=touchpoint,
            period=Period(since.date() if since else None, until.date() if until else None),
        )
        asked = asked.narrowed(conditions(wheres, asked.catalog))
        findings = drivers(asked, outcome, chosen=chosen, groups=_groups(groups), per=per)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from problem
    print_findings(findings, words.Names.of_inquiry(asked), as_json=as_json)


def _groups(given: tuple[str, ...]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in given:
        name, sign, members = word.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"{word!r} is not NAME=CODE,CODE", param_hint="--group")
        groups.setdefault(name.strip(), []).extend(
            each.strip() for each in members.split(",") if each.strip()
        )
    return groups
