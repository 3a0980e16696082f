"""The plan: look what a test will see, then agree on it. A deadline that is too early must be accepted in words."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mindgap.act.improvement import actions, permission, planning
from mindgap.act.improvement.errors import ChangedMeanwhile, ImprovementProblem, NotGiven, TooSoon
from mindgap.act.improvement.improvement import Improvement
from mindgap.show.pages.frame.permission import forbidden
from mindgap.show.pages.improvements import told
from mindgap.show.pages.improvements.forms import PlanForm
from mindgap.show.pages.improvements.steps import fault, meanwhile
from mindgap.show.pages.improvements.view import get
from mindgap.show.words import Names


def plan(request: HttpRequest, number: int) -> HttpResponse:
    found, member = get(request, number), request.member  # type: ignore[attr-defined]
    if not permission.may(member, "plan", found):
        return forbidden(request)
    form = PlanForm(request.POST or None, improvement=found)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form)
    try:
        looked = planning.make(found, form.wish())
        short = planning.shortfall(looked)
        more: dict[str, Any] = {"looked": told.plan(looked, Names(found.organization))}
        if short is not None:
            form = PlanForm(request.POST, improvement=found, asks_why=True)
            form.is_valid()
            more["short"] = told.shortfall(short, looked.unit)
        if request.POST.get("do") != "agree":
            return _page(request, found, form, **more)
        actions.agree(
            found.pk, member, version=form.cleaned_data["version"], wish=form.wish(),
            although=form.cleaned_data["although"],
        )  # fmt: skip
    except TooSoon:
        return _page(request, found, form, status=422, **more)
    except NotGiven as problem:
        form.add_error(problem.field if problem.field in form.fields else None, fault(problem))
        return _page(request, found, form, status=422)
    except ImprovementProblem as problem:
        more |= {"fault": fault(problem), "meanwhile": meanwhile(problem, found)}
        if isinstance(problem, ChangedMeanwhile):
            # Whoever has read what the other did may save theirs over it.
            form.data = {**request.POST.dict(), "version": str(get(request, number).version)}
        return _page(request, found, form, status=409, **more)
    messages.success(
        request, _("Agreed. The plan is fixed; its test runs by itself on the day after the deadline.")
    )
    return redirect("improvement", number)


def _page(
    request: HttpRequest, found: Improvement, form: PlanForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"improvement": found, "form": form, "replaces": bool(found.plan), **more}
    return render(request, "improvements/plan.html", context, status=status)
