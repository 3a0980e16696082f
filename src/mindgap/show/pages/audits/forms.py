"""The form with which an audit is started."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from mindgap.act.audit import funnel, permission
from mindgap.act.audit.audit import KINDS
from mindgap.act.audit.scope import DAYS, PAGE_SECONDS, TILL_SECONDS, Scope
from mindgap.keep.member import Member
from mindgap.keep.models import Channel, Touchpoint, Unit
from mindgap.show.words import audit as speech
from mindgap.show.words import choice


class AuditForm(forms.Form):
    """What is looked at, by whom, and how far back evidence is sought."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=choice.choices(speech.KINDS))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: as its kind is called."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Unit"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("The whole organization"),
    )
    touchpoints = forms.ModelMultipleChoiceField(
        Touchpoint.objects.none(),
        label=gettext_lazy("Touchpoints"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all."),
    )
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.none(),
        label=gettext_lazy("Channels"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all."),
    )
    auditor = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Auditor"),
        required=False,
        empty_label=gettext_lazy("I do it"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Evidence of the last (days)"), min_value=7, max_value=3650, initial=DAYS
    )
    pages = forms.CharField(
        label=gettext_lazy("Digital audit: the steps of the site, one page a line, in order"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "/cart\n/checkout\n/thanks"}),
        help_text=gettext_lazy(
            "The audit then shows where visitors drop off, by the page loads of each step."
        ),
    )
    page_seconds = forms.FloatField(
        label=gettext_lazy("COURTED: a page should be there within (seconds)"),
        min_value=0.1,
        max_value=60,
        initial=PAGE_SECONDS,
    )
    till_seconds = forms.FloatField(
        label=gettext_lazy("COURTED: nobody should wait at the till longer than (seconds)"),
        min_value=1,
        max_value=7200,
        initial=TILL_SECONDS,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        own = {"organization": member.organization_id}
        fields: dict[str, Any] = self.fields
        units = member.unit.subtree() if member.unit else Unit.objects.filter(**own)
        fields["unit"].queryset = units.order_by("path")
        if member.unit is not None:
            fields["unit"].required = True
            fields["unit"].empty_label = None
            fields["unit"].initial = member.unit.code
        fields["touchpoints"].queryset = Touchpoint.objects.filter(**own).select_related("stage")
        fields["channels"].queryset = Channel.objects.filter(**own)
        fields["auditor"].queryset = Member.objects.filter(**own, is_active=True).select_related("user")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        unit, auditor = cleaned.get("unit"), cleaned.get("auditor")
        if "unit" in cleaned and not permission.may_start(self.member, unit):
            self.add_error("unit", gettext("You can start audits of your own units only."))
        if auditor is not None and auditor.unit is not None:
            is_inside = unit is not None and unit.path.startswith(auditor.unit.path)
            if not is_inside:
                self.add_error(
                    "auditor", gettext("This member does not see that unit; choose somebody who does.")
                )
        return cleaned

    def clean_pages(self) -> tuple[str, ...]:
        lines = [funnel.path(line) for line in self.cleaned_data["pages"].splitlines() if line.strip()]
        found = tuple(dict.fromkeys(lines))
        if len(found) == 1:
            raise forms.ValidationError(gettext("Give two steps or more, or none."))
        if len(found) > funnel.STEPS_MOST:
            raise forms.ValidationError(gettext("Give at most %(n)s steps.") % {"n": funnel.STEPS_MOST})
        return found

    def scope(self) -> Scope:
        """What was chosen, as an audit keeps it."""
        given = self.cleaned_data
        return Scope(
            touchpoints=tuple(each.code for each in given["touchpoints"]),
            channels=tuple(each.code for each in given["channels"]),
            unit=given["unit"].code if given["unit"] else "",
            days=given["days"],
            pages=given["pages"],
            page_seconds=given["page_seconds"],
            till_seconds=given["till_seconds"],
        )

    def called(self) -> str:
        """The name that was given, or that of the kind in the language of the reader."""
        return self.cleaned_data["name"] or choice.word(speech.KINDS, self.cleaned_data["kind"])


assert tuple(speech.KINDS) == KINDS
