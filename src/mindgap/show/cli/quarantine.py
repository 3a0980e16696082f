"""`mindgap quarantine`: what came in but could not be taken as it was."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """List, export, repair, replay or dismiss what could not be taken as it was."""


@command.command(name="list")
@options.common
@click.option(
    "--state", type=click.Choice(["open", "replayed", "dismissed"]), default="open", show_default=True
)
@click.option("--reason", default="", help="Only this reason.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
def list_entries(organization: Any, state: str, reason: str, limit: int, *, as_json: bool) -> None:
    """List the entries, oldest first."""
    from mindgap.collect import quarantine

    entries = quarantine.entries(organization, state=state, reason=reason)
    shown = list(entries[:limit])
    if as_json:
        rows = [
            {"id": each.pk, "kind": each.kind, "source": each.source, "line": each.line, "reason": each.reason,
             "words": each.words, "column": each.column, "values": quarantine.values_of(each), "state": each.state}
            for each in shown
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in shown:
        place = f"{each.source}, line {each.line}" if each.line else each.source
        column = f" [{each.column}]" if each.column else ""
        click.echo(f"{each.pk}  {place}{column}: {each.words} ({each.reason})")
    click.echo(f"{len(shown):,} of {entries.count():,} {state}")


@command.command()
@options.common
@click.option("--reason", default="", help="Only this reason.")
@click.argument("path", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export(organization: Any, reason: str, path: Path | None) -> None:
    """Write the open entries as CSV to PATH, or to the screen; correct it and give it to `repair`."""
    from mindgap.collect import quarantine

    entries = quarantine.entries(organization, reason=reason).iterator()
    if path is None:
        quarantine.export(entries, sys.stdout)
        return
    # With a byte order mark, so that Excel reads it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        click.echo(f"{quarantine.export(entries, file):,} entries in {path}")


@command.command()
@options.common
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def repair(organization: Any, path: Path) -> None:
    """Take over the corrections made in a file that `export` wrote, and replay what changed."""
    from mindgap.collect import quarantine
    from mindgap.collect.errors import ImportProblem
    from mindgap.collect.files import FileProblem

    try:
        changed = quarantine.mend_from(organization, path)
    except (ImportProblem, FileProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    _told(quarantine.replay(organization, changed))


@command.command()
@options.common
@click.argument("ids", nargs=-1, type=int)
def replay(organization: Any, ids: tuple[int, ...]) -> None:
    """Try the open entries (or those named) again, for instance after a touchpoint was added."""
    from mindgap.collect import quarantine

    _told(quarantine.replay(organization, ids or None))


@command.command()
@options.common
@click.option("--all", "everything", is_flag=True, help="All open entries.")
@click.argument("ids", nargs=-1, type=int)
def dismiss(organization: Any, ids: tuple[int, ...], *, everything: bool) -> None:
    """Put entries aside for good; they are kept."""
    from mindgap.collect import quarantine

    if not ids and not everything:
        raise click.UsageError("name entries, or say --all")
    click.echo(f"{quarantine.dismiss(organization, None if everything else ids):,} dismissed")


def _told(replayed: Any) -> None:
    click.echo(f"{replayed.done:,} replayed, {replayed.refused:,} refused still")
