"""The form of a rule: what it watches, when it fires, who is told. Which fields it has follows from its trigger."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.alert.rule import SEVERITIES
from mindgap.act.alert.trigger import Setting
from mindgap.act.alert.triggers import catalog
from mindgap.act.models import AlertRule, Playbook
from mindgap.collect.channels import catalog as channels
from mindgap.collect.channels.contract import NOTICE
from mindgap.collect.models import SendingAccount
from mindgap.keep.member import ROLES
from mindgap.keep.models import Member, Metric
from mindgap.show.pages.alerts import conditions, naming
from mindgap.show.pages.settings.forms import EntryForm
from mindgap.show.words import choice

_RESERVED = ("new", "shipped")
_WORDS_MOST = 200


class RuleForm(EntryForm):
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=[(each, naming.SEVERITIES[each]) for each in SEVERITIES]
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Tell, at the unit or the next above"),
        choices=[(role, choice.ROLES[role]) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    to_owner = forms.BooleanField(label=gettext_lazy("Tell the owner of the touchpoint"), required=False)
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Tell these people"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    accounts = forms.ModelMultipleChoiceField(
        SendingAccount.objects.none(),
        label=gettext_lazy("Tell these groups and systems"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens_case = forms.BooleanField(label=gettext_lazy("Open a case"), required=False)
    playbook = forms.ModelChoiceField(
        Playbook.objects.none(),
        label=gettext_lazy("Suggested solution"),
        required=False,
        empty_label=gettext_lazy("The one that fits best"),
    )
    cooldown_hours = forms.IntegerField(
        label=gettext_lazy("One message per customer or touchpoint within (hours)"),
        min_value=0,
        max_value=8_760,
        initial=24,
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("By the clock where the reader is. Critical alerts do not wait."),
    )

    class Meta:
        model = AlertRule
        fields = ("name", "code", "severity", "opens_case", "playbook", "cooldown_hours")

    field_order = ("name", "code", "severity")

    def __init__(self, *args: Any, trigger: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trigger = catalog()[trigger]
        self.instance.trigger = trigger
        self.columns = conditions.columns(self.organization, self.trigger)
        self.problems: list[str] = []
        active = Member.objects.filter(organization=self.organization, is_active=True)
        self.fields["members"].queryset = active.select_related("user")  # type: ignore[attr-defined]
        codes = [code for code, each in channels().items() if NOTICE in each.kinds and _is_group(code)]
        self.fields["accounts"].queryset = SendingAccount.objects.filter(  # type: ignore[attr-defined]
            organization=self.organization, is_active=True, channel__in=codes
        )
        self._own("playbook", Playbook.objects.filter(is_active=True))
        for setting in self.trigger.settings:
            self.fields[f"set_{setting.name}"] = self._setting(setting)
        if not self.is_new:
            self._begin()

    def lines(self) -> conditions.Rows:
        """The lines of the condition, as they are stored or as they were sent."""
        if self.is_bound:
            return conditions.posted(self.data, self.columns)
        return conditions.shown(self.instance.condition, self.columns)

    def own_settings(self) -> Iterator[Any]:
        """The fields that only this trigger has."""
        return (self[f"set_{each.name}"] for each in self.trigger.settings)

    def clean_code(self) -> str:
        code = super().clean_code()
        if code in _RESERVED:
            raise forms.ValidationError(gettext("This code is taken already; choose another one."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.condition, self.problems = conditions.read(
            self.data, self.columns, before=self.instance.condition
        )
        if self.trigger.needs_condition and not self.condition and not self.problems:
            self.problems = [gettext("Say when it fires: without a condition every answer would.")]
        for problem in self.problems:
            self.add_error(None, problem)
        if bool(cleaned.get("quiet_from")) != bool(cleaned.get("quiet_to")):
            self.add_error("quiet_to", gettext("Quiet hours need a beginning and an end."))
        self._check_recipients(cleaned)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.filled()
        return super().save(commit)

    def filled(self) -> AlertRule:
        """The rule as it would be saved: also what a preview is made of."""
        given, rule = self.cleaned_data, self.instance
        rule.condition = self.condition
        rule.settings = {
            each.name: self._plain(each, given[f"set_{each.name}"]) for each in self.trigger.settings
        }
        rule.recipients = self._recipients()
        for name in ("quiet_from", "quiet_to"):
            setattr(rule, name, given[name].strftime("%H:%M") if given[name] else "")
        # What was wrong may be mended; a rule of time looks again soon.
        rule.fault, rule.fault_words, rule.fault_at, rule.next_at = "", "", None, None
        return rule

    def _recipients(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [
            *({"to": "role", "role": role} for role in given["roles"]),
            *([{"to": "owner"}] if given["to_owner"] else []),
            *({"to": "member", "member": each.pk} for each in given["members"]),
            *({"to": "account", "account": each.pk} for each in given["accounts"]),
        ]

    def _check_recipients(self, cleaned: dict[str, Any]) -> None:
        """A rule that would find nobody is refused here rather than silent later."""
        if any(cleaned.get(name) for name in ("to_owner", "members", "accounts")):
            return
        roles = cleaned.get("roles") or []
        if not roles:
            self.add_error("roles", gettext("Choose at least one person or group to tell."))
        elif not any(each.has_role(*roles) for each in self.fields["members"].queryset):  # type: ignore[attr-defined]
            self.add_error(
                "roles", gettext("Nobody has this role. Choose somebody else, or give somebody the role.")
            )

    def _setting(self, setting: Setting) -> forms.Field:
        about: dict[str, Any] = {
            "label": naming.SETTINGS[setting.name],
            "help_text": naming.HINTS.get(setting.name, ""),
            "initial": self.instance.settings.get(setting.name, setting.default),
        }
        if setting.kind == "words":
            about["initial"] = "\n".join(about["initial"])
            needs = self.trigger.code == "keyword"
            return forms.CharField(
                widget=forms.Textarea({"rows": 5}), required=needs, max_length=8000, **about
            )
        if setting.kind == "metric":
            metrics = [
                (each.code, str(each)) for each in Metric.objects.filter(organization=self.organization)
            ]
            every = [("", gettext("Every metric, and missed promises")), *metrics]
            return forms.ChoiceField(choices=every, required=False, **about)
        return forms.IntegerField(min_value=setting.least, max_value=setting.most, **about)

    def _plain(self, setting: Setting, value: Any) -> Any:
        if setting.kind == "words":
            return [word for line in value.splitlines() if (word := line.strip())][:_WORDS_MOST]
        return value

    def _begin(self) -> None:
        there = self.instance.recipients
        self.initial = {
            **self.initial,
            "roles": [each["role"] for each in there if each.get("to") == "role"],
            "to_owner": any(each.get("to") == "owner" for each in there),
            "members": [each["member"] for each in there if each.get("to") == "member"],
            "accounts": [each["account"] for each in there if each.get("to") == "account"],
            "quiet_from": self.instance.quiet_from,
            "quiet_to": self.instance.quiet_to,
        }


def _is_group(code: str) -> bool:
    """Whether a channel sends to a place of its own, so that it needs nobody's address; a webhook is one too."""
    return not channels()[code].addresses or code == "webhook"
