"""Alipay: signed with RSA2 both ways, and only in answer to a form or a payment (§5.3)."""

import base64
import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.collect.channels.conftest import Receiver, opened

from mindgap.collect.channels.alipay.channel import CHANNEL
from mindgap.collect.channels.contract import CannotRender
from mindgap.collect.channels.message import Message
from mindgap.collect.outgoing import Http

OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
THEIRS = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def plain(key: bytes) -> str:
    """As the provider's tool hands keys out: base64 without the lines around it."""
    return "".join(line for line in key.decode().splitlines() if "-----" not in line)


PRIVATE = plain(
    OURS.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
)
PUBLIC = plain(
    THEIRS.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
)
NAME = "alipay_open_app_mini_templatemessage_send_response"


def account(receiver: Receiver, **more: str):
    return opened(
        "alipay", app_id="2021", private_key=PRIVATE, public_key=PUBLIC, template_code="T1", page="pages/survey",
        template_facts="keyword1 = {{survey}}\nkeyword2 = {{name}}", endpoint=receiver.url, **more,
    )  # fmt: skip


SAID = Message(
    reference="r" * 32, to="2088", link="https://s.example/s/a/b", values={"survey": "配送", "name": "王女士"},
    trigger={"trade_no": "2026112222001"}, language="zh-hans",
)  # fmt: skip


def signed(inner: str) -> bytes:
    mark = base64.b64encode(THEIRS.sign(inner.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return f'{{"{NAME}":{inner},"sign":"{mark}"}}'.encode()


def test_a_request_is_signed_over_its_parameters_in_order(receiver: Receiver, http: Http) -> None:
    def provider(request):
        form = dict(parse_qsl(request.body.decode()))
        mark = base64.b64decode(form.pop("sign"))
        text = "&".join(f"{name}={form[name]}" for name in sorted(form))
        OURS.public_key().verify(mark, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        assert (form["method"], form["sign_type"]) == ("alipay.open.app.mini.templatemessage.send", "RSA2")
        body = json.loads(form["biz_content"])
        assert (body["to_user_id"], body["form_id"]) == ("2088", "2026112222001")
        assert body["data"] == {"keyword1": {"value": "配送"}, "keyword2": {"value": "王女士"}}
        assert parse_qs(urlsplit(body["page"]).query) == {"url": ["https://s.example/s/a/b"]}
        return 200, signed('{"code":"10000","msg":"Success"}'), {}

    receiver.answer = provider
    ours = account(receiver)
    assert CHANNEL.send(ours, CHANNEL.render(SAID, ours), http).state == "accepted"


@pytest.mark.parametrize(
    ("reply", "state", "code"),
    [
        (signed('{"code":"40004","sub_code":"USER_TEMPLATE_ILLEGAL"}'), "refused", "USER_TEMPLATE_ILLEGAL"),
        (signed('{"code":"20000","sub_code":"isp.unknow-error"}'), "retry", "isp.unknow-error"),
        (signed('{"code":"40002","sub_code":"isv.invalid-signature"}'), "retry", "bad_credentials"),
        (b'{"%s":{"code":"10000"},"sign":"AAAA"}' % NAME.encode(), "retry", "unsigned_reply"),
        (b'{"%s":{"code":"10000"}}' % NAME.encode(), "retry", "unsigned_reply"),
    ],
)
def test_only_a_signed_reply_is_believed(receiver: Receiver, http: Http, reply, state, code) -> None:
    receiver.answer = lambda request: (200, reply, {})
    ours = account(receiver)
    outcome = CHANNEL.send(ours, CHANNEL.render(SAID, ours), http)
    assert (outcome.state, outcome.code) == (state, code)


def test_without_a_form_or_payment_nothing_can_be_sent(receiver: Receiver) -> None:
    ours = account(receiver)
    with pytest.raises(CannotRender) as caught:
        CHANNEL.render(Message(reference="r", to="2088"), ours)
    assert caught.value.code == "no_trigger"
    assert CHANNEL.limits(ours).window_hours == 168
