"""Naming: how the things of an audit are called, in the language of the reader."""

from dataclasses import dataclass

from mindgap.act.audit.audit import Audit, AuditItem
from mindgap.act.audit.scope import Scope
from mindgap.act.audit.seeds import seeds
from mindgap.keep import texts
from mindgap.keep.models import Channel, Occurrence, Touchpoint, Unit
from mindgap.show.words import choice

_SEEDED = {"part": "courted", "level": "pyramid", "mistake": "mistakes"}


@dataclass(frozen=True, slots=True)
class Named:
    """`asks` is what to look for; `words` are those that stand there now, of an occurrence."""

    name: str
    asks: str = ""
    words: str = ""
    where: str = ""


class Naming:
    """Names of all items of an audit, with one query for each kind of thing."""

    def __init__(self, audit: Audit, items: list[AuditItem]) -> None:
        subjects = [item.subject.split(":", 1) for item in items]
        numbers = [int(code) for kind, code in subjects if kind == "occurrence"]
        rows = Occurrence.objects.filter(promise__organization=audit.organization_id, pk__in=numbers)
        self._places = {
            each.pk: each for each in rows.select_related("promise__touchpoint", "touchpoint", "channel")
        }
        own = {"organization": audit.organization_id}
        codes = {code for _, code in subjects}
        self._touchpoints = {each.code: each for each in Touchpoint.objects.filter(**own, code__in=codes)}
        self._channels = {each.code: each for each in Channel.objects.filter(**own, code__in=codes)}

    def of(self, item: AuditItem) -> Named:
        kind, code = item.subject.split(":", 1)
        if kind in _SEEDED:
            seed = seeds(_SEEDED[kind])[code]
            return Named(str(seed.name), str(seed.asks))
        if kind == "occurrence":
            return self._place(item, int(code))
        if kind == "touchpoint":
            name = str(self._touchpoints[code]) if code in self._touchpoints else code
            return Named(name, str(seeds("messages")["bare"].asks))
        if kind == "channel":
            return Named(str(self._channels[code]) if code in self._channels else code)
        return Named(str(item.wording.get("name", code)))

    def _place(self, item: AuditItem, number: int) -> Named:
        place = self._places.get(number)
        if place is None:
            # The place is gone from the register; what stood there is still in the item.
            return Named(item.subject, words=str(texts.read(item.wording.get("before"))))
        touchpoint = place.touchpoint or place.promise.touchpoint
        return Named(
            name=f"{touchpoint} · {place.promise}",
            words=str(place.words),
            where=" · ".join(part for part in (choice.word(choice.PLACES, place.place), place.where) if part),
        )


def covered(audit: Audit) -> str:
    """What the audit covers, apart from everything: unit, touchpoints, channels."""
    scope, own = Scope.read(audit.scope), {"organization": audit.organization_id}
    found: list[object] = [*Unit.objects.filter(**own, code=scope.unit)] if scope.unit else []
    found += Touchpoint.objects.filter(**own, code__in=scope.touchpoints) if scope.touchpoints else []
    found += Channel.objects.filter(**own, code__in=scope.channels) if scope.channels else []
    return " · ".join(str(each) for each in found)
