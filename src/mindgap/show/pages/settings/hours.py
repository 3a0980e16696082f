"""When people work, and how long each step of a case may take."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from mindgap.act.case.policy import policy as policy_of
from mindgap.act.hours.public_holidays import fill_in
from mindgap.act.models import Calendar
from mindgap.ground import clock
from mindgap.keep.models import Organization
from mindgap.show.pages.cases import naming
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.settings.hours_form import CalendarForm, LevelsForm, PolicyForm


@only(*KEEPERS)
def hours(request: HttpRequest) -> HttpResponse:
    """The calendars, and the form of the service levels."""
    organization: Organization = request.organization  # type: ignore[attr-defined]
    form = LevelsForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(
            request, gettext("The service levels are saved. They hold for cases opened from now on.")
        )
        return redirect("settings_hours")
    context = {
        "calendars": Calendar.objects.filter(organization=organization).prefetch_related("units"),
        "form": form,
        "urgencies": naming.URGENCIES,
        "rows": [
            {
                **row,
                "urgency": naming.word(naming.URGENCIES, row["urgency"]),
                "step": naming.word(naming.STEPS, row["step"]),
            }
            for row in form.rows()
        ],
    }
    return render(request, "settings/hours.html", context)


@only(*KEEPERS)
def policy(request: HttpRequest) -> HttpResponse:
    """When customers are asked back, and when a complaint is a repeated one."""
    organization: Organization = request.organization  # type: ignore[attr-defined]
    form = PolicyForm(request.POST or None, instance=policy_of(organization.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("The rules are saved. They hold from now on."))
        return redirect("settings_hours")
    return render(
        request, "settings/calendar.html", {"form": form, "title": gettext("Asking customers back")}
    )


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, Calendar(organization=request.organization), gettext("Add a calendar"))  # type: ignore[attr-defined]


@only(*KEEPERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _calendar(request, pk), gettext("Change the calendar"))


@require_POST
@only(*KEEPERS)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = _calendar(request, pk)
    name = str(found)
    found.delete()
    messages.success(request, gettext("%(name)s is removed.") % {"name": name})
    return redirect("settings_hours")


def _calendar(request: HttpRequest, pk: int) -> Calendar:
    return get_object_or_404(Calendar, organization=request.organization, pk=pk)  # type: ignore[attr-defined]


def _edit(request: HttpRequest, calendar: Calendar, title: str) -> HttpResponse:
    organization: Organization = request.organization  # type: ignore[attr-defined]
    form = CalendarForm(request.POST or None, instance=calendar, organization=organization)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            _fill(saved)
        messages.success(request, gettext("%(name)s is saved.") % {"name": saved})
        return redirect("settings_hours")
    return render(request, "settings/calendar.html", {"form": form, "title": title, "thing": calendar})


def _fill(calendar: Calendar) -> None:
    """Add the public holidays of the country; what people wrote themselves stays as it is."""
    if calendar.country:
        year = clock.now().year
        fill_in(calendar, year, year + 1)
        calendar.save(update_fields=["holidays", "exceptions"])
