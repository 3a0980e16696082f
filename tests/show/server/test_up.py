"""`mindgap up`: one command, one port, and stopping it loses nothing."""

import signal
import sqlite3
import threading
import time
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from tests.show.server.installation import Installation

from mindgap.ground import identity

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Installation, str]:
    installation = Installation(tmp_path / "shop", is_new=True)
    installation.run("organization", "create", "shop", "--zone", "Asia/Shanghai")
    return installation, installation.run("key", "create", "till")


def _answer() -> dict:
    return {
        "id": str(identity.uuid7()),
        "answered_at": "2026-11-01T10:00:00+08:00",
        "scores": {"satisfaction": 4},
    }


def _stored(installation: Installation) -> set[str]:
    with sqlite3.connect(installation.folder / "mindgap.sqlite3") as database:
        return {str(UUID(row[0])) for row in database.execute("select id from keep_arrival")}


def test_stopping_under_load_loses_no_acknowledged_answer(shop: tuple[Installation, str]) -> None:
    installation, secret = shop
    process = installation.start("up")
    sent, acknowledged = set(), set()
    stopping = threading.Event()

    def send() -> None:
        with httpx.Client(headers={"authorization": f"Bearer {secret}"}, timeout=30) as client:
            while not stopping.is_set():
                answer = _answer()
                sent.add(answer["id"])
                try:
                    reply = client.post(f"{installation.address}/c/v1/answers", json=answer)
                except httpx.HTTPError:
                    return
                if reply.status_code == 200:
                    acknowledged.add(answer["id"])

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    time.sleep(2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
    stopping.set()
    for sender in senders:
        sender.join()
    stored = _stored(installation)
    assert len(acknowledged) > 50
    assert acknowledged <= stored <= sent
    installation.run("work", "--once")
    scores = [each for each in installation.report() if each["code"] == "score.mean" and not each["group"]]
    assert [each["n"] for each in scores] == [len(stored)]


def test_a_reading_is_in_the_facts_moments_after_its_receipt(shop: tuple[Installation, str]) -> None:
    installation, secret = shop
    headers = {"authorization": f"Bearer {secret}"}
    with installation.up(), httpx.Client(headers=headers, timeout=30) as client:
        # The first waits for the worker to start; how quick the others are is measured by the benchmarks.
        for patience in (30.0, 5.0, 5.0):
            answer = _answer()
            assert client.post(f"{installation.address}/c/v1/answers", json=answer).status_code == 200
            received = time.monotonic()
            while answer["id"] not in _recorded(installation):
                assert time.monotonic() - received < patience
                time.sleep(0.02)


def _recorded(installation: Installation) -> set[str]:
    with sqlite3.connect(installation.folder / "mindgap.sqlite3") as database:
        keys = database.execute("select a.key from keep_reading r join keep_answer a on a.id = r.answer")
        return {row[0] for row in keys}


def test_the_pages_ask_who_you_are_and_the_link_of_the_first_start_lets_you_in_once(
    shop: tuple[Installation, str],
) -> None:
    installation, _ = shop
    with installation.up():
        link = installation.run("member", "link").replace("http://127.0.0.1:8377", installation.address)
        with httpx.Client(follow_redirects=True, timeout=30) as client:
            assert "/account/login" in str(client.get(f"{installation.address}/").url)
            page = client.get(link)
            assert page.status_code == 200
            token = client.cookies["mindgap-csrf"]
            form = {"email": "ann@shop.example", "password": "", "csrfmiddlewaretoken": token}
            assert client.post(link, data=form).status_code == 200
            assert "/account/login" not in str(client.get(f"{installation.address}/").url)
        assert httpx.get(link, timeout=30).status_code == 410
