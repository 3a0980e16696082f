"""Case overdue: a step of a case was not done by its time, and so many hours have passed since."""

from collections.abc import Iterator
from datetime import timedelta

from mindgap.act.alert.trigger import Happening, Look, Setting, Trigger
from mindgap.act.case import states
from mindgap.act.case.case import Case


def _look(look: Look) -> Iterator[Happening]:
    grace = timedelta(hours=look.settings["hours"])
    late = Case.objects.filter(
        organization=look.organization,
        state__in=states.OPEN,
        due_at__gt=look.since - grace,
        due_at__lte=look.until - grace,
    )
    for each in late.select_related("touchpoint", "unit", "channel").iterator():
        assert each.due_at is not None
        yield Happening(
            event=f"case:{each.pk}:overdue:{each.due_at:%Y%m%dT%H%M%S}",
            subject=f"case:{each.pk}",
            happened_at=each.due_at + grace,
            since=each.due_at,
            touchpoint=each.touchpoint_id,
            unit=each.unit_id,
            channel=each.channel_id,
            customer=each.customer_id,
            interaction=each.interaction_id,
            promise=each.promise_id,
            case=each.pk,
            row={
                "touchpoint": each.touchpoint.code if each.touchpoint else None,
                "unit": each.unit.code if each.unit else None,
                "channel": each.channel.code if each.channel else None,
                "urgency": each.urgency,
                "level": each.level,
            },
            saw={"number": each.number, "due": each.due_at.isoformat()},
            facts={"due": each.due_at, "at": None},
        )


TRIGGER = Trigger(
    code="case_overdue",
    columns=("touchpoint", "unit", "channel", "urgency", "level"),
    settings=(Setting("hours", 24, least=0, most=2_000),),
    look=_look,
    every=timedelta(minutes=1),
)
