"""`mindgap event`: what changed on a day: the level at once, and the slope from then on."""

from datetime import datetime

import click

from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.series import events
from mindgap.show.cli import options


@click.command()
@click.option("--metric", required=True, metavar="CODE", help="A metric, or gap, kept, missed.")
@click.option(
    "--on", type=options.DATE, required=True, metavar="DATE", help="The first day on which it was so."
)
@click.option("--by", metavar="COLUMN", help="Split by channel, unit, seg_… and the like.")
@options.findings
def command(asked: Inquiry, metric: str, on: datetime, by: str | None) -> tuple[Finding, ...]:
    """A dated event at a touchpoint: an interrupted series, without anything to compare with."""
    return events(asked.split(by and asked.catalog.column(by)), metric, on.date())
