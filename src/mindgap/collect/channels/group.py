"""Group: notices in group chats (WeCom, Feishu, DingTalk, Slack, Teams), which have the same manners."""

import re
from collections.abc import Callable

import msgspec

from mindgap.collect.channels import cut, replies, texts
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
from mindgap.collect.outgoing import Http, OutgoingProblem, Reply

# Marks that turn the direction of what follows: with them a text looks like another one.
_TURNING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN_LINK = re.compile(r"\]\s*\(")
_DIGEST_LINE = 120


def quiet(text: str) -> str:
    """Text of others, in which nobody is called by name and nothing is a tag or a link (F8)."""
    plain = _TURNING.sub("", text).replace("<", "＜").replace(">", "＞")
    return _MARKDOWN_LINK.sub("] ⟨", plain).replace("@all", "@ all").replace("@所有人", "@ 所有人")


def markdown(message: Message, *, most: int) -> str:
    """Subject, text and link as Markdown of at most `most` bytes; the link is never cut."""
    words = texts.to_open(message.kind, message.language)
    end = f"\n\n[{words}]({message.link})" if message.link else ""
    head = f"**{quiet(message.subject)}**\n" if message.subject else ""
    return cut.to_bytes(head + quiet(message.text), most - len(end.encode())) + end


def fold(messages: list[Message]) -> Message:
    """One message for several: a line for each, as far as there is room; none is dropped in silence."""
    first = messages[0]
    lines = [f"- {cut.to_characters(each.subject or each.text, _DIGEST_LINE)}" for each in messages]
    words = texts.phrase("more", first.language).replace("{n}", str(len(messages)))
    mentions = tuple(dict.fromkeys(name for each in messages for name in each.mentions))
    return msgspec.structs.replace(
        first, subject=words, text="\n".join(lines), link="", first=None, mentions=mentions
    )


def channel(
    *,
    code: str,
    way: str,
    fields: tuple[Field, ...],
    render: Callable[[Message, Account], Payload],
    send: Callable[[Account, Payload, Http], Outcome],
    per_minute: int,
    bytes_most: int,
) -> Channel:
    """A channel into one group: notices only, so many a minute, and what would be more as one digest."""

    def limits(account: Account) -> Limits:
        return Limits(per_minute=account.number("per_minute", per_minute), bytes_most=bytes_most)

    return Channel(
        code=code,
        way=way,
        kinds=frozenset({NOTICE}),
        addresses=(),
        fields=(*fields, Field("per_minute", kind="number", default=str(per_minute))),
        render=render,
        send=send,
        limits=limits,
        is_short=True,
        fold=fold,
    )


def post(http: Http, url: str, body: Payload, *, judge: Callable[[Reply], Outcome]) -> Outcome:
    """Post JSON to a group's address; `judge` says what the reply means, where one comes."""
    try:
        reply = http.post(url, msgspec.json.encode(body), headers={"content-type": "application/json"})
    except OutgoingProblem as problem:
        return no_reply(problem)
    return judge(reply)


def by_code(
    reply: Reply,
    *,
    code: str,
    words: str,
    throttled: tuple[int, ...],
    wrong: tuple[int, ...],
    after: int = 60,
) -> Outcome:
    """The outcome of a reply that is an object with a code, 0 for success; `wrong` codes speak of the account."""
    if outcome := replies.broken(reply):
        return outcome
    answer = replies.json(reply)
    found, said = answer.get(code), str(answer.get(words, ""))
    if found == 0:
        return accepted()
    if found in throttled:
        return retry(THROTTLED, said, after=after)
    return replies.mend(f"{found} {said}") if found in wrong else refused(str(found), said)


def by_status(reply: Reply, said: str, *, wrong: tuple[str, ...] = (), is_throttled: bool = False) -> Outcome:
    """The outcome of a reply whose status says all; `wrong` words speak of the account, as do addresses that are gone."""
    if reply.status == 429 or is_throttled:
        return retry(THROTTLED, "HTTP 429", after=replies.wait_of(reply) or 60)
    if said in wrong or reply.status in (401, 403, 404, 410):
        return replies.mend(said if said in wrong else f"HTTP {reply.status}")
    if 200 <= reply.status < 300:
        return accepted()
    name = f"http_{reply.status}"
    return refused(name, said) if 300 <= reply.status < 500 else retry(name, said)
