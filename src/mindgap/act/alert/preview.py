"""Preview: what a rule would have fired on in the last 90 days, from the record; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mindgap.act.alert import judging, reading, rows, timed
from mindgap.act.alert.firing import Fired
from mindgap.act.alert.place import Place
from mindgap.act.alert.rows import Seen
from mindgap.act.alert.rule import AlertRule
from mindgap.act.alert.trigger import ANSWER, CALLBACK, INTERACTION, Happening, Trigger
from mindgap.act.alert.triggers import catalog
from mindgap.ground import clock
from mindgap.ground.condition import BadCondition
from mindgap.keep.models import Consent

DAYS = 90
# Of more the latest are looked at, and the preview says so: a page does not wait for a million rows.
MOST = 50_000
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """`fired` times it would have fired, `told` of them with a message; `since` is how far back was looked."""

    fired: int
    told: int
    since: datetime
    until: datetime
    is_cut: bool
    examples: tuple[Happening, ...]


def preview(rule: AlertRule, place: Place, *, days: int = DAYS) -> Preview:
    """What a rule, saved or not, would have done; `BadCondition` when it cannot be read."""
    until = clock.now()
    since = until - timedelta(days=days)
    trigger = catalog()[rule.trigger]
    is_cut = False
    if trigger.rows:
        judge = judging.ready(rule, place)
        if judge is None:
            raise BadCondition("the rule has no condition, or one that cannot be read")
        seen, is_cut = _seen(place, trigger, since, until)
        found = list(reading.fired(place, [judge], seen))
        since = min((each.at for each in seen), default=since) if is_cut else since
    else:
        found = timed.looked(place, rule, trigger, since=since, until=until, anchor=since)
    found.sort(key=lambda each: each.happening.happened_at)
    told = _told(found, timedelta(hours=rule.cooldown_hours))
    examples = tuple(each.happening for each in reversed(found[-_EXAMPLES:]))
    return Preview(len(found), told, since, until, is_cut, examples)


def _seen(place: Place, trigger: Trigger, since: datetime, until: datetime) -> tuple[list[Seen], bool]:
    seen: list[Seen] = []
    if ANSWER in trigger.rows:
        seen += rows.answers_between(place, since, until, most=MOST)
    if INTERACTION in trigger.rows:
        seen += rows.interactions_between(place, since, until, most=MOST)
    if CALLBACK in trigger.rows:
        wanted = Consent.objects.filter(
            organization=place.organization, purpose="contact", given=True, at__gt=since, at__lte=until
        ).exclude(submission_key=None)
        keys = [str(key) for key in wanted.order_by("-at").values_list("submission_key", flat=True)[:MOST]]
        seen += [rows.of_callback(each) for each in rows.answers(place, keys).values()]
    return seen, len(seen) >= MOST


def _told(found: Iterable[Fired], cooldown: timedelta) -> int:
    """How many would have brought a message, given the cool-down."""
    last: dict[str, datetime] = {}
    told = 0
    for each in found:
        before = last.get(each.happening.subject)
        if before is None or each.happening.happened_at - before >= cooldown:
            told += 1
            last[each.happening.subject] = each.happening.happened_at
    return told
