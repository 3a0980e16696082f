"""`mindgap work`: the worker by itself."""

import click

from mindgap.show.cli import options


@click.command()
@options.data
@click.option("--once", is_flag=True, help="Do what is waiting, then stop.")
def command(*, once: bool) -> None:
    """Keep the record and the facts up to date, run imports in the background."""
    from mindgap.act import worker

    worker.run(once=once)
