"""A company with two branches, who works there, and how they are told: over a real mail server on loopback.

Ann leads the branch in Pudong, Bo is at its counter, Cai leads customer experience for all, Dora may see no personal
data, Eve leads the other branch. Fay belongs to another company and hears nothing of this one.
"""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model

from mindgap.collect.channels import catalog, deliver
from mindgap.collect.models import SendingAccount
from mindgap.collect.outgoing import Guard, Http
from mindgap.keep.models import Channel, Measure, Member, Metric, Organization, Promise, Touchpoint, Unit

# On PostgreSQL readers wait for arrivals to be committed; on SQLite a rolled-back test is the faster one.
COMMITS = os.environ.get("MINDGAP_TEST_POSTGRES") == "1"
NOW = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)


@dataclass
class Post:
    """A mail server's memory."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.original_content, policy=default))
        return "250 taken"

    def to(self, name: str) -> list[EmailMessage]:
        """What somebody got."""
        return [each for each in self.mails if each["To"].startswith(f"{name}@")]


@pytest.fixture
def post() -> Iterator[Post]:
    memory = Post()
    with socket.create_server(("127.0.0.1", 0)) as found:
        memory.port = found.getsockname()[1]
    controller = Controller(memory, hostname="127.0.0.1", port=memory.port)
    controller.start()
    yield memory
    controller.stop()


@pytest.fixture
def http() -> Iterator[Http]:
    made = Http(Guard(internal=["127.0.0.1"]), seconds=5)
    yield made
    made.close()


@pytest.fixture
def send_all(http: Http) -> Callable[[], None]:
    """Let everything leave that is due."""

    def run() -> None:
        for _ in range(1000):
            if not deliver.run_next(http=http):
                return
        raise AssertionError("the outbox does not come to an end")

    return run


@pytest.fixture
def company(db: None) -> Organization:
    """Two branches below one head office, a delivery that is promised within five days, two scales."""
    made = Organization.objects.create(
        code="harbour",
        name={"en": "Harbour Shop", "zh-hans": "港湾商店", "zh-hant": "港灣商店"},
        zone="Asia/Shanghai",
        currency="CNY",
    )
    mine: dict[str, Any] = {"organization": made}
    head = Unit.objects.create(**mine, code="china", name={"en": "China"}, kind="region")
    Unit.objects.create(**mine, code="pudong", parent=head, name={"en": "Pudong", "zh-hans": "浦东店"})
    Unit.objects.create(**mine, code="xuhui", parent=head, name={"en": "Xuhui", "zh-hans": "徐汇店"})
    days = Measure.objects.create(**mine, code="days", kind="duration", unit="days", higher_is_better=False)
    score = Measure.objects.create(
        **mine, code="likelihood", name={"en": "Likelihood"}, kind="likelihood", minimum=0, maximum=10
    )
    Metric.objects.create(**mine, measure=score, code="nps", name={"en": "NPS"}, summary="nps")
    Channel.objects.create(**mine, code="web", name={"en": "Web"})
    delivery = Touchpoint.objects.create(
        **mine, code="delivery", name={"en": "Delivery", "zh-hans": "配送"}, measure=days
    )
    Promise.objects.create(
        **mine, touchpoint=delivery, measure=days, code="in-5", name={"en": "In 5 days"}, quantity=5
    )
    return made


@pytest.fixture
def member(company: Organization) -> Callable[..., Member]:
    """Make a member: `member("ann", "branch_manager", unit="pudong")`."""

    def make(name: str, *roles: str, unit: str = "", **about: Any) -> Member:
        organization = about.pop("organization", company)
        user = get_user_model().objects.create_user(name, email=about.pop("email", f"{name}@example.org"))
        place = Unit.objects.get(organization=organization, code=unit) if unit else None
        return Member.objects.create(
            organization=organization, user=user, name=name.title(), roles=list(roles), unit=place, **about
        )

    return make


@pytest.fixture
def staff(member: Callable[..., Member]) -> dict[str, Member]:
    other = Organization.objects.create(code="other", name="Other Company")
    return {
        "ann": member("ann", "branch_manager", unit="pudong", personal_data="full"),
        "bo": member("bo", "front_line", unit="pudong"),
        "cai": member("cai", "cx_manager", language="zh-hans"),
        "dora": member("dora", "executive", personal_data="none"),
        "eve": member("eve", "branch_manager", unit="xuhui"),
        "fay": member("fay", "branch_manager", "cx_manager", "admin", organization=other),
    }


@pytest.fixture
def mail(company: Organization, post: Post) -> SendingAccount:
    """The company's mail account, at the server on loopback."""
    fields = catalog()["smtp"].fields
    settings = {each.name: each.default for each in fields if each.default}
    settings |= {"host": "127.0.0.1", "port": str(post.port), "security": "none", "from": "care@shop.example"}
    made = SendingAccount(organization=company, channel="smtp", name="Mail", way="email", settings=settings)
    made.save()
    return made
