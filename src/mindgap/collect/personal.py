"""Personal links: one for each line of a list, or so many for nobody in particular, to be sent by other means.

1. Read the list: columns that name an identity, name and language are understood, others go through as they are.
2. Hand the people over as customers and let the recorder catch up: who is known stays who they are.
3. Make an invitation for each; whoever wants no more letters gets none. The tokens are in the reply and nowhere else.
"""

import csv
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mindgap.collect import receive
from mindgap.collect.survey import address
from mindgap.ground import identity
from mindgap.keep import incoming, invitation, recorder
from mindgap.keep.models import Customer, Identity, OptOut, Survey
from mindgap.keep.people import identities_of

MOST = 5000
BYTES_MOST = 5_000_000
# Columns that say who it is; any other would make identities of first names.
IDENTITIES = ("email", "phone", "crm", "customer", "order", "wecom", "alipay")
LINK, UNTIL = "personal_link", "expires_at"
_CELL_MOST = 200


class NotAList(ValueError):
    """A list that cannot be taken: `code` is `encoding`, `empty`, `no_identity`, `too_many` or `line`."""

    def __init__(self, code: str, *, line: int = 0) -> None:
        super().__init__(f"{code} {line}" if line else code)
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list with its links: as many cells in each row as in `head`."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read(content: bytes) -> Sheet:
    """A list of people as UTF-8 CSV with a head. Raises `NotAList`."""
    if len(content) > BYTES_MOST:
        raise NotAList("too_many")
    try:
        lines = [
            line for line in csv.reader(content.decode("utf-8-sig").splitlines(), strict=True) if any(line)
        ]
    except UnicodeDecodeError as problem:
        raise NotAList("encoding") from problem
    except csv.Error as problem:
        raise NotAList("line") from problem
    if len(lines) < 2:
        raise NotAList("empty")
    if len(lines) - 1 > MOST:
        raise NotAList("too_many")
    head = tuple(cell.strip().lower() for cell in lines[0])
    if not set(head) & set(IDENTITIES) or len(set(head)) < len(head):
        raise NotAList("no_identity")
    for number, line in enumerate(lines[1:], start=2):
        named = any(cell.strip() for name, cell in zip(head, line, strict=False) if name in IDENTITIES)
        if (
            len(line) != len(head)
            or not named
            or any(len(cell) > _CELL_MOST or "\x00" in cell for cell in line)
        ):
            raise NotAList("line", line=number)
    return Sheet(head, tuple(tuple(cell.strip() for cell in line) for line in lines[1:]))


def for_people(
    survey: Survey, people: Sheet, *, channel: str = "", expires_at: datetime | None = None
) -> Sheet:
    """The list with a link for each; the cell is empty for whoever opted out of everything or of this channel."""
    persons = [_person(people.head, row) for row in people.rows]
    parcels = [
        receive.parcel(
            survey.organization, incoming.Customer(key=f"personal:{identity.uuid7()}", customer=each)
        )
        for each in persons
    ]
    receive.receive(survey.organization, parcels, source="personal")
    recorder.catch_up()
    known = _customers(survey.organization_id, persons)
    out = OptOut.objects.filter(
        organization=survey.organization_id, channel__in=("", channel), lifted_at=None
    )
    gone = set(out.values_list("customer_id", flat=True))
    rows = []
    with transaction.atomic():
        for row, person in zip(people.rows, persons, strict=True):
            customer = next((known[each] for each in identities_of(person) if each in known), None)
            link = ""
            if customer is None or customer.pk not in gone:
                link = _link(survey, customer, person.language, channel, expires_at)
            rows.append((*row, link, _shown(expires_at)))
    return Sheet((*people.head, LINK, UNTIL), tuple(rows))


def for_anybody(
    survey: Survey, count: int, *, channel: str = "", expires_at: datetime | None = None
) -> Sheet:
    """So many links, each for one answer of whoever gets it."""
    with transaction.atomic():
        links = [_link(survey, None, "", channel, expires_at) for _ in range(min(count, MOST))]
    rows = ((str(number), link, _shown(expires_at)) for number, link in enumerate(links, start=1))
    return Sheet(("number", LINK, UNTIL), tuple(rows))


def _person(head: tuple[str, ...], row: tuple[str, ...]) -> incoming.Person:
    given = {name: cell for name, cell in zip(head, row, strict=True) if cell}
    return incoming.Person(
        identities={name: given[name] for name in IDENTITIES if name in given},
        name=given.get("name", ""),
        language=given.get("language", "")[:16],
    )


def _customers(organization: int, persons: list[incoming.Person]) -> dict[tuple[str, str], Customer]:
    """The customers of the identities that stand in the list."""
    values = sorted({value for person in persons for _, value in identities_of(person)})
    found: dict[tuple[str, str], Customer] = {}
    for start in range(0, len(values), 500):
        rows = Identity.objects.filter(organization=organization, value__in=values[start : start + 500])
        found |= {(each.kind, each.value): each.customer for each in rows.select_related("customer")}
    return found


def _link(
    survey: Survey, customer: Customer | None, language: str, channel: str, expires_at: datetime | None
) -> str:
    _, token = invitation.make(
        survey, customer=customer, channel=channel, language=language, expires_at=expires_at
    )
    return address.path(survey.short, token=token)


def _shown(expires_at: datetime | None) -> str:
    return expires_at.isoformat() if expires_at else ""
