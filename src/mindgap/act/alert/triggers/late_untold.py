"""Late and untold: an open interaction is due soon or overdue, and the customer was not told so before (R20)."""

from collections.abc import Iterator
from datetime import timedelta

from mindgap.act.alert import rows
from mindgap.act.alert.place import Place
from mindgap.act.alert.trigger import PLACE, PROMISE, Happening, Look, Setting, Trigger
from mindgap.keep import bulk
from mindgap.keep.interaction import OPEN

# The longest promise that is counted from the start of an interaction.
_LONGEST = timedelta(days=120)
_UNTOLD = f"i.state = {OPEN} and (i.told_before_due is null or not i.told_before_due)"
# Two questions, since one with "or" would not be answered by the index of what is open.
_STATED = f"{_UNTOLD} and i.due_at > %s and i.due_at <= %s"
_COUNTED = (
    f"{_UNTOLD} and i.due_at is null and i.started_at > %s and i.started_at <= %s and i.promised is not null"
)


def _look(look: Look) -> Iterator[Happening]:
    place = Place(look.organization.pk)
    lead = timedelta(hours=look.settings["hours_before"])
    since, until = look.since + lead, look.until + lead
    stated = rows.interactions_where(place, _STATED, [bulk.instant(since), bulk.instant(until)])
    counted = rows.interactions_where(place, _COUNTED, [bulk.instant(since - _LONGEST), bulk.instant(until)])
    for each in (*stated, *counted):
        due = each.row.get("due")
        if due is not None and since < due <= until:
            yield Happening(
                event=f"interaction:{each.id}:untold",
                subject=f"customer:{each.customer}"
                if each.customer is not None
                else f"interaction:{each.id}",
                happened_at=due - lead,
                since=due,
                touchpoint=each.touchpoint,
                unit=each.unit,
                channel=each.channel,
                customer=each.customer,
                interaction=each.id,
                promise=each.promise,
                row=each.row,
                saw={"due": due.isoformat()},
                facts={"due": due, "at": None},
            )


TRIGGER = Trigger(
    code="late_untold",
    columns=(*PLACE, *PROMISE),
    settings=(Setting("hours_before", 2, least=0, most=720),),
    look=_look,
    every=timedelta(minutes=2),
)
