"""The list of surveys, and how one begins: from a template or from nothing."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, gettext_lazy

from mindgap.collect import register
from mindgap.collect.survey import templates
from mindgap.explain import survey as answered
from mindgap.keep import survey as surveys
from mindgap.keep.models import Survey, Touchpoint
from mindgap.show.pages.frame.permission import KEEPERS, may, only
from mindgap.show.pages.settings.forms import EntryForm
from mindgap.show.pages.surveys import READERS
from mindgap.show.pages.surveys.draft import get_survey, head
from mindgap.show.pages.surveys.naming import KINDS, STATES


class SurveyForm(EntryForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(KINDS.items()), initial="transaction")
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=gettext_lazy("Touchpoint"),
        required=False,
        empty_label=gettext_lazy("The organization as a whole"),
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes at"),
        required=False,
        help_text=gettext_lazy("From then on nobody can answer. Empty: until you close it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = Survey
        fields = ("name", "code", "kind", "touchpoint", "closes_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own("touchpoint", Touchpoint.objects.all())

    def clean_code(self) -> str:
        code = super().clean_code()
        if code == "new":
            raise forms.ValidationError(gettext("This code is taken already; choose another one."))
        return code


@only(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    rows = Survey.objects.filter(organization=request.organization).select_related("touchpoint")  # type: ignore[attr-defined]
    standings = answered.standings(request.organization.pk)  # type: ignore[attr-defined]
    lines = [
        {
            "survey": each,
            "state": STATES[each.state],
            "standing": standings.get(each.pk) or answered.Standing(),
        }
        for each in rows.order_by("-id")
    ]
    return render(request, "surveys/page.html", {"lines": lines, "may_change": may(request, *KEEPERS)})


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    """Choose what to begin with; then name it."""
    chosen = request.POST.get("template", request.GET.get("template", ""))
    offered = {each.code: each for each in templates.catalog()}
    template = offered.get(chosen)
    start = {"name": template.title, "kind": template.kind} if template else {}
    form = SurveyForm(request.POST or None, organization=request.organization, initial=start)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        return redirect("survey_edit", _begin(form, template.code if template else "").code)
    more = {
        "offered": list(offered.values()),
        "template": template,
        "form": form if template or chosen == "empty" or request.method == "POST" else None,
        "chosen": template.code if template else "empty",
    }
    return render(request, "surveys/new.html", more)


@only(*KEEPERS)
def settings(request: HttpRequest, code: str) -> HttpResponse:
    """What the survey is called inside, and where it belongs."""
    survey = get_survey(request, code)
    form = SurveyForm(request.POST or None, instance=survey, organization=survey.organization)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("survey_settings", survey.code)
    return render(request, "surveys/settings.html", {**head(request, survey, "settings"), "form": form})


@transaction.atomic
def _begin(form: SurveyForm, template: str) -> Survey:
    survey: Survey = form.save()
    organization = survey.organization
    if not survey.name:
        survey.name = {get_language() or "en": survey.code}
    there = surveys.draft(survey)
    if template:
        made = templates.make(template, organization)
        register.declare(organization, made.registers)
        surveys.save_draft(survey, made.definition, expected_digest=there.digest)
    return survey
