"""A shop with a customer, a survey, an account per channel, and receivers on loopback that act as providers."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mindgap.collect.channels import addressing, catalog
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.compose import compose
from mindgap.collect.channels.contract import Account
from mindgap.collect.channels.deliver import hand_over
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.outgoing import Guard, Http
from mindgap.ground import clock, identity
from mindgap.keep import definition, invitation, survey
from mindgap.keep.models import Customer, Identity, Invitation, Organization, Survey, SurveyVersion


@dataclass
class Request:
    """What a receiver was sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A provider on loopback. `answer` is given each request and returns status, body and headers, or `CUT`."""

    answer: Callable[[Request], Any] = lambda request: (200, b"{}", {})
    asked: list[Request] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


CUT = "cut"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            query = {
                name: values[0] for name, values in parse_qs(place.query, keep_blank_values=True).items()
            }
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, place.path, query, headers, body)
            made.asked.append(request)
            given = made.answer(request)
            if given == CUT:
                self.connection.close()
                return
            status, content, more = given
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, *args):
            """Nothing is to be said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def http() -> Iterator[Http]:
    made = Http(Guard(internal=["127.0.0.1", "localhost"]), seconds=2)
    yield made
    made.close()


def opened(channel: str, **given: str) -> Account:
    """An account without a database."""
    fields = catalog()[channel].fields
    secrets = {each.name for each in fields if each.is_secret}
    settings = {each.name: each.default for each in fields if each.default}
    settings |= {name: value for name, value in given.items() if name not in secrets}
    return Account(1, channel, settings=settings, secrets={n: v for n, v in given.items() if n in secrets})


@pytest.fixture
def shop() -> Organization:
    return Organization.objects.create(code="shop", name={"en": "Shop", "zh-hans": "商店", "zh-hant": "商店"})


@pytest.fixture
def visit(shop: Organization) -> Survey:
    """A live survey that begins with 0 to 10."""
    made = Survey.objects.create(organization=shop, code="visit", name={"en": "Visit"}, state="live")
    question = definition.Question("q1", "nps", {"en": "How likely?", "zh-hant": "您有多大可能？"})
    read = definition.Definition(
        title={"en": "Visit"},
        languages=("en", "zh-hant"),
        pages=(definition.Page("p1", (question,)),),
        ends=(definition.End("thanks", {"en": "Thanks"}),),
    )
    SurveyVersion.objects.create(
        survey=made, number=1, definition=definition.write(read), digest=definition.digest(read),
        state=survey.PUBLISHED, published_at=clock.now(),
    )  # fmt: skip
    return made


@pytest.fixture
def person(shop: Organization) -> Callable[..., Customer]:
    """Make a customer: `person(email="a@x.org", name="Ann")`."""

    def make(*, name: str = "Ann", language: str = "en", **identities: str) -> Customer:
        made = Customer.objects.create(
            id=Customer.objects.count() + 1, organization=shop, name=name, language=language
        )
        for kind, value in identities.items():
            Identity.objects.create(organization=shop, customer=made, kind=kind, value=value)
        return made

    return make


@pytest.fixture
def account(shop: Organization) -> Callable[..., SendingAccount]:
    """Make an account: `account("smtp", host="127.0.0.1")`; secret fields are closed."""

    def make(channel: str, **given: str) -> SendingAccount:
        declared = catalog()[channel]
        usual = opened(channel, **given)
        made = SendingAccount(
            organization=shop, channel=channel, name=channel, way=declared.way, settings=dict(usual.settings)
        )
        made.close(dict(usual.secrets))
        made.save()
        return made

    return make


@pytest.fixture
def ask(visit: Survey) -> Callable[..., tuple[Invitation, Delivery]]:
    """Invite a customer over an account and put the message into the outbox."""

    def make(customer: Customer, over: SendingAccount, **more: Any) -> tuple[Invitation, Delivery]:
        made, token = invitation.make(visit, customer=customer)
        to = addressing.of_customer(customer, catalog()[over.channel])
        return made, hand_over(over, compose(made, token, over, to=to, **more), invitation=made)

    return make


def reference() -> str:
    return identity.uuid7().hex
