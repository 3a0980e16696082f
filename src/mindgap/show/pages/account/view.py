"""The one-time link, the language and the organization of the person."""

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mindgap.keep.models import Member
from mindgap.show.pages.account import link


class Welcome(forms.Form):
    """Name, e-mail and password of the first person, or of one who was invited."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy(
            "At least 12 characters. You can also leave it empty and ask for a new link later."
        ),
        required=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        return password


@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST signs in: a link that is only looked at (by a mail scanner, say) is not used up."""
    user = link.read(token)
    if user is None:
        return render(request, "account/dead_link.html", status=410)
    form = Welcome(request.POST or None, initial={"email": user.email})  # type: ignore[attr-defined]
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/welcome.html", {"form": form})
    _sign_in(request, user, form)
    return HttpResponseRedirect("/")


def _sign_in(request: HttpRequest, user: AbstractBaseUser, form: Welcome) -> None:
    user.email = form.cleaned_data["email"]  # type: ignore[attr-defined]
    if form.cleaned_data["password"]:
        user.set_password(form.cleaned_data["password"])
    user.save()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language of the pages."""
    answer = HttpResponseRedirect(_back(request))
    code = request.POST.get("language", "")
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.SECURE
        )
    return answer


@require_POST
def organization(request: HttpRequest) -> HttpResponse:
    """Look at another organization of which the person is a member."""
    chosen = request.POST.get("organization", "")
    members = Member.objects.filter(user_id=request.user.pk or 0, is_active=True)
    if chosen.isdecimal() and (member := members.filter(organization_id=int(chosen)).first()):
        request.session["organization"] = member.organization_id
    return HttpResponseRedirect("/")


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "/")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"
