"""A small company for tests of the record: one delivery with a promise, a visit without a measure."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mindgap.ground import identity
from mindgap.keep import appender, incoming
from mindgap.keep.models import Measure, Organization, Promise, Segment, Touchpoint

START = datetime(2026, 1, 1, 9, tzinfo=UTC)


def at(day: float) -> datetime:
    """Nine o'clock (UTC) of a day of January 2026; 1 is the first."""
    return START + timedelta(days=day - 1)


class Company:
    """An organization in UTC and the ways to let things arrive in it."""

    def __init__(self, code: str = "acme", zone: str = "UTC") -> None:
        self.organization = Organization.objects.create(code=code, zone=zone, currency="EUR")
        mine = {"organization": self.organization}
        self.days = Measure.objects.create(
            **mine, code="days", kind="duration", unit="days", minimum=0, higher_is_better=False
        )
        self.satisfaction = Measure.objects.create(
            **mine, code="satisfaction", kind="satisfaction", minimum=1, maximum=5, step=Decimal(1)
        )
        self.delivery = Touchpoint.objects.create(**mine, code="delivery", measure=self.days)
        self.visit = Touchpoint.objects.create(**mine, code="visit")
        self.promise = Promise.objects.create(
            **mine, code="on-time", touchpoint=self.delivery, measure=self.days
        )
        self.state = Segment.objects.create(**mine, code="state")

    def interaction(
        self, key, *, started=START, due=None, experienced=None, customer=None, person=None, **more
    ):
        more.setdefault("touchpoint", "delivery")
        if customer:
            person = incoming.Person({"email": customer}, segments=more.pop("customer_segments", {}))
        self.send(
            incoming.Interaction(
                key, started_at=started, due_at=due, experienced_at=experienced, customer=person, **more
            )
        )

    def answer(self, key, *, answered=START, asked=None, customer=None, person=None, **more):
        if customer:
            person = incoming.Person({"email": customer}, segments=more.pop("customer_segments", {}))
        self.send(incoming.Answer(key, answered_at=answered, asked_at=asked, customer=person, **more))

    def customer(self, key, person):
        self.send(incoming.Customer(key, person))

    def send(self, item, *, source="test"):
        """Append one arrival; each with an id of its own."""
        return self.send_raw(incoming.write(item), kind=type(item).__name__.lower(), source=source)

    def send_raw(self, body, *, kind="answer", source="test"):
        return appender.append(self.organization.id, [(identity.uuid7(), kind, source, body)])
