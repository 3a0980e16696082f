"""Following: which customers came back, and after how many days; counted in the engine, never listed one by one.

Each customer is followed from one day on to the end: from their first score on, or from their first interaction on.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mindgap.keep.facts import snapshot, source
from mindgap.keep.facts.errors import FactsMissing
from mindgap.keep.facts.question import Question
from mindgap.keep.facts.statement import Scales, Statement, Writer, needed

Ints = NDArray[np.int64]
_TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """How many customers (`n`) of each group were followed for so many days, and whether they then came back.

    `group` is the score in steps, or the year of the first interaction; `known` the days, over these customers
    together, for which they had been known before. Arrays of shape (m,).
    """

    group: Ints
    days: Ints
    is_back: NDArray[np.bool_]
    known: Ints
    n: Ints


def after_score(scored: Question, visits: Question, *, until: int) -> Followed:
    """Customers from their first score (an answer to the one measure of `scored`) to their next interaction.

    `visits` says which interactions count, over whatever time; `until` is the last day that was seen.
    """
    assert len(scored.measures) == 1
    return _asked(_Asked(scored, visits, until))


def after_first(visits: Question, *, until: int) -> Followed:
    """Customers from their first interaction to their second on another day, by the year of the first.

    Those whose first day lies in the period of the question; what follows may lie after it.
    """
    return _asked(_Asked(None, visits, until))


@dataclass(frozen=True, slots=True)
class _Asked:
    scored: Question | None
    visits: Question
    until: int

    @property
    def whole(self) -> Question:
        """All readings that are looked at, whenever they were."""
        scored = self.scored or self.visits
        measures = tuple(sorted({*scored.measures, *self.visits.measures}))
        return replace(self.visits, by=(), measures=measures, since=None, until=self.until)

    def statement(self) -> Statement:
        """Days on which each customer came (corrected ones on their new day alone), and where following begins."""
        parameters: list[object] = []

        def test(question: Question, *more: str) -> str:
            writer = Writer(question, Scales())
            written = " and ".join([each for each in (writer.test(), "customer <> 0") if each] + list(more))
            parameters.extend(writer.parameters)
            return written

        begin = ""
        if self.scored is not None:
            said = test(self.scored, "answer <> 0", "value is not null")
            begin = (
                "said as (select customer, day, value from reading"  # noqa: S608
                f" where {said} group by all having sum(sign) > 0),"
                # Of two scores of one day the lower one counts.
                " begin as (select customer, min(day) as day, arg_min(value, cast(day as bigint) * 2147483648 + value) as grp"
                " from said group by customer),"
            )
        seen = test(replace(self.visits, since=None, until=None), "interaction <> 0", "answer = 0")
        came = f"came as (select customer, day from reading where {seen} group by all having sum(sign) > 0),"  # noqa: S608
        if self.scored is None:
            bounds = [f"min(day) >= {int(self.visits.since)}"] if self.visits.since is not None else []
            bounds += [f"min(day) <= {int(self.visits.until)}"] if self.visits.until is not None else []
            begin = (
                "begin as (select customer, min(day) as day,"  # noqa: S608
                " year(cast('1970-01-01' as date) + cast(min(day) as integer)) as grp from came group by customer"
                + (f" having {' and '.join(bounds)}" if bounds else "")
                + "),"
            )
        first = begin + came if self.scored is not None else came + begin
        return Statement(
            f"with reading as materialized (select * from {{source}}), {first}"  # noqa: S608
            " followed as (select b.customer, b.grp, b.day, min(c.day) filter (where c.day > b.day) as back,"
            " min(c.day) as entered from begin b left join came c using (customer) group by b.customer, b.grp, b.day)"
            f" select grp, coalesce(back, {int(self.until)}) - day as days, back is not null as is_back,"
            " cast(sum(day - least(coalesce(entered, day), day)) as bigint) as known, count(*) as n from followed"
            f" where day < {int(self.until)} group by all order by all",
            tuple(parameters),
        )


def _asked(asked: _Asked) -> Followed:
    for attempt in range(_TRIES):
        try:
            return _followed(asked, snapshot.now(asked.visits.organization))
        except FactsMissing:
            # A file was replaced and swept between the look at the manifest and the reading of it.
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _followed(asked: _Asked, now: snapshot.Snapshot) -> Followed:
    columns = {"customer", "interaction", "answer", "value"}
    for question in (asked.whole, asked.visits, asked.scored or asked.visits):
        columns |= set(needed(question))
    relation = source.Relation(asked.whole, columns, now)
    if relation.is_empty:
        nobody = np.zeros(0, dtype=np.int64)
        return Followed(nobody, nobody, nobody.astype(bool), nobody, nobody)
    found = relation.ask(asked.statement())
    group, days, known, n = (
        found[name].to_numpy().astype(np.int64) for name in ("grp", "days", "known", "n")
    )
    return Followed(group, days, found["is_back"].to_numpy().astype(bool), known, n)
