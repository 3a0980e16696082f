"""The filter bar: which part of the figures, over which time. One object on every page, kept in the address."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mindgap.explain.errors import ExplainError
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.keep.models import Channel, FactFile, Organization, Reading, Segment, SegmentValue, Unit
from mindgap.show import words

# What may be chosen as period, in days; a page may also be asked for any `since` and `until`.
PERIODS = {"30d": 30, "90d": 90, "365d": 365}
WHOLE = "all"
# More values than this cannot be chosen from a list; the address still takes them.
_MOST = 200
# Choices that stand in the bar; the others wait behind "More filters" until they are used.
_IN_SIGHT = ("period", "channel")
View = Callable[..., HttpResponse]


def asked(view: View) -> View:
    """Give a view the inquiry of the address as its second argument; what cannot be read is a page that says so."""

    @wraps(view)
    def with_inquiry(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, inquiry_of(request), *args, **kwargs)
        except ExplainError as problem:
            return render(request, "frame/unreadable.html", {"problem": str(problem)}, status=400)

    return with_inquiry


def inquiry_of(request: HttpRequest) -> Inquiry:
    """What the address asks for, within the scope of the person who asks."""
    organization: Organization = request.organization  # type: ignore[attr-defined]
    inquiry = Inquiry.from_query(
        request.GET,
        organization=organization,
        scope=request.member.unit_ids(),  # type: ignore[attr-defined]
    )
    if _is_own_period(request):
        return inquiry
    days = PERIODS.get(_chosen_period(request, organization))
    return inquiry.within(Period() if days is None else _last(days, organization))


def bar(request: HttpRequest, inquiry: Inquiry, *, kept: tuple[str, ...] = ()) -> dict[str, Any]:
    """What `frame/_bar.html` needs: the choices, and the parameters of the page that a choice must not lose."""
    organization = inquiry.organization
    found = [_periods(request, inquiry), *_values(request, organization), _units(request, organization)]
    choices = [choice for choice in found if choice]
    is_used = [choice["name"] in _IN_SIGHT or request.GET.get(choice["name"]) for choice in choices]
    names = ("since", "until", *kept) if _is_own_period(request) else kept
    return {
        "filters": [choice for choice, used in zip(choices, is_used, strict=True) if used],
        "more_filters": [choice for choice, used in zip(choices, is_used, strict=True) if not used],
        "kept": [{"name": name, "value": value} for name in names for value in request.GET.getlist(name)],
    }


def context(
    request: HttpRequest, inquiry: Inquiry, *, kept: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """The context of a page: its bar, the inquiry, and what the page adds."""
    return {**bar(request, inquiry, kept=kept), "inquiry": inquiry, **more}


def address(request: HttpRequest, path: str, **changes: str | None) -> str:
    """`path` with the filter of this address; `changes` set parameters, None takes one away."""
    query = request.GET.copy()
    for name in ("page", *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            query[name] = value
    return f"{path}?{query.urlencode()}" if query else path


def _is_own_period(request: HttpRequest) -> bool:
    return bool(request.GET.get("since") or request.GET.get("until")) and not request.GET.get("period")


def _chosen_period(request: HttpRequest, organization: Organization) -> str:
    chosen = request.GET.get("period", "")
    if chosen in PERIODS or chosen == WHOLE:
        return chosen
    return "90d" if _has_readings_since(organization, _last(90, organization)) else WHOLE


def _last(days: int, organization: Organization) -> Period:
    today = clock.date_of(clock.local_day(clock.now(), clock.zone(organization.zone)))
    return Period(today - timedelta(days=days - 1), today)


def _has_readings_since(organization: Organization, period: Period) -> bool:
    """Whether a record of years ago was imported: then the last days are empty, and the whole is shown instead."""
    assert period.since is not None
    day = clock.day_of(period.since)
    if FactFile.objects.filter(organization=organization, last_day__gte=day).exists():
        return True
    return Reading.objects.filter(organization=organization, day__gte=day).exists()


def _periods(request: HttpRequest, inquiry: Inquiry) -> dict[str, Any]:
    labels = {
        "30d": _("Last 30 days"),
        "90d": _("Last 90 days"),
        "365d": _("Last 365 days"),
        WHOLE: _("The whole record"),
    }
    own = _is_own_period(request)
    chosen = "" if own else _chosen_period(request, inquiry.organization)
    options = [_option(value, label, chosen) for value, label in labels.items()]
    if own:
        options.insert(0, _option("", words.period(inquiry.period), ""))
    return {"name": "period", "label": _("Period"), "options": options}


def _values(request: HttpRequest, organization: Organization) -> Iterator[dict[str, Any]]:
    channels = [(each.code, str(each)) for each in Channel.objects.filter(organization=organization)]
    yield _choice(request, "channel", _("Channel"), channels)
    segments = list(Segment.objects.filter(organization=organization))
    values: dict[int, list[tuple[str, str]]] = {}
    for number, value in SegmentValue.objects.filter(segment__in=segments).values_list("segment_id", "value"):
        values.setdefault(number, []).append((value, value))
    for segment in segments:
        yield _choice(request, f"seg_{segment.code}", str(segment), values.get(segment.id, []))


def _units(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    member = request.member  # type: ignore[attr-defined]
    units = member.unit.subtree() if member.unit else Unit.objects.filter(organization=organization)
    found = list(units.order_by("path"))
    least = min((unit.path.count("/") for unit in found), default=0)
    # The depth in the tree is shown by an indent that no browser takes away.
    named = [(unit.code, "\u2003" * (unit.path.count("/") - least) + str(unit)) for unit in found]
    return _choice(request, "unit", _("Unit"), named)


def _choice(request: HttpRequest, name: str, label: str, values: list[tuple[str, str]]) -> dict[str, Any]:
    """A list to choose from; nothing where there is nothing to choose, or far too much."""
    chosen = request.GET.get(name, "")
    if not 1 < len(values) <= _MOST and not chosen:
        return {}
    listed = values if chosen in dict(values) or not chosen else [(chosen, chosen), *values]
    options = [
        _option("", _("All"), chosen),
        *(_option(value, text, chosen) for value, text in listed[:_MOST]),
    ]
    return {"name": name, "label": label, "options": options}


def _option(value: str, label: str, chosen: str) -> dict[str, Any]:
    return {"value": value, "label": label, "selected": value == chosen}
