"""The page of one touchpoint."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Touchpoint
from mindgap.show import words
from mindgap.show.pages.frame.filter import address, asked, context
from mindgap.show.pages.promises import register
from mindgap.show.pages.touchpoint import picture
from mindgap.show.pages.touchpoint.split import split
from mindgap.show.pages.touchpoint.verbatims import verbatims


@require_safe
@asked
def touchpoint(request: HttpRequest, inquiry: Inquiry, code: str) -> HttpResponse:
    own = Touchpoint.objects.select_related("stage", "owner", "measure")
    place = get_object_or_404(own, organization=inquiry.organization, code=code)
    here = inquiry.at(code).split(None)
    drawn = picture.of(here)

    def by(column: str) -> str:
        return address(request, request.path, by=column)

    parts = {
        "place": place,
        "picture": drawn,
        "split": split(here, drawn.asked, by=inquiry.by, address=by),
        "said": verbatims(here, request.member, number=request.GET.get("page")),  # type: ignore[attr-defined]
        "promises": [
            line for line in register.lines(here, words.Names.of_inquiry(here)) if line.promise.is_active
        ],
        "page_url": address(request, request.path, page="0").removesuffix("0"),
    }
    return render(request, "touchpoint/page.html", context(request, inquiry, kept=("by",), **parts))
