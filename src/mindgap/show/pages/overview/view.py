"""The first page, and its figures alone for the live refresh."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.overview import overview as explained
from mindgap.show.pages.frame.filter import address, asked, context
from mindgap.show.pages.overview import picture


@require_safe
@asked
def overview(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return render(request, "overview/page.html", context(request, inquiry, **_content(request, inquiry)))


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The same below the bar; nothing at all while no reading has come in since `stamp`."""
    if request.GET.get("stamp") == picture.stamp(request.organization):  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return _fresh(request)


@asked
def _fresh(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return render(request, "overview/_live.html", _content(request, inquiry))


def _content(request: HttpRequest, inquiry: Inquiry) -> dict[str, Any]:
    def to(code: str) -> str:
        return address(request, reverse("touchpoint", args=[code]), stamp=None)

    # Taken before counting: a reading that comes in meanwhile is asked for again, never missed.
    stamp = picture.stamp(inquiry.organization)
    found = explained(inquiry)
    return {
        "found": found,
        "headlines": picture.headlines(
            found, inquiry, {"gap": address(request, reverse("journey"), stamp=None)}
        ),
        "worst": picture.worst_chart(found, inquiry, to),
        "to_mend": picture.to_mend(found, inquiry, to),
        "changed": picture.changed(found, inquiry, to),
        "to_mind": picture.to_mind(found, inquiry, to),
        "is_filtered": bool(set(request.GET) - {"stamp"}),
        "live_url": address(request, reverse("overview_figures"), stamp=stamp),
    }
