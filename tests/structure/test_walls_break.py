"""The walls hold because breaking one is noticed: each breach is made in a copy of the tree, and its check fails."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.structure import tree

_BIN = Path(sys.executable).parent
_LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", "node_modules", "build", "__pycache__", ".*_cache", ".hypothesis", "data"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("src", "tests", "docs", "tools", "frontend"):
        shutil.copytree(tree.ROOT / name, tmp_path / name, ignore=_LEFT_OUT)
    for name in ("pyproject.toml", ".importlinter", "CHANGELOG.md"):
        shutil.copy(tree.ROOT / name, tmp_path / name)
    return tmp_path


def _run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "MINDGAP_TREE": str(copy),
        "PYTHONPATH": f"{copy / 'src'}:{copy}",
        "PYTHONUTF8": "1",
    }
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def _imports(copy: Path) -> subprocess.CompletedProcess[str]:
    return _run(copy, str(_BIN / "lint-imports"), "--no-cache")


def _structure(name: str) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    return lambda copy: _run(
        copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/structure/{name}.py"
    )


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _import_up(copy: Path) -> None:
    _append(copy / "src/mindgap/keep/unit.py", "\nfrom mindgap.show import apps  # noqa\n")


def _impure_measure(copy: Path) -> None:
    _append(copy / "src/mindgap/measure/counts.py", "\nimport random  # noqa\n")


def _computing_page(copy: Path) -> None:
    _append(copy / "src/mindgap/show/apps.py", "\nfrom mindgap.measure import nps  # noqa\n")


def _key_up(copy: Path) -> None:
    _append(
        copy / "src/mindgap/keep/channel.py",
        '\n\nclass Wrong(models.Model):\n    up = models.ForeignKey("collect.Key", models.CASCADE)\n',
    )


def _utils(copy: Path) -> None:
    (copy / "src/mindgap/keep/utils.py").write_text('"""Everything else."""\n')


def _undocumented_setting(copy: Path) -> None:
    _append(copy / "src/mindgap/ground/settings.py", '\nNEW = environment.text("MINDGAP_NEW")\n')


def _untranslated(copy: Path) -> None:
    _append(
        copy / "src/mindgap/show/apps.py",
        '\nfrom django.utils.translation import gettext as _\nX = _("Nobody has translated this")\n',
    )


_BREACHES = {
    "an upward import": (_import_up, _imports, "Imports go down, never up BROKEN"),
    "chance in measure": (_impure_measure, _imports, "clock, chance BROKEN"),
    "a page that computes": (_computing_page, _imports, "Pages never compute BROKEN"),
    "a foreign key that points up": (_key_up, _structure("test_foreign_keys"), "points up to collect.Key"),
    "a utils.py": (_utils, _structure("test_names"), "keep/utils.py"),
    "an undocumented setting": (_undocumented_setting, _structure("test_settings_documented"), "MINDGAP_NEW"),
    "an untranslated text": (_untranslated, _structure("test_translations"), "Nobody has translated this"),
}


@pytest.mark.slow
@pytest.mark.parametrize("breach", _BREACHES)
def test_a_breach_makes_its_check_fail(copy: Path, breach: str) -> None:
    make, check, words = _BREACHES[breach]
    before = check(copy)
    assert before.returncode == 0, before.stdout + before.stderr
    make(copy)
    after = check(copy)
    assert after.returncode != 0
    assert words in after.stdout + after.stderr
