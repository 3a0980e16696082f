"""A real server, a real browser: `mindgap up` with a small sample company and an empty shop beside it."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.show.browser.visitor import Visitor
from tests.show.server.installation import Installation
from tools import chromium

# Five in a hundred of the customers: enough for every figure, loaded in seconds.
_LOAD = (
    "from mindgap.show.start import start_django; start_django(); from mindgap.keep import store; store.ready(); "
    "from mindgap.act import sample; sample.load(scale=0.05)"
)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """It runs; its first organization is the sample company, its second an empty shop."""
    folder = tmp_path_factory.mktemp("browser") / "home"
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "browser-sample"
    shared.mkdir(exist_ok=True)
    # Of the processes among which a run is divided one loads the company, and the others copy what it loaded.
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            _load(Installation(shared / "home"))
            (shared / "done").touch()
    shutil.copytree(shared / "home", folder)
    there = Installation(folder)
    with there.up():
        yield there


def _load(there: Installation) -> None:
    environment = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("MINDGAP_", "DATABASE_", "DJANGO_"))
    }
    environment |= {"MINDGAP_DATA": str(there.folder), "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-c", _LOAD], env=environment, check=True)
    there.run("organization", "create", "shop", "--name", "Corner shop", "--zone", "Asia/Shanghai")


def _come_in(installation: Installation) -> list[dict[str, str]]:
    """The cookies of the administrator, who came in through a one-time link and looks at the sample company."""
    link = installation.run("member", "link").replace("http://127.0.0.1:8377", installation.address)
    # The first page of a server that has just started waits for its modules and for the other tests' processes.
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        client.get(link)
        token = {"csrfmiddlewaretoken": client.cookies["mindgap-csrf"]}
        first = client.post(link, data={"email": "ann@shop.example", "password": "", **token})
        choice = re.search(r'name="organization" value="(\d+)"[^>]*>Lantern', first.text)
        assert choice, "the one-time link did not let anybody in"
        token = {"csrfmiddlewaretoken": client.cookies["mindgap-csrf"]}
        client.post(f"{installation.address}/organization/", data={"organization": choice[1], **token})
        return [
            {"name": each.name, "value": str(each.value), "url": installation.address}
            for each in client.cookies.jar
        ]


@pytest.fixture(scope="session")
def session(installation: Installation) -> list[dict[str, str]]:
    """Signed in once for all tests that only look."""
    return _come_in(installation)


@pytest.fixture(scope="session")
def path_of_chromium() -> str | None:
    # Asked before a browser runs: looking for one starts playwright, of which there may be one only.
    return chromium.find()


# One module long: while it lives an event loop runs, in which Django refuses to ask its database.
@pytest.fixture(scope="module")
def browser(path_of_chromium: str | None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path_of_chromium, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def guest(browser: Browser, installation: Installation) -> Iterator[Visitor]:
    """Somebody who has not signed in."""
    with Visitor.come(browser, installation.address) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def ann(browser: Browser, installation: Installation, session: list[dict[str, str]]) -> Iterator[Visitor]:
    """The administrator, signed in, at the sample company."""
    with Visitor.come(browser, installation.address, cookies=session) as visitor:
        yield visitor


@pytest.fixture
def mover(browser: Browser, installation: Installation) -> Iterator[Visitor]:
    """The administrator in a session of its own, to change the organization in."""
    with Visitor.come(browser, installation.address, cookies=_come_in(installation)) as visitor:
        yield visitor


@pytest.fixture
def plain(browser: Browser, installation: Installation, session: list[dict[str, str]]) -> Iterator[Visitor]:
    """The administrator with a browser that runs no script."""
    with Visitor.come(browser, installation.address, cookies=session, script=False) as visitor:
        yield visitor


@pytest.fixture(autouse=True)
def _keep_picture(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """What the screen showed when a test failed."""
    before = request.session.testsfailed
    yield
    if request.session.testsfailed > before:
        for name in ("ann", "guest", "mover", "plain"):
            if name in request.fixturenames:
                request.getfixturevalue(name).page.screenshot(path=tmp_path / f"{name}.png")
