"""Shelf: the rows of one kind that a batch has at hand, as they are stored and as they become."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any, Generic, TypeVar

from mindgap.keep import bulk
from mindgap.keep.rows import AnswerRow, InteractionRow

R = TypeVar("R", InteractionRow, AnswerRow)


class Shelf(Generic[R]):
    """`stored` never changes; `now` has the same rows, changed copies of them, and new ones.

    `touched` are the ids of rows whose readings may have to be restated.
    """

    def __init__(self, organization: int, select: Callable[..., Iterable[R]]) -> None:
        self._organization = organization
        self._select: Callable[..., Iterable[R]] = select
        self.stored: dict[int, R] = {}
        self.now: dict[int, R] = {}
        self.ids: dict[str, int] = {}
        self.touched: set[int] = set()

    def load(self, column: str, values: Iterable[Any]) -> None:
        """Have the stored rows at hand whose column has one of these values."""
        values = list(values)
        if not values:
            return
        test = bulk.among(column, text=column in ("key", "awaits"))
        if column == "awaits":
            # Said twice so that the index of those that wait can be used.
            test = f"awaits <> '' and {test}"
        for row in self._select(self._organization, test, bulk.listed(values)):
            if row.id not in self.stored:
                self.stored[row.id] = row
                self.now.setdefault(row.id, row)
                self.ids[row.key] = row.id

    def put(self, row: R) -> None:
        """A row as it becomes."""
        self.now[row.id] = row
        self.ids[row.key] = row.id
        self.touched.add(row.id)

    def set(self, id_: int, **given: Any) -> None:
        """Set fields of a row as it becomes."""
        row = self.now[id_]
        if row is self.stored.get(id_):
            row = self.now[id_] = copy(row)
        for name, value in given.items():
            setattr(row, name, value)
        self.touched.add(id_)

    def get(self, key: str) -> R | None:
        """The row of a key as it is now."""
        return self.now[self.ids[key]] if key in self.ids else None

    def new(self) -> Iterator[R]:
        """Rows that are not stored yet."""
        return (row for id_, row in self.now.items() if id_ not in self.stored)

    def changed(self) -> Iterator[R]:
        """Stored rows as they become, where that is something else."""
        for id_, before in self.stored.items():
            row = self.now[id_]
            if row is not before and row != before:
                yield row

    def rows(self) -> Iterator[R]:
        """All rows, as stored and as they become."""
        yield from self.stored.values()
        yield from self.now.values()
