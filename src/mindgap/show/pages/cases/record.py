"""What came of cases: the share that customers say was put right, steps in time, and how long steps took."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mindgap.act.case import queue as queues
from mindgap.act.case import record as records
from mindgap.act.case.record import Figure
from mindgap.ground import clock
from mindgap.keep.models import Member
from mindgap.show.pages.cases import naming
from mindgap.show.pages.cases.access import readers
from mindgap.show.words.number import count, percent, with_unit

_PERIODS = (30, 90, 365)
_USUAL = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in words; without a value, `why` says why there is none."""

    label: str
    value: str
    interval: str
    n: str
    why: str


@require_safe
@readers
def record(request: HttpRequest) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, _PERIODS) else _USUAL
    found = records.figures(member, since=clock.now() - timedelta(days=days))
    waiting = queues.counts(member)
    context = {
        "lines": [_line(each) for each in found],
        "overdue": count(waiting[queues.OVERDUE]),
        "open": count(waiting[queues.OPEN]),
        "is_late": waiting[queues.OVERDUE] > 0,
        "periods": [(each, _days(each), each == days) for each in _PERIODS],
    }
    return render(request, "cases/record.html", context)


def _days(n: int) -> str:
    return ngettext("Opened in the last %(n)s day", "Opened in the last %(n)s days", n) % {"n": n}


def _line(figure: Figure) -> Line:
    return Line(
        label=_label(figure.code),
        value="–" if figure.value is None else _amount(figure, figure.value),
        interval=_interval(figure),
        n=_n(figure),
        why=_why(figure),
    )


def _label(code: str) -> str:
    _case, kind, *rest = code.split(".")
    step = naming.word(naming.STEPS, rest[0]) if rest else ""
    if kind == "recovered":
        return _("Recovered, of the customers who said whether it was put right")
    if kind == "in_time":
        return _("%(step)s: in time, of what was done or due") % {"step": step}
    return _("%(step)s: time until half of the cases had it, in the customer's time") % {"step": step}


def _amount(figure: Figure, value: float) -> str:
    return with_unit(value, "hours") if ".hours." in figure.code else percent(value)


def _interval(figure: Figure) -> str:
    if figure.low is None and figure.high is None:
        return "–"
    if figure.high is None:
        assert figure.low is not None
        return _("%(low)s or more") % {"low": _amount(figure, figure.low)}
    if figure.low is None:
        return _("%(high)s or less") % {"high": _amount(figure, figure.high)}
    return _("%(low)s to %(high)s") % {
        "low": _amount(figure, figure.low),
        "high": _amount(figure, figure.high),
    }


def _n(figure: Figure) -> str:
    if figure.asked > figure.n:
        return _("%(n)s of %(asked)s") % {"n": count(figure.n), "asked": count(figure.asked)}
    return count(figure.n)


def _why(figure: Figure) -> str:
    if figure.why == records.TOO_FEW:
        return _("Too few to say anything: at least %(n)s are needed.") % {"n": records.LEAST}
    if figure.why == records.NOT_REACHED:
        return _("Half of the cases do not have it yet.")
    return ""
