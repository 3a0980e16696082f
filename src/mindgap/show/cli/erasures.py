"""`mindgap erasures reapply`: who was erased after a backup was made is erased again once it is restored."""

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """Keep erased what was erased."""


@command.command()
@options.data
def reapply() -> None:
    """Carry out again the erasures that a restored record does not know of; starting does it by itself."""
    from mindgap.act import forgetting
    from mindgap.keep.models import Erasure

    made = forgetting.recall()
    click.echo(f"erasures carried out again: {made}" if made else "the record knows of every erasure")
    if left := Erasure.objects.filter(source="restore", state="waiting").count():
        raise click.ClickException(f"{left} of them failed; the log says why, and the worker tries again")
