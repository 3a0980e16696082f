"""Any figure by any column."""

import pytest
from tests.explain.company import one

from mindgap.explain.errors import UnknownValue
from mindgap.explain.explore import choices, columns, explore
from mindgap.explain.inquiry import Inquiry

pytestmark = pytest.mark.django_db


def test_groups_are_compared_with_all_others(inquiry: Inquiry) -> None:
    found = explore(inquiry.split("channel"), "missed")
    web, shop = (one(found, "promise.missed", group={"channel": name}) for name in ("web", "shop"))
    assert (web.n, shop.n) == (60, 40)
    assert web.details["p"] == pytest.approx(shop.details["p"])
    assert web.details["is_real"]
    assert web.details["is_better"]
    assert not shop.details["is_better"]


@pytest.mark.parametrize(
    "name", ["nps", "csat", "loyalty.nps", "gap", "gap.expectation", "kept", "missed", "early", "days.mean"]
)
def test_every_name_has_findings(inquiry: Inquiry, name: str) -> None:
    found = explore(inquiry, name)
    assert found
    assert all(finding.n is None or finding.n > 0 for finding in found)


def test_scores_after_a_missed_promise(inquiry: Inquiry) -> None:
    found = explore(inquiry.at("delivery").split("outcome"), "csat")
    assert one(found, "score.mean", group={"outcome": "missed"}).value == 2.0


def test_all_touchpoints_in_one(inquiry: Inquiry) -> None:
    (found,) = explore(inquiry, "csat", across=True)
    assert (found.n, found.touchpoint) == (120, None)


def test_an_unknown_metric_names_those_there_are(inquiry: Inquiry) -> None:
    with pytest.raises(UnknownValue, match="csat"):
        explore(inquiry, "happiness")


def test_what_may_be_chosen(inquiry: Inquiry) -> None:
    names = [choice.code for choice in choices(inquiry)]
    assert names[0] == "csat"
    assert len(names) == len(set(names))
    assert "seg_tier" in columns(inquiry)
