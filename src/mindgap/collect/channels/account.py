"""SendingAccount: an organization's account with a provider. Its secrets are encrypted and never shown again."""

import json
import secrets

from django.conf import settings as site
from django.db import models

from mindgap.collect.channels import vault
from mindgap.collect.channels.contract import Account, Outcome
from mindgap.ground import clock

CALLBACK_PATH = "/c/v1/sending/"


def new_short() -> str:
    """The name in the address to which a provider reports: nobody guesses it."""
    return secrets.token_urlsafe(18)


class SendingAccount(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="sending_accounts")
    # The code of a folder in `collect/channels`.
    channel = models.CharField(max_length=32)
    name = models.CharField(max_length=128)
    # The code of the organization's channel that it serves (`email`, `sms`): opt-outs and programmes speak of that.
    way = models.CharField(max_length=64)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    short = models.CharField(max_length=32, unique=True, default=new_short, editable=False)
    is_active = models.BooleanField(default=True)
    last_state = models.CharField(max_length=16, blank=True)
    last_code = models.CharField(max_length=64, blank=True)
    last_words = models.CharField(max_length=500, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["organization", "id"]

    def __str__(self) -> str:
        return self.name

    def opened(self) -> Account:
        """The account with readable secrets; `vault.Unreadable` when they were closed with another key."""
        return Account(self.pk, self.channel, self.settings, self.secrets(), self.callback)

    @property
    def callback(self) -> str:
        """The address to which the provider reports what became of a message."""
        return f"{site.SITE_URL}{CALLBACK_PATH}{self.short}"

    def secrets(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(vault.open_(self.sealed)) if self.sealed else {}
        return found

    def close(self, changed: dict[str, str]) -> None:
        """Set secrets; the others stay. Saves nothing."""
        try:
            before = self.secrets()
        except vault.Unreadable:
            before = {}
        self.sealed = vault.close(json.dumps(before | changed).encode())

    def note(self, outcome: Outcome) -> None:
        """Keep what came of the last attempt, for the page of settings."""
        self.last_state, self.last_code, self.last_words = outcome.state, outcome.code, outcome.words
        self.last_at = clock.now()
        self.save(update_fields=["last_state", "last_code", "last_words", "last_at"])


def for_way(organization_id: int, way: str, *, kind: str) -> SendingAccount | None:
    """The organization's first active account that serves a channel and may send that kind."""
    from mindgap.collect.channels import catalog

    known = catalog()
    found = SendingAccount.objects.filter(organization_id=organization_id, is_active=True)
    mine = [each for each in found if each.channel in known and kind in known[each.channel].kinds]
    return next((each for each in mine if each.way == way), None) or next(
        (each for each in mine if each.channel == way), None
    )
