"""Personal links as a table to download: for a list of people, or for so many that nobody is named."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from mindgap.collect import personal
from mindgap.keep.models import Survey
from mindgap.show.pages.frame.form import DayInput
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.places.view import survey_of
from mindgap.show.reports import download
from mindgap.show.reports.table import Table

_WHY_NOT = {
    "encoding": gettext_lazy("Save the list as CSV in UTF-8."),
    "empty": gettext_lazy("The list has no lines below its head."),
    "too_many": gettext_lazy("A list has at most 5,000 lines; send several."),
    "no_identity": gettext_lazy(
        "The head needs a column email, phone, crm, customer, order, wecom or alipay, and each column only once."
    ),
}


class PersonalForm(forms.Form):
    people = forms.FileField(
        label=gettext_lazy("A list of people"),
        required=False,
        help_text=gettext_lazy(
            "CSV with a head: email, phone or another identity, perhaps name and language; other columns come back as they are."
        ),
    )
    count = forms.IntegerField(
        label=gettext_lazy("Or so many links that name nobody"),
        required=False,
        min_value=1,
        max_value=personal.MOST,
    )
    until = forms.DateField(
        label=gettext_lazy("Valid through"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("The last day, in your organization's time. Empty: until the survey closes."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = cleaned.get("people")
        if bool(given) == bool(cleaned.get("count")) and not self.errors:
            raise forms.ValidationError(gettext("Choose a list, or say how many links you need."))
        if given:
            try:
                cleaned["sheet"] = personal.read(given.read(personal.BYTES_MOST + 1))
            except personal.NotAList as problem:
                self.add_error("people", _words(problem))
        return cleaned


@only(*KEEPERS)
def links(request: HttpRequest, survey: str) -> HttpResponse:
    found = survey_of(request, survey)
    form = PersonalForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if request.method == "POST" and found.is_open and form.is_valid():
        return download.response(_table(found, form.cleaned_data), "csv", name=f"{found.code}-links")
    return render(request, "places/personal.html", {"survey": found, "form": form, "most": personal.MOST})


def _table(survey: Survey, given: dict[str, Any]) -> Table:
    until, zone = given["until"], ZoneInfo(survey.organization.zone)
    expires = datetime.combine(until + timedelta(days=1), time.min, zone) if until else None
    if given.get("sheet"):
        made = personal.for_people(survey, given["sheet"], expires_at=expires)
    else:
        made = personal.for_anybody(survey, given["count"], expires_at=expires)
    place = made.head.index(personal.LINK)
    rows = [
        tuple(settings.SITE_URL + cell if at == place and cell else cell for at, cell in enumerate(row))
        for row in made.rows
    ]
    return Table(survey.code, made.head, rows)


def _words(problem: personal.NotAList) -> str:
    if problem.code in _WHY_NOT:
        return str(_WHY_NOT[problem.code])
    if not problem.line:
        return gettext("The list is no CSV that can be read.")
    words = gettext("Line %(line)d has no identity, too long a cell, or not as many cells as the head.")
    return words % {"line": problem.line}
