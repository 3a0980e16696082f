"""Slack: notices into one channel by an incoming webhook, at most one a second; what would be more leaves as a digest."""

from mindgap.collect.channels import cut, group, texts
from mindgap.collect.channels.contract import Account, Field, Outcome, Payload, refused
from mindgap.collect.channels.message import Message
from mindgap.collect.outgoing import Http, Reply

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
    return group.post(http, account["url"], payload, judge=_outcome)


def _outcome(reply: Reply) -> Outcome:
    said = reply.body.decode("utf-8", "replace").strip()[:100]
    if reply.status == 200 and said != "ok" and said not in _BAD_ACCOUNT:
        return refused("not_ok", said)
    return group.by_status(reply, said, wrong=_BAD_ACCOUNT)


CHANNEL = group.channel(
    code="slack",
    way="slack_channel",
    fields=(Field("url", is_secret=True, kind="url"),),
    render=_render,
    send=_send,
    per_minute=_PER_MINUTE,
    bytes_most=_BYTES,
)
