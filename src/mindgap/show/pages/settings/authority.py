"""Recovery authority: how much each role, or one member, may give away without asking (R187)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from mindgap.act.models import Authority
from mindgap.ground.money import Money, digits
from mindgap.keep.models import Member, Organization
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.words import choice

ROLES = ("front_line", "branch_manager", "cx_manager", "admin")
_LIMITS = ("case", "month")


def money_field(currency: str, *, initial: int | None, label: str) -> forms.DecimalField:
    """An amount in major units; empty where nothing is said."""
    places = digits(currency)
    amount = None if initial is None else Money(initial, currency).amount
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=places,
        initial=amount,
        widget=forms.NumberInput({"inputmode": "decimal", "step": str(Decimal(1).scaleb(-places))}),
    )


def minor(amount: Decimal | None, currency: str) -> int:
    """The amount in minor units; nothing said is nothing allowed."""
    return Money.parse(str(amount or 0), currency).minor


class AuthorityForm(forms.Form):
    """Two limits for each role: for one case, and for all cases of a month together."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        known = {each.role: each for each in Authority.objects.filter(organization=organization, member=None)}
        for role in ROLES:
            limits = known.get(role)
            for limit, value in (
                ("case", limits.per_case_minor if limits else 0),
                ("month", limits.per_month_minor if limits else 0),
            ):
                label = gettext("For one case") if limit == "case" else gettext("Within a month")
                self.fields[f"{role}_{limit}"] = money_field(
                    organization.currency, initial=value, label=label
                )

    def rows(self) -> list[dict[str, Any]]:
        """The fields as a table draws them."""
        return [
            {
                "role": choice.word(choice.ROLES, role),
                **{limit: self[f"{role}_{limit}"] for limit in _LIMITS},
            }
            for role in ROLES
        ]

    def save(self) -> None:
        for role in ROLES:
            case, month = (self.cleaned_data[f"{role}_{limit}"] for limit in _LIMITS)
            Authority.objects.update_or_create(
                organization=self.organization,
                role=role,
                member=None,
                defaults={
                    "per_case_minor": minor(case, self.organization.currency),
                    "per_month_minor": minor(month, self.organization.currency),
                },
            )


@only(*KEEPERS)
def authority(request: HttpRequest) -> HttpResponse:
    organization: Organization = request.organization  # type: ignore[attr-defined]
    form = AuthorityForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, gettext("The recovery authority is saved. It holds from now on."))
        return redirect("settings_authority")
    own = Authority.objects.filter(organization=organization, member__isnull=False)
    context = {
        "form": form,
        "rows": form.rows(),
        "currency": organization.currency,
        "own": [
            {
                "member": each.member,
                "case": Money(each.per_case_minor, organization.currency).amount,
                "month": Money(each.per_month_minor, organization.currency).amount,
            }
            for each in own.select_related("member__user")
        ],
    }
    return render(request, "settings/authority.html", context)


def of_member(member: Member) -> Authority | None:
    """What is said for this member alone."""
    return Authority.objects.filter(member=member).first()
