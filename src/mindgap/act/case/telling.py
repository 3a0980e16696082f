"""Telling: who hears of what happens to a case. Each key is told once to each person, however often this runs."""

from datetime import datetime, timedelta
from typing import Any, Final

from mindgap.act.case import clocks, people
from mindgap.act.case.case import Case, Remedy
from mindgap.act.case.desk import Desk
from mindgap.act.notice.notice import Notice
from mindgap.act.notice.tell import Telling, tell
from mindgap.act.notice.words import Fact, NoticeWords
from mindgap.ground import clock, mask
from mindgap.ground.money import Money
from mindgap.keep.models import Member

# The steps of a case, for whoever reads a notice.
_STEPS: Final[dict[str, dict[str, str]]] = {
    clocks.ACKNOWLEDGE: {"en": "acknowledge", "zh-hans": "受理", "zh-hant": "受理"},
    clocks.CONTACT: {"en": "contact the customer", "zh-hans": "联系客户", "zh-hant": "聯絡客戶"},
    clocks.RESOLVE: {"en": "put it right", "zh-hans": "解决问题", "zh-hant": "處理完成"},
}
_STEPS_MOST = 3
# So many characters in a row that both hold are a quotation, and no word that both happen to use.
_STRETCH = 12


def assigned(case: Case, *, by: Member | None = None, reason: str = "") -> None:
    """The new owner hears that a case is theirs, unless they took it themselves."""
    if case.owner is None or case.owner == by:
        return
    facts: dict[str, Fact] = {"by": str(by) if by else None, "reason": reason, "due": case.contact_due}
    steps = case.playbook.steps if case.playbook else []
    facts |= {f"step{place}": step for place, step in enumerate(steps[:_STEPS_MOST], start=1)}
    _tell(case, "case_assigned", f"assigned:{case.version}", [case.owner], facts)


def warned(case: Case, step: str, due: datetime, *, again: int, desk: Desk) -> None:
    """The owner hears that three quarters of the time are over; for a case of nobody's, whoever is above."""
    facts: dict[str, Fact] = {"step": _STEPS[step], "due": due, "left": max(timedelta(), due - clock.now())}
    _tell(case, "case_warned", f"warned:{step}:{again}", _owner_or_lead(case, desk), facts, desk)


def breached(case: Case, step: str, due: datetime, *, again: int, desk: Desk) -> None:
    """The owner hears that the time is over."""
    facts: dict[str, Fact] = {"step": _STEPS[step], "due": due, "level": case.level or None}
    _tell(case, "case_breached", f"breached:{step}:{again}", _owner_or_lead(case, desk), facts, desk)


def level(
    case: Case,
    reached: int,
    *,
    again: int = 0,
    by: Member | None = None,
    reason: str = "",
    desk: Desk | None = None,
) -> None:
    """Whoever answers at a level hears of it: the lead, then the CX managers; executives read of it in their digest."""
    above: list[Member | None] = []
    if reached == 1:
        above = [people.lead_of(case, desk)]
    elif reached == 2:
        above = [*people.managers(case, desk)]
    facts: dict[str, Fact] = {
        "level": reached,
        "by": str(by) if by else None,
        "reason": reason,
        "due": case.due_at,
    }
    to = [each for each in above if each is not None and each != by]
    _tell(case, "case_escalated", f"level:{reached}:{again}:{case.version if by else 0}", to, facts, desk)


def replied(case: Case, words: str, *, number: int) -> None:
    """The owner hears what the customer wrote."""
    _tell(
        case,
        "case_replied",
        f"replied:{number}",
        _owner_or_lead(case),
        {"words": mask.without_contacts(words)},
    )


def reopened(case: Case, words: str, *, again: int) -> None:
    """Owner and lead hear that it was not put right."""
    lead = people.lead_of(case)
    to = [each for each in dict.fromkeys([case.owner, lead]) if each is not None]
    _tell(
        case,
        "case_reopened",
        f"reopened:{again}",
        to,
        {"words": mask.without_contacts(words), "due": case.due_at},
    )


def recovered(case: Case, words: str, *, again: int) -> None:
    """The owner hears that the customer is content."""
    _tell(
        case,
        "case_recovered",
        f"recovered:{again}",
        _owner_or_lead(case),
        {"words": mask.without_contacts(words)},
    )


def recovery_missed(case: Case, *, number: int) -> None:
    """Owner and lead hear that what was promised to put it right was not done in time."""
    to = [each for each in dict.fromkeys([case.owner, people.lead_of(case)]) if each is not None]
    facts: dict[str, Fact] = {"due": case.recovery_due, "promise": case.recovery_promise}
    _tell(case, "recovery_missed", f"recovery:{number}", to, facts)


def remedy_asked(remedy: Remedy, case: Case, to: list[Member]) -> None:
    """Whoever may allow a remedy hears that somebody asks for it."""
    facts: dict[str, Fact] = {"amount": _amount(remedy), "by": str(remedy.by), "reason": remedy.words}
    _tell(case, "remedy_asked", f"remedy:{remedy.pk}:asked", to, facts)


def remedy_decided(remedy: Remedy, case: Case, words: str) -> None:
    """Whoever asked for a remedy hears what became of it."""
    if remedy.by is None or remedy.by == remedy.approved_by:
        return
    code = "remedy_approved" if remedy.state == "given" else "remedy_refused"
    facts: dict[str, Fact] = {"amount": _amount(remedy), "by": str(remedy.approved_by), "reason": words}
    _tell(case, code, f"remedy:{remedy.pk}:{remedy.state}", [remedy.by], facts)


def digest(first: Case, to: Member, *, day: str, count: int) -> None:
    """An executive hears once a day of all cases that nobody below has put right; `first` is the most overdue."""
    late = clock.now() - first.due_at if first.due_at and first.due_at < clock.now() else None
    facts: dict[str, Fact] = {"count": count, "left": late, "number": first.number, "title": title(first)}
    words = NoticeWords("case_digest", facts, "/cases/?shown=overdue")
    organization = first.organization
    tell(organization=organization, kind="case_digest", key=_digest_key(to, day), to=to, message=words)


def has_digest(to: Member, *, day: str) -> bool:
    """Whether an executive has had the digest of a day."""
    return Notice.objects.filter(organization_id=to.organization_id, key=_digest_key(to, day)).exists()


def _digest_key(to: Member, day: str) -> str:
    return f"digest:{day}:member:{to.pk}"


def title(case: Case) -> Fact:
    """What a case is called in a notice, which others may read along: never in the customer's own words.

    Those stand only where a notice quotes them, masked, for whoever may see personal data.
    """
    named = mask.without_contacts(case.title)
    said = case.answer.comment if case.answer else ""
    if not said or not _repeats(named, mask.without_contacts(said)):
        return named
    return dict(case.touchpoint.name) or case.touchpoint.code if case.touchpoint else "–"


def _repeats(title: str, said: str) -> bool:
    """Whether a title begins as the customer did, or holds a whole stretch of what they said."""
    plain, whole = " ".join(title.split()), " ".join(said.split())
    return any(plain[start : start + _STRETCH] in whole for start in range(max(1, len(plain) - _STRETCH + 1)))


def _owner_or_lead(case: Case, desk: Desk | None = None) -> list[Member]:
    found = case.owner or people.lead_of(case, desk)
    return [found] if found else []


def _amount(remedy: Remedy) -> str:
    return f"{Money(remedy.cost_minor, remedy.currency).amount} {remedy.currency}"


def _tell(
    case: Case, code: str, key: str, to: list[Member], facts: dict[str, Fact], desk: Desk | None = None
) -> None:
    """Tell each of them: now, or with everything else that lies on a desk."""
    customer = mask.masked_name(case.customer.name) if case.customer else ""
    about: dict[str, Fact] = {
        "number": case.number,
        "title": title(case),
        "customer": customer,
        "owner": str(case.owner) if case.owner else None,
        "touchpoint": dict(case.touchpoint.name) if case.touchpoint else None,
    }
    words = NoticeWords(code, about | facts, f"/cases/{case.number}/")
    for member in to:
        given: dict[str, Any] = {
            "organization": case.organization, "kind": code, "key": f"case:{case.pk}:{key}:member:{member.pk}",
            "to": member, "message": words, "case": case,
        }  # fmt: skip
        if desk is None:
            tell(**given)
        else:
            desk.lay(Telling(**given))
