"""What the structure tests look at: the tree, at its root or at a copy of it."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(os.environ.get("MINDGAP_TREE", Path(__file__).resolve().parents[2]))
SOURCE = ROOT / "src" / "mindgap"
FLOORS = {"show": 5, "act": 4, "explain": 3, "collect": 3, "keep": 2, "measure": 1, "ground": 0}


def modules() -> Iterator[Path]:
    """Every module of ours; migrations are written by a program."""
    yield from (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
