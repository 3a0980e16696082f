"""Handover: a visit as arrivals: a `submission` at each page, and at the end the `answer` that is counted as well.

All ids follow from the submission's id, so that whatever is sent twice, by a double click, a reload, a second tab or
a lost reply, is one arrival (B1, B2). Once finished, a submission stays as it was finished.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose survey it is, and what is known of who answers it."""

    organization: int
    survey: str
    version: str
    customer: Person | None = None


def partial(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored when a page was passed and another one follows."""
    told = _submission(definition, step.state, sender, how="partial")
    content = hashlib.blake2b(_digest([step.state.answers, step.state.path]), digest_size=16).hexdigest()
    name = identity.content_id("submission", str(step.state.id), step.passed, content)
    return [Item(sender.organization, name, "submission", SOURCE, incoming.write(told))]


def finished(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored at an end: the answers, then the submission, which claims its place in each quota."""
    state = step.state
    found = list(_answers(definition, state, sender))
    if step.is_branched and not any(answer.scores or answer.expected for answer in found):
        return [_last(sender, _submission(definition, state, sender, how="screened"))]
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
    items.append(_last(sender, _submission(definition, state, sender, how="finished")))
    claims = tuple(
        Claim(f"quota:{sender.survey}:{quota.code}", quota.limit)
        for quota in logic.quota_claims(definition, state)
    )
    # On the first: had it once been refused by a quota, only the submission would be known when it is sent again.
    return [items[0]._replace(claims=claims), *items[1:]]


def tried(definition: Definition, step: Step, sender: Sender) -> list[Item]:
    """What is stored at the end of a trial: to be looked at by whoever wrote the survey, and counted nowhere."""
    found = list(_answers(definition, step.state, sender))
    is_out = step.is_branched and not any(answer.scores or answer.expected for answer in found)
    return [
        _last(sender, _submission(definition, step.state, sender, how="screened" if is_out else "finished"))
    ]


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


def _last(sender: Sender, told: Submission) -> Item:
    # One id however it ended: a submission that was refused by a quota cannot finish a second time.
    name = identity.content_id("submission", told.key, "finished")
    return Item(sender.organization, name, "submission", SOURCE, incoming.write(told))


def _submission(definition: Definition, state: State, sender: Sender, *, how: str) -> Submission:
    now = clock.now()
    return Submission(
        key=str(state.id),
        survey=sender.survey,
        version=state.version,
        started_at=_instant(state.started),
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
        customer=None if state.test else _person(definition, state, sender),
        consents=() if state.test else tuple(_consents(definition, state, sender)),
        flags=tuple(state.flags),
        test=state.test,
    )


def _flattened(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in answers.items():
        question = definition.question(name)
        if isinstance(value, dict) and (question is None or question.type != "file"):
            found |= {f"{name}.{part}": each for part, each in value.items()}
        else:
            found[name] = value
    return found


def _consents(definition: Definition, state: State, sender: Sender) -> Iterator[Consent]:
    """Each box that was shown, with a digest of the words beside it as they were read."""
    for question in definition.questions:
        given = state.answers.get(question.code)
        if question.type != "consent" or not isinstance(given, bool):
            continue
        words = logic.words(question.text, state.language, definition)
        notice = logic.words(definition.notice_full or definition.notice, state.language, definition)
        digest = hashlib.blake2b(f"{words}\x1f{notice}".encode(errors="replace"), digest_size=16).hexdigest()
        yield Consent(
            question.purpose or question.code, given, f"{sender.survey[:50]}/{sender.version}", digest
        )


def _answers(definition: Definition, state: State, sender: Sender) -> Iterator[Answer]:
    """One answer for each touchpoint that was asked about; the first has the key of the submission."""
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    expected: dict[str, list[Statement]] = defaultdict(list)
    for question in definition.questions:
        place = question.touchpoint or state.touchpoint
        for measure, value in _scores(question, state):
            scores[place].setdefault(measure, value)
        expected[place] += _expected(question, state)
    spoken = [place for place in {**scores, **expected} if scores[place] or expected[place]]
    main = state.touchpoint if state.touchpoint in spoken or not spoken else spoken[0]
    comment = _comment(definition, state)
    others = _attributes(definition, state)
    person = _person(definition, state, sender)
    if not (spoken or comment or others or (person and person.claims)):
        return
    for place in dict.fromkeys((main, *spoken)):
        is_main = place == main
        yield Answer(
            key=str(state.id) if is_main else f"{state.id}/{place}",
            answered_at=clock.now(),
            touchpoint=place,
            scores=scores[place],
            expected=tuple(expected[place]),
            customer=person,
            interaction=state.interaction,
            channel=state.channel,
            unit=state.unit,
            asked_at=min(_instant(state.started), clock.now()),
            language=state.language,
            comment=comment if is_main else "",
            segments=state.segments,
            attributes=others if is_main else {},
        )


def _person(definition: Definition, state: State, sender: Sender) -> Person | None:
    """Who answers: whom the invitation was for, and how they say that they can be reached, if we may contact them."""
    agreed = any(
        question.type == "consent"
        and question.purpose == "contact"
        and state.answers.get(question.code) is True
        for question in definition.questions
    )
    said: dict[str, str] = {}
    for question in definition.questions:
        given = state.answers.get(question.code)
        if agreed and question.type == "contact" and isinstance(given, dict):
            said = {**given, **said}
    claims = {kind: text for kind, text in said.items() if kind != "name" and text}
    if not claims:
        return sender.customer
    known = sender.customer or Person({})
    language = known.language or state.language
    return msgspec.structs.replace(
        known, claims=claims, name=known.name or said.get("name", ""), language=language
    )


def _scores(question: Question, state: State) -> Iterator[tuple[str, float]]:
    """Experiences in numbers, by measure; what does not apply and what was expected are none."""
    value = state.answers.get(question.code)
    if question.type == "matrix" and isinstance(value, dict):
        for row in question.rows:
            number = value.get(row.code)
            number = scale.as_number(number) if isinstance(number, str) else number
            if row.measure and number is not None:
                yield row.measure, float(number)
    elif question.type == "pair" and isinstance(value, dict):
        if question.measure and "got" in value:
            yield question.measure, float(value["got"])
    elif question.measure and not question.expects and question.type in SCORED and _is_number(value):
        yield question.measure, float(value)  # type: ignore[arg-type]


def _expected(question: Question, state: State) -> list[Statement]:
    value = state.answers.get(question.code)
    if not question.measure:
        return []
    if question.type == "pair" and isinstance(value, dict):
        return [
            Statement(question.measure, float(number), ask, question.source)
            for ask, number in value.items()
            if ask != "got"
        ]
    if question.expects and question.type in SCORED and _is_number(value):
        return [Statement(question.measure, float(value), question.expects, question.source)]  # type: ignore[arg-type]
    return []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _comment(definition: Definition, state: State) -> str:
    for question in definition.questions:
        text = state.answers.get(question.code)
        if question.type == "text" and question.long and isinstance(text, str):
            return text[:_COMMENT_MOST]
    return ""


def _attributes(definition: Definition, state: State) -> dict[str, str]:
    """Choices, by `q.<code>`, and the hidden values that are kept as attributes."""
    found = {
        hidden.code: state.hidden[hidden.code]
        for hidden in definition.hidden
        if hidden.keeps == "attribute" and hidden.code in state.hidden
    }
    for question in definition.questions:
        value = state.answers.get(question.code)
        if question.type in CHOSEN and value:
            found[f"q.{question.code}"] = ",".join(value) if isinstance(value, list) else str(value)
    return found


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
