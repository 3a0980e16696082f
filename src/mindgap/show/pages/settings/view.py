"""The first page of the settings: one card per section."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindgap.keep.models import Organization
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.settings.register import SECTIONS


@only(*KEEPERS)
def index(request: HttpRequest) -> HttpResponse:
    has_sample = Organization.objects.filter(is_sample=True, members__user=request.user).exists()  # type: ignore[misc]
    context = {"sections": SECTIONS.values(), "has_sample": has_sample, "may_found": may_found(request)}
    return render(request, "settings/page.html", context)


def may_found(request: HttpRequest) -> bool:
    """Whether the person may make another organization: who runs the installation, or looks at the sample only."""
    user = request.user
    if getattr(user, "is_superuser", False):
        return True
    has_real = Organization.objects.filter(is_sample=False, members__user=user).exists()  # type: ignore[misc]
    return not has_real and not Organization.objects.filter(is_sample=False).exists()
