"""Bounce: an invitation came back. The cool-down counts by channel: a dead channel brings one message, not thousands."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mindgap.act.alert.trigger import PLACE, Happening, Look, Trigger
from mindgap.keep.models import Invitation


def happening(each: Invitation, what: str, at: datetime, subject: str) -> Happening:
    """What happened to an invitation; its customer, unit and touchpoint are loaded with it."""
    segments = each.customer.segments if each.customer else {}
    return Happening(
        event=f"invitation:{each.pk}:{what}",
        subject=subject,
        happened_at=at,
        since=at,
        touchpoint=each.touchpoint_id,
        unit=each.unit_id,
        customer=each.customer_id,
        interaction=each.interaction_id,
        row={
            "touchpoint": each.touchpoint.code if each.touchpoint else None,
            "unit": each.unit.code if each.unit else None,
            "channel": each.channel or None,
            **{f"segment.{code}": value for code, value in segments.items()},
        },
        saw={"channel": each.channel},
    )


def _look(look: Look) -> Iterator[Happening]:
    back = Invitation.objects.filter(
        organization=look.organization, bounced_at__gt=look.since, bounced_at__lte=look.until
    )
    for each in back.select_related("customer", "unit", "touchpoint").iterator():
        assert each.bounced_at is not None
        yield happening(each, "bounced", each.bounced_at, f"channel:{each.channel}")


TRIGGER = Trigger(code="bounce", columns=PLACE, look=_look, every=timedelta(minutes=5))
