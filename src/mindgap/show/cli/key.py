"""`mindgap key create|list|revoke`: keys with which programs send feedback."""

from typing import Any

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """Make, list and revoke API keys."""


@command.command()
@click.argument("name")
@options.common
def create(name: str, organization: Any) -> None:
    """Make a key and print its secret, once."""
    from mindgap.collect import key

    _, secret = key.make(organization.pk, name)
    click.echo(secret)


@command.command(name="list")
@options.common
def list_keys(organization: Any) -> None:
    """List the keys, without their secrets."""
    for each in organization.keys.all():
        state = f"revoked {each.revoked_at:%Y-%m-%d}" if each.revoked_at else "valid"
        click.echo(f"{each.pk}\t{each}\t{state}")


@command.command()
@click.argument("number", type=int)
@options.common
def revoke(number: int, organization: Any) -> None:
    """Revoke a key; it is dead within a second."""
    from mindgap.ground import clock

    if not organization.keys.filter(pk=number, revoked_at=None).update(revoked_at=clock.now()):
        raise click.ClickException(f"there is no valid key {number}; see `mindgap key list`")
