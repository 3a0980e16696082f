"""The links of a survey, what came in by each, and one link for every unit in one go."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from mindgap.keep import link as links
from mindgap.keep.models import Channel, Link, Survey, Unit
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.places.placard import url

_A_PAGE = 50


class UnitsForm(forms.Form):
    """Which units get a link of their own."""

    below = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("For"),
        required=False,
        empty_label=gettext_lazy("All units"),
        help_text=gettext_lazy("A unit stands for itself and all below it."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Of the kind"), required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        label=gettext_lazy("Counted as channel"),
        required=False,
        empty_label=gettext_lazy("No channel"),
        to_field_name="code",
    )

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        from mindgap.show.words import choice

        super().__init__(data)
        units = Unit.objects.filter(organization=survey.organization_id)
        below: Any = self.fields["below"]
        below.queryset = units
        channel: Any = self.fields["channel"]
        channel.queryset = Channel.objects.filter(organization=survey.organization_id)
        kinds = units.values_list("kind", flat=True).order_by("kind").distinct()
        words = dict(choice.choices(choice.UNIT_KINDS, *kinds))
        kind: Any = self.fields["kind"]
        kind.choices = [("", gettext("Any kind")), *((code, words.get(code, code)) for code in kinds)]

    def units(self) -> "Any":
        """The units that are meant."""
        below, kind = self.cleaned_data["below"], self.cleaned_data["kind"]
        found = below.subtree() if below else Unit.objects.all()
        return found.filter(kind=kind) if kind else found


@only(*KEEPERS)
def listing(request: HttpRequest, survey: str) -> HttpResponse:
    return _page(request, survey_of(request, survey))


@only(*KEEPERS)
@require_POST
def every_unit(request: HttpRequest, survey: str) -> HttpResponse:
    """A link for each unit that has none."""
    found = survey_of(request, survey)
    form = UnitsForm(request.POST, survey=found)
    if not form.is_valid():
        return _page(request, found, form)
    channel = form.cleaned_data["channel"]
    made = links.for_units(found, form.units(), channel=channel.code if channel else "")
    told = ngettext("%(count)d link is made.", "%(count)d links are made.", made) % {"count": made}
    messages.success(request, told if made else gettext("Every unit has its link already."))
    return redirect("places:survey", found.code)


def survey_of(request: HttpRequest, code: str) -> Survey:
    """The organization's survey of that code, else 404."""
    rows = Survey.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return get_object_or_404(rows.select_related("organization"), code=code)


def _page(request: HttpRequest, survey: Survey, form: UnitsForm | None = None) -> HttpResponse:
    rows = (
        Link.objects.filter(survey=survey)
        .select_related("unit", "touchpoint")
        .order_by("-is_active", "unit__path", "id")
    )
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    standings = links.standings(survey)
    channels = {each.code: str(each) for each in Channel.objects.filter(organization=survey.organization_id)}
    lines = [
        {
            "link": each,
            "url": url(each.short),
            "channel": channels.get(each.channel, each.channel),
            "standing": standings.get(each.pk) or links.Standing(),
        }
        for each in page
    ]
    more = {
        "survey": survey,
        "page": page,
        "lines": lines,
        "form": form or UnitsForm(survey=survey),
        "is_answerable": survey.is_open,
    }
    return render(request, "places/page.html", more, status=422 if form else 200)
