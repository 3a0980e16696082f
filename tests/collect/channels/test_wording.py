"""Words of messages: the programme's own by channel and language, and what they cost as text messages (§3.1 SMS)."""

import pytest

from mindgap.collect.channels import texts, trial, wording
from mindgap.collect.channels.compose import compose
from mindgap.collect.channels.delivery import Wording
from mindgap.keep import invitation
from mindgap.keep import survey as surveys
from mindgap.keep.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(visit) -> Programme:
    return Programme.objects.create(
        organization=visit.organization, survey=visit, code="p", name={"en": "P"}, channels=["email", "sms"]
    )


@pytest.fixture
def twilio(account):
    return account("twilio_sms", account_sid="A", auth_token="t", sender_number="+15005550006")


def text_of(programme: Programme, code: str, *, way: str = "sms", is_short: bool = True) -> wording.Words:
    return wording.of(programme.pk, "invitation", way=way, code=code, is_short=is_short)


def look(programme: Programme, text: str, *, code: str = "en") -> trial.Trial:
    definition = surveys.published(programme.survey).read()
    sent = trial.over(programme.organization_id, "sms")
    words = wording.Words("", text)
    return trial.message(programme, definition, sent, kind="invitation", code=code, words=words)


def test_words_for_one_channel_come_before_those_for_all_and_these_before_ours(programme) -> None:
    assert text_of(programme, "en").source == "ours"
    Wording.objects.create(programme=programme, kind="invitation_short", language="en", text="For all")
    assert text_of(programme, "en").text == "For all"
    wording.write(programme.pk, "invitation", way="sms", code="en", words=wording.Words("", "For texts"))
    assert text_of(programme, "en").text == "For texts"
    assert text_of(programme, "en", way="wecom").text == "For all"
    assert text_of(programme, "en", way="email", is_short=False).source == "ours"
    wording.write(programme.pk, "invitation", way="sms", code="en", words=None)
    assert text_of(programme, "en").text == "For all"


def test_a_language_without_words_gets_english_and_is_called_missing_and_no_script_stands_in_for_the_other(
    programme,
) -> None:
    wording.write(programme.pk, "invitation", way="sms", code="en", words=wording.Words("", "Own English"))
    wording.write(programme.pk, "invitation", way="sms", code="zh-hans", words=wording.Words("", "自己的"))
    german, taiwan = text_of(programme, "de"), text_of(programme, "zh-TW")
    assert (german.text, german.source) == ("Own English", "missing")
    assert (taiwan.text, taiwan.source) == (texts.own("invitation", "zh-hant", is_short=True)[1], "ours")


def test_what_is_sent_over_a_channel_has_the_words_of_that_channel(programme, visit, person, twilio) -> None:
    wording.write(
        programme.pk, "invitation", way="sms", code="en", words=wording.Words("", "Hi {{name}}, here:")
    )
    made, token = invitation.make(
        visit, customer=person(name="Ann", phone="+14155550100"), channel="sms", programme=programme
    )
    assert compose(made, token, twilio, to="+14155550100").text == "Hi Ann, here:"


def test_the_token_that_is_counted_is_as_long_as_a_real_one(visit) -> None:
    assert len(trial.LINK_END) == len(invitation.make(visit)[1])


@pytest.mark.parametrize(
    ("text", "code", "size", "several"),
    [("a", "en", 160, 153), ("好", "zh-hant", 70, 67), ("好", "zh-hans", 70, 67)],
)
def test_a_text_is_counted_with_its_link_and_signature_up_to_the_very_character(
    programme, account, text: str, code: str, size: int, several: int
) -> None:
    account("twilio_sms", account_sid="A", auth_token="t", sender_number="+1", sign_name="ACME")
    if code == "en":
        programme.organization.sending_accounts.update(
            settings={"account_sid": "A", "sender_number": "+1", "sign_name": ""}
        )
    around = look(programme, "").read
    free = size - len(around) - 1
    assert free > 0
    assert look(programme, text * free, code=code).segments.count == 1
    assert look(programme, text * free, code=code).segments.left == 0
    assert look(programme, text * (free + 1), code=code).segments.count == 2
    more = look(programme, text * (free + 2 * several - size), code=code).segments
    assert (more.count, more.left) == (2, 0)
    assert look(programme, text, code=code).read.endswith(trial.LINK_END)


def test_one_chinese_character_or_emoji_makes_the_whole_text_ucs_2(programme, twilio) -> None:
    assert look(programme, "Hello").segments.encoding == "gsm-7"
    assert look(programme, "Hello 好").segments.encoding == "ucs-2"
    plain, emoji = look(programme, "好").segments, look(programme, "好😀").segments
    assert emoji.units == plain.units + 2


def test_a_registered_template_is_counted_as_the_provider_sends_it(programme, account) -> None:
    account(
        "aliyun_sms", key_id="k", key_secret="s", sign_name="海港", template_code="T1",
        template_facts="name = {{name}}\ncode = {{path}}", template_text="${name}您好，请评价：shop.cn/${code}",
    )  # fmt: skip
    made = look(programme, "not sent", code="zh-hans")
    assert made.read.startswith("【海港】欧阳小明您好，请评价：shop.cn/s/")
    assert made.segments.encoding == "ucs-2"
    programme.organization.sending_accounts.update(settings={"sign_name": "海"})
    assert look(programme, "x").segments is None


def test_why_a_text_would_not_leave_is_said_before_it_is_sent(programme, account) -> None:
    account("twilio_sms", account_sid="A", auth_token="t", sender_number="+1", marketing="1")
    assert look(programme, "Buy!").problem == "no_way_to_stop"
    assert look(programme, "x" * 600).problem == "too_long"


def test_without_an_account_words_are_counted_as_plain_text(programme) -> None:
    made = look(programme, "Hello")
    assert made.read.startswith("Hello http")
    assert made.segments.count == 1
    assert not trial.over(programme.organization_id, "sms").is_there


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("{{name}} {{ organization }} {{survey}} {{hidden.order}}", ()),
        ("{{nmae}} {{q1}}", ("nmae", "q1")),
        ("{{hidden.other}}", ("hidden.other",)),
        ("{{link}}", ("link",)),
        ("{{7*7}}", ("7*7",)),
        ("{{name}", ("{{",)),
        ("name}}", ("}}",)),
        ("{name} 100 %", ()),
    ],
)
def test_only_what_is_known_may_be_named(text: str, strange: tuple[str, ...]) -> None:
    assert wording.unknown(text, (*wording.PLACEHOLDERS, "hidden.order")) == strange
