"""`mindgap memory`: what lasts of a problem that was put right, of a moment, of a journey."""

import click

from mindgap.act.audit.troubles import troubles
from mindgap.explain import memory, recovery
from mindgap.explain.errors import ExplainError
from mindgap.explain.inquiry import Inquiry, conditions
from mindgap.keep.models import Organization
from mindgap.show import words
from mindgap.show.cli import options
from mindgap.show.words.table import print_findings


@click.command()
@options.common
@click.option(
    "--measure", metavar="CODE", help="What is compared; without it, the first likelihood or satisfaction."
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=recovery.DAYS,
    show_default=True,
    help="How long customers are followed.",
)
@click.option(
    "--where", "wheres", multiple=True, metavar="COLUMN=VALUE", help="Only these; != for all others."
)
@click.option("--json", "as_json", is_flag=True, help="A list of findings.")
def command(
    organization: Organization, measure: str | None, days: int, wheres: tuple[str, ...], *, as_json: bool
) -> None:
    """Recovered customers beside those without a problem; remembered beside said; peak and end."""
    try:
        asked = Inquiry(organization=organization)
        asked = asked.narrowed(conditions(wheres, asked.catalog))
        known = [each.code for each in recovery.measures(asked) if each.code != memory.REMEMBERED]
        if measure is not None and measure not in known:
            raise click.BadParameter(
                f"use one of {', '.join(known) or '(none is asked yet)'}", param_hint="--measure"
            )
        chosen = measure or next(iter(known), None)
        findings = memory.endings(asked)
        if chosen is not None:
            lasting = recovery.effects(asked, chosen, troubles(asked), days=days)
            findings = (*lasting, *memory.remembered(asked, chosen), *findings)
    except ExplainError as problem:
        raise click.ClickException(str(problem)) from problem
    print_findings(findings, words.Names.of_inquiry(asked), as_json=as_json)
