"""`make check`: style, types, walls, translations, docs; runs all, two at a time, then says which failed."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
# The longest first: what is short then fits beside them.
CHECKS = {
    "structure and docs": [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "tests/structure",
        "-p",
        "no:cacheprovider",
    ],
    "types": [f"{BIN}/mypy"],
    "style": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "walls": [f"{BIN}/lint-imports", "--no-logo"],
    "translations": [sys.executable, "tools/translations.py", "missing"],
}


def main() -> int:
    with ThreadPoolExecutor(max_workers=2) as pool:
        failed = [
            name for name, is_good in zip(CHECKS, pool.map(_is_good, CHECKS), strict=True) if not is_good
        ]
    return 1 if failed else 0


def _is_good(name: str) -> bool:
    started = time.perf_counter()
    done = subprocess.run(CHECKS[name], capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if done.returncode:
        print(f"FAIL {name} ({took:.1f} s)", done.stdout[-8000:], done.stderr[-4000:], sep="\n", flush=True)
    else:
        print(f"ok   {name} ({took:.1f} s)", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
