"""`mindgap report`: scores, gaps and promises, for people or as JSON."""

from datetime import datetime

import click

from mindgap.explain.errors import ExplainError
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry, conditions
from mindgap.explain.report import report
from mindgap.keep.models import Organization
from mindgap.show import words
from mindgap.show.cli import options
from mindgap.show.words.table import print_findings

DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@options.common
@click.option("--touchpoint", metavar="CODE", help="Only this touchpoint.")
@click.option("--by", metavar="COLUMN", help="Split by channel, unit, month, seg_… and the like.")
@click.option("--since", type=DATE, metavar="DATE", help="First day, as 2026-11-22.")
@click.option("--until", type=DATE, metavar="DATE", help="Last day, included.")
@click.option(
    "--where", "wheres", multiple=True, metavar="COLUMN=VALUE", help="Only these; != for all others."
)
@click.option("--json", "as_json", is_flag=True, help="A list of findings.")
def command(
    organization: Organization,
    touchpoint: str | None,
    by: str | None,
    since: datetime | None,
    until: datetime | None,
    wheres: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """What customers expected, were promised and got, with intervals, n and population."""
    try:
        asked = Inquiry(
            organization=organization,
            touchpoint=touchpoint,
            by=by,
            period=Period(since.date() if since else None, until.date() if until else None),
        )
        asked = asked.narrowed(conditions(wheres, asked.catalog))
        findings = report(asked)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from problem
    print_findings(findings, words.Names.of_inquiry(asked), as_json=as_json)
