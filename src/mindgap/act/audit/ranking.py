"""Ranking: what an audit comes to: how much was looked at, and what to do first, lowest first (R21, R82, R99)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from mindgap.act.audit import evidence
from mindgap.act.audit.audit import Audit, AuditItem
from mindgap.act.audit.looking import checks, dimensions, views
from mindgap.act.audit.seeds import Seed, seeds
from mindgap.keep.models import Measure

# Below this a level, a part or a message is weak.
WEAK = 6.0
# Impact and effort are said by people; they do not make a score.
_BESIDE = ("effort", "impact", "steps")


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item with its place; scores are 0 to 10. `customers` is value, low, high, n of what they answered."""

    item: AuditItem
    score: float | None
    # The dimension that is lowest: what to do first is said of it.
    weakest: str
    todo: Seed | None
    mine: float | None = None
    views: tuple[int, ...] = ()
    customers: tuple[float, float, float, float] | None = None

    @property
    def is_weak(self) -> bool:
        return self.score is not None and self.score < WEAK

    @property
    def is_blind(self) -> bool:
        """Whether customers surely judge worse than one's own people think."""
        return self.mine is not None and self.customers is not None and self.customers[2] < self.mine


@dataclass(frozen=True, slots=True)
class Result:
    """`rows` are lowest first, those without a score last; `ground` is the lowest weak level of the pyramid."""

    looked: int
    items: int
    open_findings: int
    rows: tuple[Ranked, ...]
    ground: Ranked | None = None

    @property
    def coverage(self) -> float | None:
        return self.looked / self.items if self.items else None


def counted(audits: QuerySet[Audit]) -> QuerySet[Audit]:
    """The audits with how many things each has, how many were looked at, and how many findings wait."""
    waits = Q(
        items__findings__isnull=False,
        items__findings__closed_at=None,
        items__findings__improvement=None,
    )
    return audits.annotate(
        things=Count("items", distinct=True),
        looked=Count("items", distinct=True, filter=Q(items__looked_at__isnull=False)),
        waiting=Count("items__findings", distinct=True, filter=waits),
    )


def result(audit: Audit) -> Result:
    """What the audit comes to so far."""
    items = list(audit.items.prefetch_related("findings"))
    measures = {each.code: each for each in Measure.objects.filter(organization=audit.organization_id)}
    rows = [_ranked(item, measures) for item in items]
    found = [finding for item in items for finding in item.findings.all()]
    weak_levels = [row for row in rows if row.item.subject.startswith("level:") and row.is_weak]
    return Result(
        looked=sum(item.looked_at is not None for item in items),
        items=len(items),
        open_findings=sum(each.closed_at is None and each.improvement_id is None for each in found),
        rows=tuple(sorted(rows, key=_order)),
        # What lies above rests on it.
        ground=weak_levels[0] if weak_levels else None,
    )


def _ranked(item: AuditItem, measures: dict[str, Measure]) -> Ranked:
    kind, code = item.subject.split(":", 1)
    if kind == "part":
        return _part(item, seeds("courted")[code], measures)
    judged = {
        name: item.scores[name]
        for name in (*dimensions(item), *checks(item))
        if name in item.scores and name not in _BESIDE and not name.startswith("check_")
    }
    weakest = min(judged, key=lambda name: judged[name]) if judged else ""
    return Ranked(
        item=item,
        score=float(judged[weakest]) if judged else None,
        weakest=weakest,
        todo=_todo(kind, code, weakest),
        customers=_customers(item, seeds("pyramid")[code].measure, measures) if kind == "level" else None,
    )


def _part(item: AuditItem, seed: Seed, measures: dict[str, Measure]) -> Ranked:
    said = views(item)
    mine = sum(said) / len(said) if said else None
    customers = _customers(item, seed.measure, measures)
    # What customers say outweighs what one thinks of oneself.
    score = customers[0] if customers else mine
    return Ranked(item, score, "", seed, mine, tuple(said), customers)


def _todo(kind: str, code: str, weakest: str) -> Seed | None:
    if kind == "level":
        return seeds("pyramid")[code]
    if kind == "mistake":
        return seeds("mistakes")[code]
    if kind == "touchpoint":
        return seeds("messages")["bare"]
    return {**seeds("messages"), **seeds("digital")}.get(weakest)


def _customers(
    item: AuditItem, code: str, measures: dict[str, Measure]
) -> tuple[float, float, float, float] | None:
    for each in item.evidence:
        if each.get("measure") == code and each.get("n"):
            scaled = evidence.ten(each, measures.get(code))
            if scaled is not None:
                return (*scaled, float(each["n"]))
    return None


def _order(row: Ranked) -> tuple[float, ...]:
    """Lowest first; among equals what matters most to customers and takes least."""
    scores = row.item.scores
    place = 11.0 if row.score is None else row.score
    return (place, -float(scores.get("impact", 0)), float(scores.get("effort", 0)), float(row.item.position))
