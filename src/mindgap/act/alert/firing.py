"""Firing: alerts, cases and notices of what rules fired on, all in the caller's transaction.

1. What a rule has fired on before, it does not fire on again.
2. Within the cool-down of its subject a rule fires without a message; the alert stays and says so.
3. A case is opened where the rule says so, once for the event, whichever rules saw it.
4. Of one event one person hears once, from the gravest rule. Quiet hours make it wait, unless it is critical.
5. Where nobody is found, or nobody can be reached, the rule gets a fault that its page and the list show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mindgap.act.alert import quiet
from mindgap.act.alert.alert import Alert
from mindgap.act.alert.place import Place
from mindgap.act.alert.rule import CRITICAL, SEVERITIES, AlertRule
from mindgap.act.alert.story import Story, title
from mindgap.act.alert.trigger import Happening
from mindgap.act.case.case import Case
from mindgap.act.case.opening import open_case
from mindgap.act.notice.notice import Notice
from mindgap.act.notice.tell import tell
from mindgap.act.notice.words import NoticeWords
from mindgap.collect.models import SendingAccount
from mindgap.ground import clock
from mindgap.keep.models import Answer, Customer, Interaction, Member

COOLDOWN, NOBODY, UNREACHABLE, TOLD = "cooldown", "nobody", "unreachable", "told"
FAULTY = (NOBODY, UNREACHABLE)
# So long a unit where nobody was told is held against a rule that works elsewhere.
_HELD = timedelta(days=7)


# The last alert that brought a message, by rule and subject.
Told = dict[tuple[int, str], Alert]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule, and what it fired on."""

    rule: AlertRule
    happening: Happening


def fire(place: Place, fired: Iterable[Fired]) -> list[Alert]:
    """Write the alerts that are new, open their cases, tell people; within the caller's transaction."""
    fresh = _fresh(fired)
    if not fresh:
        return []
    story = Story(place, [each.happening for each in fresh])
    told = _told_lately(fresh)
    made = [alert for each in fresh if (alert := _fire(place, story, each, told)) is not None]
    faulty = {each.rule_id for each in made if each.silent in FAULTY}
    for rule in {each.rule.pk: each.rule for each in fresh}.values():
        if rule.pk in faulty or rule.fault in FAULTY:
            fault = _standing_fault(rule)
            if fault != rule.fault:
                note_fault(rule, fault)
    return made


def note_fault(rule: AlertRule, fault: str, words: str = "") -> None:
    """Keep what is wrong with a rule, or that nothing is any more, for its page."""
    rule.fault, rule.fault_words = fault, words[:300]
    rule.fault_at = clock.now() if fault else None
    AlertRule.objects.filter(pk=rule.pk).update(
        fault=rule.fault, fault_words=rule.fault_words, fault_at=rule.fault_at
    )


def _standing_fault(rule: AlertRule) -> str:
    """What is wrong with the rule at some unit: there the last time that it had something to say, nobody heard it."""
    lately = Alert.objects.filter(rule=rule, fired_at__gt=clock.now() - _HELD).exclude(silent=COOLDOWN)
    last = dict(lately.order_by("id").values_list("unit_id", "silent"))
    return next((fault for fault in FAULTY if fault in last.values()), "")


def _fresh(fired: Iterable[Fired]) -> Sequence[Fired]:
    """Without what fired before; the gravest first, so that of one event it is the gravest that is told."""
    every = list(fired)
    known = set(
        Alert.objects.filter(
            rule__in={each.rule.pk for each in every}, event__in={each.happening.event for each in every}
        ).values_list("rule_id", "event")
    )
    new = {(each.rule.pk, each.happening.event): each for each in every}
    kept = [each for key, each in new.items() if key not in known]
    return sorted(
        kept,
        key=lambda each: (
            -SEVERITIES.index(each.rule.severity),
            each.happening.happened_at,
            each.rule.pk,
            each.happening.event,
        ),
    )


def _fire(place: Place, story: Story, fired: Fired, told: Told) -> Alert | None:
    rule, happening = fired.rule, fired.happening
    now = clock.now()
    earlier = _within_cooldown(rule, told.get((rule.pk, happening.subject)), now)
    alert, is_new = Alert.objects.get_or_create(
        rule=rule,
        event=happening.event,
        defaults={
            "organization": place.organization, "subject": happening.subject, "severity": rule.severity,
            "fired_at": now, "happened_at": happening.happened_at, "touchpoint_id": happening.touchpoint,
            "unit_id": happening.unit, "customer_id": happening.customer, "answer_id": happening.answer,
            "interaction_id": happening.interaction, "saw": dict(happening.saw),
            "silent": COOLDOWN if earlier else "",
        },
    )  # fmt: skip
    if not is_new:
        return None
    if happening.case is not None:
        alert.case = Case.objects.filter(pk=happening.case).first()
    elif rule.opens_case:
        alert.case = _case(place, rule, happening, earlier)
    if not earlier:
        alert.silent = _tell(place, story, alert, happening)
        if alert.silent not in FAULTY:
            told[rule.pk, happening.subject] = alert
    alert.save(update_fields=["case", "silent"])
    return alert


def _told_lately(fresh: Sequence[Fired]) -> Told:
    """The last alert with a message of each rule on each subject, as far back as any cool-down reaches."""
    longest = max(each.rule.cooldown_hours for each in fresh)
    lately = Alert.objects.filter(
        rule__in={each.rule.pk for each in fresh},
        subject__in={each.happening.subject for each in fresh},
        fired_at__gt=clock.now() - timedelta(hours=longest),
    )
    found = lately.exclude(silent__in=(COOLDOWN, *FAULTY)).select_related("case").order_by("fired_at", "id")
    return {(each.rule_id, each.subject): each for each in found}


def _within_cooldown(rule: AlertRule, before: Alert | None, now: datetime) -> Alert | None:
    if before is None or not rule.cooldown_hours:
        return None
    return before if before.fired_at > now - timedelta(hours=rule.cooldown_hours) else None


def _case(place: Place, rule: AlertRule, happening: Happening, earlier: Alert | None) -> Case | None:
    """The case of the event; what comes in the cool-down of an open one belongs to that."""
    if earlier is not None and earlier.case is not None and earlier.case.is_open:
        return earlier.case
    case, _is_new = open_case(
        organization=place.organization,
        key=happening.event,
        title=title(rule, place, happening),
        opened_at=happening.since,
        customer=Customer.objects.filter(pk=happening.customer).first() if happening.customer else None,
        interaction=Interaction.objects.filter(pk=happening.interaction).first()
        if happening.interaction
        else None,
        answer=Answer.objects.filter(pk=happening.answer).first() if happening.answer else None,
        touchpoint=place.touchpoints.get(happening.touchpoint or 0),
        channel=place.channels.get(happening.channel or 0),
        unit=place.units.get(happening.unit or 0),
        promise=place.promises.get(happening.promise or 0),
        urgency=CRITICAL if rule.severity == CRITICAL else "normal",
        is_safety=rule.trigger == "safety",
        playbook=rule.playbook,
        topic=happening.topic,
    )
    return case


def _tell(place: Place, story: Story, alert: Alert, happening: Happening) -> str:
    """Tell everybody whom the rule names, and the owner of its case; why nobody was told, if so."""
    rule, touchpoint = alert.rule, place.touchpoints.get(happening.touchpoint or 0)
    owner = alert.case.owner if alert.case else None
    named = place.directory.resolve(
        place.units.get(happening.unit or 0),
        rule.recipients,
        owner=owner.pk if owner else touchpoint.owner_id if touchpoint else None,
    )
    if owner is not None and owner not in named and owner.is_active:
        named.append(owner)
    if not named:
        return NOBODY
    link = f"/cases/{alert.case.number}/" if alert.case else f"/alerts/{alert.pk}/"
    words = NoticeWords("alert", story.facts(rule, happening), link)
    notices = [_notice(place, alert, to, words, happening) for to in named]
    if all(each.problem for each in notices):
        return UNREACHABLE
    return "" if any(each.alert_id == alert.pk for each in notices) else TOLD


def _notice(
    place: Place, alert: Alert, to: Member | SendingAccount, words: NoticeWords, happening: Happening
) -> Notice:
    kind = "member" if isinstance(to, Member) else "account"
    return tell(
        organization=place.organization,
        kind="alert",
        # By the event and not by the alert: whichever rules saw it, one person hears of it once.
        key=f"alert:{happening.event}:{kind}:{to.pk}",
        to=to,
        message=words,
        alert=alert,
        case=alert.case,
        at=quiet.ends(alert.rule, to, place.organization),
    )
