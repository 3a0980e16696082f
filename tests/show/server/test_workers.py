"""`mindgap serve --public --workers N`: several processes on one port, each answer once, and only where it can be."""

import os
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
import psutil
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from tests.show.server.installation import Installation

from mindgap.collect import key
from mindgap.collect.lane.limits import Limits
from mindgap.ground import identity
from mindgap.keep import recorder
from mindgap.keep.models import Arrival, Organization
from mindgap.show.cli import serve

ANSWER = {"answered_at": "2026-11-01T10:00:00+08:00", "scores": {"satisfaction": 4}}
WRITERS = "select count(*) from pg_stat_activity where datname = current_database() and query like 'insert into keep_arrival%'"


class Several(Installation):
    """An installation whose record is the database of this test."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, is_new=True)
        if connection.vendor == "postgresql":
            url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
            self._environment["DATABASE_URL"] = urlunsplit(url)
        else:
            folder.mkdir()
            (folder / "mindgap.sqlite3").symlink_to(connection.settings_dict["NAME"])

    def writers(self, server: subprocess.Popen[bytes]) -> int:
        """How many processes have appended something."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(WRITERS)
                return int(cursor.fetchone()[0])
        # Each has opened the door at which it waits for its turn.
        servers = psutil.Process(server.pid).children(recursive=True)
        return sum(any(file.path.endswith("-door") for file in each.open_files()) for each in servers)


def send(address: str, secret: str, ids: list[UUID], replies: list[int]) -> None:
    """Send answers one by one, over a connection of one's own."""
    with httpx.Client(headers={"authorization": f"Bearer {secret}"}, timeout=30) as client:
        for name in ids:
            sent = client.post(f"{address}/c/v1/answers", json={"id": str(name), **ANSWER})
            replies.append(sent.status_code)


@pytest.mark.django_db(transaction=True)
def test_of_several_processes_on_one_port_each_keeps_what_it_gets_and_nothing_is_kept_twice(
    tmp_path: Path,
) -> None:
    """P1, with two writers: every third answer is sent a second time, at the same time, to whoever takes it."""
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    secret = key.make(shop.pk, "till")[1]
    installation, replies = Several(tmp_path / "shop"), list[int]()
    process = installation.start("serve", "--public", "--workers", "2")
    ids: set[UUID] = set()
    try:
        # Which process takes a connection is the system's choice: new ones are opened until both were chosen.
        for _ in range(20):
            mine = [[identity.uuid7() for _ in range(15)] for _ in range(8)]
            ids.update(name for each in mine for name in each)
            again = [each[::-3] for each in mine]
            threads = [
                threading.Thread(target=send, args=(installation.address, secret, each, replies))
                for each in (*mine, *again)
            ]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            if installation.writers(process) == 2:
                break
        assert installation.writers(process) == 2
    finally:
        process.terminate()
        assert process.wait(40) == 0
    assert set(replies) == {200}
    assert len(replies) == len(ids) // 15 * 20
    stored = list(Arrival.objects.values_list("id", flat=True))
    assert len(stored) == len(ids)
    assert set(stored) == ids
    assert recorder.catch_up().arrivals == len(ids)


@pytest.mark.django_db
def test_several_processes_are_for_the_public_lane_alone() -> None:
    done = CliRunner().invoke(serve.command, ["--workers", "2"])
    assert done.exit_code == 1
    assert "add --public" in done.output


def test_processes_share_every_limit_and_none_is_lost_in_the_division() -> None:
    limits = Limits("secret", settings.DATA, processes=3)
    assert [limits.share(most) for most in (0, 1, 20, 1000)] == [0, 1, 7, 334]
    assert Limits("secret", settings.DATA).share(20) == 20
