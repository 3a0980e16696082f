"""Handover: a visit as arrivals: a `submission` at each page, and at the end the `answer` that is counted as well.

All ids follow from the submission's id, so that whatever is sent twice, by a double click, a reload, a second tab or
a lost reply, is one arrival (B1, B2). Once finished, a submission stays as it was finished.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from mindgap.collect.survey import logic, scale
from mindgap.collect.survey.flow import Step
from mindgap.collect.survey.state import State
from mindgap.ground import clock, identity
from mindgap.keep import incoming
from mindgap.keep.appender import Claim, Item
from mindgap.keep.definition import CHOSEN, SCORED, Definition, Question
from mindgap.keep.incoming import Answer, Consent, Person, Statement, Submission

SOURCE = "survey"
_COMMENT_MOST = 10_000
_digest = msgspec.json.Encoder(order="sorted").encode


class Sender(msgspec.Struct, frozen=True):
    """Whose survey it is, and what is known of who answers it."""

    organization: int
    survey: str
    version: str
    customer: Person | None = None


@dataclass(frozen=True, slots=True)
class _Roles:
    """Which questions say what: worked out once for a definition, which never changes."""

    measuring: tuple[Question, ...]
    commenting: tuple[Question, ...]
    choosing: tuple[Question, ...]
    consenting: tuple[Question, ...]
    reaching: tuple[Question, ...]


def _roles(definition: Definition) -> _Roles:
    kept = vars(definition)
    found: _Roles | None = kept.get("roles")
    if found is None:
        every = definition.questions
        found = kept["roles"] = _Roles(
            measuring=tuple(q for q in every if q.measure or q.type == "matrix"),
            commenting=tuple(q for q in every if q.type == "text" and q.long),
            choosing=tuple(q for q in every if q.type in CHOSEN),
            consenting=tuple(q for q in every if q.type == "consent"),
            reaching=tuple(q for q in every if q.type == "contact"),
        )
    return found


class _About(NamedTuple):
    """What the answers and the submission of one visit have in common."""

    key: str
    started: datetime
    now: datetime
    person: Person | None


def _about(definition: Definition, state: State, sender: Sender) -> _About:
    return _About(str(state.id), _instant(state.started), clock.now(), _person(definition, state, sender))


def partial(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored when a page was passed and another one follows."""
    told = _submission(definition, step.state, sender, how="partial")
    content = hashlib.blake2b(_digest([step.state.answers, step.state.path]), digest_size=16).hexdigest()
    name = identity.content_id("submission", str(step.state.id), step.passed, content)
    return [Item(sender.organization, name, "submission", SOURCE, incoming.write(told))]


def finished(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored at an end: the answers, then the submission, which claims its place in each quota."""
    state, about = step.state, _about(definition, step.state, sender)
    found = _answers(definition, state, about)
    if _is_screened(step, found):
        return [_last(sender, _submission(definition, state, sender, how="screened", about=about))]
    items = [
        Item(
            sender.organization,
            identity.content_id("answer", answer.key),
            "answer",
            SOURCE,
            incoming.write(answer),
        )
        for answer in found
    ]
    items.append(_last(sender, _submission(definition, state, sender, how="finished", about=about)))
    if not definition.quotas:
        return items
    claims = tuple(
        Claim(f"quota:{sender.survey}:{quota.code}", quota.limit)
        for quota in logic.quota_claims(definition, state)
    )
    # On the first: had it once been refused by a quota, only the submission would be known when it is sent again.
    return [items[0]._replace(claims=claims), *items[1:]]


def tried(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored at the end of a trial: to be looked at by whoever wrote the survey, and counted nowhere."""
    found = _answers(definition, step.state, _about(definition, step.state, sender))
    how = "screened" if _is_screened(step, found) else "finished"
    return [_last(sender, _submission(definition, step.state, sender, how=how))]


def over_quota(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored when a quota was full: kept, not counted."""
    return [_last(sender, _submission(definition, step.state, sender, how="over_quota"))]


def withdrawn(state: State, sender: Sender) -> list[Item]:
    """What is stored when somebody breaks a visit off and wants nothing kept: that they did, and nothing else."""
    started = _instant(state.started)
    told = Submission(
        key=str(state.id),
        survey=sender.survey,
        version=state.version,
        started_at=started,
        changed_at=clock.now(),
        state="withdrawn",
    )
    name = incoming.withdrawal_id(told.key, started)
    return [Item(sender.organization, name, "submission", SOURCE, incoming.write(told))]


def unflattened(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as a stored submission has them, as the values of `reading`."""
    found: dict[str, Any] = {}
    grouped = {q.code for q in definition.questions if q.type in ("matrix", "pair", "contact")}
    for name, value in answers.items():
        code, _, part = name.partition(".")
        if part and code in grouped:
            found.setdefault(code, {})[part] = value
        else:
            found[name] = value
    return found


def _is_screened(step: Step, found: list[Answer]) -> bool:
    """Whether a branch led out before anything was said that counts."""
    return step.is_branched and not any(answer.scores or answer.expected for answer in found)


def _last(sender: Sender, told: Submission) -> Item:
    # One id however it ended: a submission that was refused by a quota cannot finish a second time.
    name = identity.content_id("submission", told.key, "finished")
    return Item(sender.organization, name, "submission", SOURCE, incoming.write(told))


def _submission(
    definition: Definition, state: State, sender: Sender, *, how: str, about: _About | None = None
) -> Submission:
    about = about or _about(definition, state, sender)
    now = about.now
    return Submission(
        key=about.key,
        survey=sender.survey,
        version=state.version,
        started_at=about.started,
        changed_at=now,
        state=how,
        finished=None if how == "partial" else now,
        language=state.language,
        page=state.page,
        answers=_flattened(definition, state.answers),
        seconds=state.seconds,
        hidden=state.hidden,
        invitation="" if state.test else state.invitation,
        link="" if state.test else state.link,
        channel=state.channel,
        unit=state.unit,
        touchpoint=state.touchpoint,
        interaction=state.interaction,
        customer=None if state.test else about.person,
        consents=() if state.test else tuple(_consents(definition, state, sender)),
        flags=tuple(state.flags),
        test=state.test,
    )


def _flattened(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in answers.items():
        if not isinstance(value, dict):
            found[name] = value
            continue
        question = definition.question(name)
        if question is None or question.type != "file":
            found |= {f"{name}.{part}": each for part, each in value.items()}
        else:
            found[name] = value
    return found


def _consents(definition: Definition, state: State, sender: Sender) -> Iterator[Consent]:
    """Each box that was shown, with a digest of the words beside it as they were read."""
    for question in _roles(definition).consenting:
        given = state.answers.get(question.code)
        if not isinstance(given, bool):
            continue
        words = logic.words(question.text, state.language, definition)
        notice = logic.words(definition.notice_full or definition.notice, state.language, definition)
        digest = hashlib.blake2b(f"{words}\x1f{notice}".encode(errors="replace"), digest_size=16).hexdigest()
        yield Consent(
            question.purpose or question.code, given, f"{sender.survey[:50]}/{sender.version}", digest
        )


def _answers(definition: Definition, state: State, about: _About) -> list[Answer]:
    """One answer for each touchpoint that was asked about; the first has the key of the submission."""
    scores, expected = _measured(definition, state)
    spoken = list(dict.fromkeys((*scores, *expected)))
    main = state.touchpoint if state.touchpoint in spoken or not spoken else spoken[0]
    comment = _comment(definition, state)
    others = _attributes(definition, state)
    key, person = about.key, about.person
    if not (spoken or comment or others or (person and person.claims)):
        return []
    return [
        Answer(
            key=key if place == main else f"{key}/{place}",
            answered_at=about.now,
            touchpoint=place,
            scores=scores.get(place, {}),
            expected=tuple(expected.get(place, ())),
            customer=person,
            interaction=state.interaction,
            channel=state.channel,
            unit=state.unit,
            asked_at=min(about.started, about.now),
            language=state.language,
            comment=comment if place == main else "",
            segments=state.segments,
            attributes=others if place == main else {},
        )
        for place in dict.fromkeys((main, *spoken))
    ]


def _measured(
    definition: Definition, state: State
) -> tuple[dict[str, dict[str, float]], dict[str, list[Statement]]]:
    """Experiences and expectations in numbers, by touchpoint."""
    scores: dict[str, dict[str, float]] = {}
    expected: dict[str, list[Statement]] = {}
    for question in _roles(definition).measuring:
        value = state.answers.get(question.code)
        if value is None:
            continue
        place = question.touchpoint or state.touchpoint
        for measure, number in _scores(question, value):
            scores.setdefault(place, {}).setdefault(measure, number)
        if said := _expected(question, value):
            expected.setdefault(place, []).extend(said)
    return scores, expected


def _person(definition: Definition, state: State, sender: Sender) -> Person | None:
    """Who answers: whom the invitation was for, and how they say that they can be reached, if we may contact them."""
    roles, said = _roles(definition), dict[str, str]()
    if roles.reaching and any(
        question.purpose == "contact" and state.answers.get(question.code) is True
        for question in roles.consenting
    ):
        for question in roles.reaching:
            given = state.answers.get(question.code)
            if isinstance(given, dict):
                said = {**given, **said}
    claims = {kind: text for kind, text in said.items() if kind != "name" and text}
    if not claims:
        return sender.customer
    known = sender.customer or Person({})
    language = known.language or state.language
    return msgspec.structs.replace(
        known, claims=claims, name=known.name or said.get("name", ""), language=language
    )


def _scores(question: Question, value: Any) -> Sequence[tuple[str, float]]:
    """Experiences in numbers, by measure; what does not apply and what was expected are none."""
    measure = question.measure
    if question.type == "matrix" and isinstance(value, dict):
        return _rows(question, value)
    if question.type == "pair" and isinstance(value, dict):
        return [(measure, float(value["got"]))] if measure and "got" in value else ()
    if measure and not question.expects and question.type in SCORED and _is_number(value):
        return [(measure, float(value))]
    return ()


def _rows(question: Question, value: dict[str, Any]) -> list[tuple[str, float]]:
    """The numbers of a matrix."""
    found = []
    for row in question.rows:
        number = value.get(row.code)
        number = scale.as_number(number) if isinstance(number, str) else number
        if row.measure and number is not None:
            found.append((row.measure, float(number)))
    return found


def _expected(question: Question, value: Any) -> list[Statement]:
    if not question.measure:
        return []
    if question.type == "pair" and isinstance(value, dict):
        return [
            Statement(question.measure, float(number), ask, question.source)
            for ask, number in value.items()
            if ask != "got"
        ]
    if question.expects and question.type in SCORED and _is_number(value):
        return [Statement(question.measure, float(value), question.expects, question.source)]
    return []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _comment(definition: Definition, state: State) -> str:
    for question in _roles(definition).commenting:
        text = state.answers.get(question.code)
        if isinstance(text, str):
            return text[:_COMMENT_MOST]
    return ""


def _attributes(definition: Definition, state: State) -> dict[str, str]:
    """Choices, by `q.<code>`, and the hidden values that are kept as attributes."""
    found = {
        hidden.code: state.hidden[hidden.code]
        for hidden in definition.hidden
        if hidden.keeps == "attribute" and hidden.code in state.hidden
    }
    for question in _roles(definition).choosing:
        value = state.answers.get(question.code)
        if value:
            found[f"q.{question.code}"] = ",".join(value) if isinstance(value, list) else str(value)
    return found


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
