"""Preview: the answering page of the draft itself, in a frame as wide as a device. What is sent there is a trial, counted nowhere."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from mindgap.collect.survey import address
from mindgap.collect.survey.state import Seal
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys.draft import get_survey, head, opened
from mindgap.show.pages.surveys.naming import language_name

WIDTHS = ("390", "768", "1280")


@only(*KEEPERS)
def preview(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    there = opened(survey)
    languages = there.definition.languages
    language = request.GET.get("lang") or get_language() or ""
    language = language if language in languages else languages[0] if languages else ""
    width = request.GET.get("width", "")
    path = address.preview_path(survey.short, Seal(settings.SECRET_KEY), language=language)
    more = {
        **head(request, survey, "preview"),
        "path": path,
        "spoken": [(each, language_name(each), each == language) for each in languages],
        "language": language,
        "widths": WIDTHS,
        "width": width if width in WIDTHS else WIDTHS[0],
        "count": len(there.definition.questions),
    }
    return render(request, "surveys/preview.html", more)
