"""The forms of everything an organization declares: a code for imports, names for people, and the thing's own."""

from typing import Any

from django import forms
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from mindgap.keep.models import (
    Channel,
    ExpectationSource,
    Journey,
    Measure,
    Member,
    Metric,
    Organization,
    Segment,
    Stage,
    Touchpoint,
    Unit,
)
from mindgap.show.pages.frame.form import TextsField, with_other_languages
from mindgap.show.pages.settings.use import is_used
from mindgap.show.words import choice


class EntryForm(forms.ModelForm):
    """One declared thing. `locked` fields cannot change once something is recorded with it."""

    name = TextsField(label=gettext_lazy("Name"))
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=64,
        help_text=gettext_lazy(
            "How imports and addresses call it; it cannot be changed later. Empty: made from the name."
        ),
    )
    locked: tuple[str, ...] = ()
    owner = "organization"

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.is_new = self.instance.pk is None
        if self.is_new and self.owner == "organization":
            self.instance.organization = organization
        if not self.is_new:
            self.fields["code"].disabled = True
        self.is_locked = bool(self.locked) and not self.is_new and is_used(self.instance)
        for name in self.locked if self.is_locked else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = gettext_lazy("Fixed, because things are recorded with it already.")

    def clean_code(self) -> str:
        code = str(self.cleaned_data.get("code") or "").strip()
        if not code:
            name = self.cleaned_data.get("name") or {}
            code = slugify(next(iter(name.values()), ""), allow_unicode=True)[:64]
        field: Any = self.instance._meta.get_field("code")  # noqa: SLF001 - Django's own door to fields
        return str(field.clean(code, self.instance)) if code else code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "name" in cleaned and not self.is_new:
            cleaned["name"] = with_other_languages(cleaned["name"], self.instance.name)
        if "code" in cleaned and not cleaned["code"]:
            self.add_error("code", gettext("Write a code of letters, digits and hyphens."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The owner is not in the form, yet a code must be unique within it.
        return super()._get_validation_exclusions() - {self.owner}  # type: ignore[misc]

    def validate_unique(self) -> None:
        super().validate_unique()
        siblings = type(self.instance).objects.filter(
            **{self.owner: getattr(self.instance, self.owner, None)}
        )
        code = self.cleaned_data.get("code")
        if code and siblings.filter(code=code).exclude(pk=self.instance.pk).exists():
            self.add_error("code", gettext("This code is taken already; choose another one."))

    def _own(self, name: str, queryset: "models.QuerySet[Any]") -> None:
        """Only things of the same organization may be chosen."""
        field: Any = self.fields[name]
        field.queryset = queryset.filter(organization=self.organization)


class ChannelForm(EntryForm):
    class Meta:
        model = Channel
        fields = ("name", "code")


class SegmentForm(EntryForm):
    class Meta:
        model = Segment
        fields = ("name", "code")


class SourceForm(EntryForm):
    is_controllable = forms.BooleanField(
        label=gettext_lazy("We can control what customers hear there"), required=False
    )

    class Meta:
        model = ExpectationSource
        fields = ("name", "code", "is_controllable")


class JourneyForm(EntryForm):
    class Meta:
        model = Journey
        fields = ("name", "code")


class StageForm(EntryForm):
    owner = "journey"
    journey = forms.ModelChoiceField(Journey.objects.none(), label=gettext_lazy("Journey"), empty_label=None)

    class Meta:
        model = Stage
        fields = ("journey", "name", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own("journey", Journey.objects.all())

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"journey"}

    def validate_unique(self) -> None:
        if "journey" in self.cleaned_data:
            super().validate_unique()


class TouchpointForm(EntryForm):
    locked = ("measure",)
    stage = forms.ModelChoiceField(
        Stage.objects.none(),
        label=gettext_lazy("Stage"),
        required=False,
        empty_label=gettext_lazy("Without a stage"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    member = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Owner"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    partner = forms.CharField(
        label=gettext_lazy("Partner"),
        required=False,
        max_length=128,
        help_text=gettext_lazy("Who runs it on our behalf, if it is not us."),
    )
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=gettext_lazy("Counted in"),
        required=False,
        empty_label=gettext_lazy("Only answers are collected"),
        help_text=gettext_lazy("The measure in which it is counted how long customers had to wait."),
    )
    is_moment_of_truth = forms.BooleanField(
        label=gettext_lazy("Moment of truth: it decides whether customers come back"), required=False
    )
    is_controllable = forms.BooleanField(
        label=gettext_lazy("We can control it"), required=False, initial=True
    )
    is_observed = forms.BooleanField(
        label=gettext_lazy("Customers only see it, they do not use it"), required=False
    )

    class Meta:
        model = Touchpoint
        fields = (
            "name", "code", "stage", "kind", "partner", "measure",
            "is_moment_of_truth", "is_controllable", "is_observed",
        )  # fmt: skip

    field_order = ("name", "code", "stage", "kind", "member", "partner", "measure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        stage.queryset = Stage.objects.filter(journey__organization=self.organization)
        self._own("measure", Measure.objects.all())
        self._own("member", Member.objects.filter(is_active=True).select_related("user"))
        known = self.organization.touchpoints.values_list("kind", flat=True).order_by().distinct()
        kind: Any = self.fields["kind"]
        kind.choices = choice.choices(choice.TOUCHPOINT_KINDS, *known)
        self.fields["member"].initial = self.instance.owner_id

    def save(self, commit: bool = True) -> Any:
        self.instance.owner = self.cleaned_data["member"]
        return super().save(commit)


class UnitForm(EntryForm):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=128,
        help_text=gettext_lazy("The number of the store or branch, as it stands in your data."),
    )
    parent = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Belongs to"),
        required=False,
        empty_label=gettext_lazy("Nothing above it"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))

    class Meta:
        model = Unit
        fields = ("name", "code", "parent", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.all()
        if not self.is_new:
            units = units.exclude(path__startswith=self.instance.path)
        self._own("parent", units)
        known = self.organization.units.values_list("kind", flat=True).order_by().distinct()
        kind: Any = self.fields["kind"]
        kind.choices = choice.choices(choice.UNIT_KINDS, *known)


class MeasureForm(EntryForm):
    locked = ("kind", "minimum", "maximum", "step", "unit", "higher_is_better")
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=choice.choices(choice.MEASURE_KINDS))
    minimum = forms.DecimalField(
        label=gettext_lazy("Least"), required=False, help_text=gettext_lazy("Empty: open at this end.")
    )
    maximum = forms.DecimalField(
        label=gettext_lazy("Most"), required=False, help_text=gettext_lazy("Empty: open at this end.")
    )
    step = forms.DecimalField(
        label=gettext_lazy("Step"),
        initial=1,
        min_value=0.000001,
        help_text=gettext_lazy("1 for whole numbers, 0.5 for half stars."),
    )
    unit = forms.CharField(
        label=pgettext_lazy("unit of a measure", "Unit"),
        required=False,
        max_length=16,
        help_text=gettext_lazy("For a duration: days, hours, minutes or seconds."),
    )
    higher_is_better = forms.BooleanField(
        label=gettext_lazy("A higher value is better for the customer"), required=False, initial=True
    )

    class Meta:
        model = Measure
        fields = ("name", "code", "kind", "minimum", "maximum", "step", "unit", "higher_is_better")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, most = cleaned.get("minimum"), cleaned.get("maximum")
        if least is not None and most is not None and least >= most:
            self.add_error("maximum", gettext("The most must lie above the least."))
        if cleaned.get("kind") == "duration" and cleaned.get("unit") not in choice.DURATION_UNITS:
            self.add_error("unit", gettext("Write days, hours, minutes or seconds."))
        return cleaned


class MetricForm(EntryForm):
    measure = forms.ModelChoiceField(Measure.objects.none(), label=gettext_lazy("Measure"), empty_label=None)
    summary = forms.ChoiceField(label=gettext_lazy("Summarised as"), choices=choice.choices(choice.SUMMARIES))
    top = forms.DecimalField(
        label=gettext_lazy("Best answers begin at"),
        required=False,
        help_text=gettext_lazy("Only for the share of the best answers. Empty: the best two of the scale."),
    )
    goal = forms.FloatField(
        label=gettext_lazy("Goal"),
        required=False,
        help_text=gettext_lazy(
            "In points for the Net Promoter Score, 0 to 1 for shares, else in the measure's unit."
        ),
    )

    class Meta:
        model = Metric
        fields = ("name", "code", "measure", "summary", "goal")

    field_order = ("name", "code", "measure", "summary", "top", "goal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own("measure", Measure.objects.all())
        if not self.is_new and self.instance.top_from is not None:
            self.fields["top"].initial = self.instance.top_from * self.instance.measure.step

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        measure, top = cleaned.get("measure"), cleaned.get("top")
        cleaned["top_steps"] = None
        if measure is not None and top is not None:
            try:
                cleaned["top_steps"] = measure.steps(top)
            except ValueError:
                self.add_error("top", gettext("This value is not on the scale of the measure."))
        if measure is not None and cleaned.get("summary") == "nps" and measure.kind != "likelihood":
            self.add_error(
                "summary", gettext("The Net Promoter Score needs a measure of likelihood from 0 to 10.")
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.top_from = self.cleaned_data["top_steps"]
        return super().save(commit)
