"""What there is to document, found in the code: commands, finding codes, reasons, fields of the wire formats."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
from tests.structure import tree

PAGES = tree.ROOT / "docs"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(
    r"(score|gap|promise|asked|worst|problem|change|goal|journey|driver|watch|expectation|repeat|comparison|series"
    r"|chart|kano|waiting|index|retention)\.[a-z_]+"
)
# The place, among its arguments, at which a function is told a reason of quarantine.
_REASON_AT = {"Refused": 0, "Refusal": 0, "refuse": 0, "add": 1, "need": 2, "coded": 3}


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def texts() -> dict[Path, str]:
    """Every document for people."""
    paths = [*PAGES.rglob("*.md"), *tree.ROOT.glob("*.md"), tree.ROOT / "frontend" / "README.md"]
    return {path: path.read_text(encoding="utf-8") for path in paths}


def blocks(text: str, language: str) -> Iterator[str]:
    """The fenced blocks of a language."""
    yield from (body for name, body in _FENCE.findall(text) if name == language)


def commands() -> dict[str, click.Command]:
    """Every command that can be run, by its words: `promise advise`."""
    from mindgap.show.cli import main

    assert isinstance(main, click.Group)
    context = click.Context(main)
    found: dict[str, click.Command] = {}
    waiting = [(name, main.get_command(context, name)) for name in main.list_commands(context)]
    while waiting:
        name, command = waiting.pop()
        assert command is not None
        if isinstance(command, click.Group):
            waiting += [(f"{name} {inner}", each) for inner, each in command.commands.items()]
        else:
            found[name] = command
    return found


def options(command: click.Command) -> set[str]:
    """The long options of a command."""
    return {
        opt
        for param in command.params
        if isinstance(param, click.Option)
        for opt in (*param.opts, *param.secondary_opts)
        if opt.startswith("--")
    } | {"--help"}


def shown_commands() -> Iterator[tuple[str, str, list[str]]]:
    """Document, command and options of each `mindgap …` line in a shell block of a document."""
    known = commands()
    for path, text in texts().items():
        for block in blocks(text, "sh"):
            for line in block.splitlines():
                words = line.split("#")[0].split()
                if not words or words[0].rpartition("/")[2] != "mindgap":
                    continue
                name = next((name for n in (2, 1) if (name := " ".join(words[1 : n + 1])) in known), "")
                yield f"{tree.short(path)}: {line}", name, [word for word in words if word.startswith("--")]


def finding_codes() -> set[str]:
    """Codes of findings: those written out in `explain`, and those put together from a summary or period."""
    from mindgap.explain.change import AGAINST
    from mindgap.explain.metric import SCORES

    written = {
        node.value
        for path in (tree.SOURCE / "explain").glob("*.py")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value)
    }
    return written | {f"score.{each}" for each in SCORES} | {f"change.{each}" for each in AGAINST}


def reasons() -> set[str]:
    """Reasons for which `keep` and `collect` put something into quarantine."""
    found = set()
    for path in tree.modules():
        floor = path.relative_to(tree.SOURCE).parts[:2]
        if floor[0] not in ("keep", "collect") or floor == ("collect", "lane"):
            continue
        found |= {reason for node in ast.walk(tree.parsed(path)) if (reason := _reason(node))}
    return found


def _reason(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    place = _REASON_AT.get(name)
    if place is None or len(node.args) <= place:
        return ""
    told = node.args[place]
    is_code = isinstance(told, ast.Constant) and isinstance(told.value, str)
    return told.value if is_code and re.fullmatch(r"[a-z]+(_[a-z]+)+", told.value) else ""


def lane_errors() -> set[str]:
    """Codes with which the public lane refuses a request."""
    return {
        node.args[1].value
        for path in (tree.SOURCE / "collect" / "lane").glob("*.py")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and isinstance(node.args[1], ast.Constant)
    }


def problem_codes() -> set[str]:
    """Codes of what may stop an import as a whole."""
    from mindgap.collect.errors import ImportProblem
    from mindgap.collect.files import FileProblem

    waiting, found = [ImportProblem, FileProblem], set()
    while waiting:
        kind = waiting.pop()
        found.add(kind.code)
        waiting += kind.__subclasses__()
    return found


def fields(*structs: type) -> set[str]:
    """Names of the fields as they are written outside."""
    import msgspec

    return {field.encode_name for struct in structs for field in msgspec.structs.fields(struct)}
