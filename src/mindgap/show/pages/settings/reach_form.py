"""Where a member is told of alerts and cases, and what they may give away by themselves: forms on the member's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.models import Authority, Reach
from mindgap.collect.channels import catalog
from mindgap.collect.channels.contract import INVITATION, NOTICE
from mindgap.keep.models import Member
from mindgap.show.pages.settings import authority, sending_words

_PLACES = 3


class ReachForm(forms.Form):
    """Up to three addresses, tried in this order; without any, the mail address of the account is used."""

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        known = list(Reach.objects.filter(member=member, is_active=True)[:_PLACES])
        channels = [("", gettext("Nothing more")), *_channels()]
        for place in range(1, _PLACES + 1):
            now = known[place - 1] if place <= len(known) else None
            self.fields[f"channel_{place}"] = forms.ChoiceField(
                label=gettext("Channel %(n)s") % {"n": place},
                required=False,
                choices=channels,
                initial=now.channel if now else "",
            )
            self.fields[f"address_{place}"] = forms.CharField(
                label=gettext("Address %(n)s") % {"n": place},
                required=False,
                max_length=200,
                initial=now.address if now else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.found: list[tuple[str, str]] = []
        for place in range(1, _PLACES + 1):
            channel, address = (
                cleaned.get(f"channel_{place}"),
                str(cleaned.get(f"address_{place}") or "").strip(),
            )
            if bool(channel) != bool(address):
                self.add_error(
                    f"address_{place}", gettext("A channel needs an address, and an address a channel.")
                )
            elif channel and channel in [each for each, _address in self.found]:
                self.add_error(f"channel_{place}", gettext("Each channel once."))
            elif channel:
                self.found.append((channel, address))
        return cleaned

    def save(self) -> None:
        Reach.objects.filter(member=self.member).delete()
        Reach.objects.bulk_create(
            Reach(member=self.member, channel=channel, address=address, position=place)
            for place, (channel, address) in enumerate(self.found)
        )


class OwnAuthorityForm(forms.Form):
    """Limits of one member; both empty: those of the role."""

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.currency = member.organization.currency
        known = authority.of_member(member)
        for name, label, value in (
            ("per_case", gettext_lazy("For one case"), known.per_case_minor if known else None),
            ("per_month", gettext_lazy("Within a month"), known.per_month_minor if known else None),
        ):
            self.fields[name] = authority.money_field(self.currency, initial=value, label=str(label))

    def save(self) -> None:
        said = self.cleaned_data
        if said["per_case"] is None and said["per_month"] is None:
            Authority.objects.filter(member=self.member).delete()
            return
        Authority.objects.update_or_create(
            member=self.member,
            defaults={
                "organization": self.member.organization,
                "per_case_minor": authority.minor(said["per_case"], self.currency),
                "per_month_minor": authority.minor(said["per_month"], self.currency),
            },
        )


def parts(member: Member) -> dict[str, Any]:
    """The two forms, as the member's page shows them."""
    return {"reach": ReachForm(member=member), "own_authority": OwnAuthorityForm(member=member)}


def _channels() -> list[tuple[str, Any]]:
    """The channels that reach one person with a notice; those that ask nobody only reach groups."""
    return [
        (each.code, sending_words.CHANNELS[each.code])
        for each in catalog().values()
        if {NOTICE, INVITATION} <= each.kinds
    ]
