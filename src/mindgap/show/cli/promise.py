"""`mindgap promise advise|audit`: what could be promised, and whether what is promised contradicts itself."""

import click

from mindgap.explain.advice import SHARES, advise
from mindgap.explain.audit import audit
from mindgap.explain.errors import ExplainError
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Organization
from mindgap.show import words
from mindgap.show.cli import options
from mindgap.show.words.table import print_findings

TOUCHPOINT = click.option("--touchpoint", metavar="CODE", help="Only this touchpoint.")
JSON = click.option("--json", "as_json", is_flag=True, help="A list of findings.")


@click.group()
def command() -> None:
    """What can be promised and kept, and where promises contradict each other."""


@command.command("advise")
@options.common
@TOUCHPOINT
@click.option("--by", metavar="COLUMN", help="Split by channel, unit, seg_… and the like.")
@click.option(
    "--share", "shares", multiple=True, type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Kept how often; again for more [0.9 0.95 0.99]."
)  # fmt: skip
@JSON
def advise_command(
    organization: Organization,
    touchpoint: str | None,
    by: str | None,
    shares: tuple[float, ...],
    *,
    as_json: bool,
) -> None:
    """The value that can be kept 90, 95 and 99 % of the time, and the slack of the present promise."""
    try:
        asked = Inquiry(organization=organization, touchpoint=touchpoint, by=by)
        findings = advise(asked, shares=shares or SHARES)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from problem
    print_findings(findings, words.Names.of_inquiry(asked), as_json=as_json)


@command.command("audit")
@options.common
@TOUCHPOINT
@JSON
def audit_command(organization: Organization, touchpoint: str | None, *, as_json: bool) -> None:
    """Contradictory values of one promise over its occurrences, and touchpoints without any promise."""
    try:
        asked = Inquiry(organization=organization, touchpoint=touchpoint)
        findings = audit(asked)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from problem
    print_findings(findings, words.Names.of_inquiry(asked), as_json=as_json)
