"""Sending: the accounts over which invitations and notices leave; only an administrator sees them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mindgap.collect.channels import catalog, deliver
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import ACCEPTED, Channel, nothing_comes_back
from mindgap.collect.channels.message import Message
from mindgap.collect.outgoing import Http
from mindgap.show.pages.frame.permission import only
from mindgap.show.pages.settings import sending_words
from mindgap.show.pages.settings.sending_form import AccountForm, TrialForm


@only("admin")
def accounts(request: HttpRequest) -> HttpResponse:
    mine = SendingAccount.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    rows = [(each, sending_words.CHANNELS.get(each.channel, each.channel), _last(each)) for each in mine]
    choices = [(code, words) for code, words in sending_words.CHANNELS.items() if code in catalog()]
    return render(request, "settings/sending.html", {"rows": rows, "choices": choices})


@only("admin")
@never_cache
def new(request: HttpRequest, channel: str) -> HttpResponse:
    chosen = _channel(channel)
    account = SendingAccount(organization=request.organization, channel=chosen.code)  # type: ignore[attr-defined]
    return _edit(request, chosen, account)


@only("admin")
@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    return _edit(request, _channel(account.channel), account)


@only("admin")
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """An account that has sent something is switched off instead: what it sent stays on record."""
    account = _account(request, pk)
    if account.deliveries.exists():
        account.is_active = False
        account.save(update_fields=["is_active"])
        messages.success(
            request, gettext("%(name)s is switched off; what it sent stays on record.") % {"name": account}
        )
    else:
        account.delete()
        messages.success(request, gettext("%(name)s is removed.") % {"name": account})
    return redirect("settings_sending")


@only("admin")
@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message and say what came of it."""
    account = _account(request, pk)
    channel = _channel(account.channel)
    form = TrialForm(request.POST, channel=channel)
    if not form.is_valid():
        return render(request, "settings/sending_account.html", _context(channel, account, trial=form))
    outcome, segments = deliver.try_out(account, _test(request, form.cleaned_data.get("to", "")), Http())
    if outcome.state == ACCEPTED:
        messages.success(request, gettext("The provider has taken the test message."))
    else:
        words = sending_words.reason(outcome.code, outcome.words)
        messages.error(request, gettext("The test message did not leave: %(why)s") % {"why": words})
    if segments:
        messages.info(request, gettext("It counts as text messages: %(count)d") % {"count": segments})
    return redirect("settings_sending_account", account.pk)


def _edit(request: HttpRequest, channel: Channel, account: SendingAccount) -> HttpResponse:
    form = AccountForm(request.POST or None, channel=channel, account=account)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, gettext("%(name)s is saved.") % {"name": saved})
        return redirect("settings_sending_account", saved.pk)
    return render(request, "settings/sending_account.html", _context(channel, account, form=form))


def _context(
    channel: Channel,
    account: SendingAccount,
    *,
    form: AccountForm | None = None,
    trial: TrialForm | None = None,
) -> dict[str, Any]:
    return {
        "account": account,
        "title": sending_words.CHANNELS[channel.code],
        "form": form or AccountForm(channel=channel, account=account),
        "trial": trial or TrialForm(channel=channel),
        "reports": account.callback if channel.receive is not nothing_comes_back else "",
        "wants_token": any(each.name == "inbound_token" for each in channel.fields),
        "last": _last(account),
    }


def _last(account: SendingAccount) -> dict[str, Any] | None:
    if account.last_at is None:
        return None
    why = (
        "" if account.last_state == ACCEPTED else sending_words.reason(account.last_code, account.last_words)
    )
    return {
        "at": account.last_at,
        "is_good": account.last_state == ACCEPTED,
        "words": sending_words.STATES.get(account.last_state, account.last_state),
        "why": why,
    }


def _test(request: HttpRequest, to: str) -> Message:
    organization = str(request.organization)  # type: ignore[attr-defined]
    return Message(
        reference=uuid.uuid4().hex,
        to=to,
        kind="notice",
        language=get_language() or "en",
        subject=gettext("Test message"),
        text=gettext("This is a test. If you can read it, the account works."),
        link=request.build_absolute_uri("/"),
        sender=organization,
        organization=organization,
        values={"name": gettext("Test"), "survey": gettext("Test")},
    )


def _channel(code: str) -> Channel:
    if code not in catalog():
        raise Http404
    return catalog()[code]


def _account(request: HttpRequest, pk: int) -> SendingAccount:
    return get_object_or_404(SendingAccount, pk=pk, organization=request.organization)  # type: ignore[attr-defined]
