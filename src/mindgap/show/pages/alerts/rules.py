"""The rules: their list with what is wrong with them, the editor with a preview from the record, on and off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mindgap.act.alert import shipped
from mindgap.act.alert.place import Place
from mindgap.act.alert.preview import preview
from mindgap.act.alert.triggers import catalog
from mindgap.act.models import AlertRule
from mindgap.ground import clock
from mindgap.ground.condition import BadCondition
from mindgap.show.pages.alerts import naming, shown
from mindgap.show.pages.alerts.forms import RuleForm
from mindgap.show.pages.frame.permission import KEEPERS, only


@require_safe
@only(*KEEPERS)
def rules(request: HttpRequest) -> HttpResponse:
    found = AlertRule.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    rows = [
        {
            "rule": each,
            "trigger": _trigger(each.trigger),
            "severity": naming.word(naming.SEVERITIES, each.severity),
            "look": naming.LOOKS.get(each.severity, "is-unclear"),
            "fault": naming.word(naming.FAULTS, each.fault) if each.fault else "",
        }
        for each in found
    ]
    missing = shipped.missing(request.organization)  # type: ignore[attr-defined]
    return render(request, "alerts/rules.html", {"rows": rows, "missing": missing})


@only(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    trigger = request.GET.get("trigger", "")
    if trigger not in catalog():
        choices = [(code, *words) for code, words in naming.TRIGGERS.items()]
        return render(request, "alerts/trigger.html", {"choices": choices})
    form = RuleForm(request.POST or None, organization=request.organization, trigger=trigger)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and not _is_trial(request):
        made = form.save()
        messages.success(request, _("%(name)s is saved. It is off until you switch it on.") % {"name": made})
        return redirect("alert_rule", made.code)
    return _editor(request, form, _("Add an alert rule"))


@only(*KEEPERS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    rule = _rule(request, code)
    form = RuleForm(
        request.POST or None, instance=rule, organization=request.organization, trigger=rule.trigger  # type: ignore[attr-defined]
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and not _is_trial(request):
        form.save()
        messages.success(request, _("%(name)s is saved.") % {"name": rule})
        return redirect("alert_rule", rule.code)
    return _editor(request, form, str(rule), is_there=True)


@require_POST
@only(*KEEPERS)
def state(request: HttpRequest, code: str) -> HttpResponse:
    rule = _rule(request, code)
    rule.is_active = request.POST.get("state") == "on"
    if rule.is_active:
        # What happened before is history.
        rule.active_from, rule.looked_to, rule.next_at = clock.now(), None, None
        rule.fault, rule.fault_words, rule.fault_at = "", "", None
        messages.success(request, _("%(name)s is on: it watches from now on.") % {"name": rule})
    else:
        messages.success(request, _("%(name)s is off.") % {"name": rule})
    rule.save()
    return redirect("alert_rule", rule.code)


@require_POST
@only(*KEEPERS)
def remove(request: HttpRequest, code: str) -> HttpResponse:
    rule = _rule(request, code)
    if rule.alerts.exists():
        messages.error(request, _("It has fired, and its alerts stay: switch it off instead."))
        return redirect("alert_rule", rule.code)
    rule.delete()
    messages.success(request, _("%(name)s is removed.") % {"name": rule})
    return redirect("alert_rules")


@require_POST
@only(*KEEPERS)
def plant(request: HttpRequest) -> HttpResponse:
    n = shipped.plant(request.organization)  # type: ignore[attr-defined]
    said = ngettext("One rule is added; it is off.", "%(n)s rules are added; they are off.", n) % {"n": n}
    messages.success(request, said)
    return redirect("alert_rules")


def _editor(request: HttpRequest, form: RuleForm, title: str, *, is_there: bool = False) -> HttpResponse:
    trigger = form.trigger.code
    context: dict[str, Any] = {
        "form": form,
        "lines": form.lines() if form.columns else None,
        "title": title,
        "trigger": _trigger(trigger),
        "about": naming.TRIGGERS[trigger][1],
        "rule": form.instance if is_there else None,
        "fault": naming.word(naming.FAULTS, form.instance.fault) if form.instance.fault else "",
        "here": request.get_full_path() if not is_there else reverse("alert_rule", args=[form.instance.code]),
    }
    is_trial = _is_trial(request)
    if is_trial or (is_there and request.method != "POST"):
        context["tried"] = _tried(request, form)
    if is_trial and getattr(request, "htmx", False):
        return render(request, "alerts/_preview.html", context)
    return render(request, "alerts/rule.html", context)


def _tried(request: HttpRequest, form: RuleForm) -> dict[str, Any] | None:
    """What the rule would have done, as it stands in the form; None while it cannot be read."""
    if form.is_bound and not form.is_valid():
        return None
    rule = form.filled() if form.is_bound else form.instance
    try:
        found = preview(rule, Place(rule.organization_id))
    except (BadCondition, ValueError):
        return None
    return shown.tried(found, request.member)  # type: ignore[attr-defined]


def _is_trial(request: HttpRequest) -> bool:
    return "try" in request.POST


def _rule(request: HttpRequest, code: str) -> AlertRule:
    found = AlertRule.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return get_object_or_404(found.select_related("playbook"), code=code, trigger__in=catalog())


def _trigger(code: str) -> str:
    return str(naming.TRIGGERS[code][0]) if code in naming.TRIGGERS else code
