"""Slack: notices into one channel by an incoming webhook, at most one a second; what would be more leaves as a digest."""

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

_PER_MINUTE = 50
_BYTES = 40_000
# What one block of text may hold.
_TEXT_CHARACTERS = 2_900
_TITLE_CHARACTERS = 140
# Replies in plain text that speak of the webhook and not of the message.
_BAD_ACCOUNT = ("no_service", "no_service_id", "no_team", "team_disabled", "invalid_token", "no_active_hooks",
                "channel_not_found", "channel_is_archived", "action_prohibited", "posting_to_general_channel_denied")  # fmt: skip


def escaped(text: str) -> str:
    """Text in which nothing is a mention, a link or formatting (F8): Slack reads only what stands in `<…>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render(message: Message, _account: Account) -> Payload:
    title = cut.to_characters(" ".join(group.quiet(message.subject).split()), _TITLE_CHARACTERS)
    words = cut.to_characters(group.quiet(message.text), _TEXT_CHARACTERS)
    # `plain_text` is never parsed; of the fallback, which is, everything is escaped.
    blocks: list[Payload] = [
        {"type": "header", "text": {"type": "plain_text", "text": title or "–", "emoji": False}},
        {"type": "section", "text": {"type": "plain_text", "text": words or "–", "emoji": False}},
    ]
    if message.link:
        label = {"type": "plain_text", "text": texts.to_open(message.kind, message.language), "emoji": False}
        button = {"type": "button", "text": label, "url": message.link, "action_id": "open"}
        blocks.append({"type": "actions", "elements": [button]})
    return {
        "text": escaped(title),
        "blocks": blocks,
        "link_names": False,
        "unfurl_links": False,
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    try:
        reply = http.post(
            account["url"], msgspec.json.encode(payload), headers={"content-type": "application/json"}
        )
    except OutgoingProblem as problem:
        return no_reply(problem)
    return _outcome(reply)


def _outcome(reply: Reply) -> Outcome:
    said = reply.body.decode("utf-8", "replace").strip()[:100]
    if reply.status == 200:
        return accepted() if said == "ok" else refused("not_ok", said)
    if reply.status == 429:
        after = reply.headers.get("retry-after", "")
        return retry(THROTTLED, "HTTP 429", after=int(after) if after.isdigit() else 60)
    if said in _BAD_ACCOUNT or reply.status in (401, 403, 404, 410):
        return mend(said or f"HTTP {reply.status}")
    if 300 <= reply.status < 500:
        return refused(f"http_{reply.status}", said)
    return retry(f"http_{reply.status}", said)


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", _PER_MINUTE), bytes_most=_BYTES)


CHANNEL = Channel(
    code="slack",
    way="slack_channel",
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
