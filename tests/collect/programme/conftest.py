"""A shop with a survey, three channels that lead to one receiver, and deliveries that set programmes off."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.collect.channels.conftest import Receiver, account, http, person, receiver, shop, visit

from mindgap.collect.channels import deliver
from mindgap.collect.models import SendingAccount
from mindgap.collect.outgoing import Http
from mindgap.collect.programme import run
from mindgap.ground import clock, identity
from mindgap.keep import appender, incoming, recorder, survey
from mindgap.keep.models import (
    Contact,
    Measure,
    Organization,
    Programme,
    Survey,
    SurveyVersion,
    Touchpoint,
)

__all__ = ["Receiver", "account", "http", "person", "receiver", "shop", "visit"]

# Noon in Shanghai, where the shop is.
NOON = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
ANN = incoming.Person(
    {"email": "ann@x.org", "phone": "+8613800000000", "crm": "7"}, name="Ann", language="en"
)


@pytest.fixture(autouse=True)
def at_noon():
    """The clock stands at noon."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def store(shop: Organization) -> Organization:
    """The shop with a touchpoint at which things happen."""
    shop.zone = "Asia/Shanghai"
    shop.save()
    days = Measure.objects.create(
        organization=shop, code="days", kind="duration", unit="days", minimum=0, higher_is_better=False
    )
    Touchpoint.objects.create(organization=shop, code="delivery", measure=days)
    return shop


@pytest.fixture
def channels(account: Callable[..., SendingAccount], receiver: Receiver) -> list[SendingAccount]:
    """E-mail, text message and WeCom, all of them leading to the receiver."""
    receiver.answer = lambda request: (200, b'{"id": "p1"}', {})
    made = []
    for way in ("email", "sms", "wecom"):
        each = account(
            "webhook", url=f"{receiver.url}/{way}", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        )
        SendingAccount.objects.filter(pk=each.pk).update(way=way)
        made.append(each)
    return made


@pytest.fixture
def programme(store: Organization, visit: Survey) -> Callable[..., Programme]:
    """Make a running programme that asks after each delivery over e-mail: `programme("after", priority=3)`."""

    def make(code: str, **more: object) -> Programme:
        usual = {
            "survey": visit,
            "state": "running",
            "event": {"touchpoint": "delivery", "state": "completed"},
            "channels": ["email"],
            "since": datetime(2026, 1, 1, tzinfo=UTC),
        }
        return Programme.objects.create(organization=store, code=code, name=code, **{**usual, **more})

    return make


def another(first: Survey, code: str, **more: object) -> Survey:
    """A second survey that asks the same."""
    made = Survey.objects.create(organization=first.organization, code=code, state="live", **more)
    version = first.versions.get()
    SurveyVersion.objects.create(
        survey=made, number=1, definition=version.definition, digest=version.digest,
        state=survey.PUBLISHED, published_at=clock.now(),
    )  # fmt: skip
    return made


def delivered(
    store: Organization, key: str = "d1", person: incoming.Person | None = ANN, **more: object
) -> None:
    """A delivery has arrived and is recorded."""
    usual = {"started_at": datetime(2026, 3, 28, tzinfo=UTC), "experienced_at": clock.now()}
    item = incoming.Interaction(key, touchpoint="delivery", customer=person, **{**usual, **more})
    appender.append(store.id, [(identity.uuid7(), "interaction", "test", incoming.write(item))])
    recorder.catch_up()


def work() -> None:
    """Everything that programmes have to do now."""
    while run.run_next():
        run.care()
    run.care()
    while run.run_next():
        pass


def send_all(http: Http) -> None:
    while deliver.run_next(http=http):
        pass


def outcomes() -> dict[str, str]:
    """Outcome by programme."""
    rows = Contact.objects.select_related("programme").order_by("id")
    return {row.programme.code: row.outcome for row in rows}


def steps(row: Contact) -> list[str]:
    return [each["step"] for each in row.reasons]
