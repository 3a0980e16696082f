"""Callback: the door for what providers report; each account has an address of its own that nobody can guess."""

import logging
from dataclasses import dataclass

from django.db import transaction

from mindgap.collect.channels import catalog, events, vault
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import Callback, NotGenuine
from mindgap.collect.channels.delivery import SeenCallback

# Refused reports are noted here and not in the record, which a stranger could fill.
audit = logging.getLogger("mindgap.audit")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a provider."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain"


def take(short: str, callback: Callback) -> Answer:
    """Take a report for the account of that short name; the same one twice counts once."""
    account = SendingAccount.objects.filter(short=short, is_active=True).first()
    if account is None or account.channel not in catalog():
        return Answer(404)
    try:
        received = catalog()[account.channel].receive(account.opened(), callback)
    except (NotGenuine, vault.Unreadable) as problem:
        audit.warning("report for sending account %s not taken: %s", account.pk, problem)
        return Answer(401)
    if received.events:
        digest = vault.digest(callback.url, callback.body.decode("utf-8", "replace"))
        with transaction.atomic():
            _, is_new = SeenCallback.objects.get_or_create(
                account=account, digest=digest, defaults={"events": len(received.events)}
            )
            if is_new:
                events.apply(account, received.events)
            else:
                audit.info("report for sending account %s came again", account.pk)
    return Answer(200, received.body, received.content_type)
