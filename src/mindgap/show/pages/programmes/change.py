"""What keepers change: a programme, its state, the policy for everybody; and asking the people of a list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mindgap.collect.programme import waves
from mindgap.collect.programme.plan import BadPlan
from mindgap.ground import clock
from mindgap.keep import contact
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.programmes import naming
from mindgap.show.pages.programmes.forms import PolicyForm, ProgrammeForm
from mindgap.show.pages.programmes.view import get_programme, programme

_LIST_MOST = 100_000
_SHOWN_UNKNOWN = 10


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, organization=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("%(name)s is added. It asks nobody until you start it.") % {"name": made})
        return redirect("programme", made.code)
    more = {"form": form, "title": _("Add a programme"), "back": reverse("programmes")}
    return render(request, "programmes/edit.html", more)


@only(*KEEPERS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_programme(request, code)
    form = ProgrammeForm(request.POST or None, instance=found, organization=request.organization)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("%(name)s is saved.") % {"name": found})
        return redirect("programme", found.code)
    more = {"form": form, "title": _("Change the programme"), "back": reverse("programme", args=[found.code])}
    return render(request, "programmes/edit.html", more)


@only(*KEEPERS)
def policy(request: HttpRequest) -> HttpResponse:
    found = contact.policy(request.organization.pk)  # type: ignore[attr-defined]
    form = PolicyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The policy is saved. It holds from the next decision on."))
        return redirect("programmes")
    more = {"form": form, "title": _("How often customers are asked"), "back": reverse("programmes")}
    return render(request, "programmes/edit.html", more)


@require_POST
@only(*KEEPERS)
def state(request: HttpRequest, code: str) -> HttpResponse:
    found = get_programme(request, code)
    wanted = request.POST.get("state", "")
    if wanted not in ("running", "paused", "ended"):
        return redirect("programme", found.code)
    if wanted == "running" and not found.survey.is_open:
        messages.error(request, _("Publish its survey first: it does not take answers now."))
        return redirect("programme", found.code)
    found.state = wanted
    if wanted == "running" and found.since is None:
        # What happened before is not asked about.
        found.since = clock.now()
    found.save(update_fields=["state", "since"])
    words = naming.word(naming.STATES, wanted)
    messages.success(request, _("%(name)s: %(state)s.") % {"name": found, "state": words})
    return redirect("programme", found.code)


@require_POST
@only(*KEEPERS)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    found = get_programme(request, code)
    texts = request.POST.get("list", "").splitlines()
    if not any(each.strip() for each in texts) or len(texts) > _LIST_MOST:
        messages.error(request, _("Write at least one customer, one on each line."))
        return redirect("programme", found.code)
    try:
        wave, n, unknown = waves.ask_these(found, texts, clock.now())
    except BadPlan as problem:
        messages.error(request, str(problem))
        return programme(request, code)
    said = ngettext("Wave %(number)s has one candidate.", "Wave %(number)s has %(n)s candidates.", n) % {
        "number": wave.number,
        "n": n,
    }
    messages.success(request, said)
    if unknown:
        shown = ", ".join(unknown[:_SHOWN_UNKNOWN])
        messages.warning(
            request, _("Not known: %(list)s (%(n)s in all).") % {"list": shown, "n": len(unknown)}
        )
    return redirect("programme", found.code)
