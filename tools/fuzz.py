"""Throws made-up requests at the public API and says whether any broke it (C1).

    .venv/bin/python tools/fuzz.py --cases 100000      # by hand, about an hour on two cores
    .venv/bin/python tools/fuzz.py --cases 500 --quick # what the tests do

It starts a lane of its own in a folder of its own, reads its description as any program would, and lets Schemathesis
make requests that fit it and requests that do not: no server error, no status and no body that is not described, no
way past the key. The last line says how many cases there were.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,ignored_auth,unsupported_method"
)
# Among how many operations the cases are divided.
_OPERATIONS = 12


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=500, help="about how many requests")
    asked.add_argument(
        "--quick", action="store_true", help="without each kind of wrong request for each field"
    )
    asked.add_argument("--seed", type=int, default=1, help="the same seed makes the same requests")
    given = asked.parse_args()
    os.environ["LANE_KEY_PER_SECOND"] = os.environ["LANE_ADDRESS_PER_SECOND"] = "0"
    from tests.show.server.installation import Installation

    with tempfile.TemporaryDirectory() as folder:
        there = Installation(Path(folder) / "home")
        there.run("organization", "create", "shop", "--name", "Shop")
        key = there.run("key", "create", "fuzz", "--organization", "shop")
        server = there.start("serve", "--public")
        try:
            return _fuzz(there.address, key, given)
        finally:
            server.terminate()
            server.wait(40)


def _fuzz(address: str, key: str, given: argparse.Namespace) -> int:
    tool = Path(sys.executable).with_name("st")
    command = [
        str(tool), "run", f"{address}/c/v1/openapi.json", "--checks", CHECKS, "--phases", "fuzzing" if given.quick else "coverage,fuzzing",
        "--max-examples", str(max(1, given.cases // _OPERATIONS)), "--seed", str(given.seed), "--header", f"Authorization: Bearer {key}",
        "--generation-database", "none", "--suppress-health-check", "all", "--continue-on-failure", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    sys.stdout.write(done.stdout[-6000:] + done.stderr[-2000:])
    found = re.search(r"(\d+) generated", done.stdout)
    sys.stdout.write(f"cases: {found[1] if found else 'unknown'}\n")
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
