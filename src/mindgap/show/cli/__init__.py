"""The command line. Each module of this folder that defines a click object `command` is a command of its name."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from mindgap.show.start import start_django, use_data

# Words that Python keeps for itself.
_FILES = {"import": "importing"}
_NAMES = {file: name for name, file in _FILES.items()}
_NOT_COMMANDS = {"__init__", "options"}


class Commands(click.Group):
    """Finds commands by convention and loads only the one that runs, after Django knows its data folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        files = {path.stem for path in Path(__file__).parent.glob("*.py")} - _NOT_COMMANDS
        return sorted(_NAMES.get(file, file).replace("_", "-") for file in files)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        start_django()
        module = import_module(f"mindgap.show.cli.{_FILES.get(name, name).replace('-', '_')}")
        found = module.command
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # Django reads its settings once, so the folder must be known before the command is even loaded.
        for place, argument in enumerate(args):
            if argument == "--":
                break
            if argument == "--data" and place + 1 < len(args):
                use_data(args[place + 1])
            elif argument.startswith("--data="):
                use_data(argument.removeprefix("--data="))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RuntimeError as problem:
            from mindgap.keep.facts import FactsMissing

            if not isinstance(problem, FactsMissing):
                raise
            raise click.ClickException(str(problem)) from problem


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="mindgap")
def main() -> None:
    """Mind the gap between what customers expect and what they get."""
