"""The small company of `tests/explain/company.py` with answers to COURTED, the pyramid and a few words, and its people.

Ann keeps everything, Bo leads the unit north, Fay works there, Eli looks only, Chen belongs to another company.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mindgap.ground import clock

NOW = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def acme(django_db_setup: None, django_db_blocker) -> Iterator[Any]:
    from django.core.management import call_command
    from tests.explain import company

    from mindgap.keep.facts import counter, snapshot
    from mindgap.keep.facts.products import forget as forget_products

    with django_db_blocker.unblock():
        snapshot.forget()
        counter.forget()
        forget_products()
        organization = company.build()
        _asked(organization)
        yield organization
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def people(db: None, acme: Any) -> dict[str, Any]:
    """The members by name."""
    from django.contrib.auth import get_user_model

    from mindgap.keep.models import Member, Organization, Unit

    north = Unit.objects.get(organization=acme, code="north")
    other = Organization.objects.create(code="other", name="Other")

    def member(name: str, organization: Any = acme, **about: Any) -> Any:
        user = get_user_model().objects.create_user(name, email=f"{name}@example.org")
        return Member.objects.create(organization=organization, user=user, name=name.title(), **about)

    return {
        "ann": member("ann", roles=["admin"]),
        "bo": member("bo", roles=["branch_manager"], unit=north),
        "fay": member("fay", roles=["front_line"], unit=north),
        "gus": member("gus", roles=["front_line"], unit=north),
        "eli": member("eli", roles=["executive"]),
        "chen": member("chen", other, roles=["admin"]),
    }


def _asked(organization: Any) -> None:
    from tests.explain import company

    from mindgap.keep import incoming
    from mindgap.keep.models import Measure

    for code in ("courted_clean", "pyramid_inform"):
        Measure.objects.create(
            organization=organization,
            code=code,
            kind="satisfaction",
            minimum=1,
            maximum=5,
            name={"en": code},
        )
    # Ten thought a 5 would be found and found a 2 or a 4: on the scale of ten 2.5 and 7.5.
    company.record(
        organization,
        [
            incoming.Answer(
                key=f"courted{i}",
                touchpoint="store",
                answered_at=company.START + timedelta(days=3),
                scores={"courted_clean": 2 if i < 6 else 4, "pyramid_inform": 2},
                expected=(incoming.Statement(measure="courted_clean", value=5),),
                comment=_COMMENTS.get(i, "fine"),
            )
            for i in range(10)
        ],
    )


_COMMENTS = {
    0: "We had to WAIT for an hour",
    1: "the waiter was kind",
    2: "等了很久",
    3: "Ich habe queued twice",
    4: "a rude answer",
}
