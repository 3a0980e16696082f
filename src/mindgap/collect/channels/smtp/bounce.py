"""Bounce: what a mail server sends back (RFC 3464) and what people's mail providers report (RFC 5965)."""

import email
import re
from email.message import EmailMessage
from email.policy import default

from mindgap.collect.channels.contract import BOUNCED, COMPLAINED, Event

_RETURNED = re.compile(r"\+([0-9a-f]{32})@")
_MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
# The address itself is no good; any other refusal may be about this message, our server or a full box.
_HARD = re.compile(r"5\.1\.\d+|5\.2\.1|5\.0\.0")


def read(raw: bytes) -> tuple[Event, ...]:
    """The events of one mail that came to the return path; none for a delay, an absence note or anything else."""
    mail = email.message_from_bytes(raw, policy=default)
    kind = str(mail.get_param("report-type", "") or "").lower()
    reference = _reference(mail)
    if mail.get_content_type() != "multipart/report" or not reference:
        return ()
    if kind == "feedback-report":
        return (Event(COMPLAINED, reference=reference, code="complaint"),)
    if kind != "delivery-status":
        return ()
    return tuple(event for block in _blocks(mail) if (event := _event(block, reference)))


def _event(block: EmailMessage, reference: str) -> Event | None:
    if str(block.get("Action", "")).strip().lower() != "failed":
        return None
    found = _STATUS.search(str(block.get("Status", "")))
    status = found[0] if found else "5.0.0"
    words = " ".join(str(block.get("Diagnostic-Code", "")).split())
    return Event(
        BOUNCED, reference=reference, code=status, words=words[:500], is_hard=bool(_HARD.fullmatch(status))
    )


def _blocks(mail: EmailMessage) -> list[EmailMessage]:
    """The parts of a delivery status that speak of one recipient each."""
    found = []
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            found += (
                [block for block in blocks if isinstance(block, EmailMessage)]
                if isinstance(blocks, list)
                else []
            )
    return [block for block in found if "Action" in block]


def _reference(mail: EmailMessage) -> str:
    """Which delivery it is: by the address it came to, else by the Message-ID of what it returns."""
    for header in ("To", "X-Original-To", "Delivered-To"):
        for value in mail.get_all(header, []):
            if found := _RETURNED.search(str(value)):
                return found[1]
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else payload
            text = inner.as_string() if isinstance(inner, EmailMessage) else str(inner)
            if found := _MESSAGE_ID.search(text):
                return found[1]
    return ""
