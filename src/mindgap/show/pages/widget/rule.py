"""One rule of a site: which survey, what sets it off, on which pages, for whom."""

from typing import Any

import msgspec
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from mindgap.collect.widget.rule import Rule
from mindgap.collect.widget.site import WidgetSite
from mindgap.keep.models import Link, Survey
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.widget.view import site_of

_MODES = {
    "popover": gettext_lazy("In a corner"),
    "full": gettext_lazy("In a window over the page"),
    "inline": gettext_lazy("Within the page"),
}


class RuleForm(forms.Form):
    survey = forms.ChoiceField(label=gettext_lazy("Survey"))
    mode = forms.ChoiceField(label=gettext_lazy("How it shows"), choices=list(_MODES.items()))
    into = forms.CharField(
        label=gettext_lazy("Place in the page"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only within the page: a CSS selector, such as #feedback."),
    )
    event = forms.CharField(
        label=gettext_lazy("When the page tells this event"), required=False, max_length=100
    )
    delay = forms.FloatField(
        label=gettext_lazy("After so many seconds"), required=False, min_value=0, max_value=86_400
    )
    scroll = forms.IntegerField(
        label=gettext_lazy("After so much of the page, in percent"),
        required=False,
        min_value=0,
        max_value=100,
    )
    exit = forms.BooleanField(label=gettext_lazy("When the mouse leaves the page by its top"), required=False)
    pages = forms.CharField(
        label=gettext_lazy("Only on these pages"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Paths or addresses, one on a line; * stands for anything. Empty: everywhere."
        ),
    )
    sample = forms.FloatField(
        label=gettext_lazy("Share of visitors"),
        min_value=0,
        max_value=1,
        initial=1,
        help_text=gettext_lazy("0 to 1; always the same visitors."),
    )
    every_days = forms.FloatField(
        label=gettext_lazy("Days until the same visitor is offered it again"), min_value=0, initial=90
    )

    def __init__(self, *args: Any, site: WidgetSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(organization=site.organization_id)
        links = Link.objects.filter(survey__organization=site.organization_id, unit=None).select_related(
            "survey"
        )
        survey: Any = self.fields["survey"]
        survey.choices = [
            *((each.short, str(each)) for each in surveys),
            *((each.short, f"{each.survey} · {each}") for each in links),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (cleaned.get("mode") == "inline") != bool(cleaned.get("into")):
            self.add_error("into", gettext("A survey within the page needs a place, and no other has one."))
        return cleaned

    def made(self) -> dict[str, Any]:
        """The rule as it is stored."""
        given = dict(self.cleaned_data)
        given["pages"] = tuple(line.strip() for line in given["pages"].splitlines() if line.strip())
        made: dict[str, Any] = msgspec.to_builtins(Rule(**given))
        return made


@only(*KEEPERS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    site = site_of(request, pk)
    form = RuleForm(request.POST or None, site=site)
    if request.method == "POST" and form.is_valid():
        return _saved(request, site, [*site.rules, form.made()])
    return render(request, "widget/rule.html", {"site": site, "form": form})


@only(*KEEPERS)
def edit(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    site = site_of(request, pk)
    rule = _rule(site, place)
    start = {**msgspec.structs.asdict(rule), "pages": "\n".join(rule.pages)}
    form = RuleForm(request.POST or None, site=site, initial=start)
    if request.method == "POST" and form.is_valid():
        return _saved(request, site, [*site.rules[:place], form.made(), *site.rules[place + 1 :]])
    return render(request, "widget/rule.html", {"site": site, "form": form, "place": place})


@only(*KEEPERS)
@require_POST
def remove(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    site = site_of(request, pk)
    _rule(site, place)
    return _saved(request, site, [*site.rules[:place], *site.rules[place + 1 :]])


def _rule(site: WidgetSite, place: int) -> Rule:
    found = site.read_rules()
    if place >= len(found):
        raise Http404
    return found[place]


def _saved(request: HttpRequest, site: WidgetSite, rules: list[dict[str, Any]]) -> HttpResponse:
    WidgetSite.objects.filter(pk=site.pk).update(rules=rules)
    messages.success(request, gettext("The rules are saved; open pages go by them within a minute."))
    return redirect("widget:site", site.pk)
