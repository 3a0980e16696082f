"""The notebooks run from top to bottom, hold their figures by assertions, and are committed without outputs."""

import ast
import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from tests.structure import documents, tree

NOTEBOOKS = sorted((documents.PAGES / "notebooks").glob("*.ipynb"))


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def _code(path: Path) -> list[str]:
    return [cell.source for cell in _read(path).cells if cell.cell_type == "code"]


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A kernel of the interpreter that runs the tests; none need be installed for the user."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Tests",
        "language": "python",
        # The library of this checkout, even where it is not installed.
        "env": {"PYTHONPATH": os.pathsep.join([str(tree.SOURCE.parent), os.environ.get("PYTHONPATH", "")])},
    }
    folder = tmp_path / "kernels" / "tests"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(folder.parent)], ensure_native_kernel=False)
    return AsyncKernelManager(kernel_name="tests", kernel_spec_manager=specs)


def test_the_three_notebooks_are_there() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["drivers", "expectations", "scores"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_error(path: Path, kernel, tmp_path: Path) -> None:
    from nbclient import NotebookClient

    book = _read(path)
    # Run outside the checkout, so that nothing depends on where a notebook lies.
    client = NotebookClient(book, km=kernel, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    # A manager of ours: nbclient would leave the kernel running.
    client.execute(cleanup_kc=True)
    ran = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in ran)
    assert not [out for cell in ran for out in cell.outputs if out.output_type in ("error", "stream")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asserts_its_figures(path: Path) -> None:
    found = [
        node
        for source in _code(path)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare)
    ]
    silent = [source for source in _code(path)[1:] if "assert " not in source]
    assert len(found) >= 10
    assert not silent


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    book = _read(path)
    nbformat.validate(book)
    assert 12 <= len(book.cells) <= 25
    assert book.cells[0].cell_type == "markdown"
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert not [cell for cell in code if cell.outputs or cell.execution_count is not None]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_chance_of_a_notebook_is_seeded(path: Path) -> None:
    source = "\n".join(_code(path))
    assert source.count("default_rng(") == 1
    assert "default_rng()" not in source
    assert "np.random.seed" not in source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_links_of_a_notebook_lead_somewhere(path: Path) -> None:
    told = [cell.source for cell in _read(path).cells if cell.cell_type == "markdown"]
    targets = [target for text in told for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    assert targets
    assert not [target for target in targets if not (path.parent / target).exists()]
