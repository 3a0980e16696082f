"""Tell: put one notice into the outbox, in the caller's transaction, once for its key.

1. The row is written under its key; who was told before gets the same row and no second message.
2. The message goes to the first of the member's addresses that an active account can reach, else to their mail.
3. Where none can, the row says so (`problem`), and the pages show it: never silence.
"""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Model

from mindgap.act.notice.notice import Notice, Reach
from mindgap.act.notice.words import NoticeWords, zone_of
from mindgap.collect.channels import catalog
from mindgap.collect.channels.contract import NOTICE
from mindgap.collect.channels.deliver import hand_over, redeliver
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
    reaches = list(Reach.objects.filter(member=member, is_active=True))
    if member.user.email:
        reaches.append(Reach(member=member, channel=_MAIL, address=member.user.email))
    if not reaches:
        return None, "", NO_ADDRESS
    active = SendingAccount.objects.filter(organization_id=member.organization_id, is_active=True)
    accounts: dict[str, SendingAccount] = {}
    for each in active.order_by("id"):
        accounts.setdefault(each.channel, each)
    for reach in reaches:
        channel = catalog().get(reach.channel)
        if reach.channel in accounts and channel is not None and NOTICE in channel.kinds:
            return accounts[reach.channel], reach.address, ""
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
