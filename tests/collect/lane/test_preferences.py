"""The page of preferences: GET shows, POST stores, what was said holds at once (R74, A3, F11, P10)."""

import re
from collections.abc import Callable

import pytest
from tests.collect.lane.test_answering import ONE, keep_up, short_survey
from tests.collect.survey.respondent import Respondent, Shown

from mindgap.collect.models import SendingAccount
from mindgap.collect.programme import wishes
from mindgap.ground import clock
from mindgap.keep import consent, invitation, optout
from mindgap.keep.models import Consent, Customer, Erasure, Identity, Invitation, OptOut, Organization, Survey

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = {"en": "Stop all messages", "zh-hans": "停止接收所有消息", "zh-hant": "停止接收所有訊息"}


@pytest.fixture
def bo(shop: Organization) -> Customer:
    """A customer known by two addresses, whom the shop may reach over two channels."""
    made = Customer.objects.create(id=1, organization=shop, name="Bo", language="en")
    for kind, value in (("email", "bo@shop.example"), ("phone", "+8613800001234")):
        Identity.objects.create(organization=shop, customer=made, kind=kind, value=value)
    for channel, way in (("smtp", "email"), ("aliyun_sms", "sms")):
        SendingAccount.objects.create(organization=shop, channel=channel, name=channel, way=way)
    return made


@pytest.fixture
def token(bo: Customer, publish: Callable[..., Survey]) -> str:
    return invitation.make(publish(short_survey()), customer=bo, channel="email")[1]


def act(ann: Respondent, path: str, **fields: object) -> Shown:
    return ann.talk(("POST", path, {"data": fields}))[0]


def test_looking_changes_nothing_and_says_what_is_kept(ann: Respondent, bo: Customer, token: str) -> None:
    consent.note(bo, purpose="contact", given=True)
    for path in (f"/s/p/{token}", f"/s/u/{token}"):
        shown = ann.open(path)
        assert shown.status == 200
        assert "b•••@shop.example" in shown.text
        assert "•••1234" in shown.text
        assert "bo@shop.example" not in shown.text
        assert "being contacted" in shown.text
        assert shown.headers["cache-control"] == "no-store"
        assert "script-src" in shown.headers["content-security-policy"]
    ann.talk(("HEAD", f"/s/u/{token}", {}))
    assert not OptOut.objects.exists()
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_speaks_the_languages(ann: Respondent, token: str, code: str) -> None:
    text = ann.open(f"/s/p/{token}?lang={code}").text
    assert LANGUAGES[code] in text
    assert not [words for other, words in LANGUAGES.items() if other != code and words in text]


def test_a_channel_is_left_and_taken_up_again(ann: Respondent, bo: Customer, token: str) -> None:
    shown = act(ann, f"/s/p/{token}", _do="save", way=["sms"])
    assert "Saved" in shown.text
    assert re.search(r'value="sms" checked', shown.text)
    assert not re.search(r'value="email" checked', shown.text)
    assert (optout.is_out(bo, "email"), optout.is_out(bo, "sms")) == (True, False)
    act(ann, f"/s/p/{token}", _do="save", way=["sms", "email"])
    assert not optout.is_out(bo, "email")
    # What was said before stays on record.
    assert OptOut.objects.get().lifted_at is not None


def test_stopping_everything_holds_for_every_channel(ann: Respondent, bo: Customer, token: str) -> None:
    assert "not write to you any more" in act(ann, f"/s/p/{token}", _do="stop").text
    assert optout.is_out(bo, "email")
    assert optout.is_out(bo, "a-channel-of-next-year")
    assert not re.search(" checked", ann.open(f"/s/p/{token}").text)


def test_one_click_unsubscribes_without_a_page_a_cookie_or_a_second_step(
    ann: Respondent, bo: Customer, token: str
) -> None:
    """RFC 8058: the mail program posts; twice is as good as once."""
    for _ in range(2):
        shown = act(ann, f"/s/u/{token}", **{"List-Unsubscribe": "One-Click"})
        assert shown.status == 200
    assert (optout.is_out(bo, "email"), optout.is_out(bo, "sms")) == (True, False)
    assert OptOut.objects.get().source == "one-click"
    body = {"content": b"anything", "headers": {"content-type": "multipart/form-data"}}
    assert ann.talk(("POST", f"/s/u/{token}", body))[0].status == 200


def test_it_works_after_the_answer_and_after_the_link_has_expired(
    ann: Respondent, bo: Customer, token: str
) -> None:
    for state in ("answered", "expired", "bounced"):
        Invitation.objects.update(state=state, expires_at=clock.now())
        assert ann.open(f"/s/p/{token}").status == 200


def test_consent_is_withdrawn_as_easily_as_it_was_given(ann: Respondent, bo: Customer, token: str) -> None:
    """PIPL, article 15."""
    for purpose in ("contact", "abroad"):
        consent.note(bo, purpose=purpose, given=True)
    act(ann, f"/s/p/{token}", _do="withdraw")
    for purpose in ("contact", "abroad"):
        standing = consent.standing(bo, purpose)
        assert standing is not None
        assert not standing.given
    assert Consent.objects.count() == 4
    assert "You have agreed to nothing" in ann.open(f"/s/p/{token}").text


@pytest.mark.parametrize("what", wishes.REQUESTS)
def test_a_request_is_noted_once_with_the_day_by_which_it_is_due(
    ann: Respondent, bo: Customer, token: str, what: str
) -> None:
    act(ann, f"/s/p/{token}", _do=what)
    shown = act(ann, f"/s/p/{token}", _do=what)
    row = Consent.objects.get(purpose=f"request:{what}")
    said = wishes.standing(wishes.Holder(bo.organization, bo)).requests[0]
    assert said.due is not None
    # A copy within a month; an erasure is carried out by itself within a day.
    assert (said.due - row.at).days in ((29, 30) if what == "copy" else (0, 1))
    assert Erasure.objects.filter(customer=bo).count() == (what == "erasure")
    assert said.due.date().isoformat() in shown.text


def test_who_answered_without_an_invitation_can_take_consent_back_too(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    shown = ann.answer_all(f"/s/{publish(short_survey()).short}", ONE)
    path = re.search(r'href="(/s/p/[^"]+)"', shown.text)
    assert path
    keep_up()
    assert "Answers you gave: 1" in ann.open(path[1]).text
    act(ann, path[1], _do="erasure")
    assert Consent.objects.get().submission_key is not None


def test_a_guest_finds_the_page_of_their_own_after_answering(
    ann: Respondent, bo: Customer, token: str
) -> None:
    survey = Survey.objects.get()
    shown = ann.answer_all(f"/s/{survey.short}/{token}", ONE)
    path = re.search(r'href="(/s/p/[^"]+)"', shown.text)
    assert path
    act(ann, path[1], _do="stop")
    assert optout.is_out(bo, "email")


@pytest.mark.parametrize("bad", ["x" * 24, "x" * 90, "x" * 4000, "%00", "a/b"])
def test_a_made_up_address_leads_nowhere(ann: Respondent, token: str, bad: str) -> None:
    assert ann.open(f"/s/p/{bad}").status == 404
    assert act(ann, f"/s/u/{bad}").status == 404
    assert not OptOut.objects.exists()


def test_guessing_is_slowed_down(ann: Respondent, token: str) -> None:
    tries = ann.talk(*[("GET", f"/s/p/{n:024}", {}) for n in range(25)])
    assert tries[-1].status == 429


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(ann: Respondent, token: str, method: str) -> None:
    assert ann.talk((method, f"/s/p/{token}", {}))[0].status == 405


def test_a_form_that_is_not_ours_changes_nothing(ann: Respondent, token: str) -> None:
    assert act(ann, f"/s/p/{token}", _do="everything").status == 400
    assert not OptOut.objects.exists()
