"""Throws made-up requests at the public API and says whether any broke it (C1).

    .venv/bin/python tools/fuzz.py --cases 100000      # by hand, about an hour on two cores
    .venv/bin/python tools/fuzz.py --cases 500 --quick # what the tests do

It starts a lane of its own in a folder of its own, reads its description as any program would, and lets Schemathesis
make requests that fit it and requests that do not: no server error, no status and no body that is not described, no
way past the key. Made-up addresses never meet a source of another tool, so each source that needs no signature gets
runs of its own. The last line says how many cases there were.
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
_SOURCES = ("tencent", "haoke")
_INBOUND = "/c/v1/in/{source}/{short}"
_MAPPING = """
touchpoint = "delivery"
comment = "q3"
scores.q1 = {measure = "recommend", add = -1}
expected.q4 = {measure = "days", kind = "will"}
customer = {email = "q7"}
"""


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
        mapping = Path(folder) / "map.toml"
        mapping.write_text(_MAPPING)
        shorts = {
            kind: there.run("inbound", "add", kind, kind, "--map", str(mapping)).rpartition("/")[2]
            for kind in _SOURCES
        }
        server = there.start("serve", "--public")
        try:
            # The sources first: whoever tries wrong addresses is kept from the right ones for a minute.
            runs = []
            for kind, short in shorts.items():
                config = Path(folder) / f"{kind}.toml"
                config.write_text(f'[parameters]\n"path.source" = "{kind}"\n"path.short" = "{short}"\n')
                runs.append(_fuzz(there.address, key, given, "--include-path", _INBOUND, config=config))
            runs.append(_fuzz(there.address, key, given))
        finally:
            server.terminate()
            server.wait(40)
    sys.stdout.write(f"cases: {sum(cases for cases, _ in runs)}\n")
    return max(code for _, code in runs)


def _fuzz(
    address: str, key: str, given: argparse.Namespace, *further: str, config: Path | None = None
) -> tuple[int, int]:
    """One run: how many cases it made, and how it ended."""
    command = [
        str(Path(sys.executable).with_name("st")), *(("--config-file", str(config)) if config else ()), "run",
        f"{address}/c/v1/openapi.json", "--checks", CHECKS, "--phases", "fuzzing" if given.quick else "coverage,fuzzing",
        "--max-examples", str(max(1, given.cases // _OPERATIONS)), "--seed", str(given.seed), "--header", f"Authorization: Bearer {key}",
        "--generation-database", "none", "--suppress-health-check", "all", "--continue-on-failure", "--no-color", *further,
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    sys.stdout.write(done.stdout[-6000:] + done.stderr[-2000:])
    found = re.search(r"(\d+) generated", done.stdout)
    return int(found[1]) if found else 0, done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
