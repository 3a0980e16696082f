"""Quiet: until when a message waits, by the clock on the wall where its reader is. Critical ones do not wait."""

from datetime import datetime, time, timedelta

from mindgap.act.alert.rule import CRITICAL, AlertRule
from mindgap.collect.models import SendingAccount
from mindgap.ground import clock
from mindgap.keep.models import Member, Organization


def ends(rule: AlertRule, to: Member | SendingAccount, organization: Organization) -> datetime | None:
    """When the quiet hours end in which it is now; None when a message may leave at once."""
    if rule.severity == CRITICAL or not rule.quiet_from or not rule.quiet_to:
        return None
    unit = to.unit if isinstance(to, Member) else None
    zone = clock.zone((unit.zone if unit else "") or organization.zone)
    begin, end = time.fromisoformat(rule.quiet_from), time.fromisoformat(rule.quiet_to)
    local = clock.now().astimezone(zone)
    at = local.time().replace(tzinfo=None)
    is_quiet = begin <= at < end if begin < end else (at >= begin or at < end) and begin != end
    if not is_quiet:
        return None
    day = local.date() if at < end else local.date() + timedelta(days=1)
    return clock.instant_of(datetime.combine(day, end), zone)
