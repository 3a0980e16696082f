"""How well the tests of `mindgap.measure` guard it: change one thing at a time and see whether a test fails.

    python tools/mutate.py                    # the modules of MODULES, all mutants (an hour on one core)
    python tools/mutate.py nps suppress       # these modules
    python tools/mutate.py --every 5 nps      # every fifth mutant, for a first look

By hand only: neither `make test` nor CI runs it. A mutant changes a comparison, an arithmetic or boolean operator,
a number, a truth value, a condition or a return value. It is *killed* when a test fails (or hangs, or cannot even
be collected). Survivors are printed with their line; those that cannot change any result stand with the reason in
`tools/equivalent.toml` and are not counted. Score = killed / (killed + survived); aim at 80 % or more.

One warmed process is forked per mutant, so numpy, scipy and pytest are imported once, and an import hook hands the
mutant to the tests in the child. Nothing is written to the source tree.
"""

import argparse
import ast
import copy
import gc
import importlib
import importlib.util
import os
import signal
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCE, TESTS = ROOT / "src/mindgap/measure", ROOT / "tests/measure"
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
MODULES = (
    "nps", "proportion", "mean", "difference", "gap", "suppress", "disclosure", "many", "survival", "kept",
    "cluster", "cluster_fit", "cluster_sums", "pls", "settle", "path_model", "ecsi",
)  # fmt: skip
# Whose tests guard a module that has no test file of its own, or more than one.
GUARDS = {
    "difference": ("difference", "proportion"),
    "disclosure": ("suppress",),
    "cluster_fit": ("cluster",),
    "cluster_sums": ("cluster",),
    "settle": ("settle", "pls"),
    "path_model": ("pls",),
    "kept": ("kept", "survival"),
    "survival": ("survival", "kept"),
}
HEAVY = ("numpy", "pytest", "scipy.optimize", "scipy.special", "scipy.stats", "statsmodels.api", "lifelines")
EXAMPLES = 25
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class Mutant:
    """One changed module: where, what, and its code."""

    line: int
    text: str
    change: str
    code: str


class Finder(MetaPathFinder, Loader):
    """Gives out one module as the mutant says; all others come from where they always come."""

    def __init__(self, name: str, path: Path, code: str) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.code, str(self.path), "exec"), module.__dict__)


def _candidates(tree: ast.Module) -> Iterator[tuple[ast.AST, str, ast.AST]]:
    """(node, what is done to it, the node to put in its place), outside annotations, decorators and texts."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in left_out:
            left_out |= {id(child) for child in ast.iter_child_nodes(node)}
            continue
        skip: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            skip += node.decorator_list
        if isinstance(node, ast.FunctionDef):
            skip.append(node.returns)
        if isinstance(node, ast.arg | ast.AnnAssign):
            skip.append(node.annotation)
        left_out |= {id(one) for one in skip if one is not None}
        yield from _changes(node)


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str, ast.AST]]:
    def changed(what: str, **parts: object) -> tuple[ast.AST, str, ast.AST]:
        new = copy.copy(node)
        for name, part in parts.items():
            setattr(new, name, part)
        return node, what, new

    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    swapped = [*ops[:place], other(), *ops[place + 1 :]]
                    yield changed(f"{type(op).__name__} to {other.__name__}", ops=swapped)
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPERATORS:
            other = OPERATORS[type(op)]
            yield changed(f"{type(op).__name__} to {other.__name__}", op=other())
        case ast.BoolOp(op=op):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield changed(f"{type(op).__name__} to {other.__name__}", op=other())
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
            yield node, f"without {type(node.op).__name__}", operand
        case ast.Constant(value=bool() as value):
            yield changed(f"{value} to {not value}", value=not value)
        case ast.Constant(value=int() | float() as value):
            yield changed(f"{value} to {value + 1}", value=value + 1)
        case ast.Return(value=ast.expr() as value) if getattr(value, "value", 0) is not None:
            yield changed("return None", value=ast.Constant(None))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not isinstance(
            test, ast.Compare | ast.BoolOp | ast.UnaryOp
        ):
            yield changed("condition turned round", test=ast.UnaryOp(ast.Not(), test))


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def mutants(module: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines."""
    source = (SOURCE / f"{module}.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    tree = ast.parse(source)
    made = []
    for place, (node, change, _) in enumerate(list(_candidates(tree))):
        fresh = ast.parse(source)
        old, _, new = list(_candidates(fresh))[place]
        mutated = ast.fix_missing_locations(_Swap(old, ast.copy_location(new, old)).visit(fresh))
        at = getattr(node, "lineno", 0)
        made.append(Mutant(at, lines[at - 1].strip(), change, ast.unparse(mutated)))
    return sorted(made, key=lambda mutant: mutant.line)


@cache
def dependents(module: str) -> list[str]:
    """Loaded modules of the package that hold something of this one, itself and the door included."""
    prefix = "mindgap.measure."
    imports = {}
    for path in SOURCE.glob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        names = {node.module.removeprefix(prefix) for node in nodes if node.module}
        imports[path.stem] = names
    found = {module, "__init__"}
    while more := {name for name, of in imports.items() if of & (found - {"__init__"})} - found:
        found |= more
    full = [prefix.rstrip(".") if name == "__init__" else prefix + name for name in found]
    return [name for name in full if name in sys.modules]


def survives(module: str, code: str, *, seconds: float) -> bool:
    """Whether all tests that guard the module pass with this code in its place."""
    dependents(module)
    child = os.fork()
    if child == 0:
        os._exit(_tested(module, code, seconds))
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) in (4, 5):
        raise SystemExit(f"the tests of {module} could not be run")
    return status == 0


def _tested(module: str, code: str, seconds: float) -> int:
    import pytest

    # A mutant may loop for ever; the alarm's default action ends the child.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    for name in dependents(module):
        del sys.modules[name]
    sys.meta_path.insert(0, Finder(f"mindgap.measure.{module}", SOURCE / f"{module}.py", code))
    files = [TESTS / f"test_{name}.py" for name in GUARDS.get(module, (module,))]
    options = ["-x", "-q", "--confcutdir=tests/measure", "--hypothesis-profile=mutate", "-m", "not slow"]
    # The plugin minds that hypothesis was used before it came; warming up is why.
    plugins = ["-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "-W", "ignore:Slow code in plugin"]
    return int(
        pytest.main([*options, *plugins, *(str(path) for path in files if path.exists())], [Quickest()])
    )


class Quickest:
    """Plugin: frozen examples before property tests, of which few examples: most mutants die early."""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        from hypothesis import settings

        items.sort(key=lambda item: getattr(item.obj, "is_hypothesis_test", False))
        for item in items:
            chosen = getattr(item.obj, "_hypothesis_internal_use_settings", None)
            if chosen is not None and chosen.max_examples > EXAMPLES:
                item.obj._hypothesis_internal_use_settings = settings(chosen, max_examples=EXAMPLES)  # noqa: SLF001


def warm() -> None:
    """Import once what every child needs; what holds something of the mutant is imported again there."""
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import hypothesis

    for name in HEAVY:
        importlib.import_module(name)
    # A failure need not be made small: that there is one is all that counts.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "mutate", deadline=None, derandomize=True, database=None, max_examples=EXAMPLES, phases=phases
    )
    importlib.import_module("mindgap.measure")
    hypothesis.settings.load_profile("mutate")
    # The first property test of a process reads the constants of all modules; let it be here.
    hypothesis.given(hypothesis.strategies.floats())(lambda _: None)()
    # Else every collection in a child walks, and so copies, all that was imported here.
    gc.collect()
    gc.freeze()


def run(module: str, *, every: int) -> tuple[int, int]:
    """Print what survives of one module; killed and survived."""
    started = time.perf_counter()
    source = (SOURCE / f"{module}.py").read_text(encoding="utf-8")
    if not survives(module, source, seconds=300):
        raise SystemExit(f"the tests of {module} fail as it is")
    seconds = 5 + 5 * (time.perf_counter() - started)
    known = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get(module, [])
    same = {(entry["line"], entry["change"]) for entry in known}
    chosen = mutants(module)[::every]
    tried = [mutant for mutant in chosen if (mutant.text, mutant.change) not in same]
    survived = 0
    for mutant in tried:
        if survives(module, mutant.code, seconds=seconds):
            survived += 1
            print(f"  {module}.py:{mutant.line}: {mutant.change}: {mutant.text}", flush=True)
    killed = len(tried) - survived
    share = killed / max(len(tried), 1)
    print(
        f"{module}: {share:.1%} of {len(tried)} killed, {len(chosen) - len(tried)} equivalent, "
        f"{time.perf_counter() - started:.0f} s",
        flush=True,
    )
    return killed, survived


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--every", type=int, default=1, help="try only every so many mutants")
    parser.add_argument("--least", type=float, default=0.8, help="smallest score that is good enough")
    given = parser.parse_args()
    warm()
    results = [run(module, every=given.every) for module in given.modules]
    killed, survived = (sum(part) for part in zip(*results, strict=True))
    print(f"all: {killed / max(killed + survived, 1):.1%} of {killed + survived} killed")
    weak = any(dead < given.least * (dead + alive) for dead, alive in results)
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
