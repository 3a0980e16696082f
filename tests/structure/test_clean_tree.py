"""Nothing in the tree ties it to one machine."""

import re
import subprocess

import pytest
from tests.structure import tree

# Put together from pieces, so that this file does not match itself.
_FORBIDDEN = [
    "registry." + "npmjs",
    "files.python" + "hosted",
    "pypi" + ".org",
    "/wo" + "rk/",
    "/ro" + "ot/",
    "farm-" + "studio",
    "farm-" + "bench",
]


def test_no_registry_host_or_machine_path_stands_in_the_tree() -> None:
    listing = subprocess.run(["git", "ls-files"], cwd=tree.ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a checkout: what is tracked cannot be told")
    pattern = re.compile("|".join(map(re.escape, _FORBIDDEN)))
    found = []
    for name in listing.stdout.splitlines():
        path = tree.ROOT / name
        if path.is_file() and (match := pattern.search(path.read_bytes().decode("utf-8", "replace"))):
            found.append(f"{name}: {match.group(0)}")
    assert not found
