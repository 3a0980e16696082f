"""`make check`: style, types, walls, translations, docs; runs all, then says which failed."""

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = {
    "style": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "walls": [f"{BIN}/lint-imports", "--no-logo"],
    "types": [f"{BIN}/mypy"],
    "translations": [sys.executable, "tools/translations.py", "missing"],
    "structure and docs": [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "tests/structure",
        "-p",
        "no:cacheprovider",
    ],
}


def main() -> int:
    failed = []
    for name, command in CHECKS.items():
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(
            f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.perf_counter() - started:.1f} s)",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
            print(done.stdout[-8000:], done.stderr[-4000:], flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
