"""What happened: the answer, the promise and what came of it, and what the customer went through before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from mindgap.act.case import visible
from mindgap.act.models import Case
from mindgap.keep.models import Answer, Interaction, Measure, Member
from mindgap.show.pages.cases import naming, personal
from mindgap.show.words import moment
from mindgap.show.words.number import number, with_unit

# Of each kind; older ones are seldom what a caller speaks of.
_HISTORY = 8


@dataclass(frozen=True, slots=True)
class Score:
    """One score as it was given: `2 of 10`."""

    measure: str
    text: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Promise against experience at the interaction of a case, in words."""

    promise: str
    promised: str
    actual: str
    verdict: str
    is_worse: bool
    due: str
    happened: str
    told: bool | None


@dataclass(frozen=True, slots=True)
class Before:
    """One thing that the customer went through: at which time, where, and what came of it."""

    at: datetime
    when: str
    icon: str
    where: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a case page tells before it asks for anything."""

    scores: tuple[Score, ...]
    words: str
    language: str
    answered: str
    is_hidden: bool
    kept: Kept | None
    history: tuple[Before, ...]
    elsewhere: int


def tell(case: Case, member: Member, zone: ZoneInfo) -> Story:
    """The story of a case as far as the member may know it."""
    answer = case.answer
    codes = set(answer.scores) if answer else set()
    history, elsewhere = _history(case, member, zone)
    comment = answer.comment if answer else ""
    return Story(
        scores=scores(answer, _measures(case, codes)) if answer else (),
        words=personal.words(comment, member),
        language=answer.language if answer else "",
        answered=moment.instant(answer.answered_at, zone) if answer else "",
        is_hidden=bool(comment) and member.personal_data == "none",
        kept=_kept(case, zone),
        history=history,
        elsewhere=elsewhere,
    )


def scores(answer: Answer, measures: dict[str, Measure]) -> tuple[Score, ...]:
    """The scores of an answer, the lowest on its scale first."""
    found = []
    for code, given in answer.scores.items():
        measure = measures.get(code)
        if measure is None or given.get("value") is None:
            continue
        value = float(given["value"] * measure.step)
        low, high = measure.minimum, measure.maximum
        if low is None or high is None or high == low:
            found.append((1.0, Score(str(measure), with_unit(value, measure.unit), is_low=False)))
            continue
        place = (value - float(low)) / float(high - low)
        place = place if measure.higher_is_better else 1 - place
        text = _("%(value)s of %(most)s") % {"value": _plain(value), "most": _plain(float(high))}
        found.append((place, Score(str(measure), text, is_low=place < 0.5)))
    return tuple(score for _place, score in sorted(found, key=lambda pair: pair[0]))


def _plain(value: float) -> str:
    return number(value, decimals=0 if value.is_integer() else 1)


def _measures(case: Case, codes: set[str]) -> dict[str, Measure]:
    if not codes:
        return {}
    rows = Measure.objects.filter(organization=case.organization_id, code__in=codes)
    return {each.code: each for each in rows}


def _kept(case: Case, zone: ZoneInfo) -> Kept | None:
    there = case.interaction
    if there is None:
        return None
    measure = there.touchpoint.measure
    unit = measure.unit if measure else ""
    step = float(measure.step) if measure else 1.0
    promised = None if there.promised is None else there.promised * step
    actual = None if there.value is None else there.value * step
    verdict, is_worse = _verdict(there, promised, actual, measure)
    return Kept(
        promise=str(case.promise or there.promise or ""),
        promised=_amount(promised, unit),
        actual=_amount(actual, unit),
        verdict=verdict,
        is_worse=is_worse,
        due=moment.instant(there.due_at, zone) if there.due_at else "",
        happened=moment.instant(there.experienced_at, zone) if there.experienced_at else "",
        told=there.told_before_due,
    )


def _verdict(
    there: Interaction, promised: float | None, actual: float | None, measure: Measure | None
) -> tuple[str, bool]:
    if promised is None or actual is None or measure is None:
        if there.experienced_at is None and there.due_at is not None:
            return _("It has not happened yet."), True
        return "", False
    better = (actual - promised) * (1 if measure.higher_is_better else -1)
    by = _amount(abs(better), measure.unit)
    if better < 0:
        return _("Worse than promised by %(amount)s.") % {"amount": by}, True
    if better > 0:
        return _("Better than promised by %(amount)s.") % {"amount": by}, False
    return _("As promised."), False


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return with_unit(value, unit, decimals=0 if float(value).is_integer() else 1)


def _history(case: Case, member: Member, zone: ZoneInfo) -> tuple[tuple[Before, ...], int]:
    """What the customer went through at places that the member sees, newest first; and how much there was elsewhere."""
    if case.customer_id is None:
        return (), 0
    scope = member.unit_ids()
    here = Q() if scope is None else Q(unit_id__in=scope)
    mine = Q(organization=case.organization_id, customer=case.customer_id)
    interactions = Interaction.objects.filter(mine).select_related("touchpoint__measure", "unit")
    answers = Answer.objects.filter(mine).select_related("touchpoint", "unit")
    seen = list(answers.filter(here).exclude(pk=case.answer_id or 0).order_by("-answered_at")[:_HISTORY])
    measures = _measures(case, {code for each in seen for code in each.scores})
    # What the case itself is about is told above.
    visited = (
        interactions.filter(here).exclude(pk=case.interaction_id or 0).order_by("-started_at")[:_HISTORY]
    )
    found = [_visited(each, zone) for each in visited]
    found += [_answered(each, zone, measures, member) for each in seen]
    cases = visible.cases(member).filter(customer=case.customer_id).exclude(pk=case.pk)
    found += [
        _case(each, zone) for each in cases.select_related("touchpoint").order_by("-opened_at")[:_HISTORY]
    ]
    elsewhere = 0 if scope is None else interactions.exclude(here).count() + answers.exclude(here).count()
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[: 2 * _HISTORY]), elsewhere


def _visited(there: Interaction, zone: ZoneInfo) -> Before:
    measure = there.touchpoint.measure
    text = ""
    if measure is not None and there.value is not None:
        actual = _amount(there.value * float(measure.step), measure.unit)
        if there.promised is None:
            text = actual
        else:
            promised = _amount(there.promised * float(measure.step), measure.unit)
            text = _("%(actual)s, promised %(promised)s") % {"actual": actual, "promised": promised}
    return Before(
        there.started_at, moment.instant(there.started_at, zone), "route", str(there.touchpoint), text
    )


def _answered(answer: Answer, zone: ZoneInfo, measures: dict[str, Measure], member: Member) -> Before:
    said = [f"{each.measure} {each.text}" for each in scores(answer, measures)]
    comment = personal.words(answer.comment, member)
    text = " · ".join([*said, *([comment[:160]] if comment else [])])
    where = str(answer.touchpoint) if answer.touchpoint else _("Relationship as a whole")
    return Before(answer.answered_at, moment.instant(answer.answered_at, zone), "message-2", where, text)


def _case(case: Case, zone: ZoneInfo) -> Before:
    text = (
        naming.word(naming.OUTCOMES, case.outcome) if case.outcome else naming.word(naming.STATES, case.state)
    )
    where: Any = _("Case %(number)s") % {"number": case.number}
    return Before(
        case.opened_at,
        moment.instant(case.opened_at, zone),
        "lifebuoy",
        where,
        text,
        f"/cases/{case.number}/",
    )
