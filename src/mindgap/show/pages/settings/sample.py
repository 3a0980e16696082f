"""The sample company: what it is, and how it goes away as a whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from mindgap.keep.models import Member, Organization
from mindgap.show.pages.frame.permission import only
from mindgap.show.pages.settings import organization


@only("admin")
def sample(request: HttpRequest) -> HttpResponse:
    return render(request, "settings/sample.html", {"sample": _sample(request)})


@only("admin")
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Remove it, and leave the person in an organization of their own, where the next step is."""
    found = _sample(request)
    if found is None:
        return redirect("settings")
    from mindgap.act import sample as company

    company.remove()
    messages.success(request, gettext("The sample company is removed, with everything that belonged to it."))
    others = Organization.objects.filter(members__user=request.user, members__is_active=True)  # type: ignore[misc]
    if others.exists():
        request.session.pop("organization", None)
        return redirect("/")
    organization.begin(request, {"en": "My organization", "zh-hans": "我的组织", "zh-hant": "我的組織"})
    return redirect("settings_organization")


def _sample(request: HttpRequest) -> Organization | None:
    """The sample company, if the person is an administrator of it."""
    mine = Member.objects.filter(user=request.user, organization__is_sample=True, is_active=True)  # type: ignore[misc]
    return next(
        (member.organization for member in mine.select_related("organization") if member.has_role("admin")),
        None,
    )
