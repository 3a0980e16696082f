"""Readings put into the tail as a recorder would, for tests of counting."""

from mindgap.keep import bulk, ledger, readings
from mindgap.keep.facts import schema
from mindgap.keep.models import Reading

# Of a reading that says nothing of its own.
PLAIN = {
    "day": 20_000, "asked_day": None, "touchpoint": 0, "channel": 0, "unit": 0, "measure": 1, "promise": 0,
    "source": 0, "customer": 0, "interaction": 0, "answer": 1, "value": None, "expected": None, "promised": None,
    "should": None, "minimum": None, "outcome": None, "outcome_time": None, "state": 0, "early": False, "weight": None, "segments": {},
}  # fmt: skip


def put(organization, *given, sign=1):
    """Add readings, each described by what differs from `PLAIN`."""
    rows = []
    for each in given:
        row = {**PLAIN, **each}
        row["segments"] = bulk.json(row["segments"])
        rows.append((organization.id, row.get("sign", sign), *(row[name] for name in readings.COLUMNS)))
    bulk.insert("keep_reading", ledger.READING, rows)
    bulk.execute(
        "insert into keep_factversion (organization_id, version, closed_to) values (%s, 0, 0) on conflict do nothing",
        [organization.id],
    )


def row_of(reading):
    """A described reading as a row of the tail, in the order of `schema.TAIL`."""
    row = {**PLAIN, "sign": 1, **reading}
    return [bulk.json(row[name]) if name == "segments" else row[name] for name in schema.TAIL]


def held(organization):
    """How many rows the tail holds."""
    return Reading.objects.filter(organization=organization).count()
