"""Saving where a member is told, and what they may give away by themselves."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from mindgap.keep.models import Member
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.settings import member as page
from mindgap.show.pages.settings.reach_form import OwnAuthorityForm, ReachForm


@require_POST
@only(*KEEPERS)
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, pk, ReachForm, "reach")


@require_POST
@only(*KEEPERS)
def own_authority(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, pk, OwnAuthorityForm, "own_authority")


def _save(request: HttpRequest, pk: int, kind: type[Any], name: str) -> HttpResponse:
    rows = Member.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    found = get_object_or_404(rows.select_related("user", "organization"), pk=pk)
    if not page.may_change(request, found):
        messages.error(request, gettext("Only an administrator can change this member."))
        return redirect("settings_members")
    form = kind(request.POST, member=found)
    if not form.is_valid():
        return render(request, "settings/member.html", {**page.shown(request, found), name: form}, status=422)
    with transaction.atomic():
        form.save()
    messages.success(request, gettext("%(name)s is saved.") % {"name": found})
    return redirect("settings_member", found.pk)
