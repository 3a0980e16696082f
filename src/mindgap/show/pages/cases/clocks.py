"""The three clocks in words: what has run, in the customer's time and in business time, and by when it must be done."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from mindgap.act.case.change import reckoner
from mindgap.act.case.clocks import Clock
from mindgap.act.models import Case, CaseEvent
from mindgap.show.pages.cases import naming, spans
from mindgap.show.words import moment


@dataclass(frozen=True, slots=True)
class Face:
    """One clock as it is shown; `look` chooses shape and colour of the state, which stands there in words too."""

    step: str
    look: str
    icon: str
    state: str
    counts: str
    allowed: str
    customer: str
    business: str
    due: str
    customer_due: str
    business_due: str
    stood: str
    # In percent of the allowed time, at most 100.
    percent: int


def faces(case: Case, events: list[CaseEvent], zone: ZoneInfo, now: datetime) -> list[Face]:
    """The clocks of a case, as they stand."""
    return [_face(each, zone, now) for each in reckoner(case, events).clocks(now)]


def _face(clock: Clock, zone: ZoneInfo, now: datetime) -> Face:
    look, icon, state = _state(clock, now)
    return Face(
        step=naming.word(naming.STEPS, clock.step),
        look=look,
        icon=icon,
        state=state,
        counts=naming.word(naming.COUNTS, "business" if clock.allowed.is_business else "customer"),
        allowed=spans.span(clock.allowed.seconds),
        customer=spans.span(clock.customer_seconds),
        business=spans.span(clock.business_seconds),
        due=moment.instant(clock.due, zone) if clock.due else "",
        customer_due=moment.instant(clock.customer_due, zone) if clock.customer_due else "",
        business_due=moment.instant(clock.business_due, zone) if clock.business_due else "",
        stood=spans.span(clock.paused_seconds) if clock.paused_seconds else "",
        percent=min(100, int(clock.share * 100)),
    )


def _state(clock: Clock, now: datetime) -> tuple[str, str, str]:
    if clock.stopped_at is not None:
        if clock.is_breached:
            return "is-worse", "circle-check", _("done, but too late")
        return "is-better", "circle-check", _("done in time")
    if clock.is_paused or clock.due is None:
        return "is-unclear", "hourglass", _("stands: the customer has the word")
    if clock.is_breached:
        return "is-danger", "alert-triangle", spans.due(clock.due, now)
    if clock.is_warned:
        return "is-worse", "bell", spans.due(clock.due, now)
    return "is-unclear", "clock", spans.due(clock.due, now)
