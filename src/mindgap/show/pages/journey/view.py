"""The journey map, one per journey of the organization."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.journey import journeys
from mindgap.show.pages.frame.filter import address, asked, context
from mindgap.show.pages.journey import picture


@require_safe
@asked
def journey(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    maps = journeys(inquiry)

    def to(code: str) -> str:
        return address(request, reverse("touchpoint", args=[code]))

    parts = [picture.of_map(each, index, to, inquiry) for index, each in enumerate(maps)]
    return render(request, "journey/page.html", context(request, inquiry, parts=parts))
