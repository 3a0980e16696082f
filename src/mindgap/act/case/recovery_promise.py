"""Recovery promise: what a customer was promised, with a date, to put it right; a promise like any other (R151).

Each is an interaction at the touchpoint `recovery`, with what was promised and what came, in the same transaction as
the case: so whether we keep what we promise after a mistake is counted with everything else that is promised.
"""

from datetime import datetime
from functools import cache
from pathlib import Path

from mindgap.act.case import states
from mindgap.act.case.case import Case
from mindgap.act.case.change import Change
from mindgap.collect import mapping
from mindgap.collect.mapping.schema import Mapping
from mindgap.collect.receive import parcel, receive
from mindgap.collect.register.declare import declare
from mindgap.keep import incoming
from mindgap.keep.models import Customer, Organization, Touchpoint

TOUCHPOINT, PROMISE = "recovery", "recovery_promise"
SOURCE = "cases"


def make(made: Change, words: str, due: datetime) -> None:
    """Promise something by a moment. One that was still to come is taken back: the new one is what holds."""
    case = made.case
    if case.recovery_due is not None and case.recovery_kept is None:
        _record(case, _made_at(case), cancelled=True)
    made.put(recovery_promise=words, recovery_due=due, recovery_kept=None)
    _record(case, made.now, observed_until=made.now)
    if case.state in (states.NEW, states.TRIAGED, states.CONTACTED):
        made.enter(states.RESOLVING, "promise_recovery")


def settle(made: Change, *, is_done: bool) -> None:
    """Say whether what was promised has come by now; nothing when nothing was promised, or it is known already."""
    case = made.case
    if case.recovery_due is None or case.recovery_kept is True:
        return
    is_in_time = is_done and made.now <= case.recovery_due
    if case.recovery_kept is None:
        made.put(recovery_kept=is_in_time)
    if is_done:
        _record(case, _made_at(case), experienced_at=made.now)
    else:
        _record(case, _made_at(case), observed_until=made.now)


def _made_at(case: Case) -> datetime:
    """When the promise that stands now was made."""
    made = case.events.filter(kind="promised").order_by("-id").values_list("at", flat=True).first()
    return made or case.opened_at


def _record(
    case: Case,
    made_at: datetime,
    *,
    experienced_at: datetime | None = None,
    observed_until: datetime | None = None,
    cancelled: bool = False,
) -> None:
    declare_seeds(case.organization)
    thing = incoming.Interaction(
        # The moment tells the promises of one case apart.
        key=f"case:{case.number}:{made_at.isoformat(timespec='milliseconds')}",
        touchpoint=TOUCHPOINT,
        promise=PROMISE,
        started_at=made_at,
        due_at=case.recovery_due,
        unit=case.unit.code if case.unit else "",
        customer=_person(case.customer),
        cancelled=cancelled,
        attributes={"case": str(case.number)},
        experienced_at=experienced_at,
        observed_until=observed_until,
    )
    receive(case.organization, [parcel(case.organization, thing)], source=SOURCE)


def _person(customer: Customer | None) -> incoming.Person | None:
    known = customer.identities.values_list("kind", "value") if customer else ()
    identities = dict(known)
    return incoming.Person(identities) if identities else None


def declare_seeds(organization: Organization) -> None:
    """Make the touchpoint and the promise, unless they are there."""
    there = Touchpoint.objects.filter(organization=organization, code=TOUCHPOINT, promises__code=PROMISE)
    if not there.exists():
        declare(organization, _seeds())


@cache
def _seeds() -> Mapping:
    return mapping.read(Path(__file__).with_name("recovery.toml"))
