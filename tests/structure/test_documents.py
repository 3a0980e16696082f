"""What the product can do stands in the documents, and what stands there is so."""

import doctest
import json
import re
from dataclasses import fields

import pytest
from tests.structure import documents, tree


def _pages() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in documents.PAGES.rglob("*.md"))


def _unnamed(names: set[str], page: str) -> set[str]:
    """Names that do not stand in a page as code."""
    code = "\n".join(re.findall(r"`([^`\n]+)`", documents.page(page)))
    assert names
    return {name for name in names if not re.search(rf"\b{re.escape(name)}\b", code)}


def test_every_command_is_documented() -> None:
    pages = _pages()
    names = {name.split()[0] for name in documents.commands()}
    assert names
    assert not {name for name in names if f"### mindgap {name}" not in pages}


def test_every_option_of_a_command_is_documented() -> None:
    text = documents.page("commands.md")
    missing = set()
    for name, command in documents.commands().items():
        section = text.partition(f"### mindgap {name.split()[0]}\n")[2].partition("\n### ")[0]
        everywhere = text.partition("\n## ")[0]
        told = documents.options(command) - {"--help"}
        missing |= {
            f"{name} {opt}" for opt in told if f"`{opt}" not in section and f"`{opt}" not in everywhere
        }
    assert not missing


def test_every_command_that_a_document_shows_can_be_typed() -> None:
    known = documents.commands()
    shown = list(documents.shown_commands())
    assert len(shown) > 20
    assert not [line for line, name, _ in shown if name not in known]
    assert not [
        (line, option)
        for line, name, used in shown
        for option in used
        if option.partition("=")[0] not in documents.options(known[name])
    ]


def test_no_two_options_of_a_command_share_a_parameter() -> None:
    for name, command in documents.commands().items():
        # Flags may choose between the values of one parameter; anything else would overwrite its neighbour.
        params = [param.name for param in command.params if not getattr(param, "is_flag", False)]
        assert len(params) == len(set(params)), name


def test_every_page_is_documented() -> None:
    pages = _pages()
    folders = {path.parent.name for path in (tree.SOURCE / "show" / "pages").glob("*/urls.py")}
    assert folders
    assert not {name for name in folders if f"`{name}`" not in pages}


def test_every_public_route_is_documented() -> None:
    from mindgap.collect.lane import application

    pages = _pages()
    assert not {route for route in application._ROUTES if route not in pages}


def test_every_field_and_error_of_the_public_routes_is_documented() -> None:
    from mindgap.keep import incoming

    sent = documents.fields(incoming.Interaction, incoming.Answer, incoming.Person, incoming.Statement)
    assert not _unnamed(sent, "api.md")
    assert not _unnamed(documents.lane_errors(), "api.md")


def test_every_field_of_a_mapping_is_documented() -> None:
    from mindgap.collect.mapping import schema

    parts = [
        each for each in vars(schema).values() if isinstance(each, type) and issubclass(each, schema.Part)
    ]
    assert len(parts) > 10
    assert not _unnamed(documents.fields(*parts), "import.md")


def test_every_reason_of_quarantine_and_every_problem_is_documented() -> None:
    assert len(documents.reasons()) > 20
    assert not _unnamed(documents.reasons() | documents.problem_codes(), "import.md")


def test_every_finding_is_documented() -> None:
    assert len(documents.finding_codes()) > 20
    assert not _unnamed(documents.finding_codes(), "findings.md")


def test_the_schema_of_findings_is_that_of_the_code() -> None:
    from mindgap.explain import finding
    from mindgap.measure import Caution
    from mindgap.show.words import code

    schema = json.loads(documents.page("finding.schema.json"))
    names = {each.name for each in fields(finding.Finding)}
    written = finding.Finding("score.mean", "", None, None, None, None, "completed").write()
    assert set(schema["properties"]) == set(schema["required"]) == names == set(written)
    own = {finding.TOO_FEW, finding.NOT_KNOWN, finding.NO_GOAL, finding.SLACK_LARGE, finding.SLACK_NEGATIVE}
    warnings = set(schema["properties"]["warnings"]["items"]["enum"])
    assert warnings == own | {str(each) for each in Caution}
    populations = set(schema["properties"]["population"]["enum"])
    assert all(code.population(each) != each for each in populations)
    assert not _unnamed(names | warnings | populations, "findings.md")


def test_every_function_of_the_statistics_is_documented() -> None:
    from mindgap import measure

    functions = {
        name
        for name in measure.__all__
        if callable(getattr(measure, name)) and not isinstance(getattr(measure, name), type)
    }
    assert not _unnamed(functions, "statistics.md")


def test_the_examples_of_the_handbook_come_out_as_shown() -> None:
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    # The handbook's pages in Chinese hold the same examples: test_handbook.py says so.
    texts = [text for path, text in documents.texts().items() if "/handbook/zh-" not in path.as_posix()]
    blocks = [block for text in texts for block in documents.blocks(text, "python")]
    tests = [parser.get_doctest(block, {}, f"block {i}", None, 0) for i, block in enumerate(blocks)]
    assert any(test.examples for test in tests)
    for test in tests:
        assert runner.run(test).failed == 0, test.docstring


def test_the_mapping_that_the_handbook_shows_can_be_read() -> None:
    from mindgap.collect import mapping

    (block,) = documents.blocks(documents.page("import.md"), "toml")
    assert [record.makes for record in mapping.read_text(block).record] == ["interactions", "answers"]


def test_every_way_in_is_documented() -> None:
    text = documents.page("architecture.md")
    folders = {path.parent.name for path in (tree.SOURCE / "collect").glob("*/__init__.py")} - {"migrations"}
    assert "lane" in folders
    assert not {name for name in folders if f"`collect/{name}`" not in text}


def test_every_alert_rule_is_documented() -> None:
    rules = {path.stem for path in (tree.SOURCE / "act" / "alert" / "triggers").glob("*.py")} - {"__init__"}
    assert not rules or not _unnamed(rules, "alerts.md")


def test_every_link_of_a_document_leads_somewhere() -> None:
    broken = []
    for path, text in documents.texts().items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target:
                continue
            place, _, anchor = target.partition("#")
            there = (path.parent / place).resolve() if place else path
            if not there.exists() or (anchor and anchor not in _anchors(there.read_text(encoding="utf-8"))):
                broken.append(f"{tree.short(path)}: {target}")
    assert not broken


def test_every_file_of_the_code_that_a_document_names_is_there() -> None:
    gone, seen = [], 0
    for path, text in documents.texts().items():
        for span in re.findall(r"`([^`\n]+)`", text):
            name = span.partition(":")[0]
            if not re.fullmatch(r"[\w./-]+/[\w.-]+\.(py|js|css|mjs|toml|txt)", name):
                continue
            seen += 1
            if not any((folder / name).exists() for folder in (tree.ROOT, tree.SOURCE, path.parent)):
                gone.append(f"{tree.short(path)}: {name}")
    assert seen > 50
    assert not gone


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["picture.svg", "house.svg"])
def test_a_picture_says_in_words_what_it_shows(name: str) -> None:
    text = documents.page(name)
    assert "<title" in text
    assert "<desc" in text
    assert any(f"{name})" in page for page in documents.texts().values())


def test_decisions_have_their_three_parts_and_fit_a_page() -> None:
    decisions = sorted((documents.PAGES / "decisions").glob("[0-9]*.md"))
    assert decisions
    numbers = [path.name[:4] for path in decisions]
    assert numbers == sorted(set(numbers))
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert [part for part in ("## Context", "## Choice", "## Price") if part not in text] == [], path.name
        assert len(text.split()) < 700, path.name


def test_the_change_log_has_an_entry_for_this_version() -> None:
    from mindgap import __version__

    assert f"## {__version__}" in (tree.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
