"""`mindgap index`: customer satisfaction and loyalty as one level of 0 to 100 each."""

import click

from mindgap.explain.finding import Finding
from mindgap.explain.index import loyalty_index, satisfaction_index
from mindgap.explain.inquiry import Inquiry
from mindgap.show.cli import options


@click.command()
@options.findings
def command(asked: Inquiry) -> tuple[Finding, ...]:
    """The satisfaction index of the blocks that were asked, its paths, and the attitudinal loyalty index."""
    return (*satisfaction_index(asked), *loyalty_index(asked))
