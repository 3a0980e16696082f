"""SMTP: invitations and notices by e-mail, through any mail server."""

import smtplib
import socket
import ssl
from typing import Any

from mindgap.collect.channels.contract import (
    INVITATION,
    NOTICE,
    Account,
    Callback,
    Channel,
    Field,
    Limits,
    NotGenuine,
    Outcome,
    Payload,
    Received,
    accepted,
    no_reply,
    refused,
    retry,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import is_same
from mindgap.collect.channels.smtp import bounce, mail
from mindgap.collect.outgoing import Http, OutgoingProblem

_PORTS = frozenset({25, 465, 587, 2525})
_SECONDS = 30
# Replies to RCPT that speak of the address and not of us or of now.
_NO_SUCH_ADDRESS = (550, 551, 553)


def _render(message: Message, account: Account) -> Payload:
    sender = mail.address(account["from"])
    bounces = account["bounces"]
    built = mail.build(message, sender=sender, reply_to=account["reply_to"])
    return {
        "from": mail.return_path(bounces, message.reference) if bounces else sender,
        "to": mail.address(message.to),
        "mail": built.as_bytes().decode("ascii"),
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    port = account.number("port", 587)
    try:
        place = http.guard.place(account["host"], port, ports=_PORTS)
    except OutgoingProblem as problem:
        return no_reply(problem)
    try:
        server = _connect(account, place, port)
    except smtplib.SMTPAuthenticationError as problem:
        # The account is wrong, not the message: it waits until somebody has mended that.
        return retry("bad_credentials", _words(problem.smtp_error), after=600)
    except smtplib.SMTPResponseException as problem:
        return retry(str(problem.smtp_code), _words(problem.smtp_error))
    except (smtplib.SMTPException, OSError) as problem:
        return retry("unreachable", str(problem))
    try:
        return _hand_in(server, payload)
    finally:
        server.close()


def _hand_in(server: smtplib.SMTP, payload: Payload) -> Outcome:
    try:
        for step in (server.mail(payload["from"]), server.rcpt(payload["to"])):
            if step[0] not in (250, 251):
                return _answer(*step, at_address=step is not None and step[0] in _NO_SUCH_ADDRESS)
    except (smtplib.SMTPException, OSError) as problem:
        return retry("cut_off", str(problem))
    try:
        code, words = server.data(payload["mail"].encode("ascii"))
    except smtplib.SMTPDataError as problem:
        return _answer(problem.smtp_code, problem.smtp_error)
    except (smtplib.SMTPException, OSError) as problem:
        return retry("cut_off", str(problem), is_open=True)
    return accepted(_words(words)) if code == 250 else _answer(code, words)


def _answer(code: int, words: bytes | str, *, at_address: bool = False) -> Outcome:
    if 400 <= code < 500:
        return retry(str(code), _words(words))
    return refused(str(code), _words(words), is_bounce=at_address)


def _connect(account: Account, place: str, port: int) -> smtplib.SMTP:
    """A session on the address that was checked, under the name that the certificate has to be for."""
    security, host = account["security"] or "starttls", account["host"]
    context = ssl.create_default_context(cadata=account["ca"] or None)
    server: smtplib.SMTP = (
        _PinnedTls(place, context=context, timeout=_SECONDS)
        if security == "tls"
        else _Pinned(place, timeout=_SECONDS)
    )
    try:
        server.connect(host, port)
        server.ehlo_or_helo_if_needed()
        if security == "starttls":
            server.starttls(context=context)
            server.ehlo()
        if account["user"]:
            server.login(account["user"], account["password"])
    except BaseException:
        server.close()
        raise
    return server


class _Pinned(smtplib.SMTP):
    """Connects to a given address, whatever the name says by now."""

    def __init__(self, place: str, **rest: Any) -> None:
        self._place = place
        super().__init__(**rest)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        self._host = host  # What `starttls` compares the certificate with.
        return super().connect(host, port, source_address)

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._place, port), timeout)


class _PinnedTls(_Pinned):
    """The same with TLS from the first byte."""

    def __init__(self, place: str, *, context: ssl.SSLContext, **rest: Any) -> None:
        self._context = context
        super().__init__(place, **rest)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", 0), per_day=account.number("per_day", 0))


def _receive(account: Account, callback: Callback) -> Received:
    """A mail that came to the return path, posted whole by the mail server that took it, with the account's token."""
    scheme, _, token = callback.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_same(account["inbound_token"], token):
        raise NotGenuine("no or wrong token")
    return Received(bounce.read(callback.body))


CHANNEL = Channel(
    code="smtp",
    way="email",
    kinds=frozenset({INVITATION, NOTICE}),
    addresses=("email",),
    fields=(
        Field("host", kind="host"),
        Field("port", kind="number", default="587"),
        Field("security", default="starttls", choices=("starttls", "tls", "none")),
        Field("user", is_required=False),
        Field("password", is_secret=True, is_required=False),
        Field("from"),
        Field("sender", is_required=False),
        Field("reply_to", is_required=False),
        Field("bounces", is_required=False),
        Field("inbound_token", is_secret=True, is_required=False),
        Field("per_minute", is_required=False, kind="number"),
        Field("per_day", is_required=False, kind="number"),
        Field("ca", is_required=False, kind="lines"),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    receive=_receive,
    # The Message-ID stays the same, by which mailboxes know a repeat.
    is_repeatable=True,
)
