"""Bodies written by the column are those that the record writes by the piece."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.collect.body import bodies
from mindgap.collect.mapping.schema import Record, StatementSource
from mindgap.keep import incoming

WHEN = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
INSTANT = pl.Datetime("us", "UTC")
INTERACTIONS = Record(makes="interactions")


def read(frame: pl.DataFrame, record: Record = INTERACTIONS, **options: str) -> list[incoming.Incoming]:
    return [incoming.read(body.encode()) for body in bodies(frame, record, **options).to_list()]


def ready(rows: dict[str, list], **types: pl.DataType) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides=types)


def test_every_field_of_an_interaction_arrives():
    full = incoming.Interaction(
        key="k", touchpoint="t", started_at=WHEN, customer=incoming.Person({"email": "a@x"}, "Ann", "en"), channel="web",
        unit="u", promise="p", due_at=WHEN, promised=2.5, experienced_at=WHEN, experienced=3, expected_at=WHEN, expected=4,
        cancelled=False, observed_until=WHEN, told_before_due=True, revenue="1.50", cost="0.10", currency="CNY",
        segments={"city": "上海"}, attributes={"colour": "red"},
    )  # fmt: skip
    frame = ready(
        {"row": [0], "key": ["k"], "touchpoint": ["t"], "started_at": [WHEN], "identity email": ["a@x"], "customer_name": ["Ann"],
         "language": ["en"], "channel": ["web"], "unit": ["u"], "promise": ["p"], "due_at": [WHEN], "promised": [2.5],
         "experienced_at": [WHEN], "experienced": [3.0], "expected_at": [WHEN], "expected": [4.0], "cancelled": [False],
         "observed_until": [WHEN], "told_before_due": [True], "revenue": ["1.50"], "cost": ["0.10"], "segment city": ["上海"],
         "attribute colour": ["red"]}
    )  # fmt: skip
    assert read(frame, currency="CNY") == [full]


def test_every_field_of_an_answer_arrives():
    record = Record(
        makes="answers", statements=(StatementSource(measure="days", value="e", kind="should", source="s"),)
    )
    full = incoming.Answer(
        key="k", answered_at=WHEN, touchpoint="t", scores={"nps": 9}, expected=(incoming.Statement("days", 3, "should", "ads"),),
        customer=incoming.Person({"order": "o"}), interaction="i", channel="web", unit="u", asked_at=WHEN, language="zh",
        comment="好", weight=1.5, segments={"a": "b"}, attributes={"c": "d"},
    )  # fmt: skip
    frame = ready(
        {"key": ["k"], "answered_at": [WHEN], "touchpoint": ["t"], "score nps": [9.0], "statement 0 days": [3.0],
         "source 0": ["ads"], "identity order": ["o"], "interaction": ["i"], "channel": ["web"], "unit": ["u"],
         "asked_at": [WHEN], "language": ["zh"], "comment": ["好"], "weight": [1.5], "segment a": ["b"], "attribute c": ["d"]}
    )  # fmt: skip
    # A person's language is the answer's, too: it is all that is known of them.
    full = incoming.read(incoming.write(full).replace(b'{"order":"o"}}', b'{"order":"o"},"language":"zh"}'))
    assert read(frame, record) == [full]


def test_a_customer_carries_segments_and_attributes():
    frame = ready(
        {
            "key": ["k", "l"],
            "identity email": ["a@x", "b@x"],
            "segment tier": ["gold", None],
            "attribute c": [None, "d"],
        }
    )
    assert read(frame, Record(makes="customers")) == [
        incoming.Customer("k", incoming.Person({"email": "a@x"}, segments={"tier": "gold"})),
        incoming.Customer("l", incoming.Person({"email": "b@x"}, attributes={"c": "d"})),
    ]


def test_what_is_empty_is_left_out():
    frame = ready(
        {"key": ["k"], "touchpoint": ["t"], "started_at": [WHEN], "identity email": [None], "customer_name": ["Ann"],
         "channel": [None], "due_at": [None], "promised": [None], "revenue": [None], "segment city": [None]},
        due_at=INSTANT, promised=pl.Float64, channel=pl.String, revenue=pl.String,
        **{"identity email": pl.String, "segment city": pl.String},
    )  # fmt: skip
    assert read(frame, currency="CNY") == [incoming.Interaction("k", "t", WHEN)]
    assert bodies(frame, INTERACTIONS)[0].count("null") == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(texts):
    keys = [f"k{number}" for number in range(len(texts))]
    frame = ready({"key": keys, "answered_at": [WHEN] * len(texts), "comment": texts, "segment a": texts})
    back = read(frame, Record(makes="answers"))
    assert [each.comment for each in back] == texts
    assert [each.segments["a"] for each in back] == texts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=8))
def test_any_number_comes_back_as_it_was(numbers):
    keys = [f"k{number}" for number in range(len(numbers))]
    frame = ready({"key": keys, "answered_at": [WHEN] * len(numbers), "score nps": numbers})
    assert [each.scores["nps"] for each in read(frame, Record(makes="answers"))] == numbers
