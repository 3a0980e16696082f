"""Listing, adding, changing, moving and removing what the organization declares."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import RestrictedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from mindgap.keep.models import Organization, Stage, Touchpoint
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.settings.register import REGISTERS, SECTIONS, Register
from mindgap.show.pages.settings.use import is_used


@only(*KEEPERS)
def section(request: HttpRequest, section: str) -> HttpResponse:
    chosen = SECTIONS.get(section)
    if chosen is None:
        raise Http404
    organization: Organization = request.organization  # type: ignore[attr-defined]
    lists = {kind: REGISTERS[kind].of(organization) for kind in chosen.kinds}
    context = {"section": chosen, "registers": [REGISTERS[kind] for kind in chosen.kinds], **_lists(lists)}
    return render(request, f"settings/{section}.html", context)


@only(*KEEPERS)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    register = _register(kind)
    organization: Organization = request.organization  # type: ignore[attr-defined]
    form = register.form(request.POST or None, organization=organization, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        if register.siblings:
            form.instance.position = register.beside(form.instance).count()
        form.save()
        messages.success(request, gettext("%(name)s is added.") % {"name": form.instance})
        return redirect("settings_section", register.section)
    return render(request, "settings/entry.html", _form(register, form, title=register.add))


@only(*KEEPERS)
def edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    register = _register(kind)
    thing = _thing(request, register, pk)
    form = register.form(request.POST or None, instance=thing, organization=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("%(name)s is saved.") % {"name": thing})
        return redirect("settings_section", register.section)
    return render(request, "settings/entry.html", _form(register, form, title=register.edit, thing=thing))


@only(*KEEPERS)
@require_POST
def remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Remove what nothing stands on; what is in use stays, and the page says so."""
    register = _register(kind)
    thing = _thing(request, register, pk)
    name = str(thing)
    try:
        if is_used(thing):
            messages.error(request, gettext("%(name)s is in use, so it stays.") % {"name": name})
        else:
            thing.delete()
            messages.success(request, gettext("%(name)s is removed.") % {"name": name})
    except RestrictedError:
        messages.error(request, gettext("%(name)s is in use, so it stays.") % {"name": name})
    return redirect("settings_section", register.section)


@only(*KEEPERS)
@require_POST
def move(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One place earlier or later among its siblings."""
    register = _register(kind)
    thing = _thing(request, register, pk)
    if register.siblings:
        _move(register, thing, -1 if request.POST.get("to") == "earlier" else 1)
    return redirect("settings_section", register.section)


def _move(register: Register, thing: Any, step: int) -> None:
    with transaction.atomic():
        row = list(register.beside(thing))
        at = next(place for place, each in enumerate(row) if each.pk == thing.pk)
        to = min(max(at + step, 0), len(row) - 1)
        row.insert(to, row.pop(at))
        for place, each in enumerate(row):
            register.model.objects.filter(pk=each.pk).update(position=place)


def _register(kind: str) -> Register:
    if kind not in REGISTERS:
        raise Http404
    return REGISTERS[kind]


def _thing(request: HttpRequest, register: Register, pk: int) -> Any:
    return get_object_or_404(register.of(request.organization), pk=pk)  # type: ignore[attr-defined]


def _form(register: Register, form: Any, *, title: Any, thing: Any = None) -> dict[str, Any]:
    is_removable = thing is not None and not is_used(thing)
    return {"register": register, "form": form, "title": title, "thing": thing, "is_removable": is_removable}


def _lists(lists: dict[str, Any]) -> dict[str, Any]:
    """The lists of a section, with what their rows show and without a query per row."""
    if "touchpoints" not in lists:
        related = {"metrics": ["measure"], "units": ["parent"]}
        return {
            kind: rows.select_related(*related.get(kind, [])) if kind in related else rows
            for kind, rows in lists.items()
        }
    touchpoints = list(lists["touchpoints"].select_related("owner__user", "measure"))
    return {
        "journeys": [
            (journey, _stages(journey, lists["stages"], touchpoints)) for journey in lists["journeys"]
        ],
        "loose": [each for each in touchpoints if each.stage_id is None],
    }


def _stages(journey: Any, stages: Any, touchpoints: list[Touchpoint]) -> list[tuple[Stage, list[Touchpoint]]]:
    return [
        (stage, [each for each in touchpoints if each.stage_id == stage.pk])
        for stage in stages
        if stage.journey_id == journey.pk
    ]
