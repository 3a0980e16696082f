"""What Django cannot say of the arrivals.

PostgreSQL: each arrival carries the number of the transaction that appended it, made by the database. SQLite has
one writer, so the sequence number alone is the order and the second index would only slow appending down.
"""

from typing import Any

from django.db import migrations


def put(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "alter table keep_arrival alter column \"transaction\" set default (pg_current_xact_id()::text::bigint)"
        )
    else:
        editor.execute("drop index arrival_order")


def take_back(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("alter table keep_arrival alter column \"transaction\" set default 0")
    else:
        editor.execute("create index arrival_order on keep_arrival (\"transaction\", seq)")


class Migration(migrations.Migration):
    dependencies = [("keep", "0001_the_record")]
    operations = [migrations.RunPython(put, take_back)]
