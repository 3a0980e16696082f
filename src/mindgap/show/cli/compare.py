"""`mindgap compare`: did it get better where something was done, against where nothing was?"""

from datetime import date

import click

from mindgap.explain.comparison import Plan, comparisons
from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import Inquiry
from mindgap.show.cli import options


class Days(click.ParamType):
    """A period with both ends: `2026-01-01..2026-02-28`."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        first, _, last = str(value).partition("..")
        try:
            return Period(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            self.fail(f"{value!r} is no period; write it as 2026-01-01..2026-02-28", param, ctx)


@click.command()
@click.option("--metric", required=True, metavar="CODE", help="A metric, or gap, kept, missed.")
@click.option("--treated", multiple=True, required=True, metavar="CODE", help="Where something was done.")
@click.option(
    "--by", default="touchpoint", show_default=True, metavar="COLUMN", help="Of which column those are."
)
@click.option(
    "--other", "others", multiple=True, metavar="CODE", help="Where nothing was done; else all others."
)
@click.option("--alone", is_flag=True, help="Compare with its own history instead.")
@click.option("--before", type=Days(), required=True, metavar="DATE..DATE", help="The period before.")
@click.option("--after", type=Days(), required=True, metavar="DATE..DATE", help="The period after.")
@click.option(
    "--not-picked", is_flag=True, help="Those treated were not chosen for their figures of the period before."
)
@options.findings
def command(
    asked: Inquiry,
    metric: str,
    treated: tuple[str, ...],
    by: str,
    others: tuple[str, ...],
    before: Period,
    after: Period,
    *,
    alone: bool,
    not_picked: bool,
) -> tuple[Finding, ...]:
    """What moved where something was done, less what moved elsewhere and what picking explains."""
    plan = Plan(treated, before, after, by, () if alone else others or None, was_picked=not not_picked)
    return tuple(each.finding for each in comparisons(asked, metric, plan))
