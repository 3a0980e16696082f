"""A server of the public lane alone, with surveys that were published into its data folder."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.show.server.installation import Installation

_PUBLISH = """
import json, sys
from mindgap.show.start import start_django
start_django()
from mindgap.ground import clock
from mindgap.keep import definition, invitation, store
store.ready()
from mindgap.keep.models import Organization, Survey, SurveyVersion
shop, _ = Organization.objects.get_or_create(code="shop", defaults={"name": {"en": "Shop"}})
made = {}
for code, raw in json.load(sys.stdin).items():
    survey = Survey.objects.create(organization=shop, code=code, state="live")
    read = definition.read(raw)
    SurveyVersion.objects.create(survey=survey, number=1, definition=definition.write(read),
        digest=definition.digest(read), state="published", published_at=clock.now())
    made[code] = [survey.short, invitation.make(survey)[1]]
print(json.dumps(made))
"""


class AnsweringSite:
    """Where the surveys are: path by code, and what has arrived."""

    def __init__(self, folder: Path) -> None:
        self._installation = Installation(folder)
        self.folder = folder
        self.address = self._installation.address
        self._made: dict[str, list[str]] = {}

    def publish(self, surveys: dict[str, Any]) -> None:
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("MINDGAP_", "DATABASE_", "DJANGO_"))
        }
        done = subprocess.run(
            [sys.executable, "-c", _PUBLISH],
            input=json.dumps(surveys),
            env=kept | {"MINDGAP_DATA": str(self.folder), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self._made |= json.loads(done.stdout)

    def path(self, code: str, *, invited: bool = False) -> str:
        short, token = self._made[code]
        return f"/s/{short}/{token}" if invited else f"/s/{short}"

    def stored(self, kind: str = "answer") -> list[dict[str, Any]]:
        """The bodies of what has arrived of one kind, the oldest first."""
        with sqlite3.connect(f"file:{self.folder / 'mindgap.sqlite3'}?mode=ro", uri=True) as there:
            rows = there.execute(
                "select body from keep_arrival where kind = ? order by seq", [kind]
            ).fetchall()
        there.close()
        return [json.loads(body) for (body,) in rows]

    @contextmanager
    def up(self) -> Iterator["AnsweringSite"]:
        process = self._installation.start("serve", "--public")
        try:
            yield self
        finally:
            process.terminate()
            process.wait(40)
