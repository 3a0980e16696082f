"""The registers of an organization: which things may be declared, where they are listed, and in which order."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from mindgap.keep.models import (
    Channel,
    ExpectationSource,
    Journey,
    Measure,
    Metric,
    Organization,
    Segment,
    Stage,
    Touchpoint,
    Unit,
)
from mindgap.show.pages.settings import forms


@dataclass(frozen=True, slots=True)
class Register:
    """One kind of declared thing; `siblings` is what a thing shares with those it is ordered among."""

    code: str
    section: str
    # A model; which one does not matter here.
    model: Any
    form: type[forms.EntryForm]
    add: Lazy | str
    edit: Lazy | str
    owner: str = "organization"
    siblings: str = ""

    def of(self, organization: Organization) -> QuerySet[Any]:
        """All of the organization's, in order."""
        return self.model.objects.filter(**{self.owner: organization})

    def beside(self, thing: Any) -> QuerySet[Any]:
        """What `thing` is ordered among."""
        return self.model.objects.filter(**{self.siblings: getattr(thing, self.siblings)})


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings that lists one register or several."""

    code: str
    icon: str
    title: Lazy | str
    lead: Lazy | str
    kinds: tuple[str, ...]


REGISTERS: dict[str, Register] = {
    register.code: register
    for register in (
        Register(
            "journeys", "journey", Journey, forms.JourneyForm,
            gettext_lazy("Add a journey"), gettext_lazy("Change the journey"), siblings="organization",
        ),
        Register(
            "stages", "journey", Stage, forms.StageForm,
            gettext_lazy("Add a stage"), gettext_lazy("Change the stage"), "journey__organization", "journey",
        ),
        Register(
            "touchpoints", "journey", Touchpoint, forms.TouchpointForm,
            gettext_lazy("Add a touchpoint"), gettext_lazy("Change the touchpoint"), siblings="stage",
        ),
        Register(
            "measures", "measures", Measure, forms.MeasureForm,
            gettext_lazy("Add a measure"), gettext_lazy("Change the measure"),
        ),
        Register(
            "metrics", "measures", Metric, forms.MetricForm,
            gettext_lazy("Add a metric"), gettext_lazy("Change the metric"), siblings="organization",
        ),
        Register(
            "channels", "channels", Channel, forms.ChannelForm,
            gettext_lazy("Add a channel"), gettext_lazy("Change the channel"),
        ),
        Register(
            "units", "units", Unit, forms.UnitForm,
            gettext_lazy("Add a unit"), gettext_lazy("Change the unit"),
        ),
        Register(
            "segments", "segments", Segment, forms.SegmentForm,
            gettext_lazy("Add a segment"), gettext_lazy("Change the segment"),
        ),
        Register(
            "sources", "sources", ExpectationSource, forms.SourceForm,
            gettext_lazy("Add a source"), gettext_lazy("Change the source"), siblings="organization",
        ),
    )
}  # fmt: skip

SECTIONS: dict[str, Section] = {
    section.code: section
    for section in (
        Section(
            "journey", "route", gettext_lazy("Journey and touchpoints"),
            gettext_lazy("The stages a customer goes through, and where customers meet you on the way."),
            ("journeys", "stages", "touchpoints"),
        ),
        Section(
            "measures", "chart-dots-3", gettext_lazy("Measures and metrics"),
            gettext_lazy("What is measured, on which scale, and how it is summarised."), ("measures", "metrics"),
        ),
        Section(
            "channels", "message-2", gettext_lazy("Channels"),
            gettext_lazy("The ways over which customers and you meet."), ("channels",),
        ),
        Section(
            "units", "sitemap", gettext_lazy("Units"),
            gettext_lazy("Stores, branches, regions and teams, as a tree."), ("units",),
        ),
        Section(
            "segments", "tag", gettext_lazy("Segments"),
            gettext_lazy("The attributes by which customers are told apart."), ("segments",),
        ),
        Section(
            "sources", "world", gettext_lazy("Sources of expectation"),
            gettext_lazy("Where customers get from what they expect, and which of it is in your hands."), ("sources",),
        ),
    )
}  # fmt: skip
