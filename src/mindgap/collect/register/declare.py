"""Making what a mapping declares. What exists already under the code stays as people have set it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mindgap.collect.errors import BadMapping, NoOrganization
from mindgap.collect.mapping import schema
from mindgap.ground import language
from mindgap.keep import texts
from mindgap.keep.models import (
    Channel,
    ExpectationSource,
    Journey,
    Measure,
    Metric,
    Occurrence,
    Organization,
    Promise,
    Segment,
    Stage,
    Touchpoint,
    Unit,
)


@dataclass(slots=True)
class Declared:
    """How many of each register were made, and which of those that exist differ from the mapping."""

    made: dict[str, int] = field(default_factory=dict)
    differ: list[str] = field(default_factory=list)


def organization_of(mapping: schema.Mapping) -> Organization:
    """The mapping's organization, made if it does not exist; `NoOrganization` when the mapping declares none."""
    part = mapping.organization
    if part is None:
        raise NoOrganization(
            "there is no organization yet and the mapping declares none; add [organization] with code, name and zone"
        )
    found, _ = Organization.objects.get_or_create(
        code=part.code,
        defaults={
            "name": texts.read(part.name or part.code),
            "zone": part.zone or mapping.zone or "UTC",
            "currency": part.currency or mapping.currency or "USD",
            "language": language.canonical(part.language or mapping.language or language.DEFAULT),
        },
    )
    return found


def declare(organization: Organization, mapping: schema.Mapping, *, update: bool = False) -> Declared:
    """Make every declared register that is missing, and `update` those that differ; run it inside a transaction."""
    return _Declaring(organization, mapping, update=update).run()


class _Declaring:
    def __init__(self, organization: Organization, mapping: schema.Mapping, *, update: bool) -> None:
        self.organization = organization
        self.mapping = mapping
        self.update = update
        self.outcome = Declared()

    def run(self) -> Declared:
        for kind, model in (("segment", Segment), ("channel", Channel), ("source", ExpectationSource)):
            for position, part in enumerate(getattr(self.mapping, kind)):
                self._plain(kind, model, part, position)
        for code in sorted({code for record in self.mapping.record for code in record.segments}):
            # Naming a column for it declares a segment well enough.
            if not Segment.objects.filter(organization=self.organization, code=code).exists():
                self._make("segment", Segment, code, {"name": texts.read(code)})
        self._units()
        self._journeys()
        self._measures()
        self._touchpoints()
        self._promises()
        return self.outcome

    def _plain(self, kind: str, model: Any, part: Any, position: int) -> None:
        values: dict[str, Any] = {"name": texts.read(part.name)}
        if kind == "source":
            values |= {"is_controllable": part.is_controllable, "position": position}
        self._make(kind, model, part.code, values)

    def _units(self) -> None:
        for number, part in enumerate(self.mapping.unit):
            parent = self._find(Unit, part.parent, f"unit[{number + 1}].parent") if part.parent else None
            values = {"name": texts.read(part.name), "kind": part.kind, "parent": parent, "zone": part.zone}
            self._make("unit", Unit, part.code, values)

    def _journeys(self) -> None:
        for position, part in enumerate(self.mapping.journey):
            journey = self._make(
                "journey", Journey, part.code, {"name": texts.read(part.name), "position": position}
            )
            for place, stage in enumerate(part.stage):
                _, is_new = Stage.objects.get_or_create(
                    journey=journey,
                    code=stage.code,
                    defaults={"name": texts.read(stage.name), "position": place},
                )
                self._count("stage", is_new=is_new)

    def _measures(self) -> None:
        for part in self.mapping.measure:
            better = (
                part.kind not in ("duration", "effort")
                if part.higher_is_better is None
                else part.higher_is_better
            )
            values: dict[str, Any] = {
                "name": texts.read(part.name),
                "kind": part.kind,
                "minimum": _decimal(part.minimum),
                "maximum": _decimal(part.maximum),
                "step": _decimal(part.step),
                "unit": part.unit,
                "higher_is_better": better,
            }
            self._make("measure", Measure, part.code, values)
        for position, metric in enumerate(self.mapping.metric):
            measure = self._find(Measure, metric.measure, f"metric {metric.code}")
            values = {
                "measure": measure,
                "name": texts.read(metric.name),
                "summary": metric.summary,
                "top_from": None if metric.top_from is None else measure.steps(metric.top_from),
                "goal": metric.goal,
                "position": position,
            }
            self._make("metric", Metric, metric.code, values)

    def _touchpoints(self) -> None:
        for position, part in enumerate(self.mapping.touchpoint):
            key = f"touchpoint {part.code}"
            values = {
                "stage": self._stage(part, key),
                "name": texts.read(part.name),
                "kind": part.kind,
                "partner": part.partner,
                "is_moment_of_truth": part.is_moment_of_truth,
                "is_controllable": part.is_controllable,
                "is_observed": part.is_observed,
                "measure": self._find(Measure, part.measure, key) if part.measure else None,
                "position": position,
            }
            self._make("touchpoint", Touchpoint, part.code, values)

    def _stage(self, part: schema.TouchpointPart, key: str) -> Stage | None:
        if not part.stage:
            return None
        stages = Stage.objects.filter(journey__organization=self.organization, code=part.stage)
        if part.journey:
            stages = stages.filter(journey__code=part.journey)
        found = stages.first()
        if found is None:
            raise BadMapping(f"there is no stage {part.stage!r}; declare it under [[journey]]", key=key)
        return found

    def _promises(self) -> None:
        for part in self.mapping.promise:
            key = f"promise {part.code}"
            touchpoint = self._find(Touchpoint, part.touchpoint, key)
            measure = self._find(Measure, part.measure, key) if part.measure else touchpoint.measure
            if measure is None:
                raise BadMapping(f"name a measure: touchpoint {part.touchpoint!r} has none", key=key)
            values = {
                "touchpoint": touchpoint,
                "measure": measure,
                "name": texts.read(part.name),
                "bound": part.bound,
                "quantity": _steps(measure, part.quantity, key),
                "rule": part.rule,
                "starts": part.starts,
                "conditions": texts.read(part.conditions),
                "is_time_critical": part.is_time_critical,
            }
            before = self.outcome.made.get("promise", 0)
            promise = self._make("promise", Promise, part.code, values)
            if self.outcome.made.get("promise", 0) > before:
                for occurrence in part.occurrence:
                    self._occurrence(promise, measure, occurrence, key)

    def _occurrence(self, promise: Any, measure: Measure, part: schema.OccurrencePart, key: str) -> None:
        Occurrence.objects.create(
            promise=promise,
            place=part.place,
            words=texts.read(part.words),
            where=part.where,
            channel=self._find(Channel, part.channel, key) if part.channel else None,
            touchpoint=self._find(Touchpoint, part.touchpoint, key) if part.touchpoint else None,
            quantity=_steps(measure, part.quantity, key),
        )
        self._count("occurrence", is_new=True)

    def _make(self, kind: str, model: Any, code: str, values: dict[str, Any]) -> Any:
        row, is_new = model.objects.get_or_create(organization=self.organization, code=code, defaults=values)
        self._count(kind, is_new=is_new)
        if not is_new and any(_differs(row, name, value) for name, value in values.items()):
            self.outcome.differ.append(f"{kind} {code}")
            if self.update:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save()
        return row

    def _find(self, model: Any, code: str, key: str) -> Any:
        found = model.objects.filter(organization=self.organization, code=code).first()
        if found is None:
            name = model.__name__.lower()
            raise BadMapping(f"there is no {name} {code!r}; declare it with [[{name}]]", key=key)
        return found

    def _count(self, kind: str, *, is_new: bool) -> None:
        if is_new:
            self.outcome.made[kind] = self.outcome.made.get(kind, 0) + 1


def _differs(row: Any, name: str, value: Any) -> bool:
    # Positions follow from the order of a file and are moved by hand; they are no disagreement.
    return name != "position" and getattr(row, name) != value


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _steps(measure: Measure, quantity: float | None, key: str) -> int | None:
    if quantity is None:
        return None
    try:
        return measure.steps(quantity)
    except ValueError as problem:
        raise BadMapping(str(problem), key=key) from problem
