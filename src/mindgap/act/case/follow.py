"""Follow: what the customer of a case sees and says, by a token that only they have. No login, and nothing else seen.

Words of colleagues, names of members and other cases are not part of it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from mindgap.act.case import actions, change, states, telling, verdict
from mindgap.act.case.case import Case, CaseEvent
from mindgap.act.case.errors import Incomplete, NoSuchCase, NotPossible, TooOften
from mindgap.ground import clock
from mindgap.keep.models import Organization, Touchpoint

# So often within an hour somebody can mean it.
_MOST, _WITHIN = 12, timedelta(hours=1)
_WORDS_MOST = 4000
# Entries of the trail that are words to the customer or from them.
_TOLD = {"apologised": "apology", "awaiting_customer": "question", "promised": "promise", "replied": "reply"}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: `apology`, `question`, `promise` by us, `reply` by the customer."""

    kind: str
    at: datetime
    words: str

    @property
    def is_ours(self) -> bool:
        return self.kind != "reply"


@dataclass(frozen=True, slots=True)
class Given:
    """A remedy that was given."""

    kind: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as its customer sees it. `is_asked`: we say that it is put right, and they have not said yet."""

    organization: Organization
    number: int
    language: str
    touchpoint: Touchpoint | None
    state: str
    opened_at: datetime
    contacted_at: datetime | None
    resolved_at: datetime | None
    recovery_promise: str
    recovery_due: datetime | None
    recovery_kept: bool | None
    outcome: str
    is_open: bool
    is_asked: bool
    is_awaited: bool
    said: tuple[Said, ...]
    given: tuple[Given, ...]


def standing(token: str) -> Standing:
    """The case of a token; `NoSuchCase` when there is none."""
    case = _last(_case(token))
    events = CaseEvent.objects.filter(case=case, kind__in=_TOLD)
    given = case.remedies.filter(state="given").exclude(kind="apology")
    return Standing(
        organization=case.organization,
        number=case.number,
        language=case.customer.language if case.customer else "",
        touchpoint=case.touchpoint,
        state=case.state,
        opened_at=case.opened_at,
        contacted_at=case.contacted_at,
        resolved_at=case.resolved_at,
        recovery_promise=case.recovery_promise,
        recovery_due=case.recovery_due,
        recovery_kept=case.recovery_kept,
        outcome=case.outcome,
        is_open=case.is_open,
        is_asked=_is_asked(case),
        is_awaited=case.state == states.AWAITING,
        said=tuple(Said(_TOLD[each.kind], each.at, each.words) for each in events),
        given=tuple(Given(each.kind, each.words, each.at) for each in given),
    )


@transaction.atomic
def reply(token: str, words: str) -> Case:
    """The customer writes. What waited for them goes on; what was over is open again."""
    made = _begin(token)
    said = _checked(words)
    if made.case.state == states.AWAITING:
        made.enter(states.RESOLVING, "reply")
        case = made.write("replied", said)
    elif made.case.is_open:
        change.note(made.case, "replied", said, by_customer=True)
        case = made.case
    else:
        change.note(made.case, "replied", said, by_customer=True)
        actions.open_again(made)
        case = made.write("reopened")
    telling.replied(case, said, number=_count(case))
    return case


@transaction.atomic
def confirm(token: str, recovered: bool, words: str = "") -> Case:
    """The customer says whether it was put right; only their word makes it recovered."""
    made = _begin(token)
    if not _is_asked(made.case):
        raise NotPossible("confirm", made.case.state)
    said = change.cleaned(words, _WORDS_MOST)
    return verdict.give(made, recovered=recovered, words=said)


def _begin(token: str) -> change.Change:
    found = _last(_case(token))
    case = change.hold(Case.objects, found.pk)
    since = clock.now() - _WITHIN
    if CaseEvent.objects.filter(case=case, by_customer=True, at__gt=since).count() >= _MOST:
        raise TooOften
    return change.Change(case, by_customer=True)


def _case(token: str) -> Case:
    if "\x00" in token:
        # No token has one, and PostgreSQL would not even look.
        raise NoSuchCase
    found = (
        Case.objects.select_related("organization", "touchpoint", "customer", "merged_into")
        .filter(token=token)
        .first()
    )
    # The index has compared it already; this one does not tell by its time how much of it was right.
    if found is None or not secrets.compare_digest(found.token.encode(), token.encode(errors="replace")):
        raise NoSuchCase
    return found


def _last(case: Case) -> Case:
    """The case that goes on for this one."""
    seen = {case.pk}
    while case.merged_into is not None and case.merged_into.pk not in seen:
        case = case.merged_into
        seen.add(case.pk)
    return case


def _is_asked(case: Case) -> bool:
    """Whether the customer may say that it is put right, or not: we said so, and they did not yet."""
    return case.state == states.RESOLVED or (
        case.state == states.CLOSED and case.outcome in ("", "no_answer")
    )


def _checked(words: str) -> str:
    said = change.cleaned(words, _WORDS_MOST)
    if not said:
        raise Incomplete("words", "missing", "write a word or two")
    return said


def _count(case: Case) -> int:
    return CaseEvent.objects.filter(case=case, by_customer=True).count()
