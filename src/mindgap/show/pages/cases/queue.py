"""The queue: who waits for us, the most urgent first, and how many there are of each kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mindgap.act.case import clocks as rules
from mindgap.act.case import queue as queues
from mindgap.act.case import states
from mindgap.act.models import Case
from mindgap.ground import clock
from mindgap.keep.models import Measure, Member, Unit
from mindgap.show.pages.cases import naming, personal, spans, story
from mindgap.show.pages.cases.access import readers
from mindgap.show.words.number import count

_WORDS_SHOWN = 120
# How much of the time to the next due moment is over when a row warns.
_WARNING = rules.WARNING / 100

TABS: dict[str, tuple[Lazy | str, str]] = {
    queues.MINE: (gettext_lazy("Mine"), "user-check"),
    queues.UNOWNED: (gettext_lazy("Nobody's"), "users"),
    queues.OVERDUE: (gettext_lazy("Overdue"), "alert-triangle"),
    queues.TODAY: (gettext_lazy("Due today"), "calendar"),
    queues.OPEN: (gettext_lazy("All open"), "list-check"),
    queues.WAITING: (gettext_lazy("Customer has the word"), "hourglass"),
    queues.ASKED: (gettext_lazy("To be confirmed"), "help-circle"),
    queues.DONE: (gettext_lazy("Over"), "check"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a line, as far as the member may know it."""

    number: int
    title: str
    who: str
    where: str
    scores: tuple[story.Score, ...]
    words: str
    look: str
    icon: str
    due: str
    state: str
    level: str
    is_critical: bool
    is_safety: bool
    repeat: int
    owner: Member | None


@require_safe
@readers
def cases(request: HttpRequest) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "").strip() for name in ("shown", "unit", "words", "critical")}
    found = _found(member, asked, request.GET.get("page", ""))
    kept = request.GET.copy()
    for name in ("page", "shown"):
        kept.pop(name, None)
    context = {
        "rows": _rows(found.rows, member),
        "tabs": [_tab(name, found, kept.urlencode()) for name in TABS],
        "shown": found.shown,
        "asked": asked,
        "page": _page(found),
        "kept": kept.urlencode(),
        "units": _units(member),
        "is_narrowed": bool(asked["words"] or asked["unit"] or asked["critical"]),
    }
    return render(request, "cases/page.html", context)


def _found(member: Member, asked: dict[str, str], page: str) -> queues.Queue:
    """What was asked for; who asks for nothing in particular gets their own, or all when they have none."""
    narrowed: dict[str, Any] = {
        "unit": _unit(member, asked["unit"]),
        "critical": bool(asked["critical"]),
        "words": asked["words"],
        "number": int(page) if page.isdecimal() and len(page) < 9 else 1,
    }
    if asked["shown"] in TABS:
        return queues.queue(member, shown=asked["shown"], **narrowed)
    mine = queues.queue(member, shown=queues.MINE, **narrowed)
    return mine if mine.rows else queues.queue(member, shown=queues.OPEN, **narrowed)


def _unit(member: Member, code: str) -> Unit | None:
    return _units(member).filter(code=code).first() if code else None


def _units(member: Member) -> Any:
    """The units by which the member may narrow the queue; none where there is nothing to choose."""
    if member.unit is not None:
        return member.unit.subtree()
    return Unit.objects.filter(organization=member.organization_id)


def _tab(name: str, found: queues.Queue, kept: str) -> dict[str, Any]:
    words, icon = TABS[name]
    return {
        "label": words,
        "icon": icon,
        "n": count(found.counts[name]),
        "is_alarm": name == queues.OVERDUE and found.counts[name] > 0,
        "is_here": name == found.shown,
        "url": f"?shown={name}" + (f"&{kept}" if kept else ""),
    }


def _page(found: queues.Queue) -> dict[str, int]:
    return {
        "number": found.number,
        "pages": found.pages,
        "before": found.number - 1 if found.number > 1 else 0,
        "after": found.number + 1 if found.number < found.pages else 0,
    }


def _rows(cases: tuple[Case, ...], member: Member) -> list[Row]:
    prefetch_related_objects(cases, "answer", "customer__identities")
    codes = {code for each in cases if each.answer for code in each.answer.scores}
    measures = Measure.objects.filter(organization=member.organization_id, code__in=codes) if codes else ()
    known = {each.code: each for each in measures}
    now = clock.now()
    return [_row(each, member, known, now) for each in cases]


def _row(case: Case, member: Member, measures: dict[str, Measure], now: datetime) -> Row:
    look, icon, due = _due(case, now)
    words = personal.words(case.answer.comment, member) if case.answer else ""
    places = [str(each) for each in (case.touchpoint, case.unit) if each]
    return Row(
        number=case.number,
        title=case.title,
        who=personal.name(case.customer, member),
        where=" · ".join(places),
        scores=story.scores(case.answer, measures)[:1] if case.answer else (),
        words=words[:_WORDS_SHOWN] + ("…" if len(words) > _WORDS_SHOWN else ""),
        look=look,
        icon=icon,
        due=due,
        state=naming.word(naming.STATES, case.state),
        level=naming.word(naming.LEVELS, str(case.level)) if case.level else "",
        is_critical=case.urgency == "critical",
        is_safety=case.is_safety,
        repeat=case.repeat,
        owner=case.owner,
    )


def _due(case: Case, now: datetime) -> tuple[str, str, str]:
    """The state of the clock that is next: shape, colour and words say the same."""
    if case.state == states.AWAITING:
        return "is-unclear", "hourglass", _("stands: the customer has the word")
    if case.due_at is None:
        return "is-unclear", "check", naming.word(naming.OUTCOMES, case.outcome) if case.outcome else ""
    words = spans.due(case.due_at, now)
    if case.due_at < now:
        return "is-danger", "alert-triangle", words
    whole = (case.due_at - case.opened_at).total_seconds()
    is_close = whole > 0 and (now - case.opened_at).total_seconds() / whole >= _WARNING
    return ("is-worse", "bell", words) if is_close else ("is-unclear", "clock", words)
