"""Names of files say what is in them."""

import ast

from tests.structure import tree

_EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "services",
    "service",
    "manager",
    "managers",
}


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    found = [
        tree.short(path)
        for path in tree.SOURCE.rglob("*")
        if path.stem in _EMPTY_NAMES and (path.suffix == ".py" or path.is_dir()) and "build" not in path.parts
    ]
    assert not found


def test_no_signals_carry_control() -> None:
    found = [
        tree.short(path)
        for path in tree.modules()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("django")
        and (
            "signals" in (node.module or "")
            or any(name.name in ("receiver", "Signal") for name in node.names)
        )
    ]
    assert not found


def test_every_module_says_what_it_is() -> None:
    silent = [
        tree.short(path)
        for path in tree.modules()
        if path.name not in ("apps.py", "urls.py")
        and not ast.get_docstring(tree.parsed(path))
        and path.read_text().strip()
    ]
    assert not silent
