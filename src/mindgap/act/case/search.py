"""Search: the cases that somebody means by a few words: a number, an order, a name, an address, words of a note.

What names exactly one thing (the number of the case, the key of the interaction) is found by its index, however old.
All else is looked for in the newest cases among those that are asked for, so that it takes the same time after years.

Whoever may see everything of customers finds them by a part of their name and the beginning of an address or number.
Whoever sees them masked must know name or address as a whole, and finds no digits in notes: else one would learn by
trying what the pages do not show. Whoever sees nothing of them finds by title, number, order and notes only.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from mindgap.act.case.case import Case, CaseEvent
from mindgap.collect.channels import phone
from mindgap.keep.models import Customer, Identity, Interaction, Member

# So many of the newest cases are looked through, and so many are found at most.
NEWEST, FOUND_MOST = 20_000, 1_000


def ids(among: QuerySet[Case], member: Member, words: str) -> list[int]:
    """The cases among those that a member sees which fit the words, the newest first."""
    exact = _numbered(words) | _ordered(member.organization_id, words)
    found = list(among.filter(exact).order_by().values_list("pk", flat=True)) if exact else []
    newest = among.order_by("-pk").values("pk")[:NEWEST]
    near = Case.objects.filter(pk__in=newest).filter(_near(member, words)).order_by("-pk")
    more = near.values_list("pk", flat=True)[:FOUND_MOST]
    return list(dict.fromkeys([*found, *more]))


def _numbered(words: str) -> Q:
    number = words.removeprefix("#")
    return Q(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else Q()


def _ordered(organization_id: int, words: str) -> Q:
    there = Interaction.objects.filter(organization_id=organization_id, key=words).values_list(
        "pk", flat=True
    )
    found = list(there)
    return Q(interaction_id__in=found) if found else Q()


def _near(member: Member, words: str) -> Q:
    found = (
        Q(title__icontains=words) | Q(Exists(_noted(words)))
        if _may_read(member, words)
        else Q(title__icontains=words)
    )
    if member.personal_data == "none":
        return found
    is_full = member.personal_data == "full"
    named = Q(name__icontains=words) if is_full else Q(name__iexact=words)
    customers = Customer.objects.filter(named, pk=OuterRef("customer_id"))
    reached = Identity.objects.filter(_address(words, is_full=is_full), customer_id=OuterRef("customer_id"))
    return found | Q(Exists(customers)) | Q(Exists(reached))


def _noted(words: str) -> QuerySet[CaseEvent]:
    """What colleagues wrote; the customer's own words are no notes."""
    return CaseEvent.objects.filter(
        case_id=OuterRef("pk"), by_customer=False, by__isnull=False, words__icontains=words
    )


def _may_read(member: Member, words: str) -> bool:
    """Whether notes are searched: numbers and addresses in them are masked for most."""
    return member.personal_data == "full" or not any(each.isdigit() or each == "@" for each in words)


def _address(words: str, *, is_full: bool) -> Q:
    number = phone.e164(words)
    spelled = Q(value__in=[words, words.lower(), *(phone.spellings(number) if number else ())])
    return spelled | Q(value__istartswith=words) if is_full else spelled
