"""The organization itself: its names, the zone that says what a day is, currency, language; and making one's own."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.alert import shipped as alert_rules
from mindgap.act.playbook import shipped
from mindgap.collect.register.seeds import plant
from mindgap.keep.models import Member, Organization
from mindgap.show.pages.frame.form import TextsField, with_other_languages
from mindgap.show.pages.frame.permission import KEEPERS, forbidden, only
from mindgap.show.pages.settings.view import may_found


def zones() -> list[tuple[str, str]]:
    names = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))
    )
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class OrganizationForm(forms.ModelForm):
    name = TextsField(label=gettext_lazy("Name"))
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zones,
        help_text=gettext_lazy("It decides what a day is: when a delivery is late by calendar day."),
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Three letters, such as CNY or EUR."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Organization
        fields = ("name", "zone", "currency", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_name(self) -> Any:
        return with_other_languages(self.cleaned_data["name"], self.instance.name or {})

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


@only(*KEEPERS)
def edit(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None, instance=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("The organization is saved."))
        return redirect("settings")
    context = {"form": form, "title": gettext("Organization"), "may_found": may_found(request)}
    return render(request, "settings/organization.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """One's own organization, beside the sample company: the person becomes its administrator."""
    if not may_found(request):
        return forbidden(request)
    form = OrganizationForm(
        request.POST or None, initial={"zone": "UTC", "currency": "USD", "language": "en"}
    )
    if request.method == "POST" and form.is_valid():
        begin(request, **form.cleaned_data)
        messages.success(
            request, gettext("Your organization is made. Import your data, or set up its journey first.")
        )
        return redirect("settings")
    return render(
        request, "settings/organization.html", {"form": form, "title": gettext("Your own organization")}
    )


def begin(request: HttpRequest, name: Mapping[str, str], **values: str) -> Organization:
    """Make an organization with the person as its administrator, and look at it from now on."""
    with transaction.atomic():
        code = _free_code(name.get("en", ""))
        made = Organization.objects.create(code=code, name=dict(name), **values)
        Member.objects.create(
            organization=made,
            user=request.user,  # type: ignore[misc]
            roles=["admin", "cx_manager"],
            personal_data="full",
        )
        plant(made)
        alert_rules.plant(made)
        shipped.plant(made)
    request.session["organization"] = made.pk
    return made


def _free_code(name: str) -> str:
    stem = slugify(name)[:50] or "organization"
    taken = set(Organization.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(
        code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}-{n}") not in taken
    )
