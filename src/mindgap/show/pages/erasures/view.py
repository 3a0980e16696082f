"""Requests with their clocks and proofs; a form for whoever asks by telephone; what becomes of scores."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mindgap.ground import clock
from mindgap.keep import erasure, people
from mindgap.keep.incoming import Person
from mindgap.keep.models import Customer, Erasure, ErasurePolicy, Identity
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.words import moment

_PAGE = 25
SCOPES = {
    erasure.EVERYTHING: gettext_lazy("Everything about a person"),
    erasure.CONTACT: gettext_lazy("The contact given with a consent that was withdrawn"),
    erasure.VISIT: gettext_lazy("A survey that was broken off"),
}
SOURCES = {
    "preferences": gettext_lazy("On the page of preferences"),
    "answering": gettext_lazy("While answering"),
    "office": gettext_lazy("Entered here"),
    "restore": gettext_lazy("After a restore"),
}
READINGS = {
    erasure.ANONYMOUS: gettext_lazy("Scores stay, with nobody behind them"),
    erasure.REMOVED: gettext_lazy("Scores are removed as well"),
}
REMOVED = {
    "customers": gettext_lazy("Customers"),
    "answers": gettext_lazy("Answers"),
    "submissions": gettext_lazy("Submissions of surveys"),
    "interactions": gettext_lazy("Interactions"),
    "readings": gettext_lazy("Readings restated"),
    "consents": gettext_lazy("Consents"),
    "invitations": gettext_lazy("Invitations"),
    "contacts": gettext_lazy("Decisions on asking"),
    "letters": gettext_lazy("Messages in the outbox"),
    "quarantine": gettext_lazy("Rows set aside"),
    "arrivals": gettext_lazy("Things as they arrived"),
    "files": gettext_lazy("Attached files"),
    "uploads": gettext_lazy("Uploaded files for import"),
    "cases": gettext_lazy("Cases and alerts"),
}


class Request(forms.Form):
    who = forms.CharField(
        label=gettext_lazy("E-mail, phone, order …"),
        max_length=200,
        help_text=gettext_lazy("As the customer is known. Make sure that it is the customer who asks."),
    )
    is_sure = forms.BooleanField(label=gettext_lazy("It cannot be undone, and I have made sure who asks."))


class PolicyForm(forms.ModelForm):
    class Meta:
        model = ErasurePolicy
        fields = ("readings",)

    readings = forms.ChoiceField(
        label=gettext_lazy("What becomes of scores"), choices=list(READINGS.items()), widget=forms.RadioSelect
    )


@only(*KEEPERS)
def erasures(request: HttpRequest) -> HttpResponse:
    organization = request.organization  # type: ignore[attr-defined]
    form = Request(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _customer(organization.pk, form.cleaned_data["who"])
        if found is None:
            form.add_error("who", _("Nobody is known by this. Look for another address or an order."))
        else:
            erasure.ask(organization.pk, source="office", customer=found, member=request.member)  # type: ignore[attr-defined]
            messages.success(
                request, _("Noted. It is carried out by itself within minutes, at the latest in a day.")
            )
            return redirect("erasures")
    rows = Erasure.objects.filter(organization=organization).select_related("member__user")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "policy": PolicyForm(instance=erasure.policy(organization.pk)),
        "page": page,
        "rows": [_row(each, clock.zone(organization.zone)) for each in page],
    }
    return render(request, "erasures/page.html", context, status=422 if form.errors else 200)


@only(*KEEPERS)
@require_POST
def policy(request: HttpRequest) -> HttpResponse:
    form = PolicyForm(request.POST, instance=erasure.policy(request.organization.pk))  # type: ignore[attr-defined]
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. It holds for what is erased from now on."))
    return redirect("erasures")


def _customer(organization: int, who: str) -> Customer | None:
    values = {who.strip(), *(value for _kind, value in people.identities_of(Person({"email": who})))}
    known = Identity.objects.filter(organization_id=organization, value__in=values).select_related("customer")
    found = known.first()
    return found.customer if found else None


def _row(row: Erasure, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "number": row.pk,
        "scope": SCOPES.get(row.scope, row.scope),
        "source": SOURCES.get(row.source, row.source),
        "member": str(row.member) if row.member else "",
        "asked": moment.instant(row.requested_at, zone),
        "due": moment.instant(row.due_at, zone),
        "done": moment.instant(row.done_at, zone) if row.done_at else "",
        "is_late": row.done_at is None and row.due_at < clock.now(),
        "problem": row.problem,
        "readings": READINGS.get(row.readings, ""),
        "removed": [(REMOVED.get(name, name), n) for name, n in row.removed.items() if n],
    }
