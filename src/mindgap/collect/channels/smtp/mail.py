"""Mail: a message as RFC 5322 text in two forms, plain and HTML, that can be answered and stopped with one click."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from mindgap.collect.channels import texts
from mindgap.collect.channels.contract import CannotRender
from mindgap.collect.channels.message import FirstQuestion, Message
from mindgap.collect.survey.words import direction, tag
from mindgap.ground import clock

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63})*")
_SUBJECT_MOST = 200
_BUTTON = (
    "display:inline-block;min-width:28px;padding:10px 8px;margin:2px;border:1px solid #5b6472;border-radius:6px;"
    "text-align:center;text-decoration:none;color:#1a2433;background:#ffffff"
)
_OPEN = "display:inline-block;padding:12px 20px;border-radius:6px;text-decoration:none;color:#ffffff;background:#1f4fbf"


def one_line(text: str) -> str:
    """Text for a header: line ends and direction marks, with which headers are forged, become blanks (F8)."""
    return " ".join(_CONTROL.sub(" ", text).split())


def address(text: str) -> str:
    """An address as it may stand in an envelope; `CannotRender` for anything else."""
    local, _, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        domain = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise CannotRender("bad_address", "not an e-mail address")
    return f"{local}@{domain}"


def return_path(bounces: str, reference: str) -> str:
    """The envelope's sender: what comes back to it names the delivery (VERP)."""
    local, _, domain = address(bounces).rpartition("@")
    return f"{local}+{reference}@{domain}"


def build(message: Message, *, sender: str, reply_to: str = "") -> EmailMessage:
    """The mail for a message, from the address `sender`."""
    mail = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    mail["From"] = Address(one_line(message.sender)[:100], addr_spec=sender)
    mail["To"] = Address(addr_spec=address(message.to))
    mail["Subject"] = one_line(message.subject)[:_SUBJECT_MOST]
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.reference}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if reply_to:
        mail["Reply-To"] = Address(addr_spec=address(reply_to))
    if message.unsubscribe.startswith("https://"):
        mail["List-Unsubscribe"] = f"<{one_line(message.unsubscribe)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(plain(message), cte="base64")
    mail.add_alternative(html(message), subtype="html", cte="base64")
    return mail


def plain(message: Message) -> str:
    """The body for readers without HTML."""
    parts = [message.text, message.link]
    if message.preferences:
        parts.append(
            f"--\n{_from(message)}\n{texts.phrase('preferences', message.language)}: {message.preferences}"
        )
    return "\n\n".join(part for part in parts if part) + "\n"


def html(message: Message) -> str:
    """The body as HTML: no picture, no script, nothing loaded from anywhere."""
    paragraphs = "".join(
        f"<p>{escape(part).replace(chr(10), '<br>')}</p>"
        for part in message.text.split("\n\n")
        if part.strip()
    )
    code = message.language
    return (
        f'<!doctype html><html lang="{escape(tag(code))}" dir="{direction(code)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(one_line(message.subject))}</title></head>'
        '<body style="margin:0;padding:24px;font:16px/1.6 sans-serif;color:#1a2433;background:#ffffff">'
        f'<div style="max-width:600px;margin:0 auto">{paragraphs}{_first(message.first)}{_link(message)}'
        f"{_foot(message)}</div></body></html>\n"
    )


def _first(first: FirstQuestion | None) -> str:
    if first is None:
        return ""
    buttons = "".join(
        f'<a href="{escape(option.link)}" style="{_BUTTON}">{escape(option.label)}</a> '
        for option in first.options
    )
    ends = " – ".join(escape(end) for end in (first.low, first.high) if end)
    return f'<p style="font-weight:bold">{escape(first.text)}</p><p>{buttons}</p>' + (
        f'<p style="font-size:14px;color:#4a5361">{ends}</p>' if ends else ""
    )


def _link(message: Message) -> str:
    if not message.link:
        return ""
    return f'<p><a href="{escape(message.link)}" style="{_OPEN}">{texts.to_open(message.kind, message.language)}</a></p>'


def _foot(message: Message) -> str:
    if not message.preferences:
        return ""
    words = texts.phrase("preferences", message.language)
    return (
        f'<p style="font-size:14px;color:#4a5361">{escape(_from(message))}<br>'
        f'<a href="{escape(message.preferences)}" style="color:#4a5361">{words}</a></p>'
    )


def _from(message: Message) -> str:
    words = texts.phrase("from", message.language)
    return texts.fill(words, {"organization": message.organization}, code=message.language)
