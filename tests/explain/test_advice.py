"""What could be promised."""

import pytest
from tests.explain.company import one

from mindgap.explain.advice import COLUMNS, advise, candidates
from mindgap.explain.cell import interactions
from mindgap.explain.inquiry import Inquiry

pytestmark = pytest.mark.django_db


def test_the_advised_value_is_kept_at_its_level(inquiry: Inquiry) -> None:
    """R33: promise what can be delivered nearly always; 7 days covers every completed one."""
    found = advise(inquiry, shares=(0.5, 0.9))
    half = one(found, "promise.advice", details={"share": 0.5}, population="not_cancelled")
    most = one(found, "promise.advice", details={"share": 0.9}, population="not_cancelled")
    assert (half.value, most.value, most.unit, most.n) == (5.0, 7.0, "days", 110)


def test_a_promise_that_is_too_short_is_warned_of(inquiry: Inquiry) -> None:
    """R34: slack is negative: the promise would have to be two days longer."""
    finding = one(advise(inquiry), "promise.slack", population="not_cancelled")
    assert finding.value == -2.0
    assert "slack_negative" in finding.warnings
    assert finding.details["promised"] == 5.0


def test_the_slider_knows_every_candidate(inquiry: Inquiry) -> None:
    (cell,) = interactions(inquiry, *COLUMNS)
    found = candidates(cell)
    shares = dict(zip(found.quantities, found.shares, strict=True))
    assert shares[5.0] == pytest.approx(80 / 104)
    assert shares[3.0] == pytest.approx(50 / 104)
    assert found.present == 5.0
    assert found.counts == ((3.0, 50.0), (5.0, 30.0), (7.0, 20.0))
    assert list(found.shares) == sorted(found.shares)
