"""`/s/p/<token>`: what we may send somebody and what is kept of them. `/s/u/<token>`: stop, with one click.

GET shows and changes nothing, however often a scanner of mail opens it; only POST stores. The token is that of an
invitation, or a mark that the last page of a survey made for whoever answered it.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import Error

from mindgap.collect import beside
from mindgap.collect.lane import exchange, preferences_page
from mindgap.collect.lane.exchange import Elsewhere, Receive, Scope, Send
from mindgap.collect.lane.limits import Limits
from mindgap.collect.programme import wishes
from mindgap.collect.programme.wishes import Holder
from mindgap.collect.survey import page, sent, words
from mindgap.collect.survey.page import Html
from mindgap.collect.survey.state import NotOurs, Seal, State
from mindgap.collect.survey.throttle import Proxies, Throttle
from mindgap.ground import language

PAGE, UNSUBSCRIBE = "/s/p/", "/s/u/"
_PURPOSE = "preferences"
# Tokens of invitations are shorter, marks are longer.
_TOKEN_MOST, _MARK_MOST = 40, 200
_TRIES_A_MINUTE = 20


def is_preferences(path: str) -> bool:
    """Whether a path is one of these."""
    return path.startswith((PAGE, UNSUBSCRIBE))


def withdrawal(secret: str) -> Callable[[State], str]:
    """Where whoever answered can take consent back: the address that the last page of a survey links to."""
    seal = Seal(secret)

    def address(state: State) -> str:
        if state.test:
            return ""
        if state.invitation:
            return PAGE + seal.sign(b"i" + bytes.fromhex(state.invitation), purpose=_PURPOSE)
        return PAGE + seal.sign(b"s" + state.id.bytes + state.survey.encode(), purpose=_PURPOSE)

    return address


class Preferences:
    """The two addresses as an ASGI application within the lane."""

    def __init__(self, limits: Limits) -> None:
        self._seal = Seal(limits.secret)
        self._is_secure = limits.is_secure
        self._proxies = Proxies(limits.proxies)
        self._guesses = Throttle(most=limits.share(_TRIES_A_MINUTE), seconds=60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        query = sent.query(scope.get("query_string", b""))
        wanted = [
            *query.get("lang", []),
            *words.accepted(headers.get(b"accept-language", b"").decode("latin-1")),
        ]
        more: dict[str, str] = {}
        try:
            status, html = 200, await self._answer(scope, receive, headers, query.get("lang", []), wanted)
        except Elsewhere as elsewhere:
            status, more = elsewhere.status, elsewhere.headers
            html = page.notice(elsewhere.code, words.best(wanted, language.LANGUAGES))
        except Error:
            # The record cannot be asked at the moment.
            status, more = 503, {"retry-after": "2"}
            html = page.notice("busy", words.best(wanted, language.LANGUAGES))
        if self._is_secure:
            more = {"strict-transport-security": "max-age=31536000", **more}
        await exchange.reply(scope, send, exchange.Reply(status, html, (), more))

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        headers: dict[bytes, bytes],
        chosen: list[str],
        wanted: list[str],
    ) -> Html:
        path, method = scope["path"], scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            raise Elsewhere(405, "unknown", allow="GET, HEAD, POST")
        holder = await self._holder(scope, headers, path)
        done = ""
        if method == "POST" and path.startswith(UNSUBSCRIBE):
            # What mail programs send there says nothing more (RFC 8058); it need not even be a form.
            await beside.ask(lambda: wishes.unsubscribe(holder))
            done = "unsubscribed"
        elif method == "POST":
            form = await exchange.form(headers, receive)
            ways = form.all(preferences_page.WAY)
            do = form.one(preferences_page.DO)
            done = await beside.ask(lambda: _do(holder, do, ways))
        standing = await beside.ask(lambda: wishes.standing(holder))
        # What was chosen on the page outweighs the customer's language, which outweighs the browser's.
        known = [*chosen, *([standing.language] if standing.language else []), *wanted]
        code = words.best(known, language.LANGUAGES)
        token = path.removeprefix(PAGE).removeprefix(UNSUBSCRIBE).rstrip("/")
        return preferences_page.draw(standing, code, action=PAGE + token, note=done)

    async def _holder(self, scope: Scope, headers: dict[bytes, bytes], path: str) -> Holder:
        peer = self._proxies.address(scope, headers)
        if self._guesses.is_over(peer):
            raise Elsewhere(429, "often", **{"retry-after": "60"})
        token = path.removeprefix(PAGE).removeprefix(UNSUBSCRIBE).rstrip("/")
        found = await beside.ask(lambda: self._find(token)) if len(token) <= _MARK_MOST else None
        if found is None:
            self._guesses.note(peer)
            raise Elsewhere(404, "unknown")
        return found

    def _find(self, token: str) -> Holder | None:
        if len(token) <= _TOKEN_MOST:
            return wishes.of_token(token)
        try:
            content = self._seal.read(token, purpose=_PURPOSE)
        except NotOurs:
            return None
        if content[:1] == b"i":
            return wishes.of_digest(content[1:].hex())
        return wishes.of_submission(content[17:].decode(), UUID(bytes=content[1:17]))


def _do(holder: Holder, do: str, ways: tuple[str, ...]) -> str:
    """Store a wish; the word for what was done."""
    if do in wishes.REQUESTS:
        wishes.request(holder, do)
        return "noted"
    if do == "withdraw":
        wishes.withdraw(holder)
        return "withdrawn"
    if do == "stop":
        wishes.allow_only(holder, ())
        return "stopped"
    if do == "save":
        wishes.allow_only(holder, ways)
        return "saved" if ways else "stopped"
    raise Elsewhere(400, "stale")
