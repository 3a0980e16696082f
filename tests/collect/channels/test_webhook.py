"""Webhooks as Standard Webhooks 1.0.0 say (F2, F5)."""

import json

import pytest
from tests.collect.channels.conftest import Receiver, opened

from mindgap.collect.channels.message import Message
from mindgap.collect.channels.webhook.channel import CHANNEL, sign
from mindgap.collect.outgoing import Guard, Http

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SAID = Message(reference="r" * 32, to="ann@x.org", subject="Hi", text="质量", link="https://x.example/s/a/b")


def test_the_signature_is_that_of_the_specification() -> None:
    right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}') == right


def test_the_body_that_is_signed_is_the_body_that_is_sent(receiver: Receiver, http: Http) -> None:
    def check(request):
        name, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        assert request.headers["webhook-signature"] == sign(SECRET, name, at, request.body)
        assert json.loads(request.body)["data"]["text"] == "质量"
        return 204, b"", {}

    receiver.answer = check
    ours = opened("webhook", url=f"{receiver.url}/in", secret=SECRET)
    assert CHANNEL.send(ours, CHANNEL.render(SAID, ours), http).state == "accepted"


@pytest.mark.parametrize(
    ("status", "state"), [(301, "retry"), (302, "retry"), (307, "retry"), (410, "refused"), (500, "retry")]
)
def test_anything_but_2xx_is_a_failure(receiver: Receiver, http: Http, status: int, state: str) -> None:
    receiver.answer = lambda request: (status, b"", {"Location": f"{receiver.url}/other"})
    ours = opened("webhook", url=f"{receiver.url}/in", secret=SECRET)
    assert CHANNEL.send(ours, CHANNEL.render(SAID, ours), http).state == state
    assert len(receiver.asked) == 1


def test_an_address_inside_the_network_is_refused_at_sending_as_well(receiver: Receiver) -> None:
    """F1."""
    ours = opened("webhook", url=f"{receiver.url}/in", secret=SECRET)
    outcome = CHANNEL.send(ours, CHANNEL.render(SAID, ours), Http(Guard()))
    assert (outcome.state, outcome.code, receiver.asked) == ("refused", "blocked_address", [])
