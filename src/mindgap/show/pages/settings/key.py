"""Keys with which programs send interactions and answers: made here, shown once, revoked here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mindgap.collect import key as keys_of
from mindgap.collect.key import Key
from mindgap.ground import clock
from mindgap.show.pages.frame.permission import only


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=128,
        help_text=gettext_lazy("Which program will use it, such as the web shop."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@only("admin")
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """GET lists; POST makes a key and shows its secret, the only time it is known."""
    organization: Any = request.organization  # type: ignore[attr-defined]
    form = KeyForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "keys": Key.objects.filter(organization=organization)}
    if request.method == "POST" and form.is_valid():
        made, secret = keys_of.make(organization.pk, form.cleaned_data["name"])
        context |= {
            "made": made,
            "secret": secret,
            "form": KeyForm(),
            "address": request.build_absolute_uri("/c/v1/answers"),
        }
    return render(request, "settings/keys.html", context)


@only("admin")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Key, pk=pk, organization=request.organization, revoked_at=None)  # type: ignore[attr-defined]
    found.revoked_at = clock.now()
    found.save(update_fields=["revoked_at"])
    messages.success(request, gettext("The key %(name)s no longer works.") % {"name": found.name})
    return redirect("settings_keys")
