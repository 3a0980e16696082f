"""Decision: whether one customer is asked now. Pure: facts in, outcome and the reasons for it out.

The order decides what a refusal is called: consent, channel and its opt-out, quiet hours, cap over all channels, rest
after an answer, rest of the survey, open case, auction among candidates, draw of the sample.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

# Follow-ups of a case, and assessments of an organization's own people, are not ordinary surveys.
SPECIAL_KINDS = ("recovery", "assessment")
YEAR = timedelta(days=365)
# What a channel can be for one customer; only a free one is used.
FREE, OPTED_OUT, NO_ADDRESS, NO_ACCOUNT, SUPPRESSED, TOO_LATE = (
    "free", "opted_out", "no_address", "no_account", "suppressed", "too_late",
)  # fmt: skip

Step = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The policy of an organization; quiet when `quiet_from` <= local time < `quiet_to`, over midnight too."""

    cap_days: int = 30
    cap_count: int = 1
    year_count: int = 4
    rest_after_answer_days: int = 90
    per_survey_rest_days: int = 90
    quiet_from: time = time(21)
    quiet_to: time = time(9)
    suppress_on_open_case: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One programme that wants to ask one customer. `deadline`: after it, asking makes no sense any more."""

    key: str
    programme: str
    kind: str = "transaction"
    priority: int = 0
    share: float = 1.0
    rest_days: int | None = None
    needs_consent: bool = False
    due_at: datetime
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the customer at this moment.

    `consent` is `given`, `withdrawn` or empty; `ways` are (channel, state) in the order in which they are tried;
    `sent` when the customer was asked in the last year, by whatever programme; `answered_at` when a relationship
    survey was answered last; `survey_sent_at` when this survey asked last.
    """

    zone: ZoneInfo
    consent: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    sent: tuple[datetime, ...] = ()
    answered_at: datetime | None = None
    survey_sent_at: datetime | None = None
    has_open_case: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a candidate: an outcome of the ledger, since when or until when, over which channel, and why."""

    outcome: str
    until: datetime | None = None
    channel: str = ""
    steps: tuple[Step, ...] = field(default=())

    @property
    def is_sent(self) -> bool:
        return self.outcome == "sent"


def decide(
    candidate: Candidate, facts: Facts, rules: Rules, now: datetime, *, rivals: Sequence[Candidate] = ()
) -> Decision:
    """Decide on one candidate; `rivals` are other candidates for the same customer that passed all but the auction."""
    decision = _admit(candidate, facts, rules, now)
    if not decision.is_sent:
        return decision
    winner = min((candidate, *rivals), key=rank)
    saw = {"priority": candidate.priority, "rivals": len(rivals), "winner": winner.programme}
    steps = (*decision.steps, _step("auction", winner is candidate, **saw))
    if winner is not candidate:
        return Decision("lost_auction", steps=steps)
    drawn = draw(candidate.key)
    is_drawn = drawn < candidate.share
    steps = (*steps, _step("draw", is_drawn, drawn=round(drawn, 6), share=candidate.share))
    if not is_drawn:
        return Decision("not_sampled", steps=steps)
    return replace(decision, steps=steps)


def decide_together(
    asked: Sequence[tuple[Candidate, Facts]], rules: Rules, now: datetime
) -> dict[str, Decision]:
    """Decide on all candidates for one customer at once, by key: at most one is sent.

    One that wins the auction and is not drawn leaves the next one its turn.
    """
    admitted = {each.key: _admit(each, facts, rules, now) for each, facts in asked}
    waiting = sorted(
        (pair for pair in asked if admitted[pair[0].key].is_sent), key=lambda pair: rank(pair[0])
    )
    decided = {key: decision for key, decision in admitted.items() if not decision.is_sent}
    while waiting:
        rivals = [each for each, _ in waiting]
        first, facts = waiting[0]
        won = decide(first, facts, rules, now, rivals=rivals[1:])
        decided[first.key] = won
        waiting = waiting[1:]
        if won.is_sent:
            for each, known in waiting:
                decided[each.key] = decide(each, known, rules, now, rivals=[first])
            break
    return decided


def rank(candidate: Candidate) -> tuple[int, datetime, str]:
    """The order of an auction: the larger priority, then who has waited longest."""
    return -candidate.priority, candidate.due_at, candidate.key


def draw(key: str) -> float:
    """A number from 0 to below 1 that the same candidate always draws: nobody can draw again."""
    raw = hashlib.blake2b(key.encode(), digest_size=8, person=b"draw").digest()
    return (int.from_bytes(raw, "big") >> 11) / 2**53


def is_quiet(rules: Rules, zone: ZoneInfo, now: datetime) -> bool:
    """Whether it is a time at which nobody is asked, where the customer is."""
    start, end = rules.quiet_from, rules.quiet_to
    local = now.astimezone(zone).time()
    if start <= end:
        return start <= local < end
    return local >= start or local < end


def quiet_until(rules: Rules, zone: ZoneInfo, now: datetime) -> datetime:
    """The first moment from `now` on that is not quiet; clocks may be put forward or back meanwhile."""
    if not is_quiet(rules, zone, now):
        return now
    local = now.astimezone(zone)
    for days in range(3):
        end = datetime.combine(local.date() + timedelta(days=days), rules.quiet_to, tzinfo=zone)
        for fold in (0, 1):
            there = end.replace(fold=fold).astimezone(now.tzinfo)
            if there > now and not is_quiet(rules, zone, there):
                return there
    # No such wall-clock time on three days running does not happen; a day later is looked at again.
    return now + timedelta(days=1)


def _admit(candidate: Candidate, facts: Facts, rules: Rules, now: datetime) -> Decision:
    """All steps before the auction; `sent` says that they are passed."""
    steps: list[Step] = []
    channel = next((way for way, state in facts.ways if state == FREE), "")
    is_in_time = candidate.deadline is None or now < candidate.deadline
    steps.append(_step("in_time", is_in_time, deadline=_said(candidate.deadline)))
    if not is_in_time:
        return Decision("failed", steps=tuple(steps))
    may = facts.consent == "given" or (facts.consent != "withdrawn" and not candidate.needs_consent)
    steps.append(_step("consent", may, consent=facts.consent or "unasked", needed=candidate.needs_consent))
    if not may:
        return Decision("skipped_consent", steps=tuple(steps))
    steps.append(_step("channel", bool(channel), ways=[list(way) for way in facts.ways], channel=channel))
    if not channel:
        is_out = any(state in (OPTED_OUT, SUPPRESSED) for _, state in facts.ways)
        return Decision("skipped_optout" if is_out else "no_address", steps=tuple(steps))
    until = quiet_until(rules, facts.zone, now)
    local = now.astimezone(facts.zone).strftime("%H:%M")
    quiet = {"zone": str(facts.zone), "local": local, "until": _said(until if until > now else None)}
    steps.append(_step("quiet", until <= now, **quiet))
    if until > now:
        is_late = candidate.deadline is not None and until >= candidate.deadline
        return Decision(
            "skipped_quiet" if is_late else "delayed_until", None if is_late else until, channel, tuple(steps)
        )
    for outcome, step in _rests(candidate, facts, rules, now):
        steps.append(step)
        if not step["passed"]:
            return Decision(outcome, channel=channel, steps=tuple(steps))
    return Decision("sent", channel=channel, steps=tuple(steps))


def _rests(candidate: Candidate, facts: Facts, rules: Rules, now: datetime) -> list[tuple[str, Step]]:
    """Cap, rests and open case, in order, each with the outcome that it has when it is not passed."""
    lately = [at for at in facts.sent if at > now - timedelta(days=rules.cap_days)]
    year = [at for at in facts.sent if at > now - YEAR]
    is_below = len(lately) < rules.cap_count and len(year) < rules.year_count
    cap = _step(
        "cap", is_below, asked=len(lately), most=rules.cap_count, days=rules.cap_days,
        asked_year=len(year), most_year=rules.year_count,
    )  # fmt: skip
    answered = _rested(facts.answered_at, rules.rest_after_answer_days, now)
    after = _step(
        "answer_rest", answered, answered_at=_said(facts.answered_at), days=rules.rest_after_answer_days
    )
    days = rules.per_survey_rest_days if candidate.rest_days is None else candidate.rest_days
    rested = _rested(facts.survey_sent_at, days, now)
    same = _step("survey_rest", rested, asked_at=_said(facts.survey_sent_at), days=days)
    is_special = candidate.kind in SPECIAL_KINDS
    may = is_special or not (facts.has_open_case and rules.suppress_on_open_case)
    case = _step("case", may, open=facts.has_open_case, kind=candidate.kind)
    return [
        ("skipped_cap", cap),
        ("skipped_rest", after),
        ("skipped_rest", same),
        ("skipped_open_case", case),
    ]


def _rested(last: datetime | None, days: int, now: datetime) -> bool:
    return last is None or last <= now - timedelta(days=days)


def _step(name: str, passed: bool, **saw: Any) -> Step:
    return {"step": name, "passed": passed, "saw": saw}


def _said(when: datetime | None) -> str:
    return when.isoformat(timespec="seconds") if when else ""
