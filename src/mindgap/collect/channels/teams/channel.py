"""Teams: notices into one channel by the webhook of a workflow, as an Adaptive Card; at most four a second there."""

import re

import msgspec

from mindgap.collect.channels import cut, group, texts
from mindgap.collect.channels.contract import (
    NOTICE,
    THROTTLED,
    Account,
    Channel,
    Field,
    Limits,
    Outcome,
    Payload,
    accepted,
    no_reply,
    refused,
    retry,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.replies import mend
from mindgap.collect.outgoing import Http, OutgoingProblem, Reply

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
    body = msgspec.json.encode(payload)
    if len(body) > _BYTES:
        return refused("too_large", f"a card carries at most {_BYTES} bytes")
    try:
        reply = http.post(account["url"], body, headers={"content-type": "application/json"})
    except OutgoingProblem as problem:
        return no_reply(problem)
    return _outcome(reply)


def _outcome(reply: Reply) -> Outcome:
    said = reply.body.decode("utf-8", "replace").strip()[:200]
    # The old connectors said 200 and meant that they had been called too often.
    if reply.status == 429 or (reply.status == 200 and "429" in said):
        after = reply.headers.get("retry-after", "")
        return retry(THROTTLED, "HTTP 429", after=int(after) if after.isdigit() else 60)
    if 200 <= reply.status < 300:
        return accepted()
    if reply.status in (401, 403, 404, 410):
        return mend(f"HTTP {reply.status}")
    if 300 <= reply.status < 500:
        return refused(f"http_{reply.status}", said)
    return retry(f"http_{reply.status}", said)


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", _PER_MINUTE), bytes_most=_BYTES)


CHANNEL = Channel(
    code="teams",
    way="teams_channel",
    kinds=frozenset({NOTICE}),
    addresses=(),
    fields=(
        Field("url", is_secret=True, kind="url"),
        Field("per_minute", kind="number", default=str(_PER_MINUTE)),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    is_short=True,
    fold=group.fold,
)
