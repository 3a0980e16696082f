"""`mindgap up`: everything on one port: public lane, pages, worker. `mindgap serve` and `work` run them apart."""

import click

from mindgap.show.cli import options


@click.command()
@options.data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8377, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--sample/--no-sample", default=False, help="Load the sample company when there is no organization yet."
)
def command(host: str, port: int, *, sample: bool) -> None:
    """Run Mindgap: pages, public lane and worker in one process tree on one port."""
    from mindgap.show.server import run

    run.up(host=host, port=port, sample=sample)
