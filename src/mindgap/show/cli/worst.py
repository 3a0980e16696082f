"""`mindgap worst`: which touchpoint (or unit, channel, segment) to mend first."""

import click

from mindgap.explain.errors import ExplainError
from mindgap.explain.inquiry import Inquiry, conditions
from mindgap.explain.worst import worst
from mindgap.keep.models import Organization
from mindgap.show import words
from mindgap.show.cli import options
from mindgap.show.words.table import print_findings


@click.command()
@options.common
@click.option("--by", metavar="COLUMN", default="touchpoint", show_default=True, help="What is ranked.")
@click.option("--touchpoint", metavar="CODE", help="Only what happened at this touchpoint.")
@click.option(
    "--where", "wheres", multiple=True, metavar="COLUMN=VALUE", help="Only these; != for all others."
)
@click.option("--json", "as_json", is_flag=True, help="A list of findings.")
def command(
    organization: Organization, by: str, touchpoint: str | None, wheres: tuple[str, ...], *, as_json: bool
) -> None:
    """The worst first, by posterior share of bad experiences: small groups cannot lead by luck."""
    try:
        asked = Inquiry(organization=organization, touchpoint=touchpoint, by=by)
        asked = asked.narrowed(conditions(wheres, asked.catalog))
        findings = worst(asked)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from problem
    print_findings(findings, words.Names.of_inquiry(asked), as_json=as_json)
