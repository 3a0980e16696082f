"""A whole installation in a folder of its own: the command as people run it, in processes of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests import template


class Installation:
    """Runs `mindgap` commands with one data folder."""

    def __init__(self, folder: Path, *, is_new: bool = False) -> None:
        """`is_new`: it makes its tables itself, as on a machine of a newcomer."""
        self.folder = folder
        if not is_new:
            template.lay(folder / "mindgap.sqlite3")
        # Neither the test's own data folder nor its database may leak into it.
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("MINDGAP_", "DATABASE_", "DJANGO_"))
        }
        self._environment = kept | {"MINDGAP_DATA": str(folder), "PYTHONUTF8": "1"}
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> str:
        """The output of a command that must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "mindgap", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def report(self, *arguments: str) -> list[dict]:
        return json.loads(self.run("report", "--json", *arguments))

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start a command that stays, such as `up`; wait until it answers."""
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "mindgap", *arguments, "--port", str(self.port)],
            env=self._environment,
            stdout=log,
            stderr=log,
        )
        for _ in range(900):
            assert process.poll() is None, Path(log.name).read_text()
            try:
                with urlopen(f"{self.address}/c/v1/health", timeout=1):
                    log.close()
                    return process
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("it did not answer within 90 seconds: " + Path(log.name).read_text())

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen]:
        process = self.start("up")
        try:
            yield process
        finally:
            process.terminate()
            process.wait(40)
