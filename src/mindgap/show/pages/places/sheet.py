"""A sheet of codes to print: as a page of the browser, or as a PDF."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, gettext_lazy

from mindgap.keep.models import Link, Survey, Unit
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.places import printed
from mindgap.show.pages.places.placard import Placard, languages, placards
from mindgap.show.pages.places.view import survey_of

# Above this many the person prints part by part: a browser and a printer both give up on one huge file.
MOST = 1000
PER_PAGE = (1, 2, 4, 8)


class SheetForm(forms.Form):
    below = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("For"),
        required=False,
        empty_label=gettext_lazy("All open links"),
        help_text=gettext_lazy("A unit stands for itself and all below it."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    per = forms.TypedChoiceField(
        label=gettext_lazy("On one page"), choices=[(each, each) for each in PER_PAGE], coerce=int
    )
    words = forms.CharField(
        label=gettext_lazy("Words above the code"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Empty: the usual invitation to scan, in that language."),
    )

    def __init__(self, query: Any, *, survey: Survey) -> None:
        known = languages(survey)
        wanted = get_language() or ""
        start = {"per": 4, "language": wanted if wanted in known else known[0]}
        super().__init__({**start, **{name: value for name, value in query.items() if value}})
        fields: Any = self.fields
        fields["below"].queryset = Unit.objects.filter(organization=survey.organization_id)
        fields["language"].choices = [
            (each, LANG_INFO.get(each, {}).get("name_local", each)) for each in known
        ]
        self.survey = survey

    def placards(self) -> list[Placard]:
        """What is to be printed, in the order of the units."""
        given = self.cleaned_data
        rows = Link.objects.filter(survey=self.survey, is_active=True).select_related("unit")
        if given["below"]:
            rows = rows.filter(unit__in=given["below"].subtree())
        chosen = list(rows.order_by("unit__path", "id")[: MOST + 1])
        return placards(self.survey, chosen, language=given["language"], words=given["words"])


@only(*KEEPERS)
def page(request: HttpRequest, survey: str) -> HttpResponse:
    found = survey_of(request, survey)
    form = SheetForm(request.GET, survey=found)
    is_valid = form.is_valid()
    shown = form.placards() if is_valid else []
    more = {
        "survey": found,
        "form": form,
        "placards": shown[:MOST],
        "is_cut": len(shown) > MOST,
        "most": MOST,
        "per": form.cleaned_data["per"] if is_valid else 4,
        "language": form.cleaned_data["language"] if is_valid else "",
    }
    return render(request, "places/sheet.html", more, status=200 if is_valid else 422)


@only(*KEEPERS)
def pdf(request: HttpRequest, survey: str) -> HttpResponse:
    found = survey_of(request, survey)
    form = SheetForm(request.GET, survey=found)
    shown = form.placards()[:MOST] if form.is_valid() else []
    back = redirect("places:sheet", found.code)
    back["Location"] += f"?{request.GET.urlencode()}"
    if not shown:
        return back
    given = form.cleaned_data
    try:
        body = printed.pdf(shown, language=given["language"], per=given["per"])
    except printed.NoFont:
        words = gettext(
            "This server has no font for the language, so it cannot make the PDF. Print this page instead,"
            " or have the administrator install a font such as Noto Sans CJK."
        )
        messages.error(request, words)
        return back
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{found.code}-{given['language']}.pdf")
    return answer
