"""浩客: `entry_submitted` with the campaign's fields and the entry. It signs nothing: the address is the secret."""

from zoneinfo import ZoneInfo

from mindgap.collect.inbound.contract import Message, Source, Told, anybody, instant, needed, objects, part

_IDENTITIES = {"uid": "haoke", "email": "email", "mobile": "phone"}


def _read(message: Message, zone: ZoneInfo) -> Told | None:
    if message.found.get("event_type") != "entry_submitted":
        return None
    campaign, entry = part(message.found, "campaign"), part(message.found, "entry")
    customer = part(entry, "customer")
    extra = ("region", "filling_duration", "delivery_method")
    return Told(
        key=f"haoke:{campaign.get('token') or campaign.get('id', '')}:{needed(entry, 'serial_number')}",
        answered_at=instant(entry.get("created_at"), zone, "created_at"),
        values=part(entry, "fields") | {name: entry[name] for name in extra if entry.get(name)},
        labels={
            str(each.get("code")): str(each.get("label", "")) for each in objects(campaign.get("fields"))
        },
        identities={kind: str(customer[name]) for name, kind in _IDENTITIES.items() if customer.get(name)},
    )


SOURCE = Source("haoke", "浩客", False, anybody, _read, zone="Asia/Shanghai")
