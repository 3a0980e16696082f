"""Every setting that is read has its line in the documents, and no line speaks of a setting that is gone."""

import ast
import re

from tests.structure import tree

_READERS = {"text", "flag", "whole"}


def _read() -> set[str]:
    """Names handed to the readers of `ground.environment`, wherever they are called."""
    names = {"MINDGAP_DATA"}
    for path in tree.modules():
        for node in ast.walk(tree.parsed(path)):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            function = node.func
            if (
                isinstance(function, ast.Attribute)
                and function.attr in _READERS
                and isinstance(function.value, ast.Name)
                and function.value.id == "environment"
            ):
                names.add(str(node.args[0].value))
    return names


def _documented() -> set[str]:
    page = (tree.ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", page, flags=re.MULTILINE))


def test_every_setting_is_documented() -> None:
    assert len(_read()) > 10
    assert _read() - _documented() == set()


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert _documented() - _read() == set()
