"""Mail against a real SMTP server on loopback: form, refusals, bounces, and nobody forging headers (F8, F11)."""

import email
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from tests.collect.channels.conftest import opened

from mindgap.collect.channels.contract import Callback, CannotRender, NotGenuine
from mindgap.collect.channels.message import FirstQuestion, Message, Option
from mindgap.collect.channels.smtp import bounce, mail
from mindgap.collect.channels.smtp.channel import CHANNEL
from mindgap.collect.outgoing import Guard, Http

REFERENCE = "0123456789abcdef0123456789abcdef"


@dataclass
class Post:
    """A mail server's memory; `rcpt` and `data` are what it answers, for each mail in turn."""

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.data.pop(0) if self.data else "250 taken"
        if answer == "cut":
            server.transport.abort()
        if answer.startswith("250") or answer == "cut":
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return answer


def free_port() -> int:
    """The controller connects to itself, so it wants to know its port beforehand."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture
def post() -> Iterator[tuple[Post, Controller]]:
    memory = Post()
    controller = Controller(memory, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield memory, controller
    controller.stop()


def message(**more) -> Message:
    given = {
        "reference": REFERENCE,
        "to": "ann@example.org",
        "subject": "How was it?",
        "text": "Hello Ann\n\nWas it as you expected?",
        "link": "https://shop.example/s/ab/tok",
        "first": FirstQuestion(
            "How likely?",
            tuple(Option(str(n), f"https://shop.example/s/ab/tok?first={n}") for n in range(11)),
            "no",
            "yes",
        ),
        "sender": "Shop",
        "organization": "Shop",
        "unsubscribe": "https://shop.example/s/u/tok",
        "preferences": "https://shop.example/s/p/tok",
    }
    return Message(**(given | more))


def account(port: int, **more: str):
    given = {"host": "127.0.0.1", "port": str(port), "security": "none", "from": "care@shop.example"}
    return opened("smtp", **(given | more))


def test_a_mail_has_both_forms_the_first_question_and_one_click_unsubscribe(post, http: Http) -> None:
    memory, server = post
    ours = account(server.port, bounces="bounces@shop.example")
    outcome = CHANNEL.send(ours, CHANNEL.render(message(), ours), http)
    assert outcome.state == "accepted"
    ((sender, to, raw),) = memory.mails
    assert (sender, to) == (f"bounces+{REFERENCE}@shop.example", ["ann@example.org"])
    read = email.message_from_bytes(raw, policy=default)
    assert read["Message-ID"] == f"<{REFERENCE}@shop.example>"
    assert read["List-Unsubscribe"] == "<https://shop.example/s/u/tok>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = read.get_body(("plain",)).get_content()
    html = read.get_body(("html",)).get_content()
    assert "https://shop.example/s/ab/tok" in plain
    assert html.count("?first=") == 11
    assert "<img" not in html
    assert all("https://shop.example/s/p/tok" in body for body in (plain, html))


def test_chinese_arrives_as_it_was_written(post, http: Http) -> None:
    memory, server = post
    said = message(
        subject="商店：這次體驗符合您的期待嗎？",
        text="王女士您好：\n\n𠮷野家 😀",
        sender="商店",
        language="zh-hant",
    )
    CHANNEL.send(account(server.port), CHANNEL.render(said, account(server.port)), http)
    read = email.message_from_bytes(memory.mails[0][2], policy=default)
    assert read["Subject"] == "商店：這次體驗符合您的期待嗎？"
    assert read["From"].addresses[0].display_name == "商店"
    assert "𠮷野家 😀" in read.get_body(("plain",)).get_content()
    assert 'lang="zh-Hant"' in read.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "forged", ["a\r\nBcc: evil@x.org", "a\nBcc: evil@x.org", "a\x85Bcc: e@x.org", "a\u2028Bcc: e@x.org"]
)
def test_no_name_or_subject_adds_a_header(forged: str) -> None:
    """F8."""
    built = mail.build(message(subject=forged, sender=forged), sender="care@shop.example")
    read = email.message_from_bytes(built.as_bytes(), policy=default)
    assert "Bcc" not in read
    assert "Bcc: e" in read["Subject"]


@pytest.mark.parametrize("forged", ["a@x.org\r\nBcc: e@x.org", "a@x.org\nBcc: e@x.org", "a b@x.org"])
def test_an_address_to_reply_to_adds_no_header(forged: str) -> None:
    """F8."""
    with pytest.raises(CannotRender):
        mail.build(message(), sender="care@shop.example", reply_to=forged)


@pytest.mark.parametrize(
    "to", ["ann@x.org\r\nRCPT TO:<e@x.org>", "a b@x.org", "ann", "@x.org", "ann@", "a@x.org>", "<a@x.org"]
)
def test_an_address_that_is_none_never_reaches_a_server(to: str) -> None:
    with pytest.raises(CannotRender):
        CHANNEL.render(message(to=to), account(25))


def test_author_texts_are_text_in_the_html() -> None:
    hostile = '<img src=x onerror=alert(1)>"><script>'
    html = mail.html(
        message(
            text=hostile,
            subject=hostile,
            organization=hostile,
            first=FirstQuestion(hostile, (Option(hostile, '"><x'),)),
        )
    )
    assert "<img" not in html
    assert "<script" not in html
    assert '"><x' not in html


@pytest.mark.parametrize(
    ("rcpt", "state", "is_bounce"),
    [
        ("550 5.1.1 no such user <ann@example.org>", "refused", True),
        ("450 4.2.1 later", "retry", False),
        ("554 5.7.1 not from you", "refused", False),
    ],
)
def test_what_the_server_says_of_the_address_decides(post, http: Http, rcpt, state, is_bounce) -> None:
    memory, server = post
    memory.rcpt = [rcpt]
    outcome = CHANNEL.send(account(server.port), CHANNEL.render(message(), account(server.port)), http)
    assert (outcome.state, outcome.is_bounce, memory.mails) == (state, is_bounce, [])
    assert "ann@" not in outcome.words


def test_a_line_cut_before_the_receipt_leaves_the_end_open(post, http: Http) -> None:
    memory, server = post
    memory.data = ["cut"]
    outcome = CHANNEL.send(account(server.port), CHANNEL.render(message(), account(server.port)), http)
    assert (outcome.state, outcome.is_open) == ("retry", True)


def test_a_server_inside_the_network_is_refused_unless_it_is_named(post) -> None:
    memory, server = post
    outcome = CHANNEL.send(
        account(server.port), CHANNEL.render(message(), account(server.port)), Http(Guard())
    )
    assert (outcome.state, outcome.code) == ("refused", "blocked_address")
    assert memory.mails == []


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


def test_starttls_checks_the_certificate_and_signs_in(certificate, http: Http) -> None:
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    memory = Post()

    def sign_in(server, session, envelope, mechanism, given):
        return AuthResult(success=(given.login, given.password) == (b"shop", b"secret"), handled=False)

    server = Controller(
        memory, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=sign_in, auth_required=True,
    )  # fmt: skip
    server.start()
    try:
        port = server.port
        given = {"security": "starttls", "host": "localhost", "user": "shop"}
        right = account(port, **given, password="secret", ca=cert.read_text())
        assert CHANNEL.send(right, CHANNEL.render(message(), right), http).state == "accepted"
        wrong = account(port, **given, password="guess", ca=cert.read_text())
        assert CHANNEL.send(wrong, CHANNEL.render(message(), wrong), http).code == "bad_credentials"
        unknown = account(port, **given, password="secret")
        assert CHANNEL.send(unknown, CHANNEL.render(message(), unknown), http).code == "unreachable"
    finally:
        server.stop()
    assert len(memory.mails) == 1


DSN = f"""From: MAILER-DAEMON@mx.example
To: bounces+{REFERENCE}@shop.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ann@example.org
Action: {{action}}
Status: {{status}}
Diagnostic-Code: smtp; 550 no such user

--b--
"""


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [("failed", "5.1.1", [True]), ("failed", "5.2.2", [False]), ("delayed", "4.4.1", [])],
)
def test_a_returned_mail_says_whether_the_address_is_dead(action, status, expected) -> None:
    events = bounce.read(DSN.format(action=action, status=status).encode())
    assert [event.is_hard for event in events] == expected
    assert all(event.reference == REFERENCE for event in events)


def test_a_complaint_is_told_from_a_bounce() -> None:
    raw = f"""To: fbl@shop.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1

--b
Content-Type: message/rfc822

Message-ID: <{REFERENCE}@shop.example>
Subject: x

y
--b--
"""
    (event,) = bounce.read(raw.encode())
    assert (event.kind, event.reference) == ("complained", REFERENCE)


def test_a_note_of_absence_is_no_bounce() -> None:
    assert bounce.read(f"To: bounces+{REFERENCE}@shop.example\nSubject: away\n\nhi".encode()) == ()


def test_a_returned_mail_needs_the_token_of_the_account() -> None:
    ours, raw = account(25, inbound_token="t" * 30), DSN.format(action="failed", status="5.1.1").encode()
    good = Callback(headers={"authorization": f"Bearer {'t' * 30}"}, body=raw)
    assert len(CHANNEL.receive(ours, good).events) == 1
    for wrong in ({}, {"authorization": "Bearer x"}, {"authorization": "Bearer "}):
        with pytest.raises(NotGenuine):
            CHANNEL.receive(ours, Callback(headers=wrong, body=raw))
    with pytest.raises(NotGenuine):
        CHANNEL.receive(account(25), Callback(headers={"authorization": "Bearer "}, body=raw))
