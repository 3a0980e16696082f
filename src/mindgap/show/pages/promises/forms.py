"""The forms of a promise and of a place where its words stand."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.keep.models import Channel, Interaction, Measure, Member, Occurrence, Promise, Touchpoint
from mindgap.show.pages.frame.form import TextsField, with_other_languages
from mindgap.show.pages.settings.forms import EntryForm
from mindgap.show.words import choice
from mindgap.show.words.number import unit_name


class PromiseForm(EntryForm):
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(), label=gettext_lazy("Touchpoint"), empty_label=None
    )
    measure = forms.ModelChoiceField(
        Measure.objects.none(), label=gettext_lazy("Counted in"), empty_label=None
    )
    bound = forms.ChoiceField(label=gettext_lazy("Promised is"), choices=choice.choices(choice.BOUNDS))
    amount = forms.DecimalField(
        label=gettext_lazy("This much"),
        required=False,
        help_text=gettext_lazy(
            "In the unit of the measure. Empty: each interaction brings a promise of its own."
            " A change holds from now on; what is recorded stays judged by what was promised then."
        ),
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Shown first"),
        choices=choice.choices(choice.RULES),
        help_text=gettext_lazy("Both rules are always counted and named; this one leads."),
    )
    starts = forms.CharField(
        label=gettext_lazy("Counts from"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The event from which it counts, such as: order paid."),
    )
    conditions = TextsField(label=gettext_lazy("Conditions"), required=False, rows=2, help_text="")
    member = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Owner"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    is_time_critical = forms.BooleanField(
        label=gettext_lazy("Late is worthless: the date itself matters to the customer"), required=False
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("We make this promise now"), required=False, initial=True
    )

    class Meta:
        model = Promise
        fields = (
            "name", "code", "touchpoint", "measure", "bound", "rule", "starts",
            "conditions", "is_time_critical", "is_active",
        )  # fmt: skip

    field_order = (
        "name", "code", "touchpoint", "measure", "bound", "amount", "rule", "starts", "conditions", "member",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own("touchpoint", Touchpoint.objects.all())
        self._own("measure", Measure.objects.all())
        self._own("member", Member.objects.filter(is_active=True).select_related("user"))
        self.fields["member"].initial = self.instance.owner_id
        if self.is_new:
            return
        if self.instance.quantity is not None:
            self.fields["amount"].initial = (self.instance.quantity * self.instance.measure.step).normalize()
        if Interaction.objects.filter(promise=self.instance).exists():
            for name in ("touchpoint", "measure"):
                self.fields[name].disabled = True
                self.fields[name].help_text = gettext_lazy(
                    "Fixed, because things are recorded with it already."
                )

    def clean_code(self) -> str:
        code = super().clean_code()
        if code == "new":
            raise forms.ValidationError(gettext("This code is taken already; choose another one."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["steps"] = _steps(self, cleaned.get("measure"), cleaned.get("amount"))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.quantity = self.cleaned_data["steps"]
        self.instance.owner = self.cleaned_data["member"]
        return super().save(commit)


class OccurrenceForm(forms.ModelForm):
    place = forms.ChoiceField(label=gettext_lazy("Place"), choices=choice.choices(choice.PLACES))
    where = forms.CharField(
        label=gettext_lazy("Where exactly"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The page, picture, script or paragraph in which the words stand."),
    )
    words = TextsField(label=gettext_lazy("Words"), rows=2)
    amount = forms.DecimalField(label=gettext_lazy("Value named in these words"), required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        label=gettext_lazy("Channel"),
        required=False,
        empty_label=gettext_lazy("No channel"),
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=gettext_lazy("Customers meet it at"),
        required=False,
        empty_label=gettext_lazy("The touchpoint of the promise"),
    )

    class Meta:
        model = Occurrence
        fields = ("place", "where", "words", "channel", "touchpoint")

    field_order = ("place", "where", "words", "amount", "channel", "touchpoint")

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.promise = promise
        self.instance.promise = promise
        for name in ("channel", "touchpoint"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.model.objects.filter(organization=promise.organization_id)
        unit = unit_name(promise.measure.unit)
        self.fields["amount"].help_text = (
            gettext("In %(unit)s. Empty: the words name no value.") % {"unit": unit}
            if unit
            else gettext("Empty: the words name no value.")
        )
        if self.instance.quantity is not None:
            self.fields["amount"].initial = (self.instance.quantity * promise.measure.step).normalize()

    def clean_words(self) -> Any:
        return with_other_languages(self.cleaned_data["words"], self.instance.words or {})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["steps"] = _steps(self, self.promise.measure, cleaned.get("amount"))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.quantity = self.cleaned_data["steps"]
        return super().save(commit)


def _steps(form: forms.BaseForm, measure: Measure | None, amount: Any) -> int | None:
    if measure is None or amount is None:
        return None
    try:
        return measure.steps(amount)
    except ValueError:
        form.add_error("amount", gettext("This value is not on the scale of the measure."))
        return None
