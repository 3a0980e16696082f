"""The contract of a channel: what it declares, what it is given, what it answers.

A channel knows its provider and nothing of the record: it turns a `Message` into what the provider wants, sends it,
and reads what the provider reports back. Queueing, retries, limits over time and suppression are `deliver`'s.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mindgap.collect.channels.message import Message
from mindgap.collect.outgoing import Http, OutgoingProblem

# What a provider wants for one message, as JSON; made anew for each attempt.
Payload = dict[str, Any]

INVITATION, NOTICE = "invitation", "notice"

ACCEPTED, REFUSED, RETRY = "accepted", "refused", "retry"
# The code with which a channel says that the account, not the message, has to wait.
THROTTLED = "throttled"
# What a provider reports later.
DELIVERED, BOUNCED, FAILED, COMPLAINED, OPTED_OUT, CLICKED = (
    "delivered", "bounced", "failed", "complained", "opted_out", "clicked",
)  # fmt: skip


_ADDRESS = re.compile(r"[^\s<>@:]+@[^\s<>@,;]+|\+?\d{7,}")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting of an account. A secret one is encrypted where it is stored and never shown again."""

    name: str
    is_secret: bool = False
    is_required: bool = True
    default: str = ""
    # `text`, `number`, `flag`, `url`, `host` (beside a `port`) or `lines`; or the choices.
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An account with a provider, opened: its secrets are readable here and nowhere else."""

    id: int
    channel: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    # The address to which the provider reports.
    callback: str = ""

    def __getitem__(self, name: str) -> str:
        """A setting or secret; empty when it was not given."""
        return self.settings.get(name) or self.secrets.get(name, "")

    def number(self, name: str, default: int) -> int:
        """A setting that is a whole number."""
        text = self[name]
        return int(text) if text.isdigit() else default

    def flag(self, name: str) -> bool:
        """A setting that is on or off."""
        return self[name] in ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an account may send; 0 is without limit.

    Counted over a rolling minute and day for the account, over a rolling day for one address; `bytes_most` and
    `characters_most` for one message. `window_hours`: only so long after the contact may the customer be asked.
    `needs_confirmation`: a member has to confirm in the provider's app before it leaves.
    """

    per_minute: int = 0
    per_day: int = 0
    per_person_day: int = 0
    bytes_most: int = 0
    characters_most: int = 0
    window_hours: int = 0
    needs_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: `accepted`, `refused` (for good) or `retry`.

    `is_bounce` says that the address is no good; `is_open` that it may have been sent although no reply came;
    `is_closed` that the account's place wants nothing any more.
    """

    state: str
    provider_id: str = ""
    code: str = ""
    words: str = ""
    retry_after: int = 0
    is_bounce: bool = False
    is_open: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """A request from a provider, byte for byte."""

    method: str = "POST"
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a provider reports. `reference` is ours, `provider_id` theirs; one of them or the address is known."""

    kind: str
    provider_id: str = ""
    reference: str = ""
    address: str = ""
    code: str = ""
    words: str = ""
    # Whether the address itself is no good, so that nothing is sent to it again.
    is_hard: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What a callback said, and the answer that the provider waits for."""

    events: tuple[Event, ...] = ()
    body: bytes = b""
    content_type: str = "text/plain"


class NotGenuine(Exception):
    """A callback that is not the provider's, or not of now; it is noted and changes nothing (F9)."""


def no_limits(_account: Account) -> Limits:
    return Limits()


def nothing_comes_back(_account: Account, _callback: Callback) -> Received:
    raise NotGenuine("this channel reports nothing back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to send. `way` is the organization's channel it serves when the account names no other.

    `addresses` are the kinds of identity it can send to, the best first; none: it goes to the account's own place.
    `is_repeatable`: sending again what may have been sent already is noticed by the provider or does no harm.
    `fold` makes one message of several that would exceed the limit per minute. `delays` are the seconds between
    attempts where the channel has its own. `reads` is the whole text that a customer reads, where it is paid for by
    segments; `encoding` the one in which they are counted, when it is not the text's own.
    """

    code: str
    way: str
    kinds: frozenset[str]
    addresses: tuple[str, ...]
    fields: tuple[Field, ...]
    render: Callable[[Message, Account], Payload]
    send: Callable[[Account, Payload, Http], Outcome]
    limits: Callable[[Account], Limits] = no_limits
    receive: Callable[[Account, Callback], Received] = nothing_comes_back
    is_repeatable: bool = False
    # Whether it carries a line or two, so that the short words are used.
    is_short: bool = False
    fold: Callable[[list[Message]], Message] | None = None
    delays: tuple[int, ...] = ()
    # How many messages are claimed at once; more than one only where a receiver knows each by its id, since a worker
    # that dies among them sends those again that it had not noted yet.
    at_once: int = 1
    reads: Callable[[Message, Account], str] | None = None
    encoding: str = ""
    # Whether its words are a template that is registered with the provider, so that ours are not sent.
    is_registered: bool = False


class CannotRender(ValueError):
    """A message that this channel cannot carry; `code` is stable."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def accepted(provider_id: str = "") -> Outcome:
    return Outcome(ACCEPTED, provider_id=provider_id[:200])


def refused(code: str, words: str = "", *, is_bounce: bool = False, is_closed: bool = False) -> Outcome:
    return Outcome(REFUSED, code=code[:64], words=_masked(words), is_bounce=is_bounce, is_closed=is_closed)


def retry(code: str, words: str = "", *, after: int = 0, is_open: bool = False) -> Outcome:
    """Another attempt, not before `after` seconds."""
    return Outcome(RETRY, code=code[:64], words=_masked(words), retry_after=after, is_open=is_open)


def _masked(words: str) -> str:
    """A provider's words without the addresses and numbers that they like to repeat: these words are kept."""
    return _ADDRESS.sub("…", words)[:500]


def no_reply(problem: OutgoingProblem) -> Outcome:
    """The outcome when no reply came: a closed address is refused for good, a broken line tried again."""
    if problem.code == "blocked_address":
        return refused(problem.code, str(problem))
    return retry(problem.code, str(problem), is_open=problem.is_sent)
