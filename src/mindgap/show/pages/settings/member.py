"""Members: inviting people by a one-time link, and saying what each may do and see."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mindgap.keep.member import PERSONAL_DATA, ROLES
from mindgap.keep.models import Member, Unit
from mindgap.show.pages.account import link
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.settings.reach_form import parts
from mindgap.show.words import choice


class MemberForm(forms.ModelForm):
    """Roles, scope and personal data of a member. Nobody gives away more than they have themselves."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), required=False, max_length=128)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), widget=forms.CheckboxSelectMultiple, choices=choice.choices(choice.ROLES)
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Sees"),
        required=False,
        empty_label=gettext_lazy("The whole organization"),
        help_text=gettext_lazy("A unit means this unit and everything below it."),
    )
    personal_data = forms.ChoiceField(
        label=gettext_lazy("Personal data"),
        choices=choice.choices(choice.PERSONAL_DATA),
        initial="masked",
        help_text=gettext_lazy("How names, addresses and comments of customers are shown to this person."),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("May sign in to this organization"), required=False, initial=True
    )

    class Meta:
        model = Member
        fields = ("name", "roles", "unit", "personal_data", "is_active")

    def __init__(self, *args: Any, asked_by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_by = asked_by
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.filter(organization=asked_by.organization_id)
        if not asked_by.has_role("admin"):
            roles, level = self.fields["roles"], self.fields["personal_data"]
            roles.choices = [pair for pair in roles.choices if pair[0] != "admin"]  # type: ignore[attr-defined]
            most = PERSONAL_DATA.index(asked_by.personal_data)
            level.choices = [pair for pair in level.choices if PERSONAL_DATA.index(pair[0]) <= most]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        keeps = cleaned.get("is_active") and "admin" in cleaned.get("roles", ()) and not cleaned.get("unit")
        if self.instance.pk and not keeps and _is_last_admin(self.instance):
            raise forms.ValidationError(
                gettext(
                    "This is the last administrator of the whole organization. Make somebody else one first."
                )
            )
        return cleaned


class InviteForm(MemberForm):
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    field_order = ("email", "name", "roles", "unit", "personal_data")

    class Meta(MemberForm.Meta):
        fields = ("name", "roles", "unit", "personal_data")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if Member.objects.filter(
            organization=self.asked_by.organization_id, user__email__iexact=email
        ).exists():
            raise forms.ValidationError(gettext("This person is a member already; change them in the list."))
        return email


@only(*KEEPERS)
def members(request: HttpRequest) -> HttpResponse:
    rows = _members(request).select_related("user", "unit").order_by("-is_active", "id")
    shown = [
        (member, choice.listed(choice.ROLES, member.roles), may_change(request, member)) for member in rows
    ]
    return render(request, "settings/members.html", {"rows": shown, "levels": choice.PERSONAL_DATA})


@only(*KEEPERS)
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    asked_by: Member = request.member  # type: ignore[attr-defined]
    form = InviteForm(request.POST or None, asked_by=asked_by)
    if request.method != "POST" or not form.is_valid():
        return render(request, "settings/member.html", {"form": form, "title": gettext("Invite somebody")})
    with transaction.atomic():
        member = form.save(commit=False)
        member.organization = asked_by.organization
        member.user = _person(form.cleaned_data["email"])
        member.save()
    return _show_link(request, member)


@only(*KEEPERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(_members(request).select_related("user", "organization"), pk=pk)
    if not may_change(request, member):
        messages.error(request, gettext("Only an administrator can change this member."))
        return redirect("settings_members")
    form = MemberForm(request.POST or None, instance=member, asked_by=request.member)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("%(name)s is saved.") % {"name": member})
        return redirect("settings_members")
    return render(request, "settings/member.html", {**shown(request, member), "form": form})


def shown(request: HttpRequest, member: Member) -> dict[str, Any]:
    """What the page of a member shows: roles and scope, where they are told, what they may give away."""
    form = MemberForm(instance=member, asked_by=request.member)  # type: ignore[attr-defined]
    return {"form": form, "title": gettext("Change the member"), "who": member, **parts(member)}


@only(*KEEPERS)
@require_POST
@never_cache
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for somebody who has never signed in; it would be a way into the account of anybody else."""
    member = get_object_or_404(_members(request).select_related("user"), pk=pk)
    if not may_change(request, member) or not _is_waiting(member):
        messages.error(request, gettext("A link is made only for people who have never signed in."))
        return redirect("settings_members")
    return _show_link(request, member)


def _show_link(request: HttpRequest, member: Member) -> HttpResponse:
    address = request.build_absolute_uri(link.make(member.user)) if _is_waiting(member) else ""
    return render(request, "settings/link.html", {"who": member, "address": address})


def _members(request: HttpRequest) -> Any:
    return Member.objects.filter(organization=request.organization)  # type: ignore[attr-defined]


def _person(email: str) -> Any:
    people = get_user_model().objects
    found = people.filter(email__iexact=email).order_by("pk").first()
    if found is not None:
        return found
    person = people.create_user(email[:150], email=email)
    person.set_unusable_password()
    person.save()
    return person


def _is_waiting(member: Member) -> bool:
    """Whether the person is invited and has never signed in, anywhere."""
    return member.is_active and member.user.last_login is None


def may_change(request: HttpRequest, member: Member) -> bool:
    """Administrators change everybody; others change neither administrators nor themselves."""
    asked_by: Member = request.member  # type: ignore[attr-defined]
    return asked_by.has_role("admin") or (not member.has_role("admin") and member.pk != asked_by.pk)


def _is_last_admin(member: Member) -> bool:
    if not member.is_active or not member.has_role("admin") or member.unit_id is not None:
        return False
    others = Member.objects.filter(organization=member.organization_id, is_active=True, unit=None)
    return not any(other.has_role("admin") for other in others.exclude(pk=member.pk))


assert set(choice.ROLES) == set(ROLES), "every role needs its words"
