"""Registry: what an organization declared, by code, for one batch; loaded fresh, so an edit counts from the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mindgap.ground import clock
from mindgap.keep import bulk
from mindgap.keep.models import (
    Channel,
    ExpectationSource,
    Measure,
    Organization,
    Promise,
    Segment,
    SegmentValue,
    Touchpoint,
    Unit,
)


@dataclass(slots=True)
class Needs:
    """Codes that a batch names and that are created when nobody declared them."""

    channels: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    values: set[tuple[str, str]] = field(default_factory=set)


class Registry:
    """Codes to ids and declared things of one organization."""

    def __init__(self, organization_id: int) -> None:
        self.organization = Organization.objects.get(id=organization_id)
        self.zone = clock.zone(self.organization.zone)
        mine = {"organization_id": organization_id}
        self.touchpoints = {each.code: each for each in Touchpoint.objects.filter(**mine).order_by()}
        self.measures = {each.code: each for each in Measure.objects.filter(**mine).order_by()}
        self.promises = {each.code: each for each in Promise.objects.filter(**mine).order_by()}
        self.touchpoint_by_id = {each.id: each for each in self.touchpoints.values()}
        self.measure_by_id = {each.id: each for each in self.measures.values()}
        self.promise_by_id = {each.id: each for each in self.promises.values()}
        self.segments: dict[str, int] = dict(Segment.objects.filter(**mine).values_list("code", "id"))
        self.channels: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.sources: dict[str, int] = dict(
            ExpectationSource.objects.filter(**mine).values_list("code", "id")
        )
        # (segment code, value) -> id of the SegmentValue.
        self.values: dict[tuple[str, str], int] = {}
        # Segments by texts as the facts hold them, written once: see `readings.segments`.
        self.written: dict[tuple[tuple[str, str], ...], str] = {}
        self._steps: dict[tuple[str, Any], int] = {}

    def steps(self, measure: Measure, value: float) -> int:
        """`Measure.steps`, remembered: the answers of a batch are few different numbers."""
        key = (measure.code, value)
        steps = self._steps.get(key)
        if steps is None:
            steps = self._steps[key] = measure.steps(value)
            if abs(steps) >= 2**31:
                raise ValueError(f"{value} is too large to be counted")
        return steps

    def learn(self, needs: Needs, *, create: bool) -> None:
        """Look the needed codes up; create the missing ones, or, for a dry run, give them ids that nobody has."""
        self.channels = self._ids(Channel, needs.channels, create=create)
        self.units = self._ids(Unit, needs.units, create=create)
        self.sources |= self._ids(ExpectationSource, needs.sources - self.sources.keys(), create=create)
        self.learn_values(needs.values, create=create)

    def learn_values(self, pairs: Iterable[tuple[str, str]], *, create: bool) -> None:
        """Look (segment code, value) pairs up; those of segments that nobody declared stay in the record only."""
        wanted = {pair for pair in pairs if pair[0] in self.segments and pair[1]} - self.values.keys()
        if wanted:
            self._learn_values(wanted, create=create)

    def learn_all_values(self) -> None:
        """Every declared value of every segment, as a rebuild needs them."""
        self.values = _values_of(self.organization.id)

    def _ids(self, model: Any, codes: set[str], *, create: bool) -> dict[str, int]:
        if not codes:
            return {}
        known = self._known(model, codes)
        missing = sorted(codes - known.keys())
        if not create:
            return known | {code: -1 - place for place, code in enumerate(missing)}
        for code in missing:
            # get_or_create, one by one: few, once, and a unit computes its path when saved.
            made, _ = model.objects.get_or_create(organization_id=self.organization.id, code=code)
            known[code] = made.id
        return known

    def _known(self, model: Any, codes: set[str]) -> dict[str, int]:
        sql = f"select code, id from {model._meta.db_table} where organization_id = %s and {bulk.among('code', text=True)}"  # noqa: S608, SLF001
        return dict(bulk.fetch(sql, [self.organization.id, bulk.listed(codes)]))

    def _learn_values(self, pairs: set[tuple[str, str]], *, create: bool) -> None:
        texts = {text for _, text in pairs}
        self.values |= _values_of(self.organization.id, texts)
        missing = sorted(pairs - self.values.keys())
        if not create:
            self.values |= {pair: -1 - place for place, pair in enumerate(missing)}
        elif missing:
            SegmentValue.objects.bulk_create(
                (SegmentValue(segment_id=self.segments[code], value=text) for code, text in missing),
                ignore_conflicts=True,
            )
            self.values |= _values_of(self.organization.id, texts)


def _values_of(organization_id: int, texts: Iterable[str] | None = None) -> dict[tuple[str, str], int]:
    sql = (
        "select s.code, v.value, v.id from keep_segmentvalue v join keep_segment s on s.id = v.segment_id"
        " where s.organization_id = %s"
    )
    parameters: list[Any] = [organization_id]
    if texts is not None:
        sql += f" and {bulk.among('v.value', text=True)}"
        parameters.append(bulk.listed(texts))
    return {(code, value): id_ for code, value, id_ in bulk.fetch(sql, parameters)}
