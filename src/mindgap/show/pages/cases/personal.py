"""Who the customer is, as far as the member may know: in full with ways to reach them, masked, or as a number."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from mindgap.ground.mask import masked_identity, masked_name, without_contacts
from mindgap.keep.models import Customer, Identity, Member

_REACHES = {"phone": "tel:", "email": "mailto:"}


@dataclass(frozen=True, slots=True)
class Way:
    """One identity of the customer; `href` calls or writes, and is there only for those who may see it in full."""

    kind: str
    text: str
    href: str = ""


def name(customer: Customer | None, member: Member) -> str:
    """What the customer is called on this member's screen; the identities, where needed, should be prefetched."""
    if customer is None:
        return _("Unknown customer")
    if member.personal_data == "none":
        return _("Customer %(id)s") % {"id": customer.pk}
    if customer.name:
        return customer.name if member.personal_data == "full" else masked_name(customer.name)
    known = next(iter(customer.identities.all()), None)
    if known is None:
        return _("Customer %(id)s") % {"id": customer.pk}
    return known.value if member.personal_data == "full" else masked_identity(known.value)


def ways(customer: Customer | None, member: Member, *, page: str = "") -> list[Way]:
    """How the customer can be reached, phones first: a call mends more than a letter; a mail brings `page` along."""
    if customer is None or member.personal_data == "none":
        return []
    rows = sorted(
        customer.identities.all(), key=lambda each: (each.kind != "phone", each.kind != "email", each.pk)
    )
    return [_way(each, member, page) for each in rows]


def words(text: str, member: Member) -> str:
    """What the customer wrote: without addresses and numbers unless the member sees everything; nothing for `none`."""
    if member.personal_data == "none":
        return ""
    return text if member.personal_data == "full" else without_contacts(text)


def _way(identity: Identity, member: Member, page: str) -> Way:
    if member.personal_data != "full":
        return Way(identity.kind, masked_identity(identity.value))
    scheme = _REACHES.get(identity.kind, "")
    more = f"?{urlencode({'body': page})}" if identity.kind == "email" and page else ""
    return Way(identity.kind, identity.value, scheme + identity.value + more if scheme else "")
