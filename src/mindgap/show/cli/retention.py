"""`mindgap retention`: how many customers come back, by what they had said, and by the year they came."""

import click

from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.repeat import repeats
from mindgap.explain.retention import YEAR, retentions
from mindgap.show.cli import options


@click.command()
@click.option("--metric", metavar="CODE", help="By what customers said of this score, from then on.")
@click.option(
    "--days", type=click.IntRange(min=1), default=YEAR, show_default=True, help="Back within so many."
)
@options.findings
def command(asked: Inquiry, metric: str | None, days: int) -> tuple[Finding, ...]:
    """Whoever is still away counts for as long as they were seen."""
    found = retentions(asked, metric, days=days)
    return found if metric else (*found, *repeats(asked, days=days))
