"""One import: how far it is while the worker does it, and what became of every row."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from mindgap.collect.models import ImportRun
from mindgap.ground import clock
from mindgap.show.pages.frame.permission import only
from mindgap.show.pages.importing import ROLES, refusal
from mindgap.show.pages.importing.outcome import outcome

# So long a worker may take to notice an import; then the page says that none seems to run.
_PATIENCE_SECONDS = 15


@only(*ROLES)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a request of its own script gets the part that changes."""
    found = get_object_or_404(ImportRun, pk=pk, organization=request.organization)  # type: ignore[attr-defined]
    waited = (clock.now() - found.created_at).total_seconds()
    context = {
        "run": found,
        "outcome": outcome(found.result) if found.state == "done" else None,
        "problem": refusal.problem(found.problem_code, found.problem) if found.state == "failed" else "",
        "is_going": found.state in ("waiting", "running"),
        "is_stuck": found.state == "waiting" and waited > _PATIENCE_SECONDS,
    }
    part = request.headers.get("HX-Target") == "run"
    return render(request, "importing/_run.html" if part else "importing/run.html", context)
