"""Addressing: one form for each address, so that two spellings of it are one; and whose it is."""

from mindgap.collect.channels import phone, vault
from mindgap.collect.channels.contract import Channel
from mindgap.keep.models import Customer, Identity

PHONE, EMAIL = "phone", "email"


def normal(kind: str, text: str, *, country: str = "") -> str:
    """The form in which an address is compared: a phone number as E.164, an e-mail address in lower case."""
    plain = text.strip()
    if kind == PHONE:
        return phone.e164(plain, country=country) or plain
    return plain.lower() if kind == EMAIL else plain


def digest(channel: Channel, text: str) -> str:
    """The keyed digest of an address on a channel; empty for a channel that sends to a place of its own."""
    if not channel.addresses or not text:
        return ""
    kind = channel.addresses[0]
    return vault.digest(kind, normal(kind, text))


def of_customer(customer: Customer, channel: Channel) -> str:
    """The customer's address on a channel, the best kind first; empty when there is none."""
    known = dict(
        Identity.objects.filter(customer=customer, kind__in=channel.addresses)
        .order_by("-id")
        .values_list("kind", "value")
    )
    return next((known[kind] for kind in channel.addresses if kind in known), "")


def customer_at(organization_id: int, channel: Channel, text: str) -> Customer | None:
    """Whose address it is."""
    kind = channel.addresses[0] if channel.addresses else ""
    plain = normal(kind, text)
    values = phone.spellings(plain) if kind == PHONE else (plain, text)
    found = Identity.objects.select_related("customer").filter(
        organization_id=organization_id, kind__in=channel.addresses, value__in=values
    )
    first = found.first()
    return first.customer if first else None
