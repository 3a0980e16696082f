"""Group: notices in the group chats of WeCom, Feishu and DingTalk, which have the same manners."""

import re

import msgspec

from mindgap.collect.channels import cut, texts
from mindgap.collect.channels.message import Message

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
