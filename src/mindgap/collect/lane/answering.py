"""`/s/<short>` and `/s/<short>/<token>`: the answering pages. GET shows and stores nothing; POST takes one page.

1. GET: the survey or link of the short name, the guest of the token; a fresh state, sealed into the page (B6).
2. POST: open the state, read the page, flow on; append, wait for the commit, only then show what follows.
3. What cannot be stored now is answered with 503 and the same page, filled in as it was.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from queue import Full

import msgspec
from django.db import Error

from mindgap.collect.lane import exchange
from mindgap.collect.lane.exchange import Elsewhere, Receive, Scope, Send
from mindgap.collect.lane.limits import Limits
from mindgap.collect.survey import (
    address,
    attachment,
    flow,
    handover,
    logic,
    page,
    reading,
    sent,
    suspicion,
    words,
)
from mindgap.collect.survey import front as fronts
from mindgap.collect.survey import state as states
from mindgap.collect.survey.front import Edition, Entrance, Front, Guest
from mindgap.collect.survey.handover import Sender
from mindgap.collect.survey.markup import Filling
from mindgap.collect.survey.page import Asking, Html
from mindgap.collect.survey.reading import Form
from mindgap.collect.survey.state import Seal, State
from mindgap.collect.survey.throttle import Proxies, Throttle
from mindgap.keep.appender import Item, Outcome, Writer
from mindgap.keep.definition import Definition, End

_NOTHING: dict[str, str] = {}
_TRIES_A_MINUTE = 20
_CROWD = 30
_CROWD_SECONDS = 600.0


class NotStored(Exception):
    """What was sent could not be stored now."""


class Visit(msgspec.Struct, frozen=True):
    """One request, as far as it is understood."""

    entrance: Entrance
    edition: Edition
    guest: Guest | None
    path: str
    address: str

    @property
    def definition(self) -> Definition:
        return self.edition.definition

    @property
    def sender(self) -> Sender:
        customer = self.guest.customer if self.guest else None
        return Sender(self.entrance.organization, self.entrance.survey, str(self.edition.number), customer)


class Answering:
    """The pages as an ASGI application within the lane; `withdraw` gives the address where consent is taken back,
    `framers` the origins that may show an organization's surveys in a frame.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        withdraw: Callable[[State], str] = lambda _state: "",
        framers: Callable[[int], Awaitable[tuple[str, ...]]] | None = None,
    ) -> None:
        self._limits, self._withdraw, self._framers = limits, withdraw, framers
        self._seal = Seal(limits.secret)
        self._front = Front()
        self._proxies = Proxies(limits.proxies)
        self._guesses = Throttle(most=limits.share(_TRIES_A_MINUTE), seconds=60)
        self._crowd = Throttle(most=limits.share(_CROWD), seconds=_CROWD_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, writer: Writer | None) -> None:
        headers = dict(scope["headers"])
        is_framed, more = False, _NOTHING
        try:
            if scope["method"] in ("GET", "HEAD"):
                status, html, is_framed = await self._show(scope, headers)
            else:
                status, html, is_framed, more = await self._take(scope, headers, receive, writer)
        except Elsewhere as elsewhere:
            status, more = elsewhere.status, elsewhere.headers
            html = _notice(elsewhere.code, headers)
        except Error:
            # The record cannot be asked at the moment.
            status, more = 503, {"retry-after": "2"}
            html = _notice("busy", headers)
        framers = await self._may_frame(scope["path"]) if is_framed else ()
        if self._limits.is_secure:
            more = {"strict-transport-security": "max-age=31536000", **more}
        await exchange.reply(scope, send, exchange.Reply(status, html, framers, more))

    async def _may_frame(self, path: str) -> tuple[str, ...]:
        """The origins that may show this survey in a frame: those of the settings and of the organization's sites."""
        entrance = await self._front.entrance(exchange.parts(path)[0])
        if entrance is None or self._framers is None:
            return self._limits.embedders
        return (*self._limits.embedders, *await self._framers(entrance.organization))

    async def _show(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, Html, bool]:
        query = sent.query(scope.get("query_string", b""))
        short, token = exchange.parts(scope["path"])
        test = address.is_test(short, _first(query, "test"), self._seal)
        visit = await self._arrive(scope, headers, short, token, test=test)
        if visit.guest and visit.guest.why_not:
            raise Elsewhere(410, visit.guest.why_not)
        wanted = _accepted(headers)
        if query or visit.guest:
            known = [visit.guest.language] if visit.guest else []
            wanted = (*query.get("lang", []), *known, *wanted)
        state = await self._begin(visit, query, words.best(wanted, visit.definition.languages), test=test)
        step = flow.open_first(visit.definition, state)
        chosen = next(iter(step.state.answers.values()), "") if query and _first(query, "first") else ""
        note = words.say(words.table(state.language), "confirm", value=chosen) if chosen != "" else ""
        html = self._draw(visit, step, note=note)
        is_blank = not (visit.guest or state.answers or state.hidden or test)
        return 200, Html(html.body, html.policy, is_blank), state.embed

    async def _arrive(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        short: str,
        token: str,
        *,
        test: bool = False,
        number: int = 0,
    ) -> Visit:
        """The survey, its version and the guest; `number` is the version of a visit that is under way."""
        peer = self._proxies.address(scope, headers)
        if token and self._guesses.is_over(peer):
            raise Elsewhere(429, "often", **{"retry-after": "60"})
        entrance = await self._front.entrance(short)
        guest = await self._front.guest(token, entrance.survey_id) if token and entrance else None
        if entrance is None or (token and guest is None):
            self._guesses.note(peer)
            raise Elsewhere(404, "unknown")
        if not test:
            if not entrance.number:
                raise Elsewhere(404, "unknown")
            if not entrance.is_open:
                raise Elsewhere(410, "closed")
        left = guest.left.version if guest and guest.left else 0
        edition = await self._front.edition(entrance, number or left or entrance.number, draft=test)
        if edition is None:
            raise Elsewhere(410, "stale")
        return Visit(entrance, edition, guest, scope["path"], peer)

    async def _begin(self, visit: Visit, query: reading.Fields, language: str, *, test: bool) -> State:
        entrance, guest, definition = visit.entrance, visit.guest, visit.definition
        state = states.begin(
            survey=entrance.short,
            version=visit.edition.number,
            language=language,
            # A trial of a personal link must not take the place of its answer.
            id_=fronts.submission_id(guest.digest) if guest and not test else None,
        )
        # What the installation says outweighs what the address says.
        hidden = reading.accept_hidden(definition, query) if query else {}
        hidden = hidden | entrance.hidden | (guest.hidden if guest else {})
        named = [each for each in definition.hidden if each.code in hidden] if hidden else []
        kept = {each.keeps: hidden[each.code] for each in named}
        unit, touchpoint = await self._front.known(
            entrance.organization, unit=kept.get("unit", ""), touchpoint=kept.get("touchpoint", "")
        )
        state.hidden = hidden
        state.segments = (guest.segments if guest else {}) | {
            each.code: hidden[each.code] for each in named if each.keeps == "segment"
        }
        state.invitation = guest.digest if guest else ""
        state.link = entrance.link
        state.channel = (guest.channel if guest else "") or entrance.channel
        state.unit = (guest.unit if guest else "") or entrance.unit or unit
        state.touchpoint = (guest.touchpoint if guest else "") or touchpoint or entrance.touchpoint
        state.interaction = (guest.interaction if guest else "") or kept.get("interaction", "")
        state.test, state.embed = test, _first(query, "embed") not in ("", "0", "false")
        _fill_in(state, visit, query)
        return state

    async def _take(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, writer: Writer | None
    ) -> tuple[int, Html, bool, dict[str, str]]:
        if scope["method"] != "POST":
            raise Elsewhere(405, "unknown", allow="GET, HEAD, POST")
        short, token = exchange.parts(scope["path"])
        form = await exchange.form(headers, receive)
        state = self._open(form, short)
        number = 0 if state.test else state.version
        visit = await self._arrive(scope, headers, short, token, test=state.test, number=number)
        if (visit.guest.digest if visit.guest else "") != state.invitation:
            raise Elsewhere(400, "stale")
        if form.one(page.GO) == page.LET_GO:
            return await self._let_go(visit, state, writer)
        state.flags = suspicion.flags(state, form)
        step = _step(visit, state, form)
        why_not = visit.guest.why_not if visit.guest else ""
        # The last page sent again finds what it stored the first time, and is thanked again.
        if why_not and not (why_not == "used" and step.passed and step.page is None):
            raise Elsewhere(410, why_not)
        if form.files:
            step = await self._file(step)
        try:
            end, is_over = await self._store(visit, step, writer)
        except NotStored:
            stay = flow.take(visit.definition, state, form, go="stay")
            note = words.table(state.language)["busy_text"]
            return (
                503,
                self._draw(visit, await self._file(stay), note=note),
                state.embed,
                {"retry-after": "2"},
            )
        if step.page is None:
            if end is not step.end:
                step = msgspec.structs.replace(step, end=end)
            return 200, self._end(visit, step, is_over=is_over), state.embed, {}
        note = words.table(step.state.language)["more"] if step.is_more else ""
        return 422 if step.faults else 200, self._draw(visit, step, note=note), state.embed, {}

    async def _let_go(
        self, visit: Visit, state: State, writer: Writer | None
    ) -> tuple[int, Html, bool, dict[str, str]]:
        """Break a visit off: what was stored of it is deleted by the worker (B16)."""
        if not state.test:
            try:
                await _append(writer, handover.withdrawn(state, visit.sender))
            except NotStored as problem:
                raise Elsewhere(503, "busy", **{"retry-after": "2"}) from problem
        return 200, page.notice("withdrawn", state.language), state.embed, {}

    def _open(self, form: Form, short: str) -> State:
        try:
            state = self._seal.open(form.one(page.SEALED))
        except states.TooOld as problem:
            raise Elsewhere(410, "stale") from problem
        except states.NotOurs as problem:
            raise Elsewhere(400, "stale") from problem
        if state.survey != short:
            raise Elsewhere(400, "stale")
        return state

    async def _file(self, step: flow.Step) -> flow.Step:
        """Store the files that passed their check; the state then holds what they were."""
        if not any(isinstance(value, attachment.Checked) for value in step.state.answers.values()):
            return step
        answers = await asyncio.to_thread(attachment.store, step.state.answers, self._limits.folder)
        return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, answers=answers))

    async def _store(self, visit: Visit, step: flow.Step, writer: Writer | None) -> tuple[End | None, bool]:
        """Append what this step makes; the end to show, and whether a quota was full."""
        if not step.passed or (step.state.test and step.page is not None):
            return step.end, False
        if step.state.test:
            await _append(writer, handover.tried(visit.definition, step, visit.sender))
            return step.end, False
        if step.page is not None:
            await _append(writer, handover.partial(visit.definition, step, visit.sender))
            return None, False
        if self._crowd.note(visit.address):
            step.state.flags = sorted({*step.state.flags, suspicion.CROWD})
        outcome = await _append(writer, handover.finished(visit.definition, step, visit.sender))
        if not outcome.exhausted:
            return step.end, False
        await _append(writer, handover.over_quota(visit.definition, step, visit.sender))
        code = outcome.exhausted.rpartition(":")[2]
        quota = next((each for each in visit.definition.quotas if each.code == code), None)
        ends = [end for end in visit.definition.ends if quota and end.code == quota.end]
        return (ends[0] if ends else None), True

    def _draw(self, visit: Visit, step: flow.Step, *, note: str = "") -> Html:
        """The page of a step."""
        if step.page is None:
            return self._end(visit, step, is_over=False)
        definition = visit.definition
        questions = step.page.questions
        if [question.code for question in questions] != step.state.asked:
            shown = {question.code: question for question in questions}
            questions = tuple([shown[code] for code in step.state.asked])
        asking = Asking(
            page=step.page,
            questions=questions,
            sealed=self._seal.close(step.state),
            # An address of its own: sending to that of the page would drop the page from the browser's cache, and
            # "back" would bring a new one.
            action=f"{visit.path}?step",
            filling=_filling(definition, step),
            note=note,
            is_first=not step.state.path,
            is_last=step.page.code == definition.pages[-1].code,
            may_go_back=bool(step.state.path) and definition.may_go_back,
        )
        return visit.edition.sheet(step.state.language).ask(asking)

    def _end(self, visit: Visit, step: flow.Step, *, is_over: bool) -> Html:
        sheet = visit.edition.sheet(step.state.language)
        filling = _filling(visit.definition, step)
        title = "over_quota" if is_over else "thanks"
        return sheet.end(step.end, filling, withdraw=self._withdraw(step.state), title=title)


def _fill_in(state: State, visit: Visit, query: reading.Fields) -> None:
    """What is answered already: as far as a guest came the last time, or what the address brings."""
    definition, left = visit.definition, visit.guest.left if visit.guest else None
    if left:
        state.answers, state.seconds, state.page = dict(left.answers), dict(left.seconds), left.page
        state.started = left.started
        state.path = logic.way_to(definition, state, left.page)
    elif query:
        state.answers = flow.prefilled(definition, query)
        if first := _first(query, "first"):
            state.answers = flow.first_value(definition, state, first) | state.answers


def _accepted(headers: dict[bytes, bytes]) -> Sequence[str]:
    """The languages that a browser asks for."""
    return words.accepted(headers.get(b"accept-language", b"").decode("latin-1"))


def _notice(code: str, headers: dict[bytes, bytes]) -> Html:
    return page.notice(code, words.best(_accepted(headers), ("en", "zh-hans", "zh-hant")))


def _first(query: reading.Fields, name: str) -> str:
    texts = query.get(name)
    return texts[0] if texts else ""


def _step(visit: Visit, state: State, form: Form) -> flow.Step:
    go, other = form.one(page.GO), form.one(page.LANGUAGE)
    if other:
        known = words.best([other], visit.definition.languages)
        state = msgspec.structs.replace(state, language=known)
        return flow.take(visit.definition, state, form, go="stay", seconds=form.one(page.SECONDS))
    if go == "resume":
        return flow.open_first(visit.definition, state)
    go = go if go in ("next", "back") else "next"
    return flow.take(visit.definition, state, form, go=go, seconds=form.one(page.SECONDS))


def _filling(definition: Definition, step: flow.Step) -> Filling:
    def pipe(text: str) -> str:
        return logic.pipe(text, step.state, definition=definition)

    return Filling(step.state, pipe, step.fields, step.faults)


async def _append(writer: Writer | None, items: list[Item]) -> Outcome:
    if writer is None:
        raise NotStored
    try:
        return await writer.hand_over(items)
    except Full as full:
        raise NotStored from full
    except Exception as problem:
        # Perhaps stored all the same: the ids make the next try safe.
        raise NotStored from problem
