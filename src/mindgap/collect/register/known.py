"""What an organization knows by code: enough to judge rows without asking the database for each."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from mindgap.keep.models import Measure, Organization, Promise, Touchpoint


@dataclass(frozen=True, slots=True)
class MeasureKnown:
    """A measure's scale; `unit` matters for durations only."""

    code: str
    kind: str
    step: Decimal
    minimum: Decimal | None
    maximum: Decimal | None
    unit: str
    is_duration: bool


@dataclass(frozen=True, slots=True)
class TouchpointKnown:
    code: str
    measure: MeasureKnown | None


@dataclass(frozen=True, slots=True)
class Known:
    """Touchpoints, measures and promises by code; `names` lead from any code or name, in lower case, to the code."""

    organization: int | None
    zone: str
    currency: str
    touchpoints: dict[str, TouchpointKnown] = field(default_factory=dict)
    measures: dict[str, MeasureKnown] = field(default_factory=dict)
    promises: frozenset[str] = frozenset()
    touchpoint_names: dict[str, str] = field(default_factory=dict)
    measure_names: dict[str, str] = field(default_factory=dict)


def known(organization: Organization) -> Known:
    """What `organization` knows now."""
    measures = {measure.pk: measure for measure in Measure.objects.filter(organization=organization)}
    scales = {key: _scale(measure) for key, measure in measures.items()}
    touchpoints = list(Touchpoint.objects.filter(organization=organization))
    return Known(
        organization=organization.pk,
        zone=organization.zone,
        currency=organization.currency,
        touchpoints={
            each.code: TouchpointKnown(each.code, scales.get(each.measure_id or 0)) for each in touchpoints
        },
        measures={scale.code: scale for scale in scales.values()},
        promises=frozenset(Promise.objects.filter(organization=organization).values_list("code", flat=True)),
        touchpoint_names=_names(touchpoints),
        measure_names=_names(measures.values()),
    )


NOTHING = Known(organization=None, zone="", currency="")


def _scale(measure: Measure) -> MeasureKnown:
    return MeasureKnown(
        code=measure.code,
        kind=measure.kind,
        step=measure.step,
        minimum=measure.minimum,
        maximum=measure.maximum,
        unit=measure.unit,
        is_duration=measure.is_duration,
    )


def _names(rows: Collection[Touchpoint] | Collection[Measure]) -> dict[str, str]:
    names: dict[str, str] = {}
    for row in rows:
        for name in row.name.values():
            names.setdefault(name.strip().lower(), row.code)
    # A code wins over another thing's name.
    names.update({row.code.lower(): row.code for row in rows})
    return names
