"""Bodies: what arrived, as it arrived, without the person; and what of it waits in quarantine.

Arrivals are changed by nothing else. Their ids, order and receipts stay, so that what is sent again is still known.
"""

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from mindgap.collect.erasure.subject import Subject
from mindgap.ground import identity
from mindgap.keep import bulk, incoming
from mindgap.keep.erasure import CONTACT, EVERYTHING, VISIT
from mindgap.keep.incoming import Answer, Customer, Interaction, Person, Submission
from mindgap.keep.models import Quarantine
from mindgap.keep.people import claims_of, identities_of

_PAGE = 500


def redact(organization: int, subject: Subject, *, scope: str, contacts: set[str]) -> int:
    """Take the person out of every arrival that holds them; how many those were.

    `contacts` are the codes of questions for a contact, for a consent that was withdrawn.
    """
    changed = []
    for seq, kind, body in _candidates(organization, _traces(subject)):
        new = _without(kind, bytes(body), subject, scope=scope, contacts=contacts)
        if new != bytes(body):
            changed.append((new, seq))
    bulk.many("update keep_arrival set body = %s where seq = %s", changed)
    return len(changed)


def clear_quarantine(organization: int, subject: Subject) -> int:
    """Remove what waits in quarantine and holds the person."""
    keys = (*subject.answer_keys, *subject.interaction_keys, *subject.submission_keys)
    traces = {each for key in keys for each in _written(key)}
    traces |= {each[1:-1] for value in subject.values for each in _written(value)}
    gone: set[int] = set()
    for trace in sorted(traces):
        sql = f"select id from keep_quarantine where organization_id = %s and {_holds_text()}"  # noqa: S608
        gone.update(id_ for (id_,) in bulk.fetch(sql, [organization, trace, trace]))
    Quarantine.objects.filter(organization_id=organization, id__in=gone).delete()
    return len(gone)


def _traces(subject: Subject) -> list[bytes]:
    """What stands in a body that may be theirs, as JSON writes it with and without escapes."""
    keys = (*subject.answer_keys, *subject.interaction_keys, *subject.submission_keys)
    found = {f'"key":{each}' for key in keys for each in _written(key)}
    # `"Ann@shop.example"` is Ann's address as well: compared in the way in which JSON has it, without the quotes.
    found |= {each[1:-1] for value in subject.values for each in _written(value)}
    return [each.encode() for each in sorted(found)]


def _written(text: str) -> set[str]:
    return {json.dumps(text, ensure_ascii=False), json.dumps(text)}


def _candidates(organization: int, traces: list[bytes]) -> Iterable[tuple[int, str, bytes]]:
    for start in range(0, len(traces), _PAGE):
        some = traces[start : start + _PAGE]
        # Nobody's address is told apart by capitals.
        if bulk.is_postgres():
            holds = "position(%s::bytea in body) > 0"
            lower = "position(%s in lower(encode(body, 'escape'))) > 0"
        else:
            holds, lower = "instr(body, %s) > 0", "instr(lower(cast(body as text)), %s) > 0"
        test = " or ".join([f"{holds} or {lower}"] * len(some))
        given = [each for trace in some for each in (trace, trace.decode().lower())]
        sql = f"select seq, kind, body from keep_arrival where organization_id = %s and ({test})"  # noqa: S608
        yield from bulk.fetch(sql, [organization, *given])


def _holds_text() -> str:
    if bulk.is_postgres():
        return '(position(%s in raw::text) > 0 or position(lower(%s) in lower(words || "column")) > 0)'
    return '(instr(raw, %s) > 0 or instr(lower(words || "column"), lower(%s)) > 0)'


def _without(kind: str, body: bytes, subject: Subject, *, scope: str, contacts: set[str]) -> bytes:
    try:
        thing = incoming.read_submission(body) if kind == "submission" else incoming.read(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # It was refused, lies in quarantine as well, and holds an address of theirs.
        return b"{}" if scope == EVERYTHING else body
    if isinstance(thing, Submission):
        return incoming.write(_visit(thing, subject, scope=scope, contacts=contacts))
    if (
        scope == CONTACT
        and thing.customer is not None
        and thing.key.partition("/")[0] in subject.submission_keys
    ):
        return incoming.write(msgspec.structs.replace(thing, customer=_unclaimed(thing.customer)))
    if scope != EVERYTHING or not _is_theirs(thing, subject):
        return body
    if isinstance(thing, Customer):
        return incoming.write(Customer(key="erased", customer=Person({})))
    bare: dict[str, Any] = {"customer": None, "attributes": {}, "key": subject_key(thing.key, subject)}
    if isinstance(thing, Answer):
        bare |= {"comment": ""}
    return incoming.write(msgspec.structs.replace(thing, **bare))


def subject_key(key: str, subject: Subject) -> str:
    """A key without the person: as it was unless it holds an address of theirs."""
    held = any(value.lower() in key.lower() for value in subject.values)
    return f"erased-{identity.content_id('erased', key)}" if held else key


def _is_theirs(thing: Interaction | Answer | Customer, subject: Subject) -> bool:
    keys = subject.answer_keys if isinstance(thing, Answer) else subject.interaction_keys
    if not isinstance(thing, Customer) and thing.key in keys:
        return True
    person = thing.customer
    return person is not None and bool(subject.identities & {*identities_of(person), *claims_of(person)})


def _visit(thing: Submission, subject: Subject, *, scope: str, contacts: set[str]) -> Submission:
    is_theirs = thing.key in subject.submission_keys
    if not is_theirs and thing.customer is not None:
        known = {*identities_of(thing.customer), *claims_of(thing.customer)}
        is_theirs = scope == EVERYTHING and bool(subject.identities & known)
    if not is_theirs:
        return thing
    if scope == VISIT:
        return Submission(
            thing.key, thing.survey, thing.version, thing.started_at, thing.started_at, state=thing.state
        )
    if scope == CONTACT:
        kept = {
            name: value for name, value in thing.answers.items() if name.partition(".")[0] not in contacts
        }
        return msgspec.structs.replace(thing, answers=kept, customer=_unclaimed(thing.customer))
    return msgspec.structs.replace(
        thing, answers={}, hidden={}, seconds={}, customer=None, invitation="", interaction="", consents=()
    )


def _unclaimed(person: Person | None) -> Person | None:
    if person is None or not person.identities:
        return None
    return msgspec.structs.replace(person, claims={}, name="")
