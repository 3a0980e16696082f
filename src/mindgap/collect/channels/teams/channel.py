"""Teams: notices into one channel by the webhook of a workflow, as an Adaptive Card; at most four a second there."""

import re

import msgspec

from mindgap.collect.channels import cut, group, texts
from mindgap.collect.channels.contract import Account, Field, Outcome, Payload, refused
from mindgap.collect.channels.message import Message
from mindgap.collect.outgoing import Http, Reply

_PER_MINUTE = 60
# The card as a whole.
_BYTES = 28_000
_TEXT_BYTES = 20_000
_TITLE_CHARACTERS = 200
# What text blocks read as Markdown or as a mention.
_MARKS = re.compile(r"([\\`*_\[\]#~|])")
_AT = re.compile(r"<\s*/?\s*at\b[^>]*>", re.IGNORECASE)


def quiet(text: str) -> str:
    """Text in which nothing is Markdown, a link or a mention (F8)."""
    return _MARKS.sub(r"\\\1", group.quiet(_AT.sub("", text)))


def _render(message: Message, _account: Account) -> Payload:
    title = cut.to_characters(" ".join(message.subject.split()), _TITLE_CHARACTERS)
    text = cut.to_bytes(message.text, _TEXT_BYTES // 2)
    body: list[Payload] = []
    if title:
        body.append(
            {"type": "TextBlock", "text": quiet(title), "weight": "Bolder", "size": "Medium", "wrap": True}
        )
    body += [
        {"type": "TextBlock", "text": quiet(line), "wrap": True, "spacing": "Small"}
        for line in text.splitlines()
        if line.strip()
    ]
    card: Payload = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if message.link:
        label = texts.to_open(message.kind, message.language)
        card["actions"] = [{"type": "Action.OpenUrl", "title": label, "url": message.link}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    if len(msgspec.json.encode(payload)) > _BYTES:
        return refused("too_large", f"a card carries at most {_BYTES} bytes")
    return group.post(http, account["url"], payload, judge=_outcome)


def _outcome(reply: Reply) -> Outcome:
    said = reply.body.decode("utf-8", "replace").strip()[:200]
    # The old connectors said 200 and meant that they had been called too often.
    return group.by_status(reply, said, is_throttled=reply.status == 200 and "429" in said)


CHANNEL = group.channel(
    code="teams",
    way="teams_channel",
    fields=(Field("url", is_secret=True, kind="url"),),
    render=_render,
    send=_send,
    per_minute=_PER_MINUTE,
    bytes_most=_BYTES,
)
