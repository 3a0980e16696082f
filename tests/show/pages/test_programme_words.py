"""The words of a programme's messages: written by channel and language, tried before they are sent (R11, §3.1 SMS)."""

import pytest
from django.test import Client

from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.delivery import Wording
from mindgap.keep import definition
from mindgap.keep import survey as surveys
from mindgap.keep.models import Organization, Programme, Survey

HERE = "/programmes/after/words/"
SMS, MAIL = f"{HERE}sms/invitation/", f"{HERE}email/invitation/"
TYPED = {"text_en": "Hello {{name}}, one minute for {{survey}}:", "text_zh-hant": "{{name}}您好，一分鐘："}


@pytest.fixture
def programme(organization: Organization) -> Programme:
    survey = Survey.objects.create(organization=organization, code="visit", name={"en": "Visit"})
    asked = definition.read(
        {
            "languages": ["en", "zh-hant"],
            "title": {"en": "Visit", "zh-hant": "來訪"},
            "hidden": [{"code": "order"}],
            "pages": [
                {"code": "p1", "questions": [{"code": "q1", "type": "nps", "text": {"en": "How likely?"}}]}
            ],
        }
    )
    surveys.save_draft(survey, asked, expected_digest=surveys.draft(survey).digest)
    surveys.publish(survey)
    for channel, way, settings in (
        ("smtp", "email", {"host": "mail.example", "from": "a@x.org"}),
        ("twilio_sms", "sms", {"account_sid": "A", "sender_number": "+1", "sign_name": "HARBOUR"}),
    ):
        SendingAccount.objects.create(
            organization=organization, channel=channel, name=channel, way=way, settings=settings
        )
    return Programme.objects.create(
        organization=organization,
        survey=survey,
        code="after",
        name="After the visit",
        channels=["email", "sms"],
    )


@pytest.mark.parametrize("place", [HERE, SMS, f"{SMS}preview/en/"])
def test_outsiders_and_readers_see_and_change_no_words(
    chen: Client, bo: Client, dora: Client, programme: Programme, place: str
) -> None:
    for client, status in ((chen, 404), (bo, 403), (dora, 403)):
        assert client.post(place, TYPED).status_code == status
        if not place.endswith("preview/en/"):
            assert client.get(place).status_code == status
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    "place", ["wecom/invitation/", "sms/notice/", "sms/invitation/preview/fr/", "nothing/invitation/"]
)
def test_words_of_what_the_programme_does_not_send_are_not_there(
    ann: Client, programme: Programme, place: str
) -> None:
    assert ann.post(f"{HERE}{place}", TYPED).status_code == 404


def test_the_list_says_in_which_language_which_words_are_sent_and_how_many_messages_that_is(
    ann: Client, programme: Programme
) -> None:
    Wording.objects.create(programme=programme, way="sms", kind="invitation", language="de", text="Hallo:")
    page = ann.get(HERE).content.decode()
    assert page.count("Words that come with the product") >= 4
    assert page.count("Words of your own") == 1
    assert page.count("Not written yet: sent in English") == 1
    assert page.count("2 text messages") == 3
    assert "Reminder" not in page
    Programme.objects.update(reminders=[3], event={"thanks": True})
    page = ann.get(HERE).content.decode()
    assert page.count("Reminder</a>") == page.count("Thanks</a>") == 2


def test_words_are_saved_for_their_channel_and_can_be_taken_back(ann: Client, programme: Programme) -> None:
    assert ann.post(SMS, TYPED).status_code == 302
    kept = {row.language: (row.way, row.kind, row.text) for row in Wording.objects.all()}
    assert kept == {
        "en": ("sms", "invitation", TYPED["text_en"]),
        "zh-hant": ("sms", "invitation", TYPED["text_zh-hant"]),
    }
    page = ann.get(SMS).content.decode()
    assert "Hello {{name}}, one minute for {{survey}}:" in page
    # What is read: names filled in, the signature before and the link behind it.
    assert "【HARBOUR】Hello Alexandra Montgomery, one minute for Visit: http" in page
    # The brackets of the signature are Chinese, and so is the count.
    assert "70 in one, 67 in each of several" in page
    ann.post(SMS, {**TYPED, "ours": "en"})
    assert set(Wording.objects.values_list("language", flat=True)) == {"zh-hant"}
    ann.post(SMS, {"text_en": "", "text_zh-hant": ""})
    assert not Wording.objects.exists()


def test_saving_what_is_shown_keeps_nothing(ann: Client, programme: Programme) -> None:
    form = ann.get(MAIL).context["form"]
    shown = {name: field.initial for name, field in form.fields.items()}
    assert set(shown) == {"subject_en", "text_en", "subject_zh-hant", "text_zh-hant"}
    browser = {name: str(text).replace("\n", "\r\n") for name, text in shown.items()}
    assert ann.post(MAIL, browser).status_code == 302
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Dear {{nmae}}",
            "{{nmae}} is not known here. Known are: {{name}} {{organization}} {{survey}} {{hidden.order}}.",
        ),
        ("See {{link}}", "leave {{link}} out"),
        ("Dear {{name}", "without its other half"),
        ("x" * 600, "longer than what is sent"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence_and_nothing_is_saved(
    ann: Client, programme: Programme, text: str, said: str
) -> None:
    for place in (SMS, f"{SMS}preview/en/"):
        reply = ann.post(place, {**TYPED, "text_en": text})
        assert reply.status_code == 200
        assert said in reply.content.decode()
    assert not Wording.objects.exists()


def test_the_count_follows_what_is_typed_without_saving_it(ann: Client, programme: Programme) -> None:
    """With script by the part alone, without it by the button; both say the same."""
    SendingAccount.objects.filter(way="sms").update(settings={"account_sid": "A", "sender_number": "+1"})
    long = {**TYPED, "text_en": "a" * 200}
    part = ann.post(f"{SMS}preview/en/", long).content.decode()
    assert "<form" not in part
    said = "2 text messages: "
    assert said in part
    assert "160 in one, 153 in each of several" in part
    whole = ann.post(SMS, {**long, "preview": "1"}).content.decode()
    assert said in whole
    assert "a" * 200 in whole
    assert not Wording.objects.exists()


def test_a_programme_without_channels_says_what_to_do_first(ann: Client, programme: Programme) -> None:
    Programme.objects.update(channels=[])
    assert "This programme has no channel yet" in ann.get(HERE).content.decode()


def test_the_words_of_the_recovery_programme_which_takes_any_channel_can_be_changed_too(
    ann: Client, programme: Programme
) -> None:
    Programme.objects.update(channels=[], kind="recovery")
    Wording.objects.create(programme=programme, kind="invitation_short", language="en", text="Put right?")
    assert "Put right?" in ann.get(SMS).content.decode()
    ann.post(SMS, TYPED)
    assert ann.get(SMS).content.decode().count("Take these words away") == 2
    ann.post(SMS, {"ours": "en"})
    assert "Put right?" in ann.get(SMS).content.decode()


def test_an_account_that_sends_a_registered_template_says_so(ann: Client, programme: Programme) -> None:
    SendingAccount.objects.filter(way="sms").update(channel="aliyun_sms")
    assert "registered with the provider" in ann.get(SMS).content.decode()


def test_more_kinds_and_languages_ask_no_more_of_the_record(
    ann: Client, programme: Programme, django_assert_max_num_queries
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(100) as seen:
            assert ann.get(HERE).status_code == 200
        return len(seen)

    asked()
    before = asked()
    programme.reminders, programme.schedule, programme.event = (
        [{"days": 3}],
        {"thanks": True},
        {"thanks": True},
    )
    programme.save()
    for code in ("de", "fr", "zh-hans"):
        Wording.objects.create(programme=programme, kind="invitation", way="sms", language=code, text="x")
    assert ann.get(HERE).content.decode().count("<tr") > 5
    assert asked() == before
