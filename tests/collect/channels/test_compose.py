"""Messages: in the language of the person, with the programme's words, and nothing of it ever evaluated (A5, B6)."""

import pytest

from mindgap.collect.channels import deliver, texts
from mindgap.collect.channels.compose import compose
from mindgap.collect.channels.delivery import Wording
from mindgap.keep import invitation
from mindgap.keep.models import Programme

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "subject", "question"),
    [
        ("en", "Shop: how was it for you?", "How likely?"),
        ("zh-hans", "商店：这次体验符合您的预期吗？", "How likely?"),
        ("zh-hant", "商店：這次體驗符合您的期待嗎？", "您有多大可能？"),
        ("de", "Shop: how was it for you?", "How likely?"),
    ],
)
def test_a_message_speaks_the_language_of_the_person(
    visit, person, account, language, subject, question
) -> None:
    over = account("smtp", host="mail.example", **{"from": "a@x.org"})
    made, token = invitation.make(visit, customer=person(name="王女士", email="a@x.org", language=language))
    said = compose(made, token, over, to="a@x.org")
    assert (said.subject, said.first.text) == (subject, question)
    assert "王女士" in said.text
    assert said.link.endswith(f"/s/{visit.short}/{token}")
    assert [option.link for option in said.first.options] == [f"{said.link}?first={n}" for n in range(11)]
    assert deliver.token_of(said) == token


def test_without_a_name_the_greeting_is_still_one(visit, account) -> None:
    made, token = invitation.make(visit)
    over = account("smtp", host="mail.example", **{"from": "a@x.org"})
    assert compose(made, token, over, to="a@x.org").text.startswith("Hello\n")


@pytest.mark.parametrize(
    "hostile",
    [
        "{{7*7}}",
        "{% debug %}",
        "{{request.user.password}}",
        "{0.__class__}",
        "${7*7}",
        "{{hidden.__class__}}",
    ],
)
def test_words_of_an_author_are_never_evaluated(visit, person, account, hostile) -> None:
    """A5."""
    programme = Programme.objects.create(
        organization=visit.organization, survey=visit, code="p", name={"en": "P"}
    )
    Wording.objects.create(
        programme=programme, kind="invitation", language="en", subject="S", text=f"<{hostile}>"
    )
    made, token = invitation.make(visit, customer=person(email="a@x.org"), programme=programme)
    over = account("smtp", host="mail.example", **{"from": "a@x.org"})
    said = compose(made, token, over, to="a@x.org")
    assert said.subject == "S"
    assert said.text in ("<>", f"<{hostile}>")


def test_what_a_customer_is_called_is_never_evaluated_either(visit, person, account) -> None:
    made, token = invitation.make(visit, customer=person(name="{{link}}{{hidden.link}}", email="a@x.org"))
    over = account("smtp", host="mail.example", **{"from": "a@x.org"})
    said = compose(made, token, over, to="a@x.org")
    assert token not in said.text


def test_a_text_message_has_the_short_words(visit, person, account) -> None:
    over = account("twilio_sms", account_sid="A", auth_token="t", sender_number="+15005550006")
    made, token = invitation.make(visit, customer=person(phone="+14155550100"))
    assert len(compose(made, token, over, to="+14155550100").text) < 60


@pytest.mark.parametrize("kind", texts.KINDS)
@pytest.mark.parametrize("is_short", [False, True])
def test_every_kind_has_words_in_three_languages(kind: str, is_short: bool) -> None:
    found = {texts.own(kind, code, is_short=is_short) for code in ("en", "zh-hans", "zh-hant")}
    assert len(found) == 3
    assert not any("信息" in text or "短信" in text for text in texts.own(kind, "zh-hant", is_short=is_short))
