"""What comes in at the company of `tests/act/conftest.py`, and rules that judge it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from mindgap.act.alert import reading
from mindgap.act.alert.rule import AlertRule
from mindgap.ground import clock
from mindgap.keep import appender, incoming, recorder, submissions
from mindgap.keep.models import Organization

_KINDS = {
    incoming.Interaction: "interaction",
    incoming.Answer: "answer",
    incoming.Customer: "customer",
    incoming.Submission: "submission",
}


def append(organization: Organization, *items: Any) -> None:
    """Put items among the arrivals, as any channel does."""
    appender.append(
        organization.pk, [(uuid4(), _KINDS[type(each)], "test", incoming.write(each)) for each in items]
    )


def person(name: str = "王小明", **identities: str) -> incoming.Person:
    return incoming.Person(identities=identities or {"email": "wang@example.org"}, name=name)


def answer(key: str = "a1", score: float = 2, **about: Any) -> incoming.Answer:
    """A low answer about a delivery in Pudong."""
    usual: dict[str, Any] = {
        "answered_at": clock.now(),
        "touchpoint": "delivery",
        "unit": "pudong",
        "customer": person(),
        "scores": {"likelihood": score},
    }
    return incoming.Answer(key=key, **(usual | about))


@pytest.fixture
def take(company: Organization) -> Callable[..., None]:
    """Let things come in, be recorded and be judged."""

    def run(*items: Any) -> None:
        append(company, *items)
        recorder.catch_up()
        submissions.catch_up()
        reading.catch_up()

    return run


@pytest.fixture
def rule(company: Organization) -> Callable[..., AlertRule]:
    """Make an active rule: `rule("answer", {"all": [...]})`."""

    def make(trigger: str = "answer", condition: Any = None, **about: Any) -> AlertRule:
        usual: dict[str, Any] = {
            "organization": company,
            "code": f"{trigger}-{AlertRule.objects.count()}",
            "name": {"en": "Low score", "zh-hans": "低分"},
            "trigger": trigger,
            "condition": LOW if condition is None and trigger == "answer" else condition or {},
            "recipients": [{"to": "role", "role": "branch_manager"}],
            "is_active": True,
            "active_from": clock.now() - timedelta(days=2),
        }
        return AlertRule.objects.create(**(usual | about))

    return make


LOW = {"all": [{"column": "score.likelihood", "op": "at_most", "value": 6}]}
