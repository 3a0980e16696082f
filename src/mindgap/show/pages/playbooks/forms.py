"""The form of a playbook: its name, one to three steps in three languages, and where it fits."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.case.case import SEVERITIES
from mindgap.act.playbook.causes import CAUSES
from mindgap.act.playbook.playbook import Playbook
from mindgap.keep import texts
from mindgap.show.pages.frame.form import TextsField, with_other_languages
from mindgap.show.pages.settings.forms import EntryForm
from mindgap.show.words import cause, choice

_STEPS = 3
_RESERVED = ("new", "shipped")


class _ManyField(forms.MultipleChoiceField):
    """Several of a list; none means all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class PlaybookForm(EntryForm):
    """A playbook. Empty lists fit everything."""

    step_1 = TextsField(label=gettext_lazy("First step"), rows=2)
    step_2 = TextsField(label=gettext_lazy("Second step"), rows=2, required=False)
    step_3 = TextsField(label=gettext_lazy("Third step"), rows=2, required=False)
    touchpoints = _ManyField(label=gettext_lazy("Only at these touchpoints"))
    kinds = _ManyField(label=gettext_lazy("Only at these kinds of touchpoint"))
    causes = _ManyField(label=gettext_lazy("Only for these causes"))
    severities = _ManyField(label=gettext_lazy("Only for these severities"))
    topics = forms.CharField(
        label=gettext_lazy("Only for these topics"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Codes of topics, separated by commas; empty: all."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("It is suggested"), required=False, initial=True)

    class Meta:
        model = Playbook
        fields = ("name", "code", "is_active")

    field_order = (
        "name", "code", "step_1", "step_2", "step_3", "causes", "severities", "kinds", "touchpoints", "topics", "is_active",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(each.code, str(each)) for each in self.organization.touchpoints.all()]
        # Codes that it holds already stay, though nobody offers them any more.
        held = {
            name: getattr(self.instance, name) or []
            for name in ("touchpoints", "kinds", "causes", "severities")
        }
        for name, offered in (
            ("touchpoints", places),
            ("kinds", choice.choices(choice.TOUCHPOINT_KINDS)),
            ("causes", [(code, cause.CAUSES[code]) for code in CAUSES]),
            ("severities", [(code, cause.SEVERITIES[code]) for code in SEVERITIES]),
        ):
            field: Any = self.fields[name]
            known = [code for code, _ in offered]
            field.choices = [*offered, *((code, code) for code in held[name] if code not in known)]
            field.initial = held[name]
        self.fields["topics"].initial = ", ".join(self.instance.topics or [])
        for place, step in enumerate((self.instance.steps or [])[:_STEPS], 1):
            self.fields[f"step_{place}"].initial = texts.read(step)

    def clean_code(self) -> str:
        code = super().clean_code()
        if code in _RESERVED:
            raise forms.ValidationError(gettext("This code is taken already; choose another one."))
        return code

    def save(self, commit: bool = True) -> Any:
        told = self.cleaned_data
        row = self.instance
        old = list(row.steps or [])
        written = [(place, told[f"step_{place + 1}"]) for place in range(_STEPS)]
        row.steps = [
            dict(with_other_languages(text, texts.read(old[place]) if place < len(old) else {}))
            for place, text in written
            if text
        ]
        for name in ("touchpoints", "kinds", "causes", "severities"):
            setattr(row, name, told[name])
        row.topics = [part for each in told["topics"].split(",") if (part := each.strip())]
        return super().save(commit)
