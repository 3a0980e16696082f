"""`mindgap import`: files of feedback and operations into the record."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from mindgap.show.cli import options

# Whoever waits longer than this wants to know how far it is.
_PATIENCE_SECONDS = 2.0
_REGISTERS = ("promises", "touchpoints")


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH..."
)
@options.data
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.toml",
    help="Which column is what; without it, guessed from the names of the columns.",
)
@click.option(
    "--as",
    "makes",
    type=click.Choice(["interactions", "answers", "customers", *_REGISTERS]),
    help="What the rows are.",
)
@click.option("--touchpoint", default="", metavar="CODE", help="Where it happened, when no column says so.")
@click.option(
    "--date-order",
    type=click.Choice(["dmy", "mdy", "ymd"]),
    help="Order of day and month, when the dates do not show it.",
)
@click.option("--encoding", default="", help="Encoding of text files, when it was not recognised.")
@click.option("--organization", "code", metavar="CODE", help="For whom; needed only where there are several.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(
    paths: tuple[Path, ...], makes: str | None, code: str | None, *, dry_run: bool, as_json: bool, **how: Any
) -> None:
    """Import CSV, TSV, XLSX, XLS, Parquet or JSON Lines files, or all of a folder.

    Every row ends imported, already there, or in quarantine with its reason. The same file twice changes nothing.
    """
    from mindgap.collect.errors import ImportProblem
    from mindgap.collect.files import FileProblem

    if makes in _REGISTERS and how["map_file"]:
        raise click.UsageError(f"--as {makes} takes no mapping: the columns are named like the fields")
    try:
        if makes in _REGISTERS:
            outcome = _import_registers(paths, makes, code, dry_run=dry_run, how=how)
        else:
            outcome = _import_rows(paths, makes or "", code, dry_run=dry_run, how=how, quiet=as_json)
    except (ImportProblem, FileProblem) as problem:
        if as_json:
            click.echo(
                json.dumps({"error": {"code": problem.code, "message": str(problem)}}, ensure_ascii=False)
            )
            raise SystemExit(1) from problem
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=2, default=str))
    else:
        _print(outcome)


def _import_rows(
    paths: tuple[Path, ...], makes: str, code: str | None, *, dry_run: bool, how: dict[str, Any], quiet: bool
) -> dict[str, Any]:
    from mindgap.collect import importer, mapping
    from mindgap.collect.guess import guess_files

    chosen = None
    if how["map_file"]:
        chosen = mapping.read(how["map_file"])
    organization = _organization(code, chosen)
    guessed: dict[str, str] = {}
    if chosen is None:
        found = guess_files(paths, organization, makes=makes, touchpoint=how["touchpoint"], how=_file(how))
        chosen, guessed = found.mapping, found.columns
    else:
        chosen = chosen.only(makes).opened(_file(how))
    with _bar(quiet=quiet) as progress:
        result = importer.run(paths, chosen, organization=organization, dry_run=dry_run, progress=progress)
    return result.as_dict() | ({"guessed": guessed} if guessed else {})


def _import_registers(
    paths: tuple[Path, ...], which: Any, code: str | None, *, dry_run: bool, how: dict[str, Any]
) -> dict[str, Any]:
    from mindgap.collect.listing import import_list

    organization = options.find_organization(code)
    return import_list(paths, which, organization=organization, dry_run=dry_run, how=_file(how)).as_dict()


def _file(how: dict[str, Any]) -> Any:
    from mindgap.collect.mapping import File

    if not (how["encoding"] or how["date_order"]):
        return None
    return File(encoding=how["encoding"], date_order=how["date_order"] or "")


def _organization(code: str | None, chosen: Any) -> Any:
    """The organization that is meant; None leaves it to the mapping to make its own."""
    from mindgap.keep.models import Organization

    declared = chosen.organization.code if chosen is not None and chosen.organization else None
    if code:
        return options.find_organization(code)
    if declared is None:
        return options.find_organization(None)
    own = Organization.objects.filter(is_sample=False)
    if own.filter(code=declared).exists() or not own.exists():
        return own.filter(code=declared).first()
    codes = ", ".join(each.code for each in own)
    raise click.ClickException(
        f"the mapping is for {declared!r}, which is not here; name the organization with --organization: {codes}"
    )


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Any]:
    """A progress bar on the error stream, shown only when the import takes longer than two seconds."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, quiet=quiet)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task("reading", total=None)
    began, shown = time.monotonic(), False

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal shown
        if not shown and time.monotonic() - began > _PATIENCE_SECONDS:
            bar.start()
            shown = True
        bar.update(task, description=stage, completed=done, total=total or None)

    try:
        yield progress
    finally:
        if shown:
            bar.stop()


def _print(outcome: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    # A table that is cut off says less than one that is wider than the screen.
    console.width = max(console.width, 100)
    if outcome.get("guessed"):
        console.print(
            "Guessed from the names of the columns (write a mapping to say otherwise):", markup=False
        )
        for column, name in outcome["guessed"].items():
            console.print(f"  {column} → {name}", markup=False)
    counts = ("read", "new", "changed", "already", "quarantined", "repeated", "dropped", "left_out")
    table = Table(box=None)
    for name in ("", *counts):
        table.add_column(name.replace("_", " "), justify="left" if not name else "right")
    for kind, tally in outcome["by_kind"].items():
        table.add_row(kind, *(f"{tally[name]:,}" for name in counts))
    console.print(table)
    if outcome["made"]:
        console.print(
            "Declared: " + ", ".join(f"{count} {kind}" for kind, count in outcome["made"].items()),
            markup=False,
        )
    for reason, count in outcome["reasons"].items():
        console.print(f"Quarantined: {count:,} {reason}", markup=False)
    if outcome["reasons"] and not outcome["dry_run"]:
        console.print("See them with: mindgap quarantine list", markup=False)
    for warning in outcome["warnings"]:
        console.print(f"Note: {warning['words']}", markup=False)
    if outcome["dry_run"]:
        console.print("This was a dry run; nothing was written.", markup=False)
