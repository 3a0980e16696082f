"""Text messages: counted as they are paid, signed as the providers document, stopped when somebody says stop (§5.3)."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.channels.conftest import CUT, Receiver, opened

from mindgap.collect.channels import events, phone, segments, sms
from mindgap.collect.channels.aliyun_sms.channel import CHANNEL as ALIYUN
from mindgap.collect.channels.aliyun_sms.channel import sign as aliyun_sign
from mindgap.collect.channels.contract import Callback, CannotRender, NotGenuine
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import hex_sha256
from mindgap.collect.channels.tencent_sms.channel import CHANNEL as TENCENT
from mindgap.collect.channels.tencent_sms.channel import canonical
from mindgap.collect.channels.tencent_sms.channel import sign as tencent_sign
from mindgap.collect.channels.twilio_sms.channel import CHANNEL as TWILIO
from mindgap.collect.channels.twilio_sms.channel import sign as twilio_sign
from mindgap.collect.outgoing import Http
from mindgap.ground import clock
from mindgap.keep import optout


@pytest.mark.parametrize(
    ("text", "count", "encoding"),
    [
        ("", 0, "gsm-7"), ("a" * 160, 1, "gsm-7"), ("a" * 161, 2, "gsm-7"), ("a" * 306, 2, "gsm-7"),
        ("a" * 307, 3, "gsm-7"), ("€" * 80, 1, "gsm-7"), ("€" * 81, 2, "gsm-7"), ("质" * 70, 1, "ucs-2"),
        ("质" * 71, 2, "ucs-2"), ("质" * 134, 2, "ucs-2"), ("质" * 135, 3, "ucs-2"), ("😀" * 35, 1, "ucs-2"),
        ("😀" * 36, 2, "ucs-2"), ("ç", 1, "ucs-2"), ("a" * 69 + "。", 1, "ucs-2"),
    ],
)  # fmt: skip
def test_a_text_is_counted_as_it_is_paid(text: str, count: int, encoding: str) -> None:
    found = segments.count(text)
    assert (found.count, found.encoding) == (count, encoding)


def test_the_mainland_counts_every_character_alike() -> None:
    assert segments.count("a" * 71, encoding=segments.UCS).count == 2


@given(st.text(max_size=400))
def test_segments_hold_the_whole_text(text: str) -> None:
    found = segments.count(text)
    alone, part = {"gsm-7": (160, 153), "ucs-2": (70, 67)}[found.encoding]
    # A character of two units may leave one unit of a segment empty.
    assert found.units <= max(alone, part * found.count)
    assert found.units > part * (found.count - 1) - found.count or found.count <= 1


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("138 0000 1111", "", "+8613800001111"), ("+86-138-0000-1111", "", "+8613800001111"),
        ("008613800001111", "", "+8613800001111"), ("8613800001111", "", "+8613800001111"),
        ("0912345678", "", "+886912345678"), ("51234567", "852", "+85251234567"),
        ("(415) 555-0100", "1", "+14155550100"), ("51234567", "", ""), ("abc", "", ""), ("+12", "", ""),
    ],
)  # fmt: skip
def test_a_number_has_one_form(text: str, country: str, expected: str) -> None:
    assert phone.e164(text, country=country) == expected


def test_a_number_is_shown_masked() -> None:
    assert phone.masked("+8613200005678") == "132****5678"


def message(**more) -> Message:
    given = {
        "reference": "r" * 32,
        "to": "13800001111",
        "text": "王女士您好，这次体验符合您的预期吗？",
        "link": "https://s.example.com/s/ab/tok",
        "language": "zh-hans",
        "organization": "商店",
        "values": {"name": "王女士"},
    }
    return Message(**(given | more))


TEMPLATE = {
    "sign_name": "品牌",
    "template_code": "SMS_1",
    "template_facts": "customer = {{name}}\ncode = {{path}}",
    "template_text": "${customer}您好，1分钟告诉我们是否如期：s.example.com/${code} 拒收请回复R",
    "inbound_token": "t" * 24,
}


def aliyun(receiver: Receiver, **more: str):
    keys = {"key_id": "testId", "key_secret": "testSecret", "endpoint": receiver.url}
    return opened("aliyun_sms", **(TEMPLATE | keys | more))


def tencent(receiver: Receiver, **more: str):
    keys = {"key_id": "id", "key_secret": "secret", "app_id": "1400", "endpoint": receiver.url}
    facts = {
        "template_facts": "1 = {{name}}\n2 = {{path}}",
        "template_text": "{1}您好：s.example.com/{2} 拒收请回复R",
    }
    return opened("tencent_sms", **(TEMPLATE | keys | facts | more))


def twilio(receiver: Receiver, **more: str):
    keys = {
        "account_sid": "AC1",
        "auth_token": "token",
        "sender_number": "+15005550006",
        "endpoint": receiver.url,
    }
    return opened("twilio_sms", **(keys | more))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sign_name": ""}, "no_signature"), ({"sign_name": "x"}, "no_signature"),
        ({"marketing": "1", "template_text": "您好 ${code}"}, "no_way_to_stop"),
        ({"template_text": "质" * 500}, "too_long"),
    ],
)  # fmt: skip
def test_a_text_that_would_be_blocked_is_not_sent(receiver: Receiver, changed, code) -> None:
    with pytest.raises(CannotRender) as caught:
        ALIYUN.render(message(), aliyun(receiver, **changed))
    assert caught.value.code == code


def test_a_marketing_text_with_the_way_to_stop_passes_and_is_counted(receiver: Receiver) -> None:
    payload = ALIYUN.render(message(), aliyun(receiver, marketing="1"))
    assert json.loads(payload["TemplateParam"]) == {"customer": "王女士", "code": "s/ab/tok"}
    assert payload["segments"] == 1


def test_a_wrong_number_never_reaches_a_provider(receiver: Receiver) -> None:
    for channel, ours in (
        (ALIYUN, aliyun(receiver)),
        (TENCENT, tencent(receiver)),
        (TWILIO, twilio(receiver)),
    ):
        with pytest.raises(CannotRender):
            channel.render(message(to="12345"), ours)


def test_the_signature_of_aliyun_is_that_of_its_documentation() -> None:
    """The example that the provider prints for SendSms."""
    parameters = {
        "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007", "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }  # fmt: skip
    assert aliyun_sign(parameters, "testSecret", method="GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_the_signature_of_twilio_is_that_of_its_documentation() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
        "To": "+18005551212",
    }  # fmt: skip
    assert (
        twilio_sign("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345")
        == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )


def test_the_request_that_tencent_signs_is_that_of_its_documentation() -> None:
    """The provider prints the digest of the canonical request of its example; its keys are masked."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    found = hex_sha256(canonical(body, host="cvm.tencentcloudapi.com"))
    assert found == "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"


def test_aliyun_takes_a_signed_request(receiver: Receiver, http: Http) -> None:
    def provider(request):
        form = dict(parse_qsl(request.body.decode()))
        said = form.pop("Signature")
        assert said == aliyun_sign(form, "testSecret")
        assert (form["PhoneNumbers"], form["SignName"], form["OutId"]) == ("13800001111", "品牌", "r" * 32)
        sent = datetime.strptime(form["Timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert abs((clock.now() - sent).total_seconds()) < 60
        return 200, b'{"Code":"OK","BizId":"9006","Message":"OK"}', {}

    receiver.answer = provider
    ours = aliyun(receiver)
    outcome = ALIYUN.send(ours, ALIYUN.render(message(), ours), http)
    assert (outcome.state, outcome.provider_id) == ("accepted", "9006")


def test_tencent_takes_a_signed_request(receiver: Receiver, http: Http) -> None:
    def provider(request):
        host, seconds = request.headers["host"], int(request.headers["x-tc-timestamp"])
        right = tencent_sign(
            request.body, host=host, service="sms", key_id="id", secret="secret", seconds=seconds
        )
        assert request.headers["authorization"] == right
        assert request.headers["x-tc-action"] == "SendSms"
        assert abs(clock.now().timestamp() - seconds) < 60
        body = json.loads(request.body)
        assert body["PhoneNumberSet"] == ["+8613800001111"]
        assert body["TemplateParamSet"] == ["王女士", "s/ab/tok"]
        return 200, b'{"Response":{"SendStatusSet":[{"SerialNo":"s1","Code":"Ok"}],"RequestId":"1"}}', {}

    receiver.answer = provider
    ours = tencent(receiver)
    outcome = TENCENT.send(ours, TENCENT.render(message(), ours), http)
    assert (outcome.state, outcome.provider_id) == ("accepted", "s1")


def test_twilio_takes_a_signed_in_request(receiver: Receiver, http: Http) -> None:
    def provider(request):
        assert request.headers["authorization"] == f"Basic {base64.b64encode(b'AC1:token').decode()}"
        assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
        form = dict(parse_qsl(request.body.decode()))
        assert (form["To"], form["From"]) == ("+8613800001111", "+15005550006")
        assert form["Body"].endswith("https://s.example.com/s/ab/tok")
        return 201, b'{"sid":"SM1","status":"queued"}', {}

    receiver.answer = provider
    ours = twilio(receiver)
    outcome = TWILIO.send(ours, TWILIO.render(message(), ours), http)
    assert (outcome.state, outcome.provider_id) == ("accepted", "SM1")


def _tencent(code: str) -> bytes:
    return json.dumps({"Response": {"SendStatusSet": [{"Code": code, "Message": "no"}]}}).encode()


@pytest.mark.parametrize(
    ("channel", "make", "answer", "state", "said"),
    [
        (ALIYUN, aliyun, (200, b'{"Code":"isv.BUSINESS_LIMIT_CONTROL"}', {}), "retry", "isv.BUSINESS_LIMIT_CONTROL"),
        (ALIYUN, aliyun, (400, b'{"Code":"Throttling.User"}', {}), "retry", "throttled"),
        (ALIYUN, aliyun, (400, b'{"Code":"SignatureDoesNotMatch"}', {}), "retry", "bad_credentials"),
        (ALIYUN, aliyun, (200, b'{"Code":"isv.SMS_TEMPLATE_ILLEGAL"}', {}), "refused", "isv.SMS_TEMPLATE_ILLEGAL"),
        (TENCENT, tencent, (200, b'{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure"}}}', {}), "retry", "bad_credentials"),
        (TENCENT, tencent, (200, _tencent("LimitExceeded.PhoneNumberDailyLimit"), {}), "retry", "LimitExceeded.PhoneNumberDailyLimit"),
        (TENCENT, tencent, (200, _tencent("FailedOperation.PhoneNumberInBlacklist"), {}), "refused", "FailedOperation.PhoneNumberInBlacklist"),
        (TWILIO, twilio, (400, b'{"code":21211,"message":"invalid"}', {}), "refused", "21211"),
        (TWILIO, twilio, (401, b'{"code":20003}', {}), "retry", "bad_credentials"),
        (TWILIO, twilio, (429, b"", {"Retry-After": "7"}), "retry", "throttled"),
        (TWILIO, twilio, (502, b"bad gateway", {}), "retry", "http_502"),
        (TWILIO, twilio, CUT, "retry", "unreachable"),
    ],
)  # fmt: skip
def test_what_a_provider_refuses_is_told_apart(
    channel, make, answer, state, said, receiver: Receiver, http: Http
) -> None:
    receiver.answer = lambda request: answer
    ours = make(receiver)
    outcome = channel.send(ours, channel.render(message(), ours), http)
    assert (outcome.state, outcome.code) == (state, said)


@pytest.mark.parametrize("text", ["R", "r", " TD ", "退订", "退訂。", "STOP"])
def test_words_that_mean_stop(text: str) -> None:
    assert sms.is_stop(text)


@pytest.mark.parametrize("text", ["", "Red", "not stopping", "R2D2", "谢谢"])
def test_words_that_do_not_mean_stop(text: str) -> None:
    assert not sms.is_stop(text)


TOKEN = {"token": "t" * 24}


def test_reports_of_aliyun_and_tencent_need_the_token_of_the_account(receiver: Receiver) -> None:
    """F9."""
    for channel, ours in ((ALIYUN, aliyun(receiver)), (TENCENT, tencent(receiver))):
        for query in ({}, {"token": ""}, {"token": "x"}):
            with pytest.raises(NotGenuine):
                channel.receive(ours, Callback(query=query, body=b"[]"))
        assert channel.receive(ours, Callback(query=TOKEN, body=b"[]")).events == ()
        with pytest.raises(NotGenuine):
            channel.receive(ours, Callback(query=TOKEN, body=b"\xff"))


def test_reports_are_read(receiver: Receiver) -> None:
    body = json.dumps(
        [
            {
                "phone_number": "13800001111",
                "success": True,
                "err_code": "DELIVERED",
                "biz_id": "1",
                "out_id": "r",
            },
            {
                "phone_number": "13800001112",
                "success": False,
                "err_code": "UNDELIV",
                "biz_id": "2",
                "out_id": "",
            },
            {"phone_number": "13800001113", "content": "TD", "sequence_id": 1},
            {"phone_number": "13800001114", "content": "谢谢", "sequence_id": 2},
        ]
    ).encode()
    found = ALIYUN.receive(aliyun(receiver), Callback(query=TOKEN, body=body))
    assert [event.kind for event in found.events] == ["delivered", "failed", "opted_out"]
    body = json.dumps({"mobile": "13800001111", "nationcode": "86", "text": "R", "time": 1}).encode()
    (event,) = TENCENT.receive(tencent(receiver), Callback(query=TOKEN, body=body)).events
    assert (event.kind, event.address) == ("opted_out", "+8613800001111")


def test_a_report_of_twilio_is_signed_for_our_address(receiver: Receiver) -> None:
    from dataclasses import replace

    ours = replace(twilio(receiver), callback="https://m.example/c/v1/sending/abc")
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005", "AccountSid": "AC1"}
    right = {"x-twilio-signature": twilio_sign(ours.callback, form, "token")}
    (event,) = TWILIO.receive(ours, Callback(headers=right, body=urlencode(form).encode())).events
    assert (event.kind, event.is_hard) == ("bounced", True)
    with pytest.raises(NotGenuine):
        TWILIO.receive(ours, Callback(headers=right, body=urlencode(form | {"MessageSid": "SM2"}).encode()))
    swapped = form | {"AccountSid": "AC2"}
    right = {"x-twilio-signature": twilio_sign(ours.callback, swapped, "token")}
    with pytest.raises(NotGenuine, match="another account"):
        TWILIO.receive(ours, Callback(headers=right, body=urlencode(swapped).encode()))


@pytest.mark.django_db
def test_whoever_answers_r_gets_no_more_text_messages(account, person) -> None:
    """F11: also one whose number stands in the record without its country code."""
    ann = person(phone="13800001111")
    over = account("aliyun_sms", **TEMPLATE, key_id="a", key_secret="b")
    body = b'[{"phone_number":"13800001111","content":"R","sequence_id":1}]'
    received = ALIYUN.receive(over.opened(), Callback(query=TOKEN, body=body))
    assert events.apply(over, received.events) == 1
    assert optout.is_out(ann, "sms")
    assert not optout.is_out(ann, "email")
