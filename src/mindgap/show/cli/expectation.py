"""`mindgap expectation`: what customers take for granted, would accept, wait for, and how that moves."""

import click

from mindgap.explain.expectation import drifts, surfaces
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.kano import kanos
from mindgap.explain.servqual import service_quality
from mindgap.explain.tolerance import zones
from mindgap.explain.waiting import ladders
from mindgap.show.cli import options


@click.command()
@click.option(
    "--outcome", metavar="CODE", help="Also how this measure depends on expectation and experience."
)
@options.findings
def command(asked: Inquiry, outcome: str | None) -> tuple[Finding, ...]:
    """Zones of tolerance, service quality in dimensions, features after Kano, the ladder of patience, drift."""
    found = (*zones(asked), *service_quality(asked), *kanos(asked), *ladders(asked), *drifts(asked))
    return found if outcome is None else (*found, *surfaces(asked, outcome))
