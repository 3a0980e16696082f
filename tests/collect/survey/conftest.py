"""A published survey with every type of question, and somebody who opens its pages over HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.collect.survey import every_type
from tests.collect.survey.respondent import Respondent

from mindgap.collect.lane.limits import Limits
from mindgap.ground import clock
from mindgap.keep import definition, survey
from mindgap.keep.models import Organization, Survey, SurveyVersion, Touchpoint


@pytest.fixture
def shop() -> Organization:
    return Organization.objects.create(code="shop", name={"en": "Shop"})


@pytest.fixture
def publish(shop: Organization) -> Callable[..., Survey]:
    """Publish a definition, without the proofreader, who is tried elsewhere: `publish(raw, code="echo")`."""

    def make(raw: dict[str, Any], *, code: str = "visit", number: int = 1, **more: Any) -> Survey:
        touchpoint, _ = Touchpoint.objects.get_or_create(
            organization=shop, code="store", defaults={"name": {"en": "Store"}}
        )
        made, _ = Survey.objects.get_or_create(
            organization=shop, code=code, defaults={"touchpoint": touchpoint, "state": "live", **more}
        )
        read = definition.read(raw)
        SurveyVersion.objects.create(
            survey=made,
            number=number,
            definition=definition.write(read),
            digest=definition.digest(read),
            state=survey.PUBLISHED,
            published_at=clock.now(),
        )
        return made

    return make


@pytest.fixture
def visit(publish: Callable[..., Survey]) -> Survey:
    """The survey with every type."""
    return publish(every_type.raw())


@pytest.fixture
def limits(tmp_path: Path) -> Limits:
    return Limits(
        "k" * 50, tmp_path / "attachments", embedders=("https://shop.example",), proxies=("10.0.0.1",)
    )


@pytest.fixture
def ann(limits: Limits) -> Respondent:
    """Somebody with a browser that runs no script."""
    return Respondent(limits)
