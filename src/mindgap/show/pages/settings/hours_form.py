"""The forms of calendars and service levels: hours as people write them, `09:00-12:00, 13:00-18:00`."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.case.policy import CasePolicy
from mindgap.act.hours.public_holidays import countries
from mindgap.act.hours.reckoning import USUAL_WEEK, BadCalendar, read
from mindgap.act.hours.service_level import COUNTS, DEFAULTS, STEPS, URGENCIES
from mindgap.act.models import Calendar, ServiceLevel
from mindgap.ground import clock
from mindgap.keep.models import Organization, Unit
from mindgap.show.pages.settings.forms import EntryForm
from mindgap.show.pages.settings.organization import zones

_SPAN = re.compile(r"^(\d{1,2}:\d{2})\s*[-–—~]\s*(\d{1,2}:\d{2})$")
_HOUR = 3600
Spans = list[list[str]]


class SpansField(forms.CharField):
    """The hours of one day; empty: nobody works."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)
        self.widget.attrs["placeholder"] = "09:00-12:00, 13:00-18:00"

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return spans(super().clean(value))


def spans(text: str) -> Spans:
    """`09:00-12:00, 13:00-18:00` as it is stored; `forms.ValidationError` says what cannot be read."""
    found: Spans = []
    for part in re.split("[,，、;；]", text):
        if not part.strip():
            continue
        match = _SPAN.match(part.strip())
        if not match:
            raise forms.ValidationError(gettext("Write hours like 09:00-12:00, 13:00-18:00."))
        found.append([_padded(each) for each in match.groups()])
    return found


def written(stored: Spans) -> str:
    """The other way round."""
    return ", ".join(f"{start}-{end}" for start, end in stored)


def _padded(text: str) -> str:
    hour, _colon, minute = text.partition(":")
    return f"{int(hour):02}:{minute}"


class DaysField(forms.CharField):
    """A day on each line with something behind it: `2026-10-01 National Day`."""

    def __init__(self, *, holds_spans: bool, **kwargs: Any) -> None:
        self.holds_spans = holds_spans
        super().__init__(
            required=False, max_length=40_000, widget=forms.Textarea(attrs={"rows": 8}), **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(
            f"{day} {written(what) if self.holds_spans else what}".strip()
            for day, what in sorted(value.items())
        )

    def clean(self, value: Any) -> Any:
        found: dict[str, Any] = {}
        for line in str(super().clean(value)).splitlines():
            if not line.strip():
                continue
            day, _space, rest = line.strip().partition(" ")
            try:
                day = date.fromisoformat(day).isoformat()
            except ValueError:
                raise forms.ValidationError(
                    gettext("“%(line)s” does not begin with a day such as 2026-10-01.") % {"line": line[:60]}
                ) from None
            found[day] = spans(rest) if self.holds_spans else rest.strip()[:80]
        return found


def _day_fields() -> dict[str, forms.Field]:
    return {f"day_{day}": SpansField(label=WEEKDAYS[day]) for day in range(7)}


class CalendarForm(EntryForm):
    """When an organization, or some of its units, works."""

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=lambda: [("", gettext("That of the unit, else of the organization")), *zones()],
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=gettext_lazy("Public holidays of"),
        required=False,
        help_text=gettext_lazy(
            "Two letters, such as CN, TW, BR or DE. The holidays of this year and the next, and weekends that are worked instead, are filled in when you save; you can change them below."
        ),
    )
    holidays = DaysField(
        holds_spans=False,
        label=gettext_lazy("Holidays"),
        help_text=gettext_lazy("One on each line: the day, then its name."),
    )
    exceptions = DaysField(
        holds_spans=True,
        label=gettext_lazy("Days that differ"),
        help_text=gettext_lazy(
            "One on each line: the day, then its hours. Such as a Saturday that is worked; without hours nobody works."
        ),
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Units that work by it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("And all below them that have no calendar of their own."),
    )
    is_default = forms.BooleanField(label=gettext_lazy("For everybody who has no other"), required=False)

    class Meta:
        model = Calendar
        fields = ("name", "code", "zone", "country", "holidays", "exceptions", "units", "is_default")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week = self.instance.week or ({} if self.instance.pk else USUAL_WEEK)
        for name, field in _day_fields().items():
            self.fields[name] = field
            self.initial.setdefault(name, week.get(name.removeprefix("day_"), []))
        self.order_fields(
            [
                "name",
                "code",
                "zone",
                *_day_fields(),
                "country",
                "holidays",
                "exceptions",
                "units",
                "is_default",
            ]
        )
        self._own("units", Unit.objects.all())

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country and country not in countries():
            raise forms.ValidationError(
                gettext("The holidays of this country are not known; write them below yourself.")
            )
        return country

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        week = {str(day): cleaned.get(f"day_{day}") or [] for day in range(7)}
        if self.errors:
            return cleaned
        made = Calendar(
            zone=cleaned["zone"], week=week, holidays=cleaned["holidays"], exceptions=cleaned["exceptions"]
        )
        try:
            read(made, clock.zone(self.organization.zone))
        except BadCalendar as problem:
            self._explain(problem, week)
        self.instance.week = {day: hours for day, hours in week.items() if hours}
        return cleaned

    def _explain(self, problem: BadCalendar, week: dict[str, Spans]) -> None:
        """The reckoning says it in English; here it is said beside the field, in the language of the page."""
        if not any(week.values()):
            self.add_error(None, gettext("Nobody would ever work: write the hours of at least one day."))
            return
        where, _space, place = problem.where.partition(" ")
        field = f"day_{place}" if where == "week" else where
        words = gettext("Each span needs times of day between 00:00 and 24:00, and none may overlap another.")
        self.add_error(field if field in self.fields else None, words)

    def _get_validation_exclusions(self) -> set[str]:
        # That there is one default only is no fault of who makes another: the one before gives way in `save`.
        return super()._get_validation_exclusions() | {self.owner}

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data["is_default"]:
            others = Calendar.objects.filter(organization=self.organization, is_default=True)
            others.exclude(pk=self.instance.pk).update(is_default=False)
        return super().save(commit)


class PolicyForm(forms.ModelForm):
    """When customers are asked whether it was put right, and how long their silence lasts."""

    class Meta:
        model = CasePolicy
        fields = ("verify_days", "silence_days", "repeat_days")
        labels = {
            "verify_days": gettext_lazy("Days until the customer is asked whether it was put right"),
            "silence_days": gettext_lazy("Days of silence after which a case is closed"),
            "repeat_days": gettext_lazy("Another complaint within so many days is a repeated one"),
        }
        help_texts = {
            "verify_days": gettext_lazy("From 3 to 14."),
            "silence_days": gettext_lazy("Closed, never recovered: only the customer says that."),
            "repeat_days": gettext_lazy("A repeated complaint begins one level up and has half the time."),
        }


class LevelsForm(forms.Form):
    """How long each step of a case may take; a row for each step, normal and critical."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        known = {
            (each.urgency, each.step): (each.seconds, each.counts)
            for each in ServiceLevel.objects.filter(organization=organization)
        }
        for urgency in URGENCIES:
            for step in STEPS:
                seconds, counts = known.get((urgency, step), DEFAULTS[urgency, step])
                hours = seconds / _HOUR
                self.fields[f"{urgency}_{step}_hours"] = forms.FloatField(
                    label=gettext("Hours"), min_value=0.25, max_value=8760,
                    initial=int(hours) if hours.is_integer() else hours,
                )  # fmt: skip
                self.fields[f"{urgency}_{step}_counts"] = forms.ChoiceField(
                    label=gettext("Counted"),
                    choices=[(each, _COUNTS[each]) for each in COUNTS],
                    initial=counts,
                )

    def rows(self) -> list[dict[str, Any]]:
        """The fields as a table draws them."""
        return [
            {
                "urgency": urgency,
                "step": step,
                "hours": self[f"{urgency}_{step}_hours"],
                "counts": self[f"{urgency}_{step}_counts"],
            }
            for urgency in URGENCIES
            for step in STEPS
        ]

    def save(self) -> None:
        """Keep all of them; cases that are opened from now on go by them."""
        for urgency in URGENCIES:
            for step in STEPS:
                ServiceLevel.objects.update_or_create(
                    organization=self.organization,
                    urgency=urgency,
                    step=step,
                    defaults={
                        "seconds": round(self.cleaned_data[f"{urgency}_{step}_hours"] * _HOUR),
                        "counts": self.cleaned_data[f"{urgency}_{step}_counts"],
                    },
                )


_COUNTS: dict[str, Lazy | str] = {
    "customer": gettext_lazy("in the customer's time"),
    "business": gettext_lazy("in business time"),
}
