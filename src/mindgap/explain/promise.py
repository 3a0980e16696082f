"""Promise: how often it is kept, how often missed, and whether customers were told in time (R8, R30, R165–R166)."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from mindgap.explain.cell import Cell, interactions
from mindgap.explain.disclosure import concealed
from mindgap.explain.figure import Kept, Missed
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.ground import clock
from mindgap.ground.condition import Clause, Condition
from mindgap.keep.interaction import COMPLETED, OPEN
from mindgap.keep.models import Interaction
from mindgap.measure import proportion

# The columns by which the record itself can be asked; the facts do not hold who was told.
_RECORD = {"touchpoint": "touchpoint_id", "channel": "channel_id", "unit": "unit_id", "promise": "promise_id"}


def promises(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Kept (open ones censored) and missed (completed ones, by both rules), of every touchpoint; with `by`: of each group."""
    return concealed((each for cell in interactions(inquiry) for each in of_cell(cell, inquiry)), inquiry)


def of_cell(cell: Cell, inquiry: Inquiry) -> Iterator[Finding]:
    """Kept and missed of one cell of interactions, where something was promised."""
    kept = Kept(inquiry.catalog.promises)
    part = kept.part(cell.tally)
    codes = [promise.code for promise in cell.promises(inquiry.catalog.promises)]
    if not part.total:
        return
    is_open = part.state(OPEN).total
    finding = kept.state(cell, part)
    yield finding if finding.is_hidden else finding.with_details(open=int(is_open), promises=codes)
    for rule in ("calendar", "timestamp"):
        missed = Missed(rule)
        done = missed.part(cell.tally)
        if done.total:
            found = missed.state(cell, done)
            shown = {} if found.is_hidden else {"count": int(missed.missed(done))}
            yield found.with_details(promises=codes, **shown)


def told(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Share of the customers with a missed promise who were told before it was due, of every touchpoint.

    Asked of the record. Nothing is returned for filters or groups that only the facts know (segments, dates).
    """
    late = _late(inquiry)
    if late is None:
        return ()
    column = _RECORD.get(inquiry.by or "touchpoint", "")
    keys = tuple(dict.fromkeys(("touchpoint_id", column)))
    rows = (
        late.order_by()
        .values(*keys)
        .annotate(n=Count("id"), told=Count("id", filter=Q(told_before_due=True)))
    )
    every = sorted(rows, key=lambda row: [row[key] or 0 for key in keys])
    return concealed((_told(inquiry, row, column) for row in every), inquiry)


def _told(inquiry: Inquiry, row: dict[str, int], column: str) -> Finding:
    catalog = inquiry.catalog
    touchpoint = catalog.touchpoints[row["touchpoint_id"]]
    by = inquiry.by
    subject = Subject.of(
        inquiry,
        touchpoint=touchpoint.code,
        measure=touchpoint.measure.code if touchpoint.measure else "",
        unit="share",
        metric="told",
        population="missed",
        rule="calendar",
        group={by: catalog.outside(by, row[column])} if by else {},
    )
    n, told_in_time = row["n"], row["told"]
    return subject.states(
        "promise.told",
        n,
        lambda: proportion(told_in_time, n, level=inquiry.level),
        better=1,
        count=told_in_time,
    )


def _late(inquiry: Inquiry) -> QuerySet[Interaction] | None:
    """Completed interactions that came later than promised and of which it is known whether customers were told."""
    question = inquiry.question(())
    names = {clause.column for clause in question.where.clauses()}
    if any(clause.op not in ("is", "in", "not", "not_in") for clause in question.where.clauses()):
        return None
    if not names | {inquiry.by or "touchpoint"} <= set(_RECORD):
        return None
    rows = Interaction.objects.filter(
        _matching(question.where),
        organization=inquiry.organization,
        state=COMPLETED,
        told_before_due__isnull=False,
    )
    zone = clock.zone(inquiry.organization.zone)
    if inquiry.period.since:
        rows = rows.filter(experienced_at__gte=clock.day_begins(inquiry.period.since, zone))
    if inquiry.period.until:
        rows = rows.filter(
            experienced_at__lt=clock.day_begins(inquiry.period.until + timedelta(days=1), zone)
        )
    promised = Coalesce("promised", "promise__quantity")
    better = Q(touchpoint__measure__higher_is_better=True)
    return rows.filter(~better & Q(value__gt=promised) | better & Q(value__lt=promised))


def _matching(condition: Condition) -> Q:
    """The filter of the facts as one of the record."""
    whole = Q()
    for item in condition.items:
        one = _matching(item) if isinstance(item, Condition) else _one(item)
        whole = whole | one if condition.any else whole & one
    return whole


def _one(clause: Clause) -> Q:
    field = _RECORD[clause.column]
    many = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    # The facts write 0 where the record has null.
    test = Q(**{f"{field}__in": [number for number in many if number]})
    if 0 in many:
        test |= Q(**{f"{field}__isnull": True})
    return ~test if clause.op in ("not", "not_in") else test
