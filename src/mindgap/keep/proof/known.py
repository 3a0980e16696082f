"""Known: what an organization has declared, as far as a definition may name it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mindgap.keep.expectation import ExpectationSource
from mindgap.keep.measure import Measure
from mindgap.keep.segment import Segment
from mindgap.keep.touchpoint import Touchpoint
from mindgap.keep.unit import Unit


@dataclass(frozen=True, slots=True)
class Known:
    """Codes; measures also with their scales."""

    measures: Mapping[str, Measure] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    touchpoints: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()


def known(organization_id: int) -> Known:
    """What an organization has declared."""
    mine = {"organization_id": organization_id}
    return Known(
        measures={each.code: each for each in Measure.objects.filter(**mine).order_by()},
        sources=frozenset(ExpectationSource.objects.filter(**mine).values_list("code", flat=True)),
        touchpoints=frozenset(Touchpoint.objects.filter(**mine).values_list("code", flat=True)),
        units=frozenset(Unit.objects.filter(**mine).values_list("code", flat=True)),
        segments=frozenset(Segment.objects.filter(**mine).values_list("code", flat=True)),
    )
