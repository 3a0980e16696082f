"""Writes requirements.lock: the versions, installed here, of everything that pyproject.toml asks for, directly or not."""

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    waiting = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    pins: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        mark = (name, frozenset(requirement.extras))
        if mark in seen:
            continue
        seen.add(mark)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        pins[name] = found.version
        for text in found.requires or []:
            child = Requirement(text)
            extras = [*requirement.extras, ""]
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(text)
    lines = [
        "# Made by tools/lock.py; versions known to work together. Used as constraints, so other systems may add to it."
    ]
    lines += [f"{name}=={version}" for name, version in sorted(pins.items())]
    (ROOT / "requirements.lock").write_text("\n".join(lines) + "\n")
    print(f"{len(pins)} pins")
    return 0


if __name__ == "__main__":
    sys.exit(main())
