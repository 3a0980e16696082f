"""The forms of a programme and of the policy that all programmes share."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from mindgap.collect.channels.account import SendingAccount
from mindgap.ground import clock
from mindgap.keep.models import Channel, ContactPolicy, Programme, Segment, Survey, Touchpoint
from mindgap.show.pages.frame.form import DayInput
from mindgap.show.pages.programmes import naming
from mindgap.show.pages.settings.forms import EntryForm
from mindgap.show.pages.surveys.naming import KINDS

_RESERVED = ("new", "policy", "contacts")
_UNITS = (("day", gettext_lazy("days")), ("week", gettext_lazy("weeks")), ("month", gettext_lazy("months")))
_HAPPENED = (
    ("completed", gettext_lazy("it is completed")),
    ("open", gettext_lazy("it has begun")),
    ("cancelled", gettext_lazy("it is cancelled")),
)
_WAYS = 3


class ProgrammeForm(EntryForm):
    """A programme. What the columns of JSON hold is asked for field by field."""

    survey = forms.ModelChoiceField(Survey.objects.none(), label=gettext_lazy("Survey"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS.items())
    trigger = forms.ChoiceField(label=gettext_lazy("When it asks"), choices=naming.TRIGGERS.items())
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=gettext_lazy("After an interaction at"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("No touchpoint"),
    )
    happened = forms.ChoiceField(label=gettext_lazy("When"), choices=_HAPPENED, required=False)
    delay_minutes = forms.IntegerField(label=gettext_lazy("Minutes later"), min_value=0, initial=0)
    every = forms.IntegerField(
        label=gettext_lazy("On a schedule: every"),
        min_value=0,
        initial=1,
        required=False,
        help_text=gettext_lazy("0: once only, on the first day."),
    )
    unit = forms.ChoiceField(
        label=pgettext_lazy("of a schedule", "Unit"), choices=_UNITS, initial="month", required=False
    )
    at = forms.TimeField(
        label=gettext_lazy("Time of day"),
        initial=time(9),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    echo_of = forms.ModelChoiceField(
        Programme.objects.none(),
        label=gettext_lazy("Or: once more those who answered"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("No programme"),
        help_text=gettext_lazy("60 to 90 days later, as after a question about expectations."),
    )
    segment = forms.ModelChoiceField(
        Segment.objects.none(),
        label=gettext_lazy("Only customers whose"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All customers"),
    )
    segment_value = forms.CharField(label=gettext_lazy("Has the value"), required=False, max_length=200)
    needs_consent = forms.BooleanField(
        label=gettext_lazy("Ask only those who agreed to be contacted"), required=False
    )
    percent = forms.FloatField(
        label=gettext_lazy("Share that is asked (%)"), min_value=0, max_value=100, initial=100
    )
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"),
        initial=0,
        help_text=gettext_lazy("Of two programmes that want the same customer, the larger one asks."),
    )
    way_1 = forms.ChoiceField(label=gettext_lazy("First channel"))
    way_2 = forms.ChoiceField(label=gettext_lazy("Second channel"), required=False)
    way_3 = forms.ChoiceField(label=gettext_lazy("Third channel"), required=False)
    remind = forms.CharField(
        label=gettext_lazy("Reminders after (days)"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Such as: 3, 7. Never after an answer, an opt-out or a bounce."),
    )
    thanks = forms.BooleanField(label=gettext_lazy("Thank those who answered"), required=False)
    expires_days = forms.IntegerField(
        label=gettext_lazy("The link works for (days)"), min_value=1, max_value=365, initial=30
    )
    rest_days = forms.IntegerField(
        label=gettext_lazy("Days until it asks the same customer again"),
        min_value=0,
        required=False,
        help_text=gettext_lazy("Empty: as the policy says."),
    )
    first_day = forms.DateField(label=gettext_lazy("First day"), required=False, widget=DayInput())

    class Meta:
        model = Programme
        fields = (
            "name", "code", "survey", "kind", "trigger", "delay_minutes", "priority", "rest_days",
        )  # fmt: skip

    field_order = (
        "name", "code", "survey", "kind", "trigger", "touchpoint", "happened", "delay_minutes", "every", "unit", "at",
        "echo_of", "first_day", "segment", "segment_value", "needs_consent", "percent", "priority", "way_1", "way_2",
        "way_3", "remind", "thanks", "expires_days", "rest_days",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own("survey", Survey.objects.all())
        if not self.fields["survey"].queryset.exists():  # type: ignore[attr-defined]
            self.fields["survey"].help_text = gettext("There is no survey yet. Add one under Surveys first.")
        self._own("touchpoint", Touchpoint.objects.all())
        self._own("segment", Segment.objects.all())
        self._own("echo_of", Programme.objects.exclude(pk=self.instance.pk))
        self._offer_channels()
        self._begin()

    def clean_code(self) -> str:
        code = super().clean_code()
        if code in _RESERVED:
            raise forms.ValidationError(gettext("This code is taken already; choose another one."))
        return code

    def clean_remind(self) -> list[int]:
        try:
            days = sorted(
                {
                    int(each)
                    for each in self.cleaned_data["remind"].replace("，", ",").split(",")
                    if each.strip()
                }
            )
        except ValueError as problem:
            raise forms.ValidationError(gettext("Write whole days with commas, such as: 3, 7.")) from problem
        if any(not 0 < each <= 90 for each in days):
            raise forms.ValidationError(gettext("Write whole days with commas, such as: 3, 7."))
        return days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("trigger") == "event" and not cleaned.get("touchpoint"):
            self.add_error("touchpoint", gettext("Choose the touchpoint after which it asks."))
        if cleaned.get("segment") and not cleaned.get("segment_value"):
            self.add_error("segment_value", gettext("Write the value of the segment."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        given, made = self.cleaned_data, self.instance
        settings = {name: given[name] for name in ("needs_consent", "thanks", "expires_days")}
        if given["trigger"] == "event":
            about = {"touchpoint": given["touchpoint"].code, "state": given["happened"] or "completed"}
            made.event, made.schedule = {**made.event, **settings, **about}, {}
        else:
            made.event, made.schedule = {}, {**made.schedule, **settings, **self._scheduled()}
        if not self._keeps_condition():
            made.condition = self._condition()
        made.sample = given["percent"] / 100
        made.channels = list(dict.fromkeys(way for n in range(1, _WAYS + 1) if (way := given[f"way_{n}"])))
        made.reminders = given["remind"]
        day = given["first_day"]
        # Within its first day a programme may have begun late; that moment stays.
        if day != self.initial.get("first_day"):
            made.since = clock.day_begins(day, self._zone()) if day else None
        return super().save(commit)

    def _scheduled(self) -> dict[str, Any]:
        given = self.cleaned_data
        at = given["at"] or time(9)
        return {
            "every": 1 if given["every"] is None else given["every"],
            "unit": given["unit"] or "month",
            "at": at.strftime("%H:%M"),
            "echo_of": given["echo_of"].code if given["echo_of"] else "",
        }

    def _condition(self) -> dict[str, Any]:
        segment = self.cleaned_data["segment"]
        if segment is None:
            return {}
        clause = {
            "column": f"segment.{segment.code}",
            "op": "is",
            "value": self.cleaned_data["segment_value"],
        }
        return {"all": [clause]}

    def _keeps_condition(self) -> bool:
        """Whether the condition says more than the form can: then it stays as it is."""
        return bool(self.instance.condition) and self._clause() is None

    def _clause(self) -> tuple[str, str] | None:
        items = self.instance.condition.get("all", []) if self.instance.condition else []
        column = str(items[0].get("column", "")) if len(items) == 1 and isinstance(items[0], dict) else ""
        if not column.startswith("segment.") or items[0].get("op") != "is":
            return None
        return column.removeprefix("segment."), str(items[0].get("value", ""))

    def _offer_channels(self) -> None:
        channels = Channel.objects.filter(organization=self.organization)
        named = {each.code: str(each) for each in channels}
        accounts = SendingAccount.objects.filter(organization=self.organization, is_active=True)
        ways = dict.fromkeys([*accounts.values_list("way", flat=True), *self.instance.channels])
        offered = [(way, named.get(way, way)) for way in ways]
        if not offered:
            self.fields["way_1"].required = False
            self.fields["way_1"].help_text = gettext_lazy("Set up a sending account in the settings first.")
        for n in range(1, _WAYS + 1):
            field: Any = self.fields[f"way_{n}"]
            field.choices = offered if n == 1 and offered else [("", gettext("No channel")), *offered]

    def _begin(self) -> None:
        """Show what an existing programme has."""
        made = self.instance
        raw = made.event if made.trigger == "event" else made.schedule
        first: dict[str, Any] = {name: raw[name] for name in raw if name in self.fields}
        first |= {"happened": raw.get("state", "completed"), "percent": round(made.sample * 100, 4)}
        first |= {f"way_{n}": way for n, way in enumerate(made.channels[:_WAYS], start=1)}
        first["remind"] = ", ".join(str(each) for each in made.reminders)
        if made.since:
            first["first_day"] = made.since.astimezone(self._zone()).date()
        if clause := self._clause():
            first["segment"], first["segment_value"] = clause
        if self._keeps_condition():
            for name in ("segment", "segment_value"):
                self.fields[name].disabled = True
                self.fields[name].help_text = gettext_lazy(
                    "It has a condition of several parts, which is kept."
                )
        self.initial = {**self.initial, **first}

    def _zone(self) -> Any:
        return clock.zone(self.organization.zone)


class PolicyForm(forms.ModelForm):
    """How often one customer may be asked, by whatever programme."""

    class Meta:
        model = ContactPolicy
        fields = (
            "cap_count", "cap_days", "year_count", "rest_after_answer_days", "per_survey_rest_days", "quiet_from",
            "quiet_to", "suppress_on_open_case",
        )  # fmt: skip
        labels = {
            "cap_count": gettext_lazy("At most this often"),
            "cap_days": gettext_lazy("Within so many days"),
            "year_count": gettext_lazy("And at most this often within a year"),
            "rest_after_answer_days": gettext_lazy("Days of peace after answering a relationship survey"),
            "per_survey_rest_days": gettext_lazy("Days until the same survey asks again"),
            "quiet_from": gettext_lazy("Quiet from"),
            "quiet_to": gettext_lazy("Quiet until"),
            "suppress_on_open_case": gettext_lazy("Ask nothing while a case of the customer is open"),
        }
        help_texts = {
            "cap_count": gettext_lazy("Over all channels and programmes together."),
            "quiet_from": gettext_lazy("Where the customer is; such as 21:00."),
            "quiet_to": gettext_lazy("The same time in both: it is never quiet."),
        }
