"""WeCom customer contact: a mass message to one customer, which leaves when a member confirms it in the app.

A customer gets at most so many such messages a day from one company (the provider changed the figure several times,
hence a setting), and only from a member they have as a contact.
"""

from mindgap.collect.channels import cut
from mindgap.collect.channels.contract import (
    INVITATION,
    OPTED_OUT,
    Account,
    Callback,
    Channel,
    Event,
    Field,
    Limits,
    Outcome,
    Payload,
    Received,
    accepted,
    refused,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.wecom import api, sealed
from mindgap.collect.outgoing import Http

_TEXT_BYTES, _TITLE_BYTES, _DESC_BYTES = 4000, 128, 512


def _render(message: Message, account: Account) -> Payload:
    payload: Payload = {
        "chat_type": "single",
        "external_userid": [message.to],
        "text": {"content": cut.to_bytes(message.text, _TEXT_BYTES)},
    }
    if sender := message.trigger.get("employee") or account["employee"]:
        payload["sender"] = sender
    if message.link:
        link = {
            "title": cut.to_bytes(message.subject, _TITLE_BYTES),
            "desc": cut.to_bytes(message.first.text if message.first else message.organization, _DESC_BYTES),
            "url": message.link,
        }
        payload["attachments"] = [{"msgtype": "link", "link": link}]
    return payload


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    try:
        answer = api.call(account, http, "/cgi-bin/externalcontact/add_msg_template", payload)
    except api.Failed as failed:
        return failed.outcome
    if set(payload["external_userid"]) & set(answer.get("fail_list") or ()):
        return refused("not_a_contact", "the customer is nobody's contact, or has had today's message")
    return accepted(str(answer.get("msgid", "")))


def _limits(account: Account) -> Limits:
    return Limits(
        per_minute=account.number("per_minute", 0),
        per_person_day=account.number("per_person_day", 1),
        bytes_most=_TEXT_BYTES,
        needs_confirmation=True,
    )


def _receive(account: Account, callback: Callback) -> Received:
    """A customer who removes the member from their contacts wants no more messages."""
    plain = sealed.open_(account, callback)
    if callback.method == "GET":
        return Received(body=plain.encode())
    is_goodbye = (
        sealed.field(plain, "Event") == "change_external_contact"
        and sealed.field(plain, "ChangeType") == "del_follow_user"
    )
    who = sealed.field(plain, "ExternalUserID")
    return Received(
        (Event(OPTED_OUT, address=who, words="removed the contact"),) if is_goodbye and who else (),
        b"success",
    )


CHANNEL = Channel(
    code="wecom_contact",
    way="wecom",
    kinds=frozenset({INVITATION}),
    addresses=("wecom",),
    fields=(
        Field("corp_id"),
        Field("secret", is_secret=True),
        Field("employee", is_required=False),
        Field("per_person_day", kind="number", default="1"),
        Field("per_minute", is_required=False, kind="number"),
        Field("token", is_secret=True, is_required=False),
        Field("aes_key", is_secret=True, is_required=False),
        Field("endpoint", is_required=False, kind="url", default=api.ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    receive=_receive,
    is_short=True,
)
