"""Trial: a message as it would leave, with the longest name and link that are to be expected; nothing is sent or kept."""

from dataclasses import dataclass

from mindgap.collect.channels import catalog, segments
from mindgap.collect.channels.account import SendingAccount, for_way
from mindgap.collect.channels.compose import compose
from mindgap.collect.channels.contract import INVITATION, Account, CannotRender, Channel
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.segments import Segments
from mindgap.collect.channels.wording import Words
from mindgap.ground import language
from mindgap.keep.definition import Definition
from mindgap.keep.models import Customer, Invitation, Programme

# Few names are longer; one that is costs a segment more at the most.
NAMES = {"en": "Alexandra Montgomery", "zh-hans": "欧阳小明", "zh-hant": "歐陽小明"}
# Values from outside have no length of their own.
HIDDEN_CHARACTERS = 20
# As long as the token of an invitation, and of nobody.
LINK_END = "kT3vQ9mZxW2bL7pRcY5nH8dA"


@dataclass(frozen=True, slots=True)
class Over:
    """A channel of the organization as messages leave over it: the provider's, and the account unless there is none."""

    way: str
    channel: Channel
    account: SendingAccount
    is_there: bool

    @property
    def has_subject(self) -> bool:
        """Whether a customer sees the subject: a text message has none."""
        return self.channel.reads is None


@dataclass(frozen=True, slots=True)
class Trial:
    """A message as it would be read. `segments` where it is paid for by them; `problem` is why it would not leave."""

    message: Message
    read: str
    segments: Segments | None = None
    problem: str = ""


def over(organization: int, way: str) -> Over:
    """How messages leave over a channel; without an account, how its usual provider would send them."""
    found = for_way(organization, way, kind=INVITATION)
    known = catalog()
    if found is not None:
        return Over(way, known[found.channel], found, is_there=True)
    able = [each for each in known.values() if INVITATION in each.kinds]
    # One that sends our own words, if there is one.
    usual = sorted((each for each in able if each.way == way), key=lambda each: each.is_registered)
    channel = usual[0] if usual else known["smtp"]
    nobody = SendingAccount(organization_id=organization, channel=channel.code, way=way)
    return Over(way, channel, nobody, is_there=False)


def message(
    programme: Programme, definition: Definition, sent: Over, *, kind: str, code: str, words: Words
) -> Trial:
    """What a customer of that language would read."""
    name = NAMES.get(language.canonical(code), NAMES[language.DEFAULT])
    asked = Invitation(
        organization_id=programme.organization_id,
        survey=programme.survey,
        programme=programme,
        customer=Customer(name=name, language=code),
        channel=sent.way,
        language=code,
        hidden={each.code: each.code.ljust(HIDDEN_CHARACTERS, "0") for each in definition.hidden},
    )
    made = compose(asked, LINK_END, sent.account, to="", kind=kind, words=words, definition=definition)
    if sent.channel.reads is None:
        return Trial(made, made.text)
    # Secrets have no part in what is read.
    plain = Account(0, sent.channel.code, sent.account.settings, {}, "")
    try:
        read = sent.channel.reads(made, plain)
    except CannotRender as problem:
        return Trial(made, made.text, problem=problem.code)
    counted = segments.count(read, encoding=sent.channel.encoding) if read else None
    return Trial(made, read, counted)
