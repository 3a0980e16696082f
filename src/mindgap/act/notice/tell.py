"""Tell: put one notice into the outbox, in the caller's transaction, once for its key.

1. The row is written under its key; who was told before gets the same row and no second message.
2. The message goes to the first of the member's addresses that an active account can reach, else to their mail.
3. Where none can, the row says so (`problem`), and the pages show it: never silence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Model

from mindgap.act.notice.notice import Notice, Reach
from mindgap.act.notice.words import NoticeWords, zone_of
from mindgap.collect.channels import catalog
from mindgap.collect.channels.contract import NOTICE
from mindgap.collect.channels.deliver import hand_over, hand_over_all, redeliver
from mindgap.collect.channels.message import Message
from mindgap.collect.models import SendingAccount
from mindgap.ground import identity, language
from mindgap.keep.models import Member, Organization

NO_ACCOUNT, NO_ADDRESS = "no_account", "no_address"
_MAIL, _WEBHOOK = "smtp", "webhook"


def tell(
    *,
    organization: Organization,
    kind: str,
    key: str,
    to: Member | SendingAccount,
    message: NoticeWords,
    alert: Model | None = None,
    case: Model | None = None,
    improvement: Model | None = None,
    at: datetime | None = None,
) -> Notice:
    """Tell a member or a group once; the message leaves after the commit, at `at` or as soon as may be.

    `alert`, `case` and `improvement` are such rows: what the notice is about. Their packages stand above this one.
    """
    notice, is_new = Notice.objects.get_or_create(
        organization=organization,
        key=key,
        defaults={
            "kind": kind,
            "alert_id": alert.pk if alert else None,
            "case_id": case.pk if case else None,
            "improvement_id": improvement.pk if improvement else None,
            "member": to if isinstance(to, Member) else None,
            "account": to if isinstance(to, SendingAccount) else None,
            "words": message.write(),
        },
    )
    if is_new:
        _hand_over(notice, organization, to, message, at)
    return notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What `tell` is given, kept for later."""

    organization: Organization
    kind: str
    key: str
    to: Member
    message: NoticeWords
    case: Model | None = None


def tell_all(every: Sequence[Telling]) -> None:
    """`tell` for many members at once: the same rows and messages, in a number of queries that does not grow.

    Whoever told one of them at the same moment makes this fail as a whole; what the caller did is undone with it.
    """
    new = _untold(every)
    ways = _Ways(each.to for each in new)
    rows, letters = [], []
    for each in new:
        account, address, problem = ways.to(each.to)
        row = Notice(
            organization=each.organization, key=each.key, kind=each.kind, member=each.to, problem=problem,
            case_id=each.case.pk if each.case else None, words=each.message.write(),
        )  # fmt: skip
        rows.append(row)
        if account is not None:
            letter = compose(row, each.organization, each.to, account, address, each.message)
            letters.append((row, account, letter))
    handed = hand_over_all([(account, letter) for _, account, letter in letters])
    for (row, _, _), delivery in zip(letters, handed, strict=True):
        row.delivery = delivery
    Notice.objects.bulk_create(rows)


def _untold(every: Sequence[Telling]) -> list[Telling]:
    """Each key once, without what was told before."""
    by_name = {(each.organization.pk, each.key): each for each in reversed(every)}
    there = Notice.objects.filter(
        organization__in={organization for organization, _ in by_name}, key__in={key for _, key in by_name}
    )
    told = set(there.values_list("organization_id", "key")) if by_name else set()
    return [each for name, each in reversed(by_name.items()) if name not in told]


def resend(notice: Notice) -> Notice:
    """Say the same once more, because somebody pressed the button; the address is looked up anew."""
    to, delivery = notice.member or notice.account, notice.delivery
    assert to is not None
    if isinstance(to, SendingAccount) and delivery is not None and to.channel == _WEBHOOK:
        # The receiver knows by the id whether it has it already.
        words = NoticeWords.read(notice.words)
        redeliver(delivery, compose(notice, notice.organization, to, to, "", words))
        return notice
    Notice.objects.filter(pk=notice.pk).update(resent=F("resent") + 1)
    notice.refresh_from_db(fields=["resent"])
    _hand_over(notice, notice.organization, to, NoticeWords.read(notice.words), None)
    return notice


def _hand_over(
    notice: Notice,
    organization: Organization,
    to: Member | SendingAccount,
    message: NoticeWords,
    at: datetime | None,
) -> None:
    account, address, problem = (to, "", "") if isinstance(to, SendingAccount) else way_to(to)
    if account is not None:
        letter = compose(notice, organization, to, account, address, message)
        notice.delivery = hand_over(account, letter, at=at)
    notice.problem = problem
    notice.save(update_fields=["delivery", "problem"])


def way_to(member: Member) -> tuple[SendingAccount | None, str, str]:
    """The account and address by which a member is told; or neither, and why."""
    return _Ways([member]).to(member)


class _Ways:
    """Where some members are told, and by which accounts, read once."""

    def __init__(self, members: Iterable[Member]) -> None:
        there = {each.pk: each for each in members}
        self._reaches: dict[int, list[Reach]] = {id_: [] for id_ in there}
        for reach in Reach.objects.filter(member__in=there, is_active=True) if there else ():
            self._reaches[reach.member_id].append(reach)
        organizations = {each.organization_id for each in there.values()}
        active = SendingAccount.objects.filter(organization__in=organizations, is_active=True)
        self._accounts: dict[tuple[int, str], SendingAccount] = {}
        for account in active.order_by("id") if there else ():
            self._accounts.setdefault((account.organization_id, account.channel), account)

    def to(self, member: Member) -> tuple[SendingAccount | None, str, str]:
        """The account and address by which a member is told; or neither, and why."""
        reaches = list(self._reaches[member.pk])
        if member.user.email:
            reaches.append(Reach(member=member, channel=_MAIL, address=member.user.email))
        if not reaches:
            return None, "", NO_ADDRESS
        for reach in reaches:
            channel = catalog().get(reach.channel)
            account = self._accounts.get((member.organization_id, reach.channel))
            if account is not None and channel is not None and NOTICE in channel.kinds:
                return account, reach.address, ""
        return None, "", NO_ACCOUNT


def _link(path: str, organization: Organization) -> str:
    """The whole address of a page, with the organization that it is about: members may belong to several."""
    if not path:
        return ""
    joint = "&" if "?" in path else "?"
    return f"{settings.SITE_URL}{path}{joint}{urlencode({'in': organization.code})}"


def compose(
    notice: Notice,
    organization: Organization,
    to: Member | SendingAccount,
    account: SendingAccount,
    address: str,
    message: NoticeWords,
) -> Message:
    """The message of a notice over an account, in the reader's language and zone."""
    code, zone, shows_people = organization.language, organization.zone, True
    if isinstance(to, Member):
        code = to.language or code
        zone = to.unit.zone if to.unit and to.unit.zone else zone
        shows_people = to.personal_data != "none"
    subject, text = message.render(code, zone_of(zone), shows_people=shows_people)
    name = language.choose(organization.name, code, fallback=organization.code)
    return Message(
        reference=identity.content_id("notice", str(organization.pk), notice.key, str(notice.resent)).hex,
        to=address,
        kind=NOTICE,
        language=code,
        subject=subject,
        text=text,
        link=_link(message.link, organization),
        sender=account.settings.get("sender") or name,
        organization=name,
        values=message.values(code, zone_of(zone), shows_people=shows_people),
    )
