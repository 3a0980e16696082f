"""Forgetting: answers and interactions without the person behind them, and the facts restated accordingly."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from mindgap.keep import ledger
from mindgap.keep.batch import Batch
from mindgap.keep.models import Answer


@dataclass(slots=True)
class Forgotten:
    """How many answers and interactions were changed or removed, and how many readings that restated."""

    answers: int = 0
    interactions: int = 0
    readings: int = 0


class Forgetting(Batch):
    """A batch without arrivals: rows that are in the record lose what says whose they are.

    With `removed` answers go altogether; else their scores stay, without customer, words and attributes. What was
    operated (interactions) stays as a figure of the organization's in either case. `new_keys` replaces keys that hold
    somebody's address. Digests stay: the same row sent again is still known, and brings nothing back.
    """

    def __init__(
        self,
        organization: int,
        *,
        answers: Collection[int],
        interactions: Collection[int],
        removed: bool,
        new_keys: dict[str, str],
    ) -> None:
        super().__init__(organization, [])
        self._answers, self._interactions = answers, interactions
        self._removed, self._new_keys = removed, new_keys

    def write(self) -> Forgotten:
        """Work it out and write it, inside the transaction of the caller."""
        self.prepare()
        self.answers.load("id", self._answers)
        self.interactions.load("id", self._interactions)
        linked = {row.interaction for row in self.answers.stored.values() if row.interaction is not None}
        self.interactions.load("id", linked - self.interactions.now.keys())
        for shelf in (self.interactions, self.answers):
            self.people.load(row.customer for row in shelf.rows())
            self.registry.learn_values(
                {pair for row in shelf.rows() for pair in row.segments.items()}, create=True
            )
        everybody = tuple(self.people.stored.values())
        self.registry.learn_values({pair for row in everybody for pair in row.segments.items()}, create=True)
        for id_ in self._interactions:
            if id_ in self.interactions.now:
                key = self.interactions.now[id_].key
                self.interactions.set(id_, customer=None, attributes={}, key=self._new_keys.get(key, key))
        for id_ in self._answers:
            if id_ in self.answers.now:
                row = self.answers.now[id_]
                bare: dict[str, Any] = {
                    "customer": None,
                    "comment": "",
                    "attributes": {},
                    "key": self._new_keys.get(row.key, row.key),
                }
                # Without a score nothing is counted of it; the row itself is deleted below.
                self.answers.set(id_, **bare, **({"scores": {}} if self._removed else {}))
                if self._removed:
                    self.statements[id_] = []
        self._read()
        changed = len(list(self.answers.changed())), len(list(self.interactions.changed()))
        ledger.write(self)
        if self._removed:
            # What points to them, on whatever floor, lets go of them.
            Answer.objects.filter(id__in=list(self._answers)).delete()
        return Forgotten(*changed, len(self.readings))
