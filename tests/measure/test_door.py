"""`mindgap.measure` is a library by itself, and its door is `__all__`."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mindgap.measure as door

FOLDER = Path(inspect.getfile(door)).parent
MODULES = sorted(found.name for found in pkgutil.iter_modules([str(FOLDER)]))
# Shared by the modules, of no use to a caller.
INSIDE = {
    "arrays", "bgnbd", "bootstrap", "cluster_fit", "disclosure", "gamma_gamma", "least_squares",
    "normal", "settle", "slope", "subset",
}  # fmt: skip
# Shared likewise, in modules that have a door of their own.
INSIDE_NAMES = {
    "comparison_weights", "judged", "log_log", "mask", "seasonal", "sides", "step_of_moments", "straightened", "usual_level",
}  # fmt: skip
FORBIDDEN = {
    "django", "duckdb", "httpx", "os", "pathlib", "socket", "time", "datetime", "random", "logging", "pandas",
}  # fmt: skip
ALLOWED = {"numpy", "scipy", "statsmodels", "lifelines", "mindgap", *sys.stdlib_module_names} - FORBIDDEN


def public_names(module: str) -> set[str]:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")}


def test_the_door_is_complete() -> None:
    offered = set(door.__all__)
    missing = {
        f"{module}.{name}"
        for module in MODULES
        if module not in INSIDE
        for name in public_names(module)
        if name not in offered | INSIDE_NAMES
    }
    assert not missing


def test_every_name_on_the_door_exists_once() -> None:
    assert len(door.__all__) == len(set(door.__all__))
    assert all(hasattr(door, name) for name in door.__all__)
    with pytest.raises(AttributeError, match="no_such_figure"):
        _ = door.no_such_figure  # type: ignore[attr-defined]
    assert set(door.__all__) <= set(dir(door))


def test_a_module_never_takes_the_place_of_the_function_of_its_name() -> None:
    alike = set(MODULES) & set(door.__all__)
    assert {"nps", "gap", "chart"} <= alike
    for name in alike:
        importlib.import_module(f"mindgap.measure.{name}")
        assert inspect.isfunction(getattr(door, name)), name


def test_type_checkers_see_the_same_door() -> None:
    tree = ast.parse((FOLDER / "__init__.pyi").read_text(encoding="utf-8"))
    seen = {
        alias.asname: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {name: f"mindgap.measure.{room}" for name, room in door._ROOM_OF.items()}
    (listed,) = (node.value for node in tree.body if isinstance(node, ast.Assign))
    assert sorted(ast.literal_eval(listed)) == door.__all__


def test_every_name_on_the_door_says_what_it_is() -> None:
    silent = [
        name
        for name in door.__all__
        if not isinstance(getattr(door, name), float | door.Scale) and not inspect.getdoc(getattr(door, name))
    ]
    assert not silent


def test_every_result_is_frozen() -> None:
    thawed = [
        name
        for name in door.__all__
        if dataclasses.is_dataclass(getattr(door, name))
        and not getattr(door, name).__dataclass_params__.frozen
    ]
    assert not thawed


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_more_than_numbers(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert {name.split(".")[0] for name in imported} <= ALLOWED
    assert all(name.startswith("mindgap.measure.") for name in imported if name.startswith("mindgap"))


def test_importing_it_loads_neither_scipy_nor_pandas_nor_django() -> None:
    """The first figure of a page must not wait for a statistics package it does not use."""
    script = (
        "import sys; from mindgap.measure import nps; "
        "print(sorted({'scipy', 'statsmodels', 'lifelines', 'pandas', 'django'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1]
    )
    assert ran.stdout.strip() == "[]"


def test_results_do_not_touch_global_chance() -> None:
    state = str(np.random.get_state(legacy=False))  # noqa: NPY002 - the global state is what is looked at
    door.among_worst([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    door.shrink([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    assert str(np.random.get_state(legacy=False)) == state  # noqa: NPY002


def test_the_examples_in_the_docstrings_hold() -> None:
    import doctest

    runs = [doctest.testmod(importlib.import_module(f"mindgap.measure.{module}")) for module in MODULES]
    assert sum(run.failed for run in runs) == 0
    assert sum(run.attempted for run in runs) >= 5
