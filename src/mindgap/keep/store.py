"""The database made ready: tables up to date, once, whoever starts first."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Any fixed number; it names the lock among the advisory locks of the database.
_LOCK = 0x4D696E64


def ready() -> None:
    """Bring the tables up to date; processes that start together wait for the one that does it."""
    if not _behind():
        return
    with _alone():
        if _behind():
            call_command("migrate", verbosity=0, interactive=False)


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
        return
    import fcntl

    settings.DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.DATA / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
