"""The public API against whatever can be sent to it, by Schemathesis (C1); `tools/fuzz.py` makes 100,000 cases of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.collect.lane.caller import talk

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_no_request_breaks_the_lane_or_gets_a_reply_that_is_not_described() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/fuzz.py"), "--cases", "480", "--quick"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    cases = re.search(r"^cases: (\d+)$", done.stdout, re.MULTILINE)
    assert cases
    assert int(cases[1]) >= 400


@pytest.mark.parametrize("path", ["/c/v1/health", "/c/v1/openapi.json"])
@pytest.mark.parametrize("method", ["TRACE", "POST", "DELETE"])
def test_what_is_only_looked_at_takes_no_other_method(path: str, method: str) -> None:
    """C10; found by Schemathesis."""
    (reply,) = talk("", (method, path, {}))
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET, HEAD"
