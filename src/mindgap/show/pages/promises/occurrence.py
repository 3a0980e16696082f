"""Where the words of a promise stand: adding, changing and retiring a place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.promises.forms import OccurrenceForm
from mindgap.show.pages.promises.view import get_promise


@only(*KEEPERS)
def new(request: HttpRequest, code: str) -> HttpResponse:
    promise = get_promise(request, code)
    form = OccurrenceForm(request.POST or None, promise=promise)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The place is added."))
        return redirect("promise", promise.code)
    more = {
        "form": form,
        "title": _("Add a place"),
        "promise": promise,
        "back": reverse("promise", args=[code]),
    }
    return render(request, "promises/edit.html", more)


@only(*KEEPERS)
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    promise = get_promise(request, code)
    found = get_object_or_404(promise.occurrences, pk=pk)
    form = OccurrenceForm(request.POST or None, promise=promise, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The place is saved."))
        return redirect("promise", promise.code)
    more = {
        "form": form,
        "title": _("Change the place"),
        "promise": promise,
        "back": reverse("promise", args=[code]),
    }
    return render(request, "promises/edit.html", more)


@only(*KEEPERS)
@require_POST
def retire(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The words no longer stand there (or do so again); the place stays in the register."""
    promise = get_promise(request, code)
    found = get_object_or_404(promise.occurrences, pk=pk)
    found.is_active = request.POST.get("stands") == "again"
    found.save(update_fields=["is_active"])
    said = _("The place counts again.") if found.is_active else _("The place is retired.")
    messages.success(request, said)
    return redirect("promise", promise.code)
