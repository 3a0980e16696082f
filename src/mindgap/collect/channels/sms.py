"""SMS: what all providers of text messages share: the signature, the way to stop, the length, words that mean stop."""

import re

from mindgap.collect.channels import facts, phone, segments, texts
from mindgap.collect.channels.contract import Account, Callback, CannotRender, Field, NotGenuine
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import is_same

CHARACTERS_MOST = 500
# Providers of mainland China count every text so.
ENCODING = segments.UCS
# Without these words at its end a marketing text message is blocked in mainland China.
STOP_WORDS = "拒收请回复R"
_SIGNATURE = re.compile(r"[^【】\[\]\s]{2,12}")
_STOP = frozenset(
    {"R", "T", "TD", "N", "退订", "退訂", "拒收", "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}
)

# What a provider reports comes to an address with this token in it, where the provider signs nothing.
TOKEN = Field("inbound_token", is_secret=True, is_required=False)
PER_MINUTE = Field("per_minute", is_required=False, kind="number")
# Numbers without a country code belong to this one.
COUNTRY = Field("country", is_required=False, kind="number")
MARKETING = Field("marketing", is_required=False, kind="flag")


def number(message: Message, account: Account) -> str:
    """The number as E.164."""
    found = phone.e164(message.to, country=account["country"])
    if not found:
        raise CannotRender("bad_address", "not a phone number")
    return found


def signature(account: Account) -> str:
    """The registered signature, without its brackets."""
    name = account["sign_name"].strip().strip("【】")
    if not _SIGNATURE.fullmatch(name):
        raise CannotRender(
            "no_signature", "a text message needs a registered signature of 2 to 12 characters"
        )
    return name


def from_template(message: Message, account: Account) -> str:
    """The text that the registered template makes, as the customer will read it; for counting and checking."""
    text = account["template_text"]
    for name, value in facts.filled(account["template_facts"], message).items():
        text = text.replace(f"${{{name}}}", value).replace(f"{{{name}}}", value)
    return check(f"【{signature(account)}】{text}", account) if text else ""


def own_text(message: Message, account: Account) -> str:
    """Our words with the link, where the provider takes any text."""
    parts = [message.text, message.link, account["suffix"]]
    text = " ".join(texts.fill(part, {}, code=message.language) for part in parts if part)
    if account["sign_name"]:
        text = f"【{signature(account)}】{text}"
    return check(text, account)


def check(text: str, account: Account) -> str:
    """The text, if it may be sent; `CannotRender` says why not."""
    if len(text) > CHARACTERS_MOST:
        raise CannotRender("too_long", f"{len(text)} characters; at most {CHARACTERS_MOST} are sent")
    if account.flag("marketing") and not text.rstrip(" 。.").endswith(STOP_WORDS):
        raise CannotRender("no_way_to_stop", f"a marketing text message ends with {STOP_WORDS}")
    return text


def counted(text: str) -> int:
    """As how many messages a text is paid for in mainland China; 0 when the text is not known."""
    return segments.count(text, encoding=ENCODING).count


def is_stop(text: str) -> bool:
    """Whether an answer means: no more messages."""
    return text.strip().strip("。.!！").upper() in _STOP


def check_token(account: Account, callback: Callback) -> None:
    """`NotGenuine` unless the address that was called has the account's token in it."""
    if not is_same(account["inbound_token"], callback.query.get("token", "")):
        raise NotGenuine("no or wrong token")
