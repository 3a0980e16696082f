"""The forms of an improvement: what it is, and the plan by which it will be judged."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.plan import PICKED, Wish
from mindgap.act.improvement.planning import is_share, metrics, today
from mindgap.explain.finding import Period
from mindgap.ground.money import Money
from mindgap.keep.models import Member, Promise, Touchpoint, Unit
from mindgap.show.pages.frame.form import DayInput
from mindgap.show.pages.improvements import naming
from mindgap.show.words import Names


class IdeaForm(forms.Form):
    """What is to be changed where; also used to change the words later (`improvement` given)."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    hypothesis = forms.CharField(
        label=gettext_lazy("Hypothesis"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("If we do this, that will get better, because …"),
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=gettext_lazy("Touchpoint"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("No touchpoint"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Only in"),
        required=False,
        empty_label=gettext_lazy("Everywhere"),
        help_text=gettext_lazy("Begin in one unit: the others show what would have happened anyway."),
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Side of the gap"), choices=naming.SIDES.items(), initial="delivery"
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=naming.KINDS.items(), initial="repair")

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        mine = {"organization": member.organization_id}
        self._offer("touchpoint", Touchpoint.objects.filter(**mine))
        units = Unit.objects.filter(**mine)
        if member.unit is not None:
            units = units.filter(path__startswith=member.unit.path)
            self.fields["unit"].required = True
            self.fields["unit"].empty_label = None  # type: ignore[attr-defined]
        self._offer("unit", units)

    def _offer(self, name: str, rows: Any) -> None:
        if name in self.fields:
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class EditForm(IdeaForm):
    """The words, people and money; where it is belongs to its beginning."""

    touchpoint = None  # type: ignore[assignment]
    unit = None  # type: ignore[assignment]
    promise = forms.ModelChoiceField(
        Promise.objects.none(),
        label=gettext_lazy("Promise"),
        required=False,
        empty_label=gettext_lazy("No promise"),
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Owner"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    partner = forms.CharField(label=gettext_lazy("Partner"), required=False, max_length=128)
    sponsor = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Sponsor"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    cost = forms.CharField(label=gettext_lazy("Cost"), required=False, max_length=24)
    value = forms.CharField(label=gettext_lazy("Expected value"), required=False, max_length=24)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, improvement: Improvement) -> None:
        currency = improvement.currency or improvement.organization.currency
        self.currency = currency
        initial = {
            name: getattr(improvement, name)
            for name in (
                "title",
                "hypothesis",
                "side",
                "kind",
                "promise",
                "owner",
                "partner",
                "sponsor",
                "version",
            )
        }
        for name in ("cost", "value"):
            minor = getattr(improvement, f"{name}_minor")
            initial[name] = "" if minor is None else str(Money(minor, currency).amount)
        forms.Form.__init__(self, data, initial=initial)
        mine = {"organization": improvement.organization_id}
        people = Member.objects.filter(**mine, is_active=True).select_related("user")
        self._offer("owner", people)
        self._offer("sponsor", people)
        self._offer("promise", Promise.objects.filter(**mine))
        for name in ("cost", "value"):
            self.fields[name].help_text = currency

    def clean_cost(self) -> int | None:
        return self._money("cost")

    def clean_value(self) -> int | None:
        return self._money("value")

    def _money(self, name: str) -> int | None:
        text = self.cleaned_data[name].strip()
        if not text:
            return None
        try:
            return Money.parse(text, self.currency).minor
        except ValueError:
            raise forms.ValidationError(gettext("Write the amount like 1234.56.")) from None

    def values(self) -> dict[str, Any]:
        """The fields as `actions.edit` takes them."""
        told = dict(self.cleaned_data)
        told.pop("version")
        cost, value = told.pop("cost"), told.pop("value")
        return {**told, "cost_minor": cost, "value_minor": value}


class PlanForm(forms.Form):
    """Which level of which metric by when; and how the period before is cut."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    target = forms.FloatField(
        label=gettext_lazy("Target"),
        help_text=gettext_lazy(
            "In points for a score, in percent for a share, else in the unit of the measure."
        ),
    )
    works_from = forms.DateField(
        label=gettext_lazy("It works from"),
        widget=DayInput(),
        help_text=gettext_lazy("From this day on customers notice it, and the measuring begins."),
    )
    deadline = forms.DateField(label=gettext_lazy("Deadline"), widget=DayInput())
    before_since = forms.DateField(
        label=gettext_lazy("Compared with: first day"), widget=DayInput(), required=False,
        help_text=gettext_lazy("Empty: the quarter until yesterday."),
    )  # fmt: skip
    before_until = forms.DateField(
        label=gettext_lazy("Compared with: last day"), widget=DayInput(), required=False
    )
    was_picked = forms.BooleanField(
        label=gettext_lazy("It was chosen because its figures were bad"), required=False,
        help_text=gettext_lazy("Then part of what follows is chance that passes, and is taken out."),
    )  # fmt: skip
    although = forms.CharField(
        label=gettext_lazy("Why the deadline holds nevertheless"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, improvement: Improvement, asks_why: bool = False) -> None:
        self.improvement = improvement
        now = today(improvement)
        super().__init__(
            data,
            initial={
                "works_from": now + timedelta(days=14), "deadline": now + timedelta(days=14 + 90),
                "version": improvement.version, "was_picked": improvement.origin in PICKED,
            },
        )  # fmt: skip
        names = Names(improvement.organization)
        choices: Any = self.fields["metric"]
        choices.choices = [(code, names.metric(code)) for code in metrics(improvement)]
        self.fields["was_picked"].disabled = improvement.origin in PICKED
        if not (asks_why or self.data.get("although")):
            self.fields["although"].widget = forms.HiddenInput()

    def wish(self) -> Wish:
        """What is wished, in the units of the figures."""
        told = self.cleaned_data
        factor = 100 if is_share(self.improvement, told["metric"]) else 1
        since, until = told["before_since"], told["before_until"]
        return Wish(
            metric=told["metric"],
            target=told["target"] / factor,
            works_from=told["works_from"],
            deadline=told["deadline"],
            before=Period(since, until) if since or until else None,
            was_picked=told["was_picked"],
        )
