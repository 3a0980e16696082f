"""Sequence: what the same customers said or did one after another; counted in the engine, nobody is named.

Customers go in as numbers where somebody must say whom (those of cases); out come counts, or rows without names in an
order of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mindgap.keep.facts import snapshot, source
from mindgap.keep.facts.errors import FactsMissing
from mindgap.keep.facts.question import Question
from mindgap.keep.facts.statement import Scales, Statement, Writer, needed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_TRIES = 3
_COLUMNS = frozenset(
    {"customer", "interaction", "answer", "touchpoint", "measure", "value", "outcome", "day", "sign"}
)
_NEVER = 2**31 - 1
# One line for each reading that still counts; a customer whom nobody knows cannot come back.
_READINGS = (
    "readings as materialized (select customer, interaction, answer, touchpoint, measure, value, outcome, day"
    " from {{source}} where {test} group by all having sum(sign) > 0)"
)


@dataclass(frozen=True, slots=True)
class Starts:
    """From when on somebody is followed: customer, group (1 or more) and day; and who had trouble since which day."""

    customers: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    troubled: tuple[int, ...] = ()
    trouble_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Afterwards:
    """How many customers of each group said which value next, and how many came back or not; arrays of shape (m,).

    Group 0 are those who had no trouble.
    """

    groups: Ints
    values: Ints
    n: Ints
    back_groups: Ints
    came_back: Ints
    back_n: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """One way of each customer: mean, worst and last score of its touchpoints, how many, and the judgement of it all."""

    overall: Floats
    mean: Floats
    worst: Floats
    last: Floats
    touchpoints: Floats


def afterwards(question: Question, measure: int, starts: Starts, *, within: int) -> Afterwards:
    """What each customer said next of a measure within so many days of their start, and whether they came back.

    Those in `starts` are followed from their day. All others are followed from their first day in the period, as
    group 0, for as long as they had no trouble: no missed promise up to the day that counts, and none of `troubled`
    before it. (Trouble of the same day may have come of that very answer.) Whoever could not be followed for the
    whole time neither came back nor stayed away. `question.until` is the last day known.
    """
    assert question.until is not None
    begin = (
        "given as (select unnest(?::bigint[]) as customer, unnest(?::int[]) as grp, unnest(?::int[]) as start),"  # noqa: S608
        " told as (select unnest(?::bigint[]) as customer, unnest(?::int[]) as day),"
        " trouble as (select customer, min(day) as day from told group by customer),"
        " missed as (select customer, min(day) as day from readings where outcome = -1 group by customer),"
        " starts as (select customer, grp, start from given union all select r.customer, 0, min(r.day)"
        "  from readings r where r.customer not in (select customer from given) group by r.customer),"
        " followed as (select s.customer, s.grp, s.start,"
        f" case when s.grp > 0 then {_NEVER} else least(coalesce(t.day, {_NEVER}), coalesce(m.day - 1, {_NEVER})) end"
        "  as clean from starts s left join trouble t using (customer) left join missed m using (customer))"
    )
    said = (
        f"{begin}, next as (select f.customer, f.grp, first(r.value order by r.day, r.answer) as value,"  # noqa: S608
        " min(r.day) as day, any_value(f.clean) as clean from followed f join readings r using (customer)"
        " where r.measure = ? and r.value is not null and r.answer <> 0 and r.day > f.start"
        " and r.day <= f.start + ? group by f.customer, f.grp)"
        " select grp, value, count(*) as n from next where day <= clean group by all order by all"
    )
    back = (
        f"{begin}, next as (select f.customer, f.grp, any_value(f.clean) as clean, min(f.start) as start,"  # noqa: S608
        " min(case when r.interaction <> 0 and r.answer = 0 and r.day > f.start and r.day <= f.start + ?"
        "  then r.day end) as day from followed f left join readings r using (customer) group by f.customer, f.grp)"
        # Whoever had trouble before coming back, or before the time was over, is no example of having none.
        " select grp, cast(day is not null as integer) as back, count(*) as n from next"
        " where start + ? <= ? and coalesce(day, start + ?) <= clean group by all order by all"
    )
    lists: list[Any] = [
        list(starts.customers), list(starts.groups), list(starts.days),
        list(starts.troubled), list(starts.trouble_days),
    ]  # fmt: skip
    first = _ask(question, said, [*lists, measure, within])
    second = _ask(question, back, [*lists, within, within, question.until, within])
    return Afterwards(*_ints(first, "grp", "value", "n"), *_ints(second, "grp", "back", "n"))


def pairs(question: Question, before: int, after: int, *, least: int, most: int) -> tuple[Ints, Ints, Ints]:
    """How many customers gave each pair of values: of `before`, then of `after` from `least` to `most` days later.

    One pair for each customer: their last value of `after`, with the last one of `before` that fits.
    """
    sql = (
        "late as (select customer, first(value order by day desc, answer desc) as value, max(day) as day"
        " from readings where measure = ? and value is not null group by customer),"
        " fits as (select l.customer, any_value(l.value) as late, first(r.value order by r.day desc, r.answer desc)"
        "  as early from late l join readings r using (customer) where r.measure = ? and r.value is not null"
        "  and r.day <= l.day - ? and r.day >= l.day - ? group by l.customer)"
        " select early, late, count(*) as n from fits group by all order by all"
    )
    found = _ask(question, sql, [after, before, least, most])
    early, late, n = _ints(found, "early", "late", "n")
    return early, late, n


def journeys(
    question: Question,
    moment: int,
    overall: int,
    touchpoints: Sequence[int],
    *,
    within: int,
    better: str,
    apart: bool = True,
) -> Journeys:
    """The ways of customers with two touchpoints or more, scored by `moment`, in the days up to their last `overall`.

    The judgement of the whole is one that was asked apart from any touchpoint, or (`apart` false) anywhere; a moment
    never comes from the same answer as the judgement: who answers both in one go agrees with himself.
    """
    worst = "min" if better == "higher" else "max"
    sql = (
        "whole as (select customer, first(value order by day desc, answer desc) as value,"  # noqa: S608
        " first(answer order by day desc, answer desc) as answer, max(day) as day from readings"
        f" where measure = ? and {'touchpoint = 0' if apart else 'answer <> 0'} and value is not null group by customer),"
        " ways as (select w.customer, any_value(w.value) as overall, avg(r.value) as mean,"
        f" {worst}(r.value) as worst, first(r.value order by r.day desc, r.answer desc) as last, count(*) as n"
        "  from whole w join readings r using (customer) where r.measure = ? and r.value is not null"
        "  and r.touchpoint in (select unnest(?::int[])) and r.answer <> w.answer and r.day <= w.day and r.day > w.day - ?"
        "  group by w.customer having count(*) > 1)"
        # In the order of the values, so that nobody can be told by their place.
        " select overall, mean, worst, last, n from ways order by all"
    )
    found = _ask(question, sql, [overall, moment, list(touchpoints), within])
    return Journeys(
        *(each.astype(np.float64) for each in _columns(found, "overall", "mean", "worst", "last", "n"))
    )


def _ask(question: Question, sql: str, parameters: list[Any]) -> pa.Table | None:
    for attempt in range(_TRIES):
        try:
            relation = source.Relation(
                question, {*needed(question), *_COLUMNS}, snapshot.now(question.organization)
            )
            if relation.is_empty:
                return None
            writer = Writer(question, Scales.of(question))
            test = " and ".join(test for test in (writer.test(), "customer <> 0") if test)
            whole = f"with {_READINGS.format(test=test)}, {sql}"
            return relation.ask(Statement(whole, (*writer.parameters, *parameters)))
        except FactsMissing:
            # A file was replaced and swept between the look at the manifest and the reading of it.
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _ints(table: pa.Table | None, *names: str) -> list[Ints]:
    return [column.astype(np.int64) for column in _columns(table, *names)]


def _columns(table: pa.Table | None, *names: str) -> list[NDArray[Any]]:
    if table is None:
        return [np.zeros(0) for _ in names]
    return [table[name].to_numpy() for name in names]
