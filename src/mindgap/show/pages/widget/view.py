"""The sites: their origins, their script, their rules, and how often surveys were shown, finished and sent away."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from mindgap.collect.widget import rule as rules
from mindgap.collect.widget.site import EVENTS, WidgetCount, WidgetSite
from mindgap.ground import duration
from mindgap.keep.models import Link, Promise, Survey
from mindgap.show.pages.frame.permission import KEEPERS, only


class SiteForm(forms.ModelForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=128)
    origins = forms.CharField(
        label=gettext_lazy("Origins"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One on a line, such as https://www.example.com. Only their pages may show your surveys."
        ),
    )
    rest_days = forms.IntegerField(
        label=gettext_lazy("Days between two surveys"),
        min_value=0,
        max_value=3650,
        initial=30,
        help_text=gettext_lazy("Between any two that one visitor is offered."),
    )
    promise = forms.ModelChoiceField(
        Promise.objects.none(),
        label=gettext_lazy("Promise of how fast pages load"),
        required=False,
        empty_label=gettext_lazy("Do not measure page loads"),
        help_text=gettext_lazy(
            "A promise in seconds, minutes or hours; page loads are counted at its touchpoint."
        ),
    )
    loads_share = forms.FloatField(
        label=gettext_lazy("Share of page loads that is measured"),
        min_value=0,
        max_value=1,
        initial=0.1,
        help_text=gettext_lazy("0 to 1; 0.1 is every tenth."),
    )

    class Meta:
        model = WidgetSite
        fields = ("name", "origins", "rest_days", "promise", "loads_share")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promise: Any = self.fields["promise"]
        promise.queryset = Promise.objects.filter(
            organization=self.instance.organization_id, measure__unit__in=duration.SECONDS, is_active=True
        )
        self.initial["origins"] = "\n".join(self.instance.origins)

    def clean_origins(self) -> list[str]:
        found = []
        for line in filter(str.strip, self.cleaned_data["origins"].splitlines()):
            try:
                found.append(rules.origin(line))
            except ValueError:
                words = gettext("%(line)s is no origin. Write it as https://www.example.com, without a path.")
                raise forms.ValidationError(words % {"line": line.strip()}) from None
        return list(dict.fromkeys(found))


@only(*KEEPERS)
def listing(request: HttpRequest) -> HttpResponse:
    sites = WidgetSite.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return render(request, "widget/page.html", {"sites": sites})


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    form = SiteForm(request.POST or None, instance=WidgetSite(organization=request.organization))  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        site = form.save()
        messages.success(request, gettext("The site is added. Now say when it shows which survey."))
        return redirect("widget:site", site.pk)
    return render(request, "widget/new.html", {"form": form})


@only(*KEEPERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    site = site_of(request, pk)
    form = SiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("The site is saved."))
        return redirect("widget:site", site.pk)
    more = {
        "site": site,
        "form": form,
        "snippet": f'<script async src="{settings.SITE_URL}/w/{site.short}/widget.js"></script>',
        "lines": _lines(site),
        "counts": _counts(site),
    }
    return render(request, "widget/site.html", more)


@only(*KEEPERS)
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a site off, so that its pages show nothing, or on again."""
    site = site_of(request, pk)
    WidgetSite.objects.filter(pk=site.pk).update(is_active=request.POST.get("to") == "on")
    return redirect("widget:site", site.pk)


def site_of(request: HttpRequest, pk: int) -> WidgetSite:
    """The organization's site, else 404."""
    rows = WidgetSite.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


def _lines(site: WidgetSite) -> list[dict[str, Any]]:
    """The rules, each with the name of what it shows."""
    read = site.read_rules()
    shorts = [each.survey for each in read]
    names = {each.short: str(each) for each in Survey.objects.filter(short__in=shorts)}
    links = Link.objects.select_related("survey").filter(short__in=shorts)
    names |= {each.short: f"{each.survey} · {each}" for each in links}
    return [
        {"rule": each, "place": place, "name": names.get(each.survey, each.survey)}
        for place, each in enumerate(read)
    ]


def _counts(site: WidgetSite) -> list[dict[str, Any]]:
    """How often each thing happened to each survey since the beginning."""
    found: dict[int, dict[str, Any]] = {}
    rows = (
        WidgetCount.objects.filter(site=site).order_by().values_list("survey", "event").annotate(Sum("count"))
    )
    names = {each.pk: str(each) for each in Survey.objects.filter(widget_counts__site=site).distinct()}
    for survey, event, times in rows:
        found.setdefault(survey, {"name": names[survey], **dict.fromkeys(EVENTS, 0)})[event] = times
    return list(found.values())
