"""The list of playbooks with what they led to here; adding and changing them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mindgap.act.playbook import shipped
from mindgap.act.playbook.playbook import Playbook
from mindgap.act.playbook.suggest import Recovered, tried
from mindgap.keep import texts
from mindgap.show.pages.frame.permission import KEEPERS, may, only
from mindgap.show.pages.playbooks import naming
from mindgap.show.pages.playbooks.forms import PlaybookForm
from mindgap.show.words import cause, choice
from mindgap.show.words.number import count, percent


def playbooks(request: HttpRequest) -> HttpResponse:
    organization = request.organization  # type: ignore[attr-defined]
    may_change = may(request, *KEEPERS)
    rows = [
        _row(playbook, known) for playbook, known in tried(organization) if may_change or playbook.is_active
    ]
    more = {
        "rows": rows,
        "may_change": may_change,
        "missing": shipped.missing(organization) if may_change else 0,
    }
    return render(request, "playbooks/page.html", more)


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    form = PlaybookForm(request.POST or None, organization=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("%(name)s is added. It is suggested wherever it fits.") % {"name": made})
        return redirect("playbooks")
    return _form(request, form, _("Add a playbook"))


@only(*KEEPERS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Playbook, organization=request.organization, code=code)  # type: ignore[attr-defined]
    form = PlaybookForm(request.POST or None, instance=found, organization=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("%(name)s is saved.") % {"name": found})
        return redirect("playbooks")
    return _form(request, form, _("Change the playbook"))


@require_POST
@only(*KEEPERS)
def plant(request: HttpRequest) -> HttpResponse:
    n = shipped.plant(request.organization)  # type: ignore[attr-defined]
    messages.success(
        request, ngettext("%(n)s playbook was added.", "%(n)s playbooks were added.", n) % {"n": count(n)}
    )
    return redirect("playbooks")


def _form(request: HttpRequest, form: PlaybookForm, title: str) -> HttpResponse:
    more: dict[str, Any] = {"form": form, "title": title, "back": reverse("playbooks")}
    return render(request, "playbooks/edit.html", more)


def _row(playbook: Playbook, known: Recovered | None) -> dict[str, Any]:
    return {
        "playbook": playbook,
        "steps": [str(texts.read(step)) for step in playbook.steps],
        "fits": _fits(playbook),
        "recovered": _recovered(known),
        "n": count(known.n) if known else "",
    }


def _fits(playbook: Playbook) -> str:
    """Where it fits, in words; empty: everywhere."""
    found = [
        *(choice.word(cause.CAUSES, each) for each in playbook.causes),
        *(choice.word(choice.TOUCHPOINT_KINDS, each) for each in playbook.kinds),
        *playbook.touchpoints,
        *(choice.word(naming.TOPICS, each) for each in playbook.topics),
        *(choice.word(cause.SEVERITIES, each) for each in playbook.severities),
    ]
    return " · ".join(dict.fromkeys(found))


def _recovered(known: Recovered | None) -> str:
    if known is None:
        return ""
    return f"{percent(known.share, decimals=0)} ({percent(known.low, decimals=0)}–{percent(known.high, decimals=0)})"
