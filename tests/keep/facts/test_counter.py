"""Counting: from tail, files, rollups and memory, always the same."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keep.facts.tail import PLAIN, put, row_of

from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.facts import BadQuestion, CountTable, Question, counter, schema, snapshot, store
from mindgap.keep.models import FactFile, Measure, Organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


def ask(organization, *by, **more):
    return facts.counts(Question(organization.id, by, **more))


def test_nothing_is_counted_as_nothing(organization):
    assert ask(organization, "value").rows() == []
    assert ask(organization).total == 0
    assert ask(organization, weighted=True).rows() == []


def test_readings_are_counted_before_and_after_they_are_closed(organization):
    put(organization, {"value": 3}, {"value": 3}, {"value": 5, "day": 20_100})
    expected = [(3, 2), (5, 1)]
    assert ask(organization, "value").rows() == expected
    assert facts.close_tail(organization, force=True) == 3
    assert FactFile.objects.count() == 2
    assert ask(organization, "value").rows() == expected
    put(organization, {"value": 3})
    assert ask(organization, "value").rows() == [(3, 3), (5, 1)]


def test_a_reading_taken_back_is_counted_no_more(organization):
    put(organization, {"value": 3}, {"value": 4})
    facts.close_tail(organization, force=True)
    put(organization, {"value": 3}, sign=-1)
    assert ask(organization, "value").rows() == [(4, 1)]
    facts.close_tail(organization, force=True)
    assert ask(organization, "value").rows() == [(4, 1)]
    assert facts.compact(organization, force=True) == 2
    assert ask(organization, "value").rows() == [(4, 1)]
    # The pair is gone from the merged file for good.
    assert FactFile.objects.get().rows == 1
    assert not FactFile.objects.get().has_corrections


def test_a_period_has_both_its_days(organization):
    put(organization, *({"day": day} for day in range(20_000, 20_100)))
    facts.close_tail(organization, force=True)
    put(organization, {"day": 20_005})
    assert ask(organization, since=20_003, until=20_005).total == 4
    assert ask(organization, since=20_099).total == 1
    assert ask(organization, until=19_999).total == 0


def test_weeks_and_months_are_those_of_the_clock(organization):
    from mindgap.ground import clock

    days = [20_000, 20_001, 20_031, 20_366]
    put(organization, *({"day": day} for day in days))
    counted = Counter((clock.week_of(day), clock.month_of(day)) for day in days)
    expected = sorted((*key, n) for key, n in counted.items())
    assert ask(organization, "week", "month").rows() == expected
    facts.close_tail(organization, force=True)
    assert ask(organization, "week", "month").rows() == expected


def test_a_gap_is_good_when_positive_whichever_way_the_scale_goes(organization):
    """R11: experienced minus promised or expected, turned so that + is good."""
    days = Measure.objects.create(
        organization=organization, code="days", kind="duration", higher_is_better=False
    )
    stars = Measure.objects.create(organization=organization, code="stars", kind="satisfaction")
    put(
        organization,
        {"measure": days.id, "value": 3, "promised": 5, "expected": 2},
        {"measure": stars.id, "value": 3, "promised": None, "expected": 5},
    )
    expected = [(days.id, 2, -1, 1), (stars.id, None, -2, 1)]
    assert ask(organization, "measure", "gap_promised", "gap_expected").rows() == expected


def test_open_interactions_count_with_the_time_since_their_start(organization):
    mine = {"organization": organization, "kind": "duration", "higher_is_better": False}
    days = Measure.objects.create(**mine, code="days", unit="days")
    hours = Measure.objects.create(**mine, code="hours", unit="hours", step=2)
    waiting = {"state": 2, "answer": 0, "interaction": 7}
    put(
        organization,
        {"measure": days.id, **waiting},
        {"measure": hours.id, **waiting},
        {"measure": days.id, **waiting, "value": 1},
        # What the customer of an open order expects is no waiting time.
        {"measure": days.id, "state": 2, "answer": 9, "expected": 4},
    )
    asked = {"as_of": 20_003}
    expected = [(days.id, 1, 1), (days.id, 3, 1), (days.id, None, 1), (hours.id, 36, 1)]
    assert ask(organization, "measure", "value", **asked).rows() == expected
    facts.close_tail(organization, force=True)
    assert ask(organization, "measure", "value", **asked).rows() == expected
    # By a column that no rollup has.
    assert (
        ask(organization, "measure", "value", "source", **asked).only("measure", "value").rows() == expected
    )


def test_weights_are_summed_and_a_reading_without_weighs_one(organization):
    put(organization, {"value": 1, "weight": 2.5}, {"value": 1}, {"value": 1, "weight": 0.25, "sign": -1})
    assert ask(organization, "value", weighted=True).rows() == [(1, 1, 3.25)]


def test_a_segment_that_older_files_do_not_know_is_unknown_there(organization):
    put(organization, {"value": 1})
    facts.close_tail(organization, force=True)
    put(organization, {"value": 1, "segments": {"state": 4}}, {"value": 2, "segments": {"tier-1": 5}})
    expected = [(4, 1), (None, 2)]
    assert ask(organization, "seg_state").rows() == expected
    facts.close_tail(organization, force=True)
    assert ask(organization, "seg_state").rows() == expected
    assert ask(organization, "seg_nobody_has").rows() == [(None, 3)]
    facts.compact(organization, force=True)
    assert ask(organization, "seg_state", where=Condition.of(**{"seg_tier-1": 5})).rows() == [(None, 1)]


@pytest.mark.parametrize("column", ["customer", "name", "n", 'value" or 1=1 --', "seg_a b", "seg_x\n"])
def test_only_columns_of_the_facts_may_be_asked_for(column):
    with pytest.raises(BadQuestion) as told:
        Question(1, (column,))
    assert told.value.column == column
    with pytest.raises(BadQuestion):
        Question(1, (), where=Condition((Condition.of(**{column: 1}),)))


def test_only_numbers_may_stand_in_a_column():
    with pytest.raises(BadQuestion):
        Question(1, where=Condition.of(touchpoint="1 or true"))
    with pytest.raises(BadQuestion):
        Question(1, where=Condition((Clause("touchpoint", "in", (1, "2")),)))


def test_tables_are_split_and_added_up(organization):
    put(organization, *({"channel": channel, "value": value} for channel in (1, 2) for value in (3, 3, None)))
    table = ask(organization, "channel", "value")
    assert {key: part.rows() for key, part in table.group("channel").items()} == {
        (1,): [(3, 2), (None, 1)],
        (2,): [(3, 2), (None, 1)],
    }
    assert table.only("value").rows() == [(3, 4), (None, 2)]
    assert table.only().rows() == [(6,)]
    assert table.total == 6


def test_the_same_question_again_reads_no_file(organization, monkeypatch):
    put(organization, {"value": 1})
    facts.close_tail(organization, force=True)
    first = ask(organization, "value", "unit")
    monkeypatch.setattr(counter, "count_files", None)
    assert ask(organization, "value", "unit") is first
    put(organization, {"value": 1})
    assert ask(organization, "value", "unit").rows() == [(1, 0, 2)]


def test_only_files_that_came_since_are_counted(organization, monkeypatch):
    put(organization, {"value": 1})
    facts.close_tail(organization, force=True)
    ask(organization, "value")
    read, count = [], counter.count_files

    def seen(key, files, **more):
        read.append([file.rows for file in files])
        return count(key, files, **more)

    monkeypatch.setattr(counter, "count_files", seen)
    put(organization, {"value": 1}, {"value": 2})
    facts.close_tail(organization, force=True)
    assert ask(organization, "value").rows() == [(1, 2), (2, 1)]
    assert read == [[2]]
    # Merging changes no count.
    facts.compact(organization, force=True)
    assert ask(organization, "value").rows() == [(1, 2), (2, 1)]
    assert read == [[2]]


def test_one_organization_is_never_counted_for_another(organization):
    other = Organization.objects.create(code="other")
    put(organization, {"value": 1})
    put(other, {"value": 2})
    for _ in range(2):
        assert ask(organization, "value").rows() == [(1, 1)]
        assert ask(other, "value").rows() == [(2, 1)]
        facts.close_tail(organization, force=True)
        facts.close_tail(other, force=True)


def test_memory_forgets_what_was_asked_longest_ago(organization):
    put(organization, {"value": 1})
    asked = [(Question(organization.id, (name,)), counter.Scales()) for name in ("value", "unit", "channel")]
    answers = [counter._counted(key, snapshot.now(organization.id), None) for key in asked]
    small = counter.Memory(most=answers[0].bytes)
    for key, answer in zip(asked, answers, strict=True):
        small.keep(key, answer)
    assert [small.find(key) is not None for key in asked] == [False, False, True]


_small = st.integers(0, 3)
_known = st.one_of(st.none(), _small)
_reading = st.fixed_dictionaries(
    {
        "day": st.integers(19_990, 20_040),
        "touchpoint": _small,
        "channel": _small,
        "measure": st.integers(1, 2),
        "value": _known,
        "outcome": st.sampled_from([None, -1, 0, 1]),
        "state": _small,
        "answer": st.integers(0, 1),
        "early": st.booleans(),
        "segments": st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 3), max_size=2),
    }
)
_COLUMNS = ("day", "touchpoint", "channel", "value", "outcome", "state", "early", "seg_a", "seg_b")
_ROLLED = ("day", "week", "touchpoint", "measure", "value", "outcome", "state")
_number = st.one_of(st.integers(-1, 3), st.none())
_clause = st.one_of(
    st.builds(Clause, st.sampled_from(_COLUMNS), st.sampled_from(["is", "not", "at_least", "at_most", "above", "below"]), _number),
    st.builds(Clause, st.sampled_from(_COLUMNS), st.sampled_from(["in", "not_in"]), st.lists(_number, max_size=3).map(tuple)),
    st.builds(Clause, st.sampled_from(_COLUMNS), st.sampled_from(["empty", "filled"])),
)  # fmt: skip
_condition = st.builds(
    Condition,
    st.lists(st.one_of(_clause, st.builds(Condition, st.lists(_clause, max_size=2).map(tuple), st.booleans())), max_size=3).map(tuple),
    st.booleans(),
)  # fmt: skip
_step = st.one_of(
    st.tuples(st.just("put"), st.lists(_reading, min_size=1, max_size=4)),
    st.tuples(st.just("take_back"), st.integers(0, 5)),
    st.tuples(st.sampled_from(["close", "compact", "ask", "forget"]), st.none()),
)


_full = st.fixed_dictionaries(
    {
        "day": st.integers(19_990, 20_040),
        "measure": st.integers(1, 3),
        "value": _known,
        "promised": _known,
        "expected": _known,
        "state": _small,
        "answer": st.integers(0, 1),
        "weight": st.one_of(st.none(), st.sampled_from([0.5, 2.0])),
        "sign": st.sampled_from([1, 1, -1]),
        "segments": st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 3), max_size=2),
    }
)
_NUMBERS = ("value", "gap_promised", "gap_expected", "measure", "state", "day", "month", "seg_a")


@settings(max_examples=150, deadline=None)
@given(
    readings=st.lists(_full, max_size=6),
    by=st.lists(st.sampled_from(_NUMBERS), unique=True, max_size=3).map(tuple),
    measures=st.lists(st.integers(1, 3), unique=True, max_size=2).map(tuple),
    columns=st.lists(st.tuples(st.sampled_from(_NUMBERS), st.sampled_from(["above", "not", "filled"]), st.integers(-2, 3)), max_size=2),
    as_of=st.one_of(st.none(), st.integers(20_000, 20_010)),
    until=st.one_of(st.none(), st.integers(20_000, 20_030)),
    weighted=st.booleans(),
)  # fmt: skip
def test_few_readings_are_counted_by_hand_as_the_engine_counts_them(
    readings, by, measures, columns, as_of, until, weighted
):
    where = Condition(
        tuple(Clause(name, op, None if op == "filled" else value) for name, op, value in columns)
    )
    question = Question(1, by, measures, where, until=until, as_of=as_of, weighted=weighted)
    scales = counter.Scales(lower_is_better=(1, 3), steps_per_day=((1, 1.0), (2, 12.0)))
    table = schema.of_rows([row_of(reading) for reading in readings])
    by_hand = CountTable(counter.handcount(question, scales, table), by)
    by_engine = CountTable(counter.count_table((question, scales), table), by)
    assert by_hand.rows() == by_engine.rows()


def _row(reading):
    """A reading as conditions see it: nothing declared (0) is unknown."""
    row = {**PLAIN, **reading, "early": int(reading["early"])}
    row |= {f"seg_{code}": reading["segments"].get(code) for code in "ab"}
    return row | {"week": (row["day"] + 3) // 7}


def _holds(condition, row):
    """`Condition.holds`, with 0 unknown to `empty`, `filled` and comparisons with nothing."""
    if not condition.items:
        return True
    held = []
    for item in condition.items:
        if isinstance(item, Condition):
            held.append(_holds(item, row))
            continue
        nothing = item.value is None if not isinstance(item.value, tuple) else None in item.value
        unknown = item.op in ("empty", "filled") or nothing
        seen = (
            {**row, item.column: None}
            if unknown and item.column in ("touchpoint", "channel") and not row[item.column]
            else row
        )
        by_number = item.holds(row) if isinstance(item.value, tuple) and 0 in item.value else item.holds(seen)
        held.append(by_number)
    return (any if condition.any else all)(held)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(_step, min_size=1, max_size=10),
    by=st.lists(st.sampled_from(_COLUMNS), unique=True, max_size=3).map(tuple),
    rolled=st.lists(st.sampled_from(_ROLLED), unique=True, max_size=3).map(tuple),
    where=_condition,
    since=st.one_of(st.none(), st.integers(19_985, 20_030)),
    rollup_rows=st.sampled_from([0, 3, 1000]),
)  # fmt: skip
def test_counted_by_whatever_way_the_answer_is_the_same(steps, by, rolled, where, since, rollup_rows):
    """From tail, files, rollups and memory, through closing, merging and taking back, equals plain counting."""
    organization = Organization.objects.create(code=f"o{Organization.objects.count()}")
    questions = [
        Question(organization.id, by, where=where, since=since),
        Question(organization.id, rolled, since=since),
    ]
    alive = []

    def check():
        for question in questions:
            rows = [_row(reading) for reading in alive]
            rows = [
                row for row in rows if _holds(question.where, row) and (since is None or row["day"] >= since)
            ]
            expected = Counter(tuple(row[name] for name in question.by) for row in rows)
            table = facts.counts(question)
            assert {row[:-1]: row[-1] for row in table.rows()} == dict(expected)
            afresh = counter.count_afresh(question, snapshot.fresh(organization.id))
            assert afresh.rows() == table.rows()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ROLLUP_ROWS", rollup_rows)
        for what, given_ in steps:
            if what == "put":
                put(organization, *given_)
                alive += given_
            elif what == "take_back" and alive:
                put(organization, alive.pop(given_ % len(alive)), sign=-1)
            elif what == "close":
                facts.close_tail(organization, force=True)
            elif what == "compact":
                facts.compact(organization, force=True)
            elif what == "forget":
                counter.forget()
            elif what == "ask":
                check()
        check()
