"""Response: of those whom a programme wanted to ask, how many were asked, opened it and answered; and why not all."""

from dataclasses import dataclass

from django.db.models import Count, Q

from mindgap.keep import contact
from mindgap.keep.models import Contact, Invitation, Programme, Wave
from mindgap.measure import proportion

# Decided later.
WAITING = "delayed_until"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's interval; nothing to say when nobody could have."""

    n: int
    of: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The sampling frame of a programme or wave, and what came of it."""

    candidates: int
    waiting: int
    sent: int
    asked: Share
    delivered: Share
    opened: Share
    answered: Share
    # Outcome and how many candidates ended there, the most frequent first; without the sent and the waiting.
    reasons: tuple[tuple[str, int], ...]


def response(programme: Programme, wave: Wave | None = None) -> Response:
    """How a programme, or one wave of it, was answered."""
    mine = {"programme": programme, **({"wave": wave} if wave else {})}
    counted = Contact.objects.filter(**mine).order_by().values_list("outcome").annotate(n=Count("id"))
    outcomes = dict(counted)
    candidates, sent = sum(outcomes.values()), outcomes.get(contact.SENT, 0)
    waiting = outcomes.get(WAITING, 0)
    got = Invitation.objects.filter(**mine, contacts__outcome=contact.SENT).aggregate(
        bounced=Count("id", filter=Q(bounced_at__isnull=False)),
        opened=Count("id", filter=Q(opened_at__isnull=False) | Q(answered_at__isnull=False)),
        answered=Count("id", filter=Q(answered_at__isnull=False)),
    )
    others = [each for each in outcomes.items() if each[0] not in (contact.SENT, WAITING)]
    delivered = sent - got["bounced"]
    return Response(
        candidates=candidates,
        waiting=waiting,
        sent=sent,
        asked=_share(sent, candidates - waiting),
        delivered=_share(delivered, sent),
        opened=_share(got["opened"], sent),
        answered=_share(got["answered"], sent),
        reasons=tuple(sorted(others, key=lambda each: (-each[1], each[0]))),
    )


def _share(n: int, of: int) -> Share:
    if of <= 0:
        return Share(n, 0)
    found = proportion(n, of)
    return Share(n, of, found.value, found.low, found.high)
