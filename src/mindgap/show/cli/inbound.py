"""`mindgap inbound add|list|remove`: other survey tools and event streams that send by themselves."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """Let other survey tools send their answers here."""


@command.command()
@click.argument("kind")
@click.argument("name")
@click.option("--map", "map_file", metavar="FILE", help="Mapping of their fields, as TOML or JSON.")
@click.option(
    "--secret", is_flag=True, help="Ask for the tool's signing secret (or read it from standard input)."
)
@options.common
def add(kind: str, name: str, map_file: str | None, secret: bool, organization: Any) -> None:
    """Add a source and print the address to enter at the tool."""
    from mindgap.collect.inbound import source

    try:
        row = source.make(
            organization.pk, kind, name, secret=_secret() if secret else "", mapping=_mapping(map_file)
        )
    except source.NotMade as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(row.address)


@command.command(name="list")
@options.common
def list_sources(organization: Any) -> None:
    """List the sources, without their addresses and secrets."""
    for each in organization.inbound_sources.all():
        state = "active" if each.is_active else "removed"
        refused = f"\trefused {each.refused_at:%Y-%m-%d %H:%M}: {each.refused}" if each.refused_at else ""
        click.echo(f"{each.pk}\t{each.kind}\t{each.name}\t{state}{refused}")


@command.command()
@click.argument("number", type=int)
@options.common
def remove(number: int, organization: Any) -> None:
    """Take nothing more from a source; what it sent stays."""
    if not organization.inbound_sources.filter(pk=number, is_active=True).update(is_active=False):
        raise click.ClickException(f"there is no active source {number}; see `mindgap inbound list`")


def _secret() -> str:
    """Never an option's value: other people of this machine can read command lines."""
    if sys.stdin.isatty():
        return str(click.prompt("Secret", hide_input=True))
    return sys.stdin.readline().strip()


def _mapping(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        text = Path(path).read_text(encoding="utf-8")
        found = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
    except (OSError, ValueError) as problem:
        raise click.ClickException(f"{path}: {problem}") from problem
    if not isinstance(found, dict):
        raise click.ClickException(f"{path}: a mapping is an object")
    return found
