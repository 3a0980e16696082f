"""The small forms of a case, one for each thing that may be done with it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from mindgap.act.case import people
from mindgap.act.models import Case
from mindgap.ground import clock
from mindgap.ground.money import Money, digits
from mindgap.keep.models import Member
from mindgap.show.pages.cases import naming
from mindgap.show.words.cause import CAUSES, SEVERITIES

_WORDS_MOST = 4000
_YES_NO = (("", gettext_lazy("Not known")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


class CaseForm(forms.Form):
    """What every action sends along: which version of the case the member saw when they acted."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, case: Case, member: Member, verb: str, zone: ZoneInfo, **kwargs: Any
    ) -> None:
        # Several of these stand on one page, and each needs ids of its own.
        kwargs.setdefault("auto_id", f"{verb}-%s")
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"version": case.version, **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        self.case, self.member, self.zone = case, member, zone

    def said(self) -> dict[str, Any]:
        """What the action is given, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _words(label: Any, *, required: bool, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=_WORDS_MOST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PlainForm(CaseForm):
    """Nothing but the button."""


class NoteForm(CaseForm):
    words = _words(
        gettext_lazy("Note"),
        required=True,
        help_text=gettext_lazy("For colleagues; the customer does not see it."),
    )


class ContactForm(CaseForm):
    words = _words(
        gettext_lazy("What was said"),
        required=False,
        help_text=gettext_lazy(
            "How you reached the customer, and what they want. The customer does not see it."
        ),
    )


class ReassignForm(CaseForm):
    owner = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("To"),
        required=False,
        empty_label=gettext_lazy("Nobody: to the pool"),
    )
    reason = _words(gettext_lazy("Why"), required=True, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Member.objects.filter(organization=self.case.organization_id, is_active=True)
        fit = [each.pk for each in colleagues.select_related("unit") if people.may_own(each, self.case)]
        field: Any = self.fields["owner"]
        field.queryset = (
            colleagues.filter(pk__in=fit).exclude(pk=self.case.owner_id or 0).select_related("user")
        )


class ReasonForm(CaseForm):
    reason = _words(gettext_lazy("Why"), required=True, rows=2)


class AwaitForm(CaseForm):
    words = _words(
        gettext_lazy("What the customer is asked for"),
        required=True,
        rows=2,
        help_text=gettext_lazy("The clocks stand until the customer replies."),
    )


class ResolveForm(CaseForm):
    fault = forms.ChoiceField(label=gettext_lazy("Whose fault it was"), choices=list(naming.FAULTS.items()))
    cause = forms.ChoiceField(
        label=gettext_lazy("What went wrong"),
        choices=[("", gettext_lazy("Choose the main cause")), *CAUSES.items()],
    )
    controllable = forms.ChoiceField(label=gettext_lazy("In our control"), choices=_YES_NO, required=False)
    severity = forms.ChoiceField(
        label=gettext_lazy("How it will be remembered"),
        choices=[("", gettext_lazy("Choose how severe it was")), *SEVERITIES.items()],
    )
    words = _words(gettext_lazy("What was done"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"cause": case.cause, "severity": case.severity, **kwargs.get("initial", {})}
        super().__init__(*args, case=case, **kwargs)

    def clean_controllable(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["controllable"])


class RemedyForm(CaseForm):
    kind = forms.ChoiceField(label=gettext_lazy("What is given"), choices=list(naming.REMEDIES.items()))
    words = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The customer reads it on their page."),
    )
    field_order = ("version", "kind", "cost", "words")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.currency = case.organization.currency
        places = digits(self.currency)
        step = str(Decimal(1).scaleb(-places))
        super().__init__(*args, case=case, **kwargs)
        self.fields["cost"] = forms.DecimalField(
            label=gettext("What it costs us (%(currency)s)") % {"currency": self.currency},
            min_value=Decimal(0),
            max_digits=12,
            decimal_places=places,
            initial=0,
            widget=forms.NumberInput({"inputmode": "decimal", "step": step}),
        )
        self.order_fields(self.field_order)

    def said(self) -> dict[str, Any]:
        said = super().said()
        said["cost_minor"] = Money.parse(str(said.pop("cost")), self.currency).minor
        return said


class ApologyForm(CaseForm):
    words = _words(
        gettext_lazy("The words of the apology"),
        required=True,
        help_text=gettext_lazy(
            "The customer reads them on their page. Say what went wrong, and that you are sorry."
        ),
    )


class PromiseForm(CaseForm):
    words = forms.CharField(
        label=gettext_lazy("What is promised"),
        max_length=300,
        help_text=gettext_lazy("The customer reads it on their page; whether it was kept is counted."),
    )
    due = forms.DateTimeField(
        label=gettext_lazy("By when"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        local = (clock.now() + timedelta(days=2)).astimezone(zone).replace(tzinfo=None, minute=0, second=0)
        kwargs["initial"] = {"due": local, **kwargs.get("initial", {})}
        super().__init__(*args, zone=zone, **kwargs)

    def clean_due(self) -> Any:
        # Django reads it in UTC, the page's zone for all organizations; people write it in their own.
        due = clock.instant_of(self.cleaned_data["due"].replace(tzinfo=None), self.zone)
        if due <= clock.now():
            raise forms.ValidationError(gettext("Promise something that is still to come."))
        return due


class MergeForm(CaseForm):
    into = forms.IntegerField(
        label=gettext_lazy("Number of the case that goes on"),
        min_value=1,
        help_text=gettext_lazy("Of the same customer."),
    )


class ImprovementForm(CaseForm):
    title = forms.CharField(
        label=pgettext_lazy("of an improvement", "What should become better"), max_length=200
    )
    side = forms.ChoiceField(
        label=gettext_lazy("What is to be mended"),
        choices=(
            ("delivery", gettext_lazy("What we deliver")),
            ("promise", gettext_lazy("What we promise")),
            ("both", gettext_lazy("Both")),
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=(
            ("repair", gettext_lazy("Repair")),
            ("quick_win", gettext_lazy("Quick win")),
            ("innovate", gettext_lazy("Something new")),
        ),
    )
