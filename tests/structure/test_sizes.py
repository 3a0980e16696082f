"""A room that has grown past its size wants a wall in it."""

import ast

from tests.structure import tree


def _functions(module: ast.Module):
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    has_words = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    if has_words and len(node.body) == 1:
        return 0
    start = node.body[1].lineno if has_words else first.lineno
    return (node.end_lineno or start) - start + 1


def test_no_module_is_longer_than_500_lines() -> None:
    long = {tree.short(path): n for path in tree.modules() if (n := len(path.read_text().splitlines())) > 500}
    assert not long


def test_no_function_body_is_longer_than_60_lines() -> None:
    long = {
        f"{tree.short(path)}:{node.name}": n
        for path in tree.modules()
        for node in _functions(tree.parsed(path))
        if (n := _body_lines(node)) > 60
    }
    assert not long


def test_no_class_is_longer_than_250_lines() -> None:
    long = {
        f"{tree.short(path)}:{node.name}": n
        for path in tree.modules()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ClassDef) and (n := (node.end_lineno or node.lineno) - node.lineno + 1) > 250
    }
    assert not long


def test_no_script_of_the_pages_is_longer_than_150_lines() -> None:
    scripts = [*(tree.ROOT / "frontend" / "js").rglob("*.js"), *(tree.ROOT / "frontend").glob("*.mjs")]
    assert scripts
    assert not {tree.short(path): n for path in scripts if (n := len(path.read_text().splitlines())) > 150}


def test_no_template_is_longer_than_120_lines() -> None:
    templates = list(tree.SOURCE.rglob("*.html"))
    assert templates
    assert not {tree.short(path): n for path in templates if (n := len(path.read_text().splitlines())) > 120}
