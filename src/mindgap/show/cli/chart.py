"""`mindgap chart`: is a period out of what the touchpoint always did?"""

import click

from mindgap.explain.chart import charts
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.show.cli import options


@click.command()
@click.option("--metric", metavar="CODE", help="A metric, or gap, kept, missed; else the headline figures.")
@click.option("--month", is_flag=True, help="Month by month instead of by weeks.")
@click.option(
    "--baseline",
    type=click.IntRange(min=2),
    metavar="N",
    help="So many first periods say what is usual; else all.",
)
@options.findings
def command(asked: Inquiry, metric: str | None, baseline: int | None, *, month: bool) -> tuple[Finding, ...]:
    """Control charts, with limits widened where a figure wavers more than chance explains."""
    return charts(asked, metric, every="month" if month else "week", baseline=baseline)
