"""What the product can do stands in the documents."""

from tests.structure import tree


def _pages() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (tree.ROOT / "docs").rglob("*.md"))


def test_every_command_is_documented() -> None:
    pages = _pages()
    names = {"importing": "import"}
    files = {path.stem for path in (tree.SOURCE / "show" / "cli").glob("*.py")} - {"__init__", "options"}
    assert files
    assert not {name for name in files if f"mindgap {names.get(name, name).replace('_', '-')}" not in pages}


def test_every_page_is_documented() -> None:
    pages = _pages()
    folders = {path.parent.name for path in (tree.SOURCE / "show" / "pages").glob("*/urls.py")}
    assert folders
    assert not {name for name in folders if f"`{name}`" not in pages}


def test_every_public_route_is_documented() -> None:
    from mindgap.collect.lane import application

    pages = _pages()
    assert not {route for route in application._ROUTES if route not in pages}


def test_decisions_have_their_three_parts() -> None:
    decisions = sorted((tree.ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert decisions
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert [part for part in ("## Context", "## Choice", "## Price") if part not in text] == [], path.name


def test_the_change_log_has_an_entry_for_this_version() -> None:
    from mindgap import __version__

    assert f"## {__version__}" in (tree.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
