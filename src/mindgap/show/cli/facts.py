"""`mindgap facts rebuild|verify|compact`: the countable side, made again from the record."""

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """Rebuild, verify or compact the countable readings."""


@command.command()
@options.common
def rebuild(organization: object) -> None:
    """Throw the facts away and make them again from the record."""
    from mindgap.keep import facts

    click.echo(f"{facts.rebuild(organization):,} readings")  # type: ignore[arg-type]


@command.command()
@options.common
def compact(organization: object) -> None:
    """Close the tail and merge small files."""
    from mindgap.keep import facts

    facts.close_tail(organization, force=True)  # type: ignore[arg-type]
    facts.compact(organization)  # type: ignore[arg-type]


@command.command()
@options.common
def verify(organization: object) -> None:
    """Count the facts against the record."""
    from mindgap.keep import facts

    differences = facts.verify(organization)  # type: ignore[arg-type]
    for difference in differences:
        click.echo(str(difference))
    if differences:
        raise click.ClickException("facts and record differ; run `mindgap facts rebuild`")
    click.echo("facts and record agree")
