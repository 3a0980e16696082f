"""Verbatims: what customers wrote at a touchpoint, newest first, with names as the reader may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.ground.condition import Clause
from mindgap.ground.mask import masked_name, without_contacts
from mindgap.keep.models import Answer, Member

PER_PAGE = 12
# Fewer comments than this could give people away to a reader who may not know who they are.
LEAST = 8


@dataclass(frozen=True, slots=True)
class Verbatim:
    """One comment as it may be read; `name` is empty where the reader may not know it."""

    comment: str
    name: str
    language: str
    answered_at: datetime
    scores: tuple[tuple[str, float], ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Verbatims:
    """One page of comments; `is_few` when there are too few for this reader to see any."""

    page: "Page[Answer]"
    rows: tuple[Verbatim, ...]
    is_few: bool
    # Filters that the comments do not follow.
    ignored: tuple[str, ...]


def verbatims(inquiry: Inquiry, member: Member, *, number: str | None) -> Verbatims:
    """The comments of the inquiry's touchpoint on page `number` (from 1)."""
    answers, ignored = _asked(inquiry)
    page = Paginator(answers, PER_PAGE).get_page(number)
    is_few = member.personal_data != "full" and page.paginator.count < LEAST
    rows = () if is_few else tuple(_read(page.object_list, inquiry, member))
    return Verbatims(page, rows, is_few, ignored)


def _asked(inquiry: Inquiry) -> tuple[QuerySet[Answer], tuple[str, ...]]:
    organization, catalog = inquiry.organization, inquiry.catalog
    touchpoint = int(catalog.id_of("touchpoint", inquiry.touchpoint) or 0)
    found = Answer.objects.filter(organization=organization, touchpoint_id=touchpoint).exclude(comment="")
    zone = clock.zone(organization.zone)
    if inquiry.period.since:
        found = found.filter(answered_at__gte=clock.day_begins(inquiry.period.since, zone))
    if inquiry.period.until:
        end = clock.day_begins(inquiry.period.until + timedelta(days=1), zone)
        found = found.filter(answered_at__lt=end)
    if inquiry.scope is not None:
        found = found.filter(unit_id__in=inquiry.scope)
    ignored = []
    for clause in inquiry.where.clauses():
        narrowed = None if inquiry.where.any else _narrowed(found, clause, inquiry)
        if narrowed is None:
            ignored.append(clause.column)
        else:
            found = narrowed
    return found.select_related("customer", "unit").order_by("-answered_at", "-id"), tuple(ignored)


def _narrowed(found: QuerySet[Answer], clause: Clause, inquiry: Inquiry) -> QuerySet[Answer] | None:
    """The answers that meet a clause on a column of the answer itself; None for what only the facts know."""
    column = inquiry.catalog.column(clause.column)
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    if clause.op not in ("is", "in") or None in values or "-" in values:
        return None
    if column == "channel":
        return found.filter(channel__code__in=values)
    if column == "unit":
        ids = {below for code in values for below in inquiry.catalog.subtree(_unit(inquiry, code))}
        return found.filter(unit_id__in=ids)
    if column.startswith("seg_"):
        return found.filter(**{f"segments__{column.removeprefix('seg_')}__in": list(values)})
    return None


def _unit(inquiry: Inquiry, code: object) -> int:
    return int(inquiry.catalog.id_of("unit", code) or 0)


def _read(answers: object, inquiry: Inquiry, member: Member) -> Iterator[Verbatim]:
    measures = {measure.code: measure for measure in inquiry.catalog.measures.values()}
    shows_all = member.personal_data == "full"
    for answer in answers:  # type: ignore[attr-defined]
        name = answer.customer.name if answer.customer else ""
        shown = {"full": name, "masked": masked_name(name)}.get(member.personal_data, "")
        yield Verbatim(
            comment=answer.comment if shows_all else without_contacts(answer.comment),
            name=shown,
            language=answer.language,
            answered_at=answer.answered_at,
            scores=tuple(
                (str(measures[code]), float(score["value"] * measures[code].step))
                for code, score in answer.scores.items()
                if code in measures and score.get("value") is not None
            ),
            unit=str(answer.unit) if answer.unit else "",
        )
