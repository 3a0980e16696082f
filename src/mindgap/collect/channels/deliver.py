"""Deliver: the outbox. Hand a message over within your transaction; the worker sends it after the commit.

1. A row is claimed by a conditional update under a lock on its account: two workers never send the same one, and
   together they keep the account's limits.
2. What must not leave (opted out, answered meanwhile, address dead, the same words within twelve hours) is suppressed.
3. The provider's answer decides: sent, tried again later, failed, bounced.
4. A worker that dies between sending and noting it leaves a hanging row. Where a repeat is noticed by the provider
   (the same reference), and for notices, it is sent again; an invitation elsewhere is given up rather than sent twice.
"""

import logging
import time
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import F

from mindgap.collect.channels import addressing, catalog, events, pace, suppression, vault
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import (
    ACCEPTED,
    NOTICE,
    REFUSED,
    THROTTLED,
    Account,
    CannotRender,
    Channel,
    Limits,
    Outcome,
    refused,
    retry,
)
from mindgap.collect.channels.delivery import FAILED, SENDING, SENT, SUPPRESSED, WAITING, Delivery
from mindgap.collect.channels.message import Message, read, write
from mindgap.collect.channels.texts import INVITATION, REMINDER
from mindgap.collect.outgoing import Http
from mindgap.ground import clock
from mindgap.keep.models import Invitation

# Seconds until the next attempt; after the last one it is given up.
DELAYS = (60, 300, 1_800, 7_200, 18_000, 36_000)
# Longer than any attempt can take.
HANGING = timedelta(minutes=10)
# So long one turn may send what it claimed.
_EACH_SECONDS = 5.0
# What one folded message may stand for.
_FOLD_MOST = 200

log = logging.getLogger("mindgap.sending")


def hand_over(
    account: SendingAccount,
    message: Message,
    *,
    invitation: Invitation | None = None,
    at: datetime | None = None,
    number: int = 0,
) -> Delivery:
    """Put a message into the outbox, to leave at `at` or as soon as may be.

    At most once for an invitation and kind (a reminder has its `number`), else for a `reference`: a second call
    gives the row of the first one.
    """
    kind = f"{message.kind}-{number}" if number else message.kind
    known = {"invitation": invitation, "kind": kind} if invitation else {"reference": message.reference}
    fields = _fields(account, message, at) | {"kind": kind}
    row, _ = Delivery.objects.get_or_create(**known, defaults={**fields, **known})
    return row


def hand_over_all(letters: Sequence[tuple[SendingAccount, Message]]) -> list[Delivery]:
    """Put many messages without invitations into the outbox, in two queries; the rows in their order."""
    if not letters:
        return []
    wanted = {message.reference for _, message in letters}
    known = {row.reference: row for row in Delivery.objects.filter(reference__in=wanted)}
    new = {
        message.reference: Delivery(**_fields(account, message, None))
        for account, message in letters
        if message.reference not in known
    }
    known |= {row.reference: row for row in Delivery.objects.bulk_create(new.values())}
    return [known[message.reference] for _, message in letters]


def _fields(account: SendingAccount, message: Message, at: datetime | None) -> dict[str, Any]:
    return {
        "organization_id": account.organization_id,
        "account": account,
        "kind": message.kind,
        "reference": message.reference,
        "address": addressing.digest(catalog()[account.channel], message.to),
        "content": vault.digest(message.subject, message.text),
        "letter": vault.close(write(message)),
        "next_at": at or clock.now(),
    }


def redeliver(row: Delivery, message: Message) -> None:
    """Let a message leave once more under the reference that it has, by which its receiver knows a repeat."""
    Delivery.objects.filter(pk=row.pk).exclude(state=SENDING).update(
        state=WAITING, attempts=0, next_at=clock.now(), letter=vault.close(write(message)), code="", words=""
    )


def letter_of(invitation: Invitation) -> Message | None:
    """The message that asked first, while the invitation is open: a reminder goes to the same place by the same link."""
    row = Delivery.objects.filter(invitation=invitation, kind=INVITATION).exclude(letter="").first()
    return read(vault.open_(row.letter)) if row else None


def token_of(letter: Message) -> str:
    """The token of the invitation in a letter's link."""
    return letter.link.rpartition("/")[2]


def run_next(*, http: Http | None = None) -> bool:
    """Send what is due next, on whichever account; whether there was anything to do."""
    now = clock.now()
    _give_back(now)
    due = (
        Delivery.objects.filter(state=WAITING, next_at__lte=now, account__is_active=True)
        .order_by("next_at", "id")
        .values_list("account_id", flat=True)
        .first()
    )
    if due is None:
        return False
    rows = _claim(due, now)
    if rows and catalog()[rows[0].account.channel].at_once > 1:
        _send_each(rows, http or _http(), now)
    elif rows:
        _send(rows, http or _http(), now)
    return True


@cache
def _http() -> Http:
    """Made once: what it trusts takes a while to read."""
    return Http()


def try_out(account: SendingAccount, message: Message, http: Http) -> tuple[Outcome, int]:
    """Send a message here and now, past the outbox: for whoever sets up an account.

    What came of it, and as how many text messages it is paid for (0 where that is not counted).
    """
    channel, segments = catalog()[account.channel], 0
    try:
        opened = account.opened()
        payload = channel.render(message, opened)
        segments = int(payload.get("segments", 0))
        outcome = channel.send(opened, payload, http)
    except CannotRender as problem:
        outcome = refused(problem.code, str(problem))
    except vault.Unreadable as problem:
        outcome = refused("account_unusable", str(problem))
    account.note(outcome)
    return outcome, segments


def sweep() -> int:
    """Forget the letters that nobody needs any more: their links are keys."""
    over = Delivery.objects.exclude(letter="").exclude(state__in=(WAITING, SENDING))
    notices = over.filter(invitation=None).update(letter="")
    return notices + over.filter(invitation__state__in=("answered", "expired", "bounced", "revoked")).update(
        letter=""
    )


def _give_back(now: datetime) -> None:
    """Rows whose worker died: tried again where that does no harm, else given up."""
    hanging = Delivery.objects.filter(state=SENDING, tried_at__lt=now - HANGING).select_related("account")
    for row in hanging[:100]:
        _mark([row], catalog()[row.account.channel], retry("worker_died", is_open=True), now)


def _claim(account_id: int, now: datetime) -> list[Delivery]:
    """Rows that are ours to send now: one, or several that leave as one message."""
    with transaction.atomic():
        account = SendingAccount.objects.select_for_update().get(pk=account_id)
        channel = catalog().get(account.channel)
        due = Delivery.objects.filter(account=account, state=WAITING, next_at__lte=now).order_by(
            "next_at", "id"
        )
        try:
            given = pace.limits(account) if channel else None
        except vault.Unreadable:
            given = None
        if channel is None or given is None:
            account.note(refused("account_unusable"))
            due.update(next_at=now + timedelta(minutes=10))
            return []
        allowed = pace.next_allowed(account, now)
        if allowed > now:
            due.update(next_at=allowed)
            return []
        rows = list(due[:1])
        if rows and given.per_person_day and rows[0].address:
            allowed = pace.next_allowed(account, now, address=rows[0].address)
            if allowed > now:
                Delivery.objects.filter(pk=rows[0].pk).update(next_at=allowed)
                return []
        if channel.fold and pace.room(account, given, now) == 1:
            rows = list(due[:_FOLD_MOST])
        elif rows and rows[0].kind == NOTICE and not _is_limited(given):
            # Notices only: of two alike to one customer the second must see that the first has left.
            rows = list(due.filter(kind=NOTICE)[: channel.at_once])
        ours = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=WAITING)
        ours.update(state=SENDING, attempts=F("attempts") + 1, tried_at=now, is_folded=False)
        ours = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=SENDING)
        if channel.at_once == 1:
            ours.filter(pk__in=[row.pk for row in rows[1:]]).update(is_folded=True)
        loaded = ours.select_related("account", "invitation__customer")
        return list(loaded.order_by("next_at", "id"))


def _is_limited(given: Limits) -> bool:
    return bool(given.per_minute or given.per_day or given.per_person_day)


def _send(rows: list[Delivery], http: Http, now: datetime) -> None:
    account = rows[0].account
    channel, kept = catalog()[account.channel], []
    for row in rows:
        why = suppression.reason(row, now)
        if why:
            Delivery.objects.filter(pk=row.pk, state=SENDING).update(state=SUPPRESSED, code=why)
        else:
            kept.append(row)
    if not kept:
        return
    outcome = _attempt(kept, channel, account.opened(), http)
    _mark(kept, channel, outcome, clock.now())
    _note(account, outcome)


def _send_each(rows: list[Delivery], http: Http, now: datetime) -> None:
    """Send claimed rows one after the other and note together which were accepted.

    A slow receiver keeps the others waiting for some seconds only; what was not tried by then is given back as it was.
    """
    account = rows[0].account
    channel, opened = catalog()[account.channel], account.opened()
    outcome, until, accepted = None, time.monotonic() + _EACH_SECONDS, []
    for place, row in enumerate(rows):
        if time.monotonic() > until:
            _hand_back(rows[place:])
            break
        if why := suppression.reason(row, now):
            Delivery.objects.filter(pk=row.pk, state=SENDING).update(state=SUPPRESSED, code=why)
            continue
        outcome = _attempt([row], channel, opened, http)
        if outcome.state == ACCEPTED and not outcome.provider_id and row.invitation_id is None:
            accepted.append(row.pk)
            continue
        is_over = outcome.is_closed or outcome.code == THROTTLED
        if is_over:
            _hand_back(rows[place + 1 :])
        _mark([row], channel, outcome, clock.now())
        if is_over:
            break
    ours = Delivery.objects.filter(pk__in=accepted, state=SENDING)
    ours.update(state=SENT, sent_at=clock.now(), code="", words="")
    if outcome is not None:
        _note(account, outcome)


def _hand_back(rows: list[Delivery]) -> None:
    """Rows that were claimed and not tried."""
    ours = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=SENDING)
    ours.update(state=WAITING, attempts=F("attempts") - 1)


def _note(account: SendingAccount, outcome: Outcome) -> None:
    account.note(outcome)
    if outcome.is_closed:
        # What waits stays, should somebody switch it on again.
        SendingAccount.objects.filter(pk=account.pk).update(is_active=False)


def _attempt(rows: list[Delivery], channel: Channel, account: Account, http: Http) -> Outcome:
    try:
        messages = [read(vault.open_(row.letter)) for row in rows]
        message = channel.fold(messages) if channel.fold and len(messages) > 1 else messages[0]
        payload = channel.render(message, account)
    except CannotRender as problem:
        return refused(problem.code, str(problem))
    except vault.Unreadable as problem:
        return refused("letter_unreadable", str(problem))
    try:
        return channel.send(account, payload, http)
    except Exception as problem:
        log.exception("sending over %s failed", channel.code)
        return retry("error", type(problem).__name__, is_open=True)


def _mark(rows: list[Delivery], channel: Channel, outcome: Outcome, now: datetime) -> None:
    """Note what came of an attempt; rows that somebody else has settled meanwhile stay as they are."""
    for row in rows:
        mine = Delivery.objects.filter(pk=row.pk, state=SENDING)
        said = {"code": outcome.code, "words": outcome.words}
        with transaction.atomic():
            if outcome.state == ACCEPTED:
                if mine.update(state=SENT, sent_at=now, provider_id=outcome.provider_id, **said):
                    _tell(row, now)
            elif outcome.state == REFUSED:
                if outcome.is_bounce:
                    events.bounce(row, outcome.code, outcome.words, is_hard=True)
                else:
                    mine.update(state=FAILED, **said)
            elif outcome.is_open and not channel.is_repeatable and row.kind != NOTICE:
                mine.update(state=FAILED, **(said | {"code": "unknown_end"}))
            elif row.attempts > len(channel.delays or DELAYS):
                mine.update(state=FAILED, **said)
            else:
                delay = max(_delay(row, channel), outcome.retry_after)
                mine.update(state=WAITING, next_at=now + timedelta(seconds=delay), is_folded=False, **said)
    if outcome.code == THROTTLED:
        # The provider speaks of the account, not of this message: the others need not try.
        then = now + timedelta(seconds=max(outcome.retry_after, 60))
        others = Delivery.objects.filter(account=rows[0].account, state=WAITING, next_at__lt=then)
        others.update(next_at=then)


def _delay(row: Delivery, channel: Channel) -> float:
    """Until the next attempt; a tenth more or less where the channel asks for it, so that not all come at once."""
    if not channel.delays:
        return DELAYS[row.attempts - 1]
    # Drawn from the reference: the same message waits alike whichever worker sends it.
    drawn = zlib.crc32(f"{row.reference}:{row.attempts}".encode()) / 0xFFFFFFFF
    return channel.delays[row.attempts - 1] * (0.9 + 0.2 * drawn)


def _tell(row: Delivery, now: datetime) -> None:
    """Let the invitation know that it is on its way."""
    if row.invitation_id is None:
        return
    invitation = Invitation.objects.filter(pk=row.invitation_id)
    if row.kind == INVITATION:
        invitation.filter(state="waiting").update(state="sent", sent_at=now)
    elif row.kind.startswith(REMINDER):
        invitation.update(reminded=F("reminded") + 1)
