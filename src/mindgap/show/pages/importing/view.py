"""Uploading a file, looking at it, saying what its columns are, trying it out, starting the import."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from mindgap.collect import import_upload
from mindgap.collect.errors import ImportProblem
from mindgap.collect.files import FileProblem
from mindgap.collect.models import ImportRun
from mindgap.collect.result import ImportResult
from mindgap.collect.uploads import Upload, find
from mindgap.keep.models import Organization, Quarantine
from mindgap.show.pages.frame.permission import only
from mindgap.show.pages.importing import ROLES, refusal, upload
from mindgap.show.pages.importing.mapped import MappingForm, initial_of
from mindgap.show.pages.importing.outcome import outcome
from mindgap.show.pages.importing.reading import Reading, read

_RUNS = 20
_SOMEWHERE = "somewhere"


@csrf_exempt
@only(*ROLES)
def uploads(request: HttpRequest) -> HttpResponse:
    """The handlers must be set before the body is read, which checking the token does: so it is checked inside."""
    limit = upload.watch(request)
    return _uploads(request, limit)


@csrf_protect
def _uploads(request: HttpRequest, limit: upload.Limit) -> HttpResponse:
    organization: Organization = request.organization  # type: ignore[attr-defined]
    context: dict[str, Any] = {}
    if request.method == "POST" and not organization.is_sample:
        kept = upload.keep(request, limit, organization)
        if isinstance(kept, Upload):
            return _go(request, "import_mapping", kept.id)
        context = {"problem": refusal.problem(kept.code, str(kept)) if kept else _("Choose a file first.")}
    runs = ImportRun.objects.filter(organization=organization).select_related("started_by")[:_RUNS]
    waiting = Quarantine.objects.filter(organization=organization, state="open").count()
    context |= {"runs": runs, "waiting": waiting, "megabytes": upload.most() // 1024 // 1024}
    # The script of the page puts only good answers in place.
    is_bad = request.method == "POST" and not request.headers.get("HX-Request")
    return render(request, "importing/page.html", context, status=400 if is_bad else 200)


@only(*ROLES)
def mapping(request: HttpRequest, file: UUID) -> HttpResponse:
    """GET shows how the file is read and a mapping to begin with; POST tries the mapping out, or starts the import."""
    organization: Organization = request.organization  # type: ignore[attr-defined]
    there = find(organization, file)
    if there is None:
        raise Http404
    reading = read(there, request.GET)
    context: dict[str, Any] = {"upload": there, "reading": reading, "query": request.GET.urlencode()}
    if reading.problem is not None or reading.preview is None:
        problem = reading.problem
        context["problem"] = refusal.problem(problem.code, str(problem)) if problem else ""
        return render(request, "importing/mapping.html", context, status=400)
    if request.method == "POST":
        return _tried(request, organization, there, reading, context)
    context |= _begun(organization, there, reading)
    return render(request, "importing/mapping.html", context)


def _begun(organization: Organization, there: Upload, reading: Reading) -> dict[str, Any]:
    """The form with what is remembered or guessed."""
    assert reading.preview is not None
    columns = reading.preview.columns
    try:
        suggestion = import_upload.suggest(organization, there, reading.how)
        if suggestion.origin == "none":
            # Where it happened is for the person to say; all else may still be guessed.
            suggestion = import_upload.suggest(organization, there, reading.how, touchpoint=_SOMEWHERE)
    except (FileProblem, ImportProblem) as problem:
        form = MappingForm(columns=columns, organization=organization)
        return {"form": form, "problem": refusal.problem(problem.code, str(problem))}
    segments = organization.segments.values_list("code", flat=True)
    initial = initial_of(suggestion.mapping, segments=segments)
    if initial and initial.get("touchpoint") == f"={_SOMEWHERE}":
        del initial["touchpoint"]
    form = MappingForm(
        columns=columns, organization=organization, initial=initial, new_measures=suggestion.mapping.measure
    )
    return {
        "form": form,
        "suggestion": suggestion,
        "is_beyond": initial is None and suggestion.origin == "remembered",
    }


def _tried(
    request: HttpRequest,
    organization: Organization,
    there: Upload,
    reading: Reading,
    context: dict[str, Any],
) -> HttpResponse:
    assert reading.preview is not None
    form = MappingForm(request.POST, columns=reading.preview.columns, organization=organization)
    context["form"] = form
    try:
        chosen = _mapping(request, organization, there, reading, form)
        if chosen is None:
            return render(request, "importing/mapping.html", context, status=400)
        if "start" in request.POST:
            started = import_upload.start(organization, there, chosen, user_id=request.user.pk)
            return _go(request, "import_run", started.pk)
        result: ImportResult = import_upload.plan(organization, there, chosen)
        context["outcome"] = outcome(result.as_dict())
    except (ImportProblem, FileProblem) as problem:
        context |= {"problem": refusal.problem(problem.code, str(problem)), "exact": str(problem)}
        return render(request, "importing/mapping.html", context, status=400)
    return render(request, "importing/mapping.html", context)


def _mapping(
    request: HttpRequest,
    organization: Organization,
    there: Upload,
    reading: Reading,
    form: MappingForm,
) -> Any:
    """The mapping that was chosen: the remembered one as it is, or that of the form; None when the form is not valid."""
    if request.POST.get("as_it_is"):
        form.is_bound = False
        return import_upload.suggest(organization, there, reading.how).mapping
    return form.mapping(reading.how) if form.is_valid() else None


def _go(request: HttpRequest, name: str, *args: Any) -> HttpResponse:
    """A redirect that htmx follows with the whole page, too."""
    to = redirect(name, *args)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to["Location"]})
    return to
