"""The form of a sending account: its name, what it serves, and the settings that its channel declares."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import Channel, Field
from mindgap.collect.outgoing import Blocked, Guard, OutgoingProblem
from mindgap.show.pages.settings import sending_words

_MAIL_PORTS = frozenset({25, 465, 587, 2525})


class AccountForm(forms.Form):
    """Secrets are never shown: an empty field keeps what is there."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=128)
    way = forms.SlugField(
        label=gettext_lazy("Serves the channel"),
        max_length=64,
        help_text=gettext_lazy(
            "The code by which programmes and opt-outs speak of it, such as email or sms."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, channel: Channel, account: SendingAccount, **kwargs: Any) -> None:
        self.channel, self.account = channel, account
        kwargs["initial"] = {
            "name": account.name or sending_words.CHANNELS[channel.code],
            "way": account.way or channel.way,
            "is_active": account.is_active,
            **{each.name: account.settings.get(each.name, each.default) for each in channel.fields},
        }
        super().__init__(*args, **kwargs)
        for each in channel.fields:
            self.fields[each.name] = _field(each, is_kept=each.is_secret and bool(account.sealed))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        guard = Guard.from_settings()
        for each in self.channel.fields:
            text = str(cleaned.get(each.name) or "")
            if text and each.kind in ("url", "host"):
                try:
                    if each.kind == "url":
                        guard.check(text)
                    else:
                        guard.place(text, int(cleaned.get("port") or 0), ports=_MAIL_PORTS)
                except Blocked:
                    self.add_error(each.name, str(sending_words.CODES["blocked_address"]))
                except OutgoingProblem:
                    # Not to be found now; that may be the network's fault and is looked at again when sending.
                    continue
        return cleaned

    def save(self) -> SendingAccount:
        account, said = self.account, self.cleaned_data
        account.name, account.way, account.is_active = said["name"], said["way"], said["is_active"]
        plain = {each.name: said[each.name] for each in self.channel.fields if not each.is_secret}
        account.settings = {
            name: _text(value) for name, value in plain.items() if value not in ("", None, False)
        }
        secret = {each.name: said[each.name] for each in self.channel.fields if each.is_secret}
        if changed := {name: str(value) for name, value in secret.items() if value}:
            account.close(changed)
        account.save()
        return account


class TrialForm(forms.Form):
    to = forms.CharField(label=gettext_lazy("Send a test message to"), required=False, max_length=200)

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel.addresses:
            self.fields["to"].required = True
        else:
            del self.fields["to"]


def _field(each: Field, *, is_kept: bool) -> forms.Field:
    given: dict[str, Any] = {
        "label": sending_words.field(each.name),
        "required": each.is_required and not is_kept,
        "help_text": sending_words.HINTS.get(each.name, ""),
    }
    if each.choices:
        return forms.ChoiceField(
            choices=[(code, sending_words.CHOICES[code]) for code in each.choices], **given
        )
    if each.kind == "flag":
        return forms.BooleanField(**(given | {"required": False}))
    if each.kind == "number":
        return forms.IntegerField(min_value=0, **given)
    if each.is_secret:
        given["help_text"] = (
            gettext("Leave it empty to keep what is there.") if is_kept else given["help_text"]
        )
        lines = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
        hidden = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(widget=lines if each.kind == "lines" else hidden, max_length=8000, **given)
    if each.kind == "lines":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=8000, **given)
    return forms.CharField(max_length=500, **given)


def _text(value: Any) -> str:
    return "1" if value is True else str(value)
