"""People: whose an incoming thing is. Identities that stand for one person make one customer of them (R64)."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from functools import cache

from mindgap.keep import bulk, rows
from mindgap.keep.customer import Customer
from mindgap.keep.incoming import Person
from mindgap.keep.rows import CustomerRow

Identity = tuple[str, str]


class People:
    """The customers of one batch: found by their identities, made, completed and merged; `write` stores them."""

    def __init__(self, organization: int) -> None:
        self._organization = organization
        # Identity -> customer, as stored and as it becomes.
        self._known: dict[Identity, int] = {}
        self._added: dict[Identity, int] = {}
        self.stored: dict[int, CustomerRow] = {}
        self.now: dict[int, CustomerRow] = {}
        # Merged customer -> the one it became part of.
        self._merged: dict[int, int] = {}
        # Stored customers whose readings may differ now.
        self.restated: set[int] = set()

    def find(self, persons: Iterable[Person]) -> None:
        """Have the stored customers that these persons may be at hand."""
        values = {value for person in persons for _, value in (*identities_of(person), *claims_of(person))}
        if not values:
            return
        sql = f"select kind, value, customer_id from keep_identity where organization_id = %s and {bulk.among('value', text=True)}"  # noqa: S608
        found = bulk.fetch(sql, [self._organization, bulk.listed(values)])
        self._known = {(kind, value): customer for kind, value, customer in found} | self._known
        self.load(customer for _, _, customer in found)

    def load(self, ids: Iterable[int | None]) -> None:
        """Have these stored customers at hand."""
        missing = {id_ for id_ in ids if id_ is not None} - self.now.keys() - self._merged.keys()
        if missing:
            found = rows.customers(self._organization, bulk.among("id"), bulk.listed(missing))
            for row in found:
                self.stored[row.id] = row
                self.now[row.id] = row

    def settle(self, person: Person, *, arrival: int, seen: datetime | None) -> tuple[int | None, str]:
        """The customer that a person is, and whether that customer is `new`, `changed` or `known`.

        Someone without any identity is nobody in particular: None. What somebody typed about themselves is looked
        at only where nothing else says who they are, and never makes one of two.
        """
        identities, claims = identities_of(person), claims_of(person)
        if not identities and not claims:
            return None, "known"
        found = sorted({self._final(self._known[each]) for each in identities if each in self._known})
        if not identities:
            found = [self._final(self._known[each]) for each in claims if each in self._known][:1]
        if found:
            customer, state = found[0], "known"
            for other in found[1:]:
                self._merge(other, customer)
                state = "changed"
        else:
            customer, state = arrival, "new"
            assert seen is not None
            self.now[customer] = CustomerRow(customer, person.name, person.language, {}, {}, seen)
        for each in (*identities, *claims):
            if each not in self._known:
                self._known[each] = self._added[each] = customer
                state = "changed" if state == "known" else state
        if self._complete(customer, person) and state == "known":
            state = "changed"
        return customer, state

    def final(self, customer: int | None) -> int | None:
        """The customer that this one is part of by now."""
        return None if customer is None else self._final(customer)

    def segments(self, customer: int | None) -> dict[str, str]:
        """Segments of a customer as they are now."""
        return self.now[customer].segments if customer in self.now else {}

    def stored_segments(self, customer: int | None) -> dict[str, str]:
        """Segments of a customer as they were before this batch."""
        return self.stored[customer].segments if customer in self.stored else {}

    def merged_ids(self) -> list[int]:
        """Stored customers that are part of another one now."""
        return [id_ for id_ in self._merged if id_ in self.stored]

    def write_new(self) -> None:
        """Store new and changed customers and identities; before the rows that point to them."""
        organization = self._organization
        made = [row for id_, row in self.now.items() if id_ not in self.stored]
        changed = [row for id_, row in self.now.items() if id_ in self.stored and row != self.stored[id_]]
        columns = ("organization_id", *rows.CUSTOMER)
        bulk.insert("keep_customer", columns, ((organization, *rows.customer_values(row)) for row in made))
        bulk.update("keep_customer", rows.CUSTOMER[1:], (rows.customer_values(row) for row in changed))
        added = ((organization, self._final(id_), *identity) for identity, id_ in self._added.items())
        bulk.insert("keep_identity", ("organization_id", "customer_id", "kind", "value"), added)

    def write_merged(self) -> None:
        """Let everything point to the merged customers' successors and remove them; after the rows are written."""
        pairs = [(self._final(id_), id_) for id_ in self.merged_ids()]
        for table, column in _pointing():
            bulk.many(f"update {table} set {column} = %s where {column} = %s", pairs)  # noqa: S608
        bulk.many("delete from keep_customer where id = %s", [(id_,) for _, id_ in pairs])

    def _final(self, customer: int) -> int:
        while customer in self._merged:
            customer = self._merged[customer]
        return customer

    def _merge(self, other: int, into: int) -> None:
        gone, kept = self.now.pop(other), self._own(into)
        self._merged[other] = into
        kept.name = kept.name or gone.name
        kept.language = kept.language or gone.language
        kept.attributes = {**gone.attributes, **kept.attributes}
        kept.segments = {**gone.segments, **kept.segments}
        kept.first_seen = min(kept.first_seen, gone.first_seen)
        self.restated |= {other, into} & self.stored.keys()

    def _complete(self, customer: int, person: Person) -> bool:
        """Add what is newly known of a customer; whether that was anything."""
        row = self.now[customer]
        segments = {
            code: text.strip()
            for code, text in person.segments.items()
            if row.segments.get(code) != text.strip()
        }
        attributes = {
            name: text for name, text in person.attributes.items() if row.attributes.get(name) != text
        }
        name, language = person.name or row.name, person.language or row.language
        if person.claims:
            # Somebody's own word about themselves fills gaps; it overwrites nothing.
            name, language = row.name or person.name, row.language or person.language
        if not segments and not attributes and name == row.name and language == row.language:
            return False
        row = self._own(customer)
        if segments and customer in self.stored:
            self.restated.add(customer)
        row.segments = {**row.segments, **segments}
        row.attributes = {**row.attributes, **attributes}
        row.name, row.language = name, language
        return True

    def _own(self, customer: int) -> CustomerRow:
        """The row to change: a copy of the stored one, which stays as it was."""
        row = self.now[customer]
        if row is self.stored.get(customer):
            row = self.now[customer] = copy(row)
        return row


@cache
def _pointing() -> tuple[tuple[str, str], ...]:
    """Tables that name a customer, on whatever floor, each with the column that does."""
    return tuple(
        (related.related_model._meta.db_table, str(related.field.column))  # noqa: SLF001
        for related in Customer._meta.related_objects  # noqa: SLF001
    )


def identities_of(person: Person) -> list[Identity]:
    """Identities in the one way in which they are stored and compared."""
    return _normal(person.identities)


def claims_of(person: Person) -> list[Identity]:
    """The same of what somebody typed about themselves."""
    return _normal(person.claims)


def _normal(identities: dict[str, str]) -> list[Identity]:
    found = []
    for given, text in identities.items():
        kind, value = given.strip().lower(), text.strip()
        if value:
            found.append((kind, value.lower() if kind == "email" else value))
    return found
