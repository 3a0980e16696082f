"""Suppression: whether a message must not leave, looked at again in the moment of sending (F11)."""

from datetime import datetime, timedelta

from mindgap.collect.channels.contract import NOTICE
from mindgap.collect.channels.delivery import SENDING, SENT, Delivery, Suppression
from mindgap.collect.channels.texts import THANKS
from mindgap.keep import optout

# The same words to the same address within this time are a mistake, whoever sends them.
SAME_AGAIN = timedelta(hours=12)


def reason(delivery: Delivery, now: datetime) -> str:
    """Why a delivery must not be sent; empty when it may. The account and the invitation are loaded with it."""
    way, invitation = delivery.account.way, delivery.invitation
    if delivery.address and is_suppressed(delivery.organization_id, way, delivery.address):
        return "suppressed_address"
    if delivery.kind == NOTICE:
        return ""
    if invitation is not None:
        if delivery.kind != THANKS and not invitation.is_open:
            return "invitation_over"
        if invitation.customer is not None and optout.is_out(invitation.customer, way):
            return "opted_out"
    return "same_again" if _is_same_again(delivery, now) else ""


def is_suppressed(organization_id: int, way: str, address: str) -> bool:
    """Whether nothing is sent to the address of that digest any more."""
    return Suppression.objects.filter(
        organization_id=organization_id, way=way, address=address, lifted_at=None
    ).exists()


def suppress(organization_id: int, way: str, address: str, why: str) -> None:
    """Send nothing to an address any more; once is enough."""
    if address:
        Suppression.objects.get_or_create(
            organization_id=organization_id,
            way=way,
            address=address,
            lifted_at=None,
            defaults={"reason": why},
        )


def _is_same_again(delivery: Delivery, now: datetime) -> bool:
    if not delivery.address:
        return False
    others = Delivery.objects.filter(
        organization_id=delivery.organization_id,
        address=delivery.address,
        content=delivery.content,
        state__in=(SENT, SENDING),
        tried_at__gt=now - SAME_AGAIN,
    )
    return others.exclude(pk=delivery.pk).exists()
