"""Whether something declared is in use: what the record counts on must neither vanish nor change its scale."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from mindgap.keep.models import (
    Answer,
    Channel,
    Expectation,
    Interaction,
    Journey,
    Measure,
    Member,
    Metric,
    Promise,
    Reading,
    Segment,
    Stage,
    Touchpoint,
    Unit,
)


def is_used(thing: Any) -> bool:
    """Whether answers, interactions, promises or other declared things stand on `thing`."""
    if thing.pk is None:
        return False
    look: dict[Any, Callable[[Any], bool]] = {
        Journey: _journey,
        Stage: _stage,
        Touchpoint: _touchpoint,
        Measure: _measure,
        Metric: lambda _: False,
        Channel: _channel,
        Unit: _unit,
        Segment: lambda segment: segment.values.exists(),
    }
    return look.get(type(thing), _source)(thing)


def _journey(journey: Journey) -> bool:
    return journey.stages.exists()


def _stage(stage: Stage) -> bool:
    return stage.touchpoints.exists()


def _touchpoint(touchpoint: Touchpoint) -> bool:
    here = Q(touchpoint=touchpoint)
    return touchpoint.promises.exists() or any(
        model.objects.filter(here).exists() for model in (Interaction, Answer)
    )


def _measure(measure: Measure) -> bool:
    organization = measure.organization_id
    return (
        measure.touchpoints.exists()
        or Promise.objects.filter(measure=measure).exists()
        or Expectation.objects.filter(measure=measure).exists()
        or Reading.objects.filter(organization=organization, measure=measure.pk).exists()
        or Answer.objects.filter(organization=organization, scores__has_key=measure.code).exists()
    )


def _channel(channel: Channel) -> bool:
    return any(model.objects.filter(channel=channel).exists() for model in (Interaction, Answer))


def _unit(unit: Unit) -> bool:
    return (
        unit.children.exists()
        or Member.objects.filter(unit=unit).exists()
        or any(model.objects.filter(unit=unit).exists() for model in (Interaction, Answer))
    )


def _source(source: Any) -> bool:
    return Expectation.objects.filter(source=source).exists()
