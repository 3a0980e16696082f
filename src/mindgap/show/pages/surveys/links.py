"""Links: the address of the survey that anybody may open."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindgap.collect.survey import address
from mindgap.keep import survey as surveys
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys.draft import get_survey, head
from mindgap.show.pages.surveys.naming import language_name


@only(*KEEPERS)
def links(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    newest = surveys.published(survey)
    definition = newest.read() if newest else None
    languages = definition.languages if definition else ()
    more = {
        **head(request, survey, "links"),
        "is_published": newest is not None,
        "url": settings.SITE_URL + address.path(survey.short),
        "spoken": [
            (language_name(each), settings.SITE_URL + address.path(survey.short, language=each))
            for each in languages
        ],
        "hidden": [each.code for each in definition.hidden] if definition else [],
    }
    return render(request, "surveys/links.html", more)
