"""No response: somebody was asked and has said nothing for so many days; for a key contact that is an answer too."""

from collections.abc import Iterator
from datetime import timedelta

from mindgap.act.alert.trigger import PLACE, Happening, Look, Setting, Trigger
from mindgap.act.alert.triggers.bounce import happening
from mindgap.keep.models import Invitation


def _look(look: Look) -> Iterator[Happening]:
    days = timedelta(days=look.settings["days"])
    silent = Invitation.objects.filter(
        organization=look.organization,
        state__in=("sent", "opened"),
        sent_at__gt=look.since - days,
        sent_at__lte=look.until - days,
    )
    for each in silent.select_related("customer", "unit", "touchpoint").iterator():
        assert each.sent_at is not None
        subject = f"customer:{each.customer_id}" if each.customer_id else f"invitation:{each.pk}"
        yield happening(each, "unanswered", each.sent_at + days, subject)


TRIGGER = Trigger(
    code="no_response",
    columns=PLACE,
    settings=(Setting("days", 14, most=180),),
    look=_look,
    every=timedelta(hours=1),
)
