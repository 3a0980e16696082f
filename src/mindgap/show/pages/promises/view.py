"""The register of promises, the page of one promise, and the form that changes it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mindgap.explain import advice, audit
from mindgap.explain import promise as keeping
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Promise
from mindgap.show import words
from mindgap.show.pages.frame.filter import address, asked, context
from mindgap.show.pages.frame.permission import KEEPERS, may, only
from mindgap.show.pages.promises import advisor
from mindgap.show.pages.promises import register as registers
from mindgap.show.pages.promises.forms import PromiseForm
from mindgap.show.words import Names


@asked
def register(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    names = Names(inquiry.catalog)
    found = registers.lines(inquiry, names)
    more: dict[str, Any] = {
        "lines": found,
        "chart": registers.chart(found, lambda code: address(request, reverse("promise", args=[code]))),
        "coverage": registers.coverage(inquiry, names),
        "faults": [words.sentence(line.contradiction, names) for line in found if line.contradiction],
        "may_change": may(request, *KEEPERS),
        "query": request.GET.urlencode(),
    }
    return render(request, "promises/page.html", context(request, inquiry, **more))


@asked
def promise(request: HttpRequest, inquiry: Inquiry, code: str) -> HttpResponse:
    found = get_promise(request, code)
    names = Names(inquiry.catalog)
    here = inquiry.at(found.touchpoint.code).also("promise", found.code)
    more = {
        "promise": found,
        "promised": registers.promised(found),
        "advisor": _advisor(request, found, inquiry),
        "occurrences": _occurrences(found),
        "may_change": may(request, *KEEPERS),
        "names": names,
        **_said(here, found, names),
    }
    return render(request, "promises/promise.html", context(request, inquiry, **more))


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    form = PromiseForm(request.POST or None, organization=request.organization, initial=request.GET.dict())  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("%(name)s is added.") % {"name": made})
        return redirect("promise", made.code)
    more = {"form": form, "title": _("Add a promise"), "back": reverse("promises")}
    return render(request, "promises/edit.html", more)


@only(*KEEPERS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_promise(request, code)
    form = PromiseForm(request.POST or None, instance=found, organization=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("%(name)s is saved.") % {"name": found})
        return redirect("promise", found.code)
    more = {"form": form, "title": _("Change the promise"), "back": reverse("promise", args=[found.code])}
    return render(request, "promises/edit.html", more)


def get_promise(request: HttpRequest, code: str) -> Promise:
    """The organization's promise of that code, else 404."""
    rows = Promise.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return get_object_or_404(rows.select_related("measure", "touchpoint", "owner__user"), code=code)


def _advisor(request: HttpRequest, found: Promise, inquiry: Inquiry) -> advisor.Advisor | None:
    cell = advisor.cell_of(found, inquiry)
    kept = [
        (name, value) for name in request.GET if name != "quantity" for value in request.GET.getlist(name)
    ]
    return advisor.advisor(cell, found, asked=request.GET.get("quantity"), kept=kept) if cell else None


def _said(here: Inquiry, found: Promise, names: Names) -> dict[str, Any]:
    """Every finding about the promise, in the place where the page shows it."""
    said = keeping.promises(here)
    advised = advice.advise(here)
    faults = [each for each in audit.contradictions(here) if each.details["promise"] == found.code]
    told = keeping.told(here)
    could = [each for each in advised if each.code == "promise.advice"]
    return {
        "kept_rate": _first(said, "promise.kept"),
        "missed": sorted(
            (each for each in said if each.code == "promise.missed"), key=lambda each: each.rule != found.rule
        ),
        "slack": _first(advised, "promise.slack"),
        # The completed ones alone say nearly the same once more; the report has them.
        "advice": [each for each in could if each.population == could[0].population],
        "told": _first(told, "promise.told"),
        "contradiction": next(iter(faults), None),
        "fault": words.sentence(faults[0], names) if faults else "",
    }


def _first(found: tuple[Finding, ...], code: str) -> Finding | None:
    return next((each for each in found if each.code == code), None)


def _occurrences(found: Promise) -> list[dict[str, Any]]:
    rows = found.occurrences.select_related("channel", "touchpoint").order_by("-is_active", "id")
    return [
        {"row": row, "amount": None if row.quantity is None else registers.quantity(found, row.quantity)}
        for row in rows
    ]
