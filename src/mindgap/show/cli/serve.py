"""`mindgap serve`: the pages and the public lane, without the worker."""

import click

from mindgap.show.cli import options


@click.command()
@options.data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8377, show_default=True, type=click.IntRange(0, 65535))
@click.option("--office", "lanes", flag_value="office", help="Only the pages.")
@click.option("--public", "lanes", flag_value="public", help="Only the public lane.")
@click.option(
    "--workers",
    "processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes for the public lane.",
)
def command(host: str, port: int, lanes: str | None, processes: int) -> None:
    """Serve pages and public lane; run `mindgap work` beside it."""
    from mindgap.show.server import run

    run.serve(host=host, port=port, lanes=lanes or "both", processes=processes)
