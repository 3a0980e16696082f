"""Signing in: every page that can be reached without a member, in the look of the product."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from mindgap.keep.models import Member, Organization
from mindgap.show.pages.account import link

pytestmark = pytest.mark.django_db

PASSWORD = "a quay in the harbour"


@pytest.fixture
def person(bare: Organization) -> object:
    user = get_user_model().objects.create_user("fay", email="fay@example.org", password=PASSWORD)
    Member.objects.create(organization=bare, user=user, roles=["analyst"])
    return user


@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/account/signup/", "/account/inactive/", "/account/password/reset/", "/account/password/reset/done/",
     "/account/password/reset/key/done/", "/account/password/reset/key/x-set-password/"],
)  # fmt: skip
def test_pages_before_signing_in_stand_in_the_frame_without_the_rail(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert '<main class="content"' in page
    assert 'class="rail"' not in page
    assert page.count("<h1") == 1


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: Client, person: object) -> None:
    sent = client.get("/promises/?period=30d")
    assert sent["Location"].startswith("/account/login/?next=%2Fpromises%2F")
    page = client.get(sent["Location"]).content.decode()
    assert 'name="next" value="/promises/?period=30d"' in page
    answer = client.post(
        "/account/login/", {"login": "fay@example.org", "password": PASSWORD, "next": "/promises/?period=30d"}
    )
    assert answer["Location"] == "/promises/?period=30d"


def test_a_wrong_password_is_said_beside_the_form_and_names_nobody(client: Client, person: object) -> None:
    page = client.post("/account/login/", {"login": "fay@example.org", "password": "wrong"}).content.decode()
    assert 'class="errorlist' in page


def test_nobody_signs_up_by_themself(client: Client) -> None:
    page = client.get("/account/signup/").content.decode()
    assert "People are invited here" in page
    client.post("/account/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not get_user_model().objects.filter(email="x@example.org").exists()


def test_a_forgotten_password_is_chosen_anew_through_a_link(client: Client, person: object) -> None:
    assert client.post("/account/password/reset/", {"email": "fay@example.org"}).status_code == 302
    path = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word).partition(
        "testserver"
    )[2] or next(
        "/" + word.split("/", 3)[3] for word in mail.outbox[0].body.split() if "/password/reset/key/" in word
    )
    form = client.get(path, follow=True)
    assert "Choose a new password" in form.content.decode()


def test_a_link_that_is_only_looked_at_is_not_used_up(client: Client, person: object) -> None:
    path = link.make(person)  # type: ignore[arg-type]
    for _ in range(2):
        assert "Welcome to Mindgap" in client.get(path).content.decode()


def test_a_dead_link_says_how_to_get_another(client: Client) -> None:
    answer = client.get("/welcome/nonsense")
    assert answer.status_code == 410
    assert "mindgap member link" in answer.content.decode()


def test_somebody_without_membership_reads_why_and_may_sign_out(client: Client, person: object) -> None:
    Member.objects.update(is_active=False)
    client.force_login(person)  # type: ignore[arg-type]
    answer = client.get("/promises/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "fay@example.org" in page
    assert 'action="/account/logout/"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/account/logout/",
        "/account/password/change/",
        "/account/2fa/",
        "/account/email/",
        "/account/reauthenticate/",
    ],
)
def test_pages_of_the_account_stand_in_the_frame(client: Client, person: object, path: str) -> None:
    client.login(username="fay", password=PASSWORD)
    answer = client.get(path)
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert '<main class="content"' in answer.content.decode()


def test_signing_out_needs_a_click(client: Client, person: object) -> None:
    client.force_login(person)  # type: ignore[arg-type]
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_page_says_its_language(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    assert f'<html lang="{language}"' in client.get("/account/login/").content.decode()
