"""Sending accounts: administrators only, secrets shown to nobody, nothing inside the network (F1)."""

import pytest
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.collect.channels import catalog
from mindgap.collect.channels.account import SendingAccount
from mindgap.keep.models import Organization
from mindgap.show.pages.settings import sending_words

WEBHOOK = {
    "name": "CRM",
    "way": "email",
    "is_active": "on",
    "url": "https://93.184.215.14/in",
    "secret": "s3cret-s3cret",
}


def make(organization: Organization, **settings: str) -> SendingAccount:
    made = SendingAccount(
        organization=organization, channel="webhook", name="CRM", way="email", settings=settings
    )
    made.close({"secret": "s3cret-s3cret"})
    made.save()
    return made


def test_only_an_administrator_of_the_whole_organization_opens_them(
    organization: Organization, ann: Client, bo: Client, dora: Client
) -> None:
    account = make(organization, url="https://93.184.215.14/")
    manager = sign_in(organization, "eve", roles=["cx_manager"])
    for path in ("/settings/sending/", "/settings/sending/new/smtp/", f"/settings/sending/{account.pk}/"):
        assert [client.get(path).status_code for client in (ann, manager, bo, dora)] == [200, 403, 403, 403]
    for path in ("trial", "removal"):
        assert bo.post(f"/settings/sending/{account.pk}/{path}/", {"to": "a@x.org"}).status_code == 403
    assert SendingAccount.objects.count() == 1


def test_another_organizations_account_is_not_there(organization: Organization, ann: Client) -> None:
    other = Organization.objects.create(code="other", name={"en": "Other"})
    account = make(other, url="https://93.184.215.14/")
    assert ann.get(f"/settings/sending/{account.pk}/").status_code == 404
    for path in ("", "trial/", "removal/"):
        assert ann.post(f"/settings/sending/{account.pk}/{path}", WEBHOOK).status_code == 404


@pytest.mark.parametrize("code", sorted(catalog()))
def test_every_channel_has_words_and_a_form(ann: Client, organization: Organization, code: str) -> None:
    assert ann.get(f"/settings/sending/new/{code}/").status_code == 200
    assert code in sending_words.CHANNELS
    assert {each.name for each in catalog()[code].fields} <= set(sending_words.FIELDS)


def test_a_channel_that_does_not_exist_has_no_form(ann: Client, organization: Organization) -> None:
    assert ann.get("/settings/sending/new/pigeon/").status_code == 404


def test_a_secret_is_kept_and_never_shown_again(ann: Client, organization: Organization) -> None:
    assert ann.post("/settings/sending/new/webhook/", WEBHOOK).status_code == 302
    account = SendingAccount.objects.get()
    path = f"/settings/sending/{account.pk}/"
    assert "s3cret" not in ann.get(path).content.decode()
    assert "s3cret" not in account.sealed
    assert ann.post(path, WEBHOOK | {"name": "Shop", "secret": ""}).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.opened()["secret"]) == ("Shop", "s3cret-s3cret")


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "https://127.0.0.1/",
        "https://169.254.169.254/",
        "https://100.100.100.200/",
        "file:///etc/passwd",
    ],
)
def test_an_address_inside_the_network_is_refused_when_it_is_saved(
    ann: Client, organization: Organization, url: str
) -> None:
    """F1."""
    page = ann.post("/settings/sending/new/webhook/", WEBHOOK | {"url": url}).content.decode()
    assert "inside the network" in page
    assert not SendingAccount.objects.exists()


def test_a_test_message_says_what_came_of_it(ann: Client, organization: Organization) -> None:
    account = make(organization, url="https://127.0.0.1/")
    page = ann.post(f"/settings/sending/{account.pk}/trial/", {"to": "a@x.org"}, follow=True).content.decode()
    assert "did not leave" in page
    account.refresh_from_db()
    assert (account.last_state, account.last_code) == ("refused", "blocked_address")


def test_an_account_is_removed_or_switched_off(ann: Client, organization: Organization) -> None:
    account = make(organization, url="https://93.184.215.14/")
    account.deliveries.create(organization=organization, kind="notice", reference="r", content="c")
    ann.post(f"/settings/sending/{account.pk}/removal/")
    account.refresh_from_db()
    assert not account.is_active
    account.deliveries.all().delete()
    ann.post(f"/settings/sending/{account.pk}/removal/")
    assert not SendingAccount.objects.exists()
