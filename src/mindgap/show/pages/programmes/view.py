"""The list of programmes and the page of one: its frame, how it was answered, its waves."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mindgap.explain.response import Response, Share, response
from mindgap.ground import clock
from mindgap.keep.models import Programme, Wave
from mindgap.show.pages.frame.permission import KEEPERS, may, only
from mindgap.show.pages.programmes import READERS, naming
from mindgap.show.pages.programmes.compared import compared
from mindgap.show.words import moment
from mindgap.show.words.number import count, percent

# Waves that are compared on the page; the others are as many more queries.
_WAVES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the frame in words: how many, which share of which, its interval."""

    label: str
    n: str
    share: str = "–"
    interval: str = "–"


@only(*READERS)
def programmes(request: HttpRequest) -> HttpResponse:
    found = Programme.objects.filter(organization=request.organization).select_related("survey")  # type: ignore[attr-defined]
    rows = [
        {
            "programme": each,
            "state": naming.word(naming.STATES, each.state),
            "trigger": naming.word(naming.TRIGGERS, each.trigger),
            "response": (made := response(each)),
            "answered": _line(_("Answered, of those asked"), made.answered),
        }
        for each in found
    ]
    return render(request, "programmes/page.html", {"rows": rows, "may_change": may(request, *KEEPERS)})


@only(*READERS)
def programme(request: HttpRequest, code: str) -> HttpResponse:
    found = get_programme(request, code)
    made = response(found)
    context = {
        "programme": found,
        "state": naming.word(naming.STATES, found.state),
        "trigger": naming.word(naming.TRIGGERS, found.trigger),
        "lines": _lines(made),
        "reasons": [
            (outcome, naming.word(naming.OUTCOMES, outcome), count(n)) for outcome, n in made.reasons
        ],
        "response": made,
        "waves": [_wave(found, each) for each in found.waves.order_by("-number")[:_WAVES]],
        "compared": compared(found),
        "next": _next(found),
        "may_change": may(request, *KEEPERS),
    }
    return render(request, "programmes/programme.html", context)


def get_programme(request: HttpRequest, code: str) -> Programme:
    """The organization's programme of that code, else 404."""
    rows = Programme.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return get_object_or_404(rows.select_related("survey", "organization"), code=code)


def _lines(made: Response) -> list[Line]:
    return [
        Line(_("Candidates"), count(made.candidates)),
        Line(_("Still waiting"), count(made.waiting)),
        _line(_("Asked, of those decided"), made.asked),
        _line(_("Not bounced, of those asked"), made.delivered),
        _line(_("Opened, of those asked"), made.opened),
        _line(_("Answered, of those asked"), made.answered),
    ]


def _line(label: str, share: Share) -> Line:
    if share.value is None:
        return Line(label, count(share.n))
    return Line(label, count(share.n), percent(share.value), _interval(share))


def _interval(share: Share) -> str:
    return f"{percent(share.low)}–{percent(share.high)}"


def _wave(found: Programme, wave: Wave) -> dict[str, object]:
    made = response(found, wave)
    zone = clock.zone(found.organization.zone)
    return {
        "number": wave.number,
        "starts": moment.instant(wave.starts_at, zone),
        "state": naming.word(naming.WAVE_STATES, wave.state),
        "candidates": count(made.candidates),
        "sent": count(made.sent),
        "answered": _line(_("Answered, of those asked"), made.answered),
    }


def _next(found: Programme) -> list[tuple[str, str, bool]]:
    """The states that it can be put into: code, words of the button, whether that is the main one."""
    buttons = {
        "running": (pgettext("button", "Start"), True),
        "paused": (pgettext("button", "Pause"), False),
        "ended": (pgettext("button", "End"), False),
    }
    after = {
        "draft": ("running",),
        "running": ("paused", "ended"),
        "paused": ("running", "ended"),
        "ended": ("running",),
    }
    return [(code, *buttons[code]) for code in after[found.state]]
