"""WeCom group robot: notices into one group, at most 20 a minute; what would be more leaves as one digest."""

from mindgap.collect.channels import group
from mindgap.collect.channels.contract import (
    NOTICE,
    Account,
    Channel,
    Field,
    Limits,
    Outcome,
    Payload,
    accepted,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.wecom import api
from mindgap.collect.outgoing import Http

_PER_MINUTE = 20
_MARKDOWN_BYTES = 4096
_MENTIONS_MOST = 20


def _render(message: Message, _account: Account) -> Payload:
    markdown = {"msgtype": "markdown", "markdown": {"content": group.markdown(message, most=_MARKDOWN_BYTES)}}
    if not message.mentions:
        return {"messages": [markdown]}
    # Not every client calls people by name out of Markdown, so a short text follows.
    called = {"content": "↑", "mentioned_list": list(message.mentions[:_MENTIONS_MOST])}
    return {"messages": [markdown, {"msgtype": "text", "text": called}]}


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    url = f"{account['endpoint'] or api.ENDPOINT}/cgi-bin/webhook/send?key={account['key']}"
    for place, body in enumerate(payload["messages"]):
        try:
            api.check(api.post(http, url, body))
        except api.Failed as failed:
            # The notice itself is there; that nobody was called is no reason to send it again.
            return failed.outcome if place == 0 else accepted()
    return accepted()


def _limits(account: Account) -> Limits:
    """Where people are called by name each notice is two messages."""
    most = account.number("per_minute", _PER_MINUTE)
    return Limits(
        per_minute=max(most // 2, 1) if account.flag("may_mention") else most, bytes_most=_MARKDOWN_BYTES
    )


CHANNEL = Channel(
    code="wecom_robot",
    way="wecom_group",
    kinds=frozenset({NOTICE}),
    addresses=(),
    fields=(
        Field("key", is_secret=True),
        Field("may_mention", is_required=False, kind="flag"),
        Field("per_minute", kind="number", default=str(_PER_MINUTE)),
        Field("endpoint", is_required=False, kind="url", default=api.ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    is_short=True,
    fold=group.fold,
)
