"""One link: where it stands, what everything that comes in by it has in common, and whether it is open."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from mindgap.keep import survey as surveys
from mindgap.keep.models import Channel, Link, Survey, Touchpoint, Unit
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.places.placard import url
from mindgap.show.pages.places.view import survey_of

_VALUE_MOST = 200


class LinkForm(forms.ModelForm):
    label = forms.CharField(
        label=gettext_lazy("Label"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Such as the number of a table or the name of a leaflet. It is printed with the code."
        ),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("No unit")
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=gettext_lazy("Touchpoint"),
        required=False,
        empty_label=gettext_lazy("That of the survey"),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Counted as channel"), required=False)
    hidden = forms.CharField(
        label=gettext_lazy("Hidden fields"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One on a line, as name=value; the survey must have a hidden field of that name."
        ),
    )

    class Meta:
        model = Link
        fields = ("label", "unit", "touchpoint", "channel", "hidden")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        mine = {"organization": survey.organization_id}
        fields: Any = self.fields
        fields["unit"].queryset = Unit.objects.filter(**mine)
        fields["touchpoint"].queryset = Touchpoint.objects.filter(**mine)
        channels = [(each.code, str(each)) for each in Channel.objects.filter(**mine)]
        now = self.instance.channel
        if now and now not in dict(channels):
            channels.append((now, now))
        fields["channel"].choices = [("", gettext("No channel")), *channels]
        self.initial["hidden"] = "\n".join(f"{name}={value}" for name, value in self.instance.hidden.items())

    def clean_hidden(self) -> dict[str, str]:
        newest = surveys.published(self.survey)
        definition = (newest or surveys.draft(self.survey)).read()
        known = {each.code for each in definition.hidden}
        found = {}
        for line in filter(str.strip, self.cleaned_data["hidden"].splitlines()):
            name, sign, value = (each.strip() for each in line.partition("="))
            if not sign or name not in known or len(value) > _VALUE_MOST:
                message = gettext("“%(line)s” is no hidden field of the survey with a value.")
                raise forms.ValidationError(message % {"line": line})
            found[name] = value
        return found


@only(*KEEPERS)
def new(request: HttpRequest, survey: str) -> HttpResponse:
    found = survey_of(request, survey)
    form = LinkForm(request.POST or None, survey=found, instance=Link(survey=found))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("The link is made."))
        return redirect("places:survey", found.code)
    return render(request, "places/entry.html", {"survey": found, "form": form})


@only(*KEEPERS)
def edit(request: HttpRequest, survey: str, short: str) -> HttpResponse:
    found = survey_of(request, survey)
    link = link_of(found, short)
    form = LinkForm(request.POST or None, survey=found, instance=link)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("The link is saved; its code stays the same."))
        return redirect("places:survey", found.code)
    more = {"survey": found, "form": form, "link": link, "url": url(link.short)}
    return render(request, "places/entry.html", more)


@only(*KEEPERS)
@require_POST
def state(request: HttpRequest, survey: str, short: str) -> HttpResponse:
    """Close a link, or open it again; it is never removed, for its code may still hang somewhere."""
    found = survey_of(request, survey)
    is_active = request.POST.get("to") == "open"
    Link.objects.filter(pk=link_of(found, short).pk).update(is_active=is_active)
    messages.success(
        request, gettext("The link is open again.") if is_active else gettext("The link is closed.")
    )
    return redirect("places:survey", found.code)


def link_of(survey: Survey, short: str) -> Link:
    """The survey's link of that short name, else 404."""
    return get_object_or_404(Link.objects.select_related("unit"), survey=survey, short=short)
