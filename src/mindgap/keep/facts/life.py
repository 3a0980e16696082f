"""Life of the closed files: the tail is closed when it is long or old, small files are merged, orphans swept."""

import shutil
from collections.abc import Iterable
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from mindgap.ground import clock
from mindgap.keep import bulk
from mindgap.keep.facts import engine, snapshot, store
from mindgap.keep.facts.snapshot import File
from mindgap.keep.models import Organization

# A month with so many small files gets one in their place.
_MANY = 8
_SMALL_ROWS = 500_000
_FULL_ROWS = 1_000_000
# Most rows of the tail that are closed in one go.
_TAIL_ROWS = 500_000
# So long a file that is listed no more stays for those who still read it.
_SWEEP_SECONDS = 3600.0


def close_tail(organization: Organization, *, force: bool = False) -> int:
    """Move the tail into closed files if it is long or old enough, or forced; how many readings moved.

    1. Write the readings up to now to files. 2. In one transaction list the files and delete those readings.
    A crash between the two leaves files that nobody lists; `sweep` removes them.
    """
    closed = 0
    while force or _is_due(organization.id):
        version, closed_to = snapshot.version_of(organization.id)
        rows = snapshot.tail_rows(organization.id, after=closed_to, most=_TAIL_ROWS)
        if not rows:
            break
        chunk = snapshot.chunk_of(rows)
        written = store.write(organization.id, chunk.table)
        if not store.publish(organization.id, written, version=version, closed_to=chunk.last):
            # Somebody else changed the files meanwhile, perhaps closed this very tail.
            store.discard(written)
            break
        closed += len(rows)
        if len(rows) < _TAIL_ROWS:
            break
    return closed


def compact(organization: Organization, *, force: bool = False) -> int:
    """Merge the small files of months that have many of them (`force`: more than one); how many files went."""
    merged = 0
    by_month: dict[int, list[File]] = {}
    for file in snapshot.files_of(organization.id):
        if file.rows < _SMALL_ROWS:
            by_month.setdefault(file.month, []).append(file)
    for files in by_month.values():
        if len(files) >= (2 if force else _MANY):
            for group in _groups(files):
                merged += _merge(organization.id, group)
    return merged


def sweep() -> int:
    """Remove files that no manifest lists, an hour after they were written or replaced; how many."""
    listed = {name for pair in bulk.fetch("select name, rollup from keep_factfile") for name in pair}
    root, removed = store.folder(), 0
    limit = clock.now() - timedelta(seconds=_SWEEP_SECONDS)
    for path in root.glob("organization=*/month=*/*"):
        if str(path.relative_to(root)) not in listed and path.stat().st_mtime < limit.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def drop(organization: Organization) -> None:
    """Remove all facts of an organization, files included; the record stays as it is."""
    dropped = False
    while not dropped:
        version, closed_to = snapshot.version_of(organization.id)
        last = snapshot.last_reading(organization.id) or closed_to
        dropped = store.publish(organization.id, [], version=version, closed_to=last, removed=None)
    shutil.rmtree(store.folder() / f"organization={organization.id}", ignore_errors=True)


def _is_due(organization: int) -> bool:
    found = bulk.fetch(
        "select tail_since, closed_to from keep_factversion where organization_id = %s", [organization]
    )
    if not found or found[0][0] is None:
        return False
    since = bulk.read_instant(found[0][0])
    if since is not None and (clock.now() - since).total_seconds() >= settings.FACTS_TAIL_SECONDS:
        return True
    sql = "select count(*) from keep_reading where organization_id = %s and id > %s"
    return bool(bulk.fetch(sql, [organization, found[0][1]])[0][0] >= settings.FACTS_TAIL_ROWS)


def _groups(files: Iterable[File]) -> Iterable[list[File]]:
    """Files in portions that make one full file each."""
    group: list[File] = []
    for file in sorted(files, key=lambda file: file.rows):
        if group and sum(each.rows for each in group) + file.rows > _FULL_ROWS:
            yield group
            group = []
        group.append(file)
    if len(group) > 1:
        yield group


def _merge(organization: int, files: list[File]) -> int:
    version, _ = snapshot.version_of(organization)
    listed = {file.id for file in snapshot.files_of(organization)}
    if not listed.issuperset(file.id for file in files):
        return 0
    tables = [pq.read_table(store.folder() / file.name, partitioning=None) for file in files]
    whole = pa.concat_tables(tables, promote_options="default")
    if any(file.has_corrections for file in files):
        whole = _without_pairs(whole)
    leaves = sorted(set().union(*(file.leaves for file in files)))
    written = store.write(organization, whole, leaves=leaves)
    if not store.publish(organization, written, version=version, removed=[file.id for file in files]):
        store.discard(written)
        return 0
    return len(files)


def _without_pairs(readings: pa.Table) -> pa.Table:
    """The same readings without those that were taken back."""
    columns = ", ".join(f'"{name}"' for name in readings.column_names if name != "sign")
    counted = engine.run(
        f"select {columns}, cast(sum(sign) as tinyint) as sign from readings group by all having sum(sign) <> 0",  # noqa: S608
        tables={"readings": readings},
    )
    return counted.select(readings.column_names).cast(readings.schema)
