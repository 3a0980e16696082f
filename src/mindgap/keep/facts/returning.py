"""Returning: how often customers came, and when last; counted in the engine, per history and never per customer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mindgap.keep.facts import snapshot, source
from mindgap.keep.facts.errors import FactsMissing
from mindgap.keep.facts.question import Question
from mindgap.keep.facts.statement import Scales, Statement, Writer, needed

Ints = NDArray[np.int64]
_TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """How many customers (`n`) have each history; arrays of shape (m,), times in days.

    `repeats`: days with an interaction after the first such day; `last`: from the first to the last of them;
    `observed`: from the first to the end of the period.
    """

    repeats: Ints
    last: Ints
    observed: Ints
    n: Ints


def histories(question: Question) -> Histories:
    """The histories of the customers who are known and had an interaction of the question's measures before `until`.

    Several interactions of one day count once. The period must have an end; `by` is not used.
    """
    assert question.until is not None
    plain = Question(
        question.organization, (), question.measures, question.where, question.since, question.until
    )
    for attempt in range(_TRIES):
        try:
            return _histories(plain, snapshot.now(question.organization))
        except FactsMissing:
            # A file was replaced and swept between the look at the manifest and the reading of it.
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _histories(question: Question, now: snapshot.Snapshot) -> Histories:
    relation = source.Relation(question, {*needed(question), "customer", "interaction", "answer"}, now)
    if relation.is_empty:
        nobody = np.zeros(0, dtype=np.int64)
        return Histories(nobody, nobody, nobody, nobody)
    found = relation.ask(_statement(question))
    columns = (found[name].to_numpy().astype(np.int64) for name in ("repeats", "last", "observed", "n"))
    return Histories(*columns)


def _statement(question: Question) -> Statement:
    writer = Writer(question, Scales.of(question))
    tests = [test for test in (writer.test(), "customer <> 0 and interaction <> 0 and answer = 0") if test]
    # An interaction whose day was corrected is there on its new day alone.
    days = (
        f"select customer, day from {{source}} where {' and '.join(tests)}"  # noqa: S608
        " group by customer, day having sum(sign) > 0"
    )
    each = (
        "select count(*) - 1 as repeats, max(day) - min(day) as last,"  # noqa: S608
        f" {int(question.until or 0)} - min(day) as observed from ({days}) group by customer"
    )
    sql = f"select repeats, last, observed, count(*) as n from ({each}) where observed > 0 group by all order by all"  # noqa: S608
    return Statement(sql, tuple(writer.parameters))
