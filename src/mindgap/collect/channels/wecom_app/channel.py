"""WeCom application: a text-notice card to one member (`POST /cgi-bin/message/send`)."""

from mindgap.collect.channels import cut
from mindgap.collect.channels.contract import (
    INVITATION,
    NOTICE,
    Account,
    Channel,
    Field,
    Limits,
    Outcome,
    Payload,
    accepted,
    refused,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.wecom import api
from mindgap.collect.outgoing import Http

# A card's parts have lengths, in characters; what is longer is cut by the provider, or the card refused.
_SOURCE, _TITLE, _TEXT = 13, 26, 112
_TEXT_BYTES = 2048
# The same content to the same member within this time is not shown twice: our repeats do no harm.
_SAME_SECONDS = 1800


def _render(message: Message, account: Account) -> Payload:
    payload: Payload = {
        "touser": message.to,
        "agentid": account.number("agent_id", 0),
        "enable_duplicate_check": 1,
        "duplicate_check_interval": _SAME_SECONDS,
    }
    if not message.link:
        text = cut.to_bytes(f"{message.subject}\n{message.text}".strip(), _TEXT_BYTES)
        return payload | {"msgtype": "text", "text": {"content": text}}
    return payload | {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "text_notice",
            "source": {"desc": cut.to_characters(message.sender, _SOURCE)},
            "main_title": {"title": cut.to_characters(message.subject, _TITLE)},
            "sub_title_text": cut.to_characters(message.text, _TEXT),
            "card_action": {"type": 1, "url": message.link},
            "task_id": message.reference,
        },
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    try:
        answer = api.call(account, http, "/cgi-bin/message/send", payload)
    except api.Failed as failed:
        return failed.outcome
    if payload["touser"] in str(answer.get("invaliduser", "")).split("|"):
        return refused("invalid_user", "no such member, or not in the application's scope", is_bounce=True)
    return accepted(str(answer.get("msgid", "")))


def _limits(account: Account) -> Limits:
    return Limits(
        # The provider's own bound for one member is 30 a minute and 1,000 an hour; ours is for the application.
        per_minute=account.number("per_minute", 0),
        bytes_most=_TEXT_BYTES,
    )


CHANNEL = Channel(
    code="wecom_app",
    way="wecom",
    kinds=frozenset({INVITATION, NOTICE}),
    addresses=("wecom_user",),
    fields=(
        Field("corp_id"),
        Field("agent_id", kind="number"),
        Field("secret", is_secret=True),
        Field("sender", is_required=False),
        Field("per_minute", is_required=False, kind="number"),
        Field("endpoint", is_required=False, kind="url", default=api.ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    is_repeatable=True,
    is_short=True,
)
