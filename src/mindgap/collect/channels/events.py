"""Events: what providers report about messages that left, and what follows from it."""

from collections.abc import Iterable

from mindgap.collect.channels import addressing, catalog, suppression
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import (
    BOUNCED,
    CLICKED,
    COMPLAINED,
    DELIVERED,
    FAILED,
    OPTED_OUT,
    Event,
)
from mindgap.collect.channels.delivery import BOUNCED as IS_BOUNCED
from mindgap.collect.channels.delivery import FAILED as HAS_FAILED
from mindgap.collect.channels.delivery import SENDING, SENT, Delivery
from mindgap.ground import clock
from mindgap.keep import optout
from mindgap.keep.models import Customer, Invitation, OptOut


def apply(account: SendingAccount, reported: Iterable[Event]) -> int:
    """Let the record follow what a provider reports; how many reports were about something we know."""
    return sum(_apply(account, event) for event in reported)


def bounce(row: Delivery, code: str, words: str, *, is_hard: bool) -> None:
    """The message came back. With `is_hard` the address is no good and gets nothing any more."""
    now = clock.now()
    Delivery.objects.filter(pk=row.pk).update(state=IS_BOUNCED, code=code[:64], words=words[:500])
    if row.invitation_id is not None:
        Invitation.objects.filter(pk=row.invitation_id, state__in=("waiting", "sent")).update(
            state="bounced", bounced_at=now
        )
    if is_hard:
        suppression.suppress(row.organization_id, row.account.way, row.address, code or "bounced")


def _apply(account: SendingAccount, event: Event) -> bool:
    row = _delivery(account, event)
    if event.kind in (OPTED_OUT, COMPLAINED):
        return _stop(account, event, row)
    if row is None:
        return False
    mine = Delivery.objects.filter(pk=row.pk)
    if event.kind == BOUNCED:
        bounce(row, event.code, event.words, is_hard=event.is_hard)
    elif event.kind == FAILED:
        mine.filter(state__in=(SENDING, SENT)).update(
            state=HAS_FAILED, code=event.code[:64], words=event.words[:500]
        )
    elif event.kind == DELIVERED:
        mine.filter(delivered_at=None).update(delivered_at=clock.now())
    elif event.kind == CLICKED and row.invitation_id is not None:
        Invitation.objects.filter(pk=row.invitation_id, state="sent").update(
            state="opened", opened_at=clock.now()
        )
    return True


def _delivery(account: SendingAccount, event: Event) -> Delivery | None:
    """The delivery that an event is about: only one of the same account, whatever the event says (F9)."""
    known = Delivery.objects.select_related("account", "invitation__customer").filter(account=account)
    if event.reference:
        return known.filter(reference=event.reference).first()
    return known.filter(provider_id=event.provider_id).first() if event.provider_id else None


def _stop(account: SendingAccount, event: Event, row: Delivery | None) -> bool:
    """Somebody wants nothing any more: the person on this channel, and the address for whoever has it."""
    channel = catalog()[account.channel]
    digest = row.address if row is not None else addressing.digest(channel, event.address)
    if not digest:
        return False
    suppression.suppress(account.organization_id, account.way, digest, event.kind)
    owner = row.invitation.customer if row is not None and row.invitation is not None else None
    if owner is None and event.address:
        owner = addressing.customer_at(account.organization_id, channel, event.address)
    if owner is not None:
        _opt_out(owner, account, event)
    return True


def _opt_out(owner: Customer, account: SendingAccount, event: Event) -> None:
    if not optout.is_out(owner, account.way):
        OptOut.objects.create(
            organization_id=account.organization_id,
            customer=owner,
            channel=account.way,
            reason=(event.words or event.kind)[:200],
            source=account.channel,
        )
