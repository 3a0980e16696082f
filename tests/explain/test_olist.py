"""The figures of the real orders of Olist; needs the folder of its files in MINDGAP_OLIST."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.report import report
from mindgap.explain.worst import worst
from mindgap.keep.models import Organization

OLIST = os.environ.get("MINDGAP_OLIST", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not OLIST, reason="MINDGAP_OLIST names no folder with the Olist files"),
]
MAPPING = Path(__file__).parents[2] / "examples" / "olist" / "mapping.toml"


@pytest.fixture(scope="module")
def olist(django_db_setup: None, django_db_blocker) -> Iterator[Organization]:
    from mindgap.collect import importer, mapping

    with django_db_blocker.unblock():
        importer.run((Path(OLIST),), mapping.read(MAPPING))
        yield Organization.objects.get(code="olist")
        call_command("flush", verbosity=0, interactive=False)


def test_deliveries_of_olist(olist: Organization) -> None:
    found = report(Inquiry(organization=olist, touchpoint="delivery"))
    late = one(found, "promise.missed", rule="calendar")
    assert (late.n, late.details["count"]) == (5164, 342)
    assert (late.value, late.low, late.high) == pytest.approx((0.0662, 0.0598, 0.0733), abs=5e-5)
    assert one(found, "promise.missed", rule="timestamp").value == pytest.approx(0.0802, abs=5e-5)
    assert one(found, "gap.mean").value == pytest.approx(11.99, abs=0.005)
    assert one(found, "gap.quantile", details={"quantile": 0.5}).value == 12


def test_reviews_of_olist(olist: Organization) -> None:
    """5,164 deliveries have one review each: the latest."""
    found = report(Inquiry(organization=olist, touchpoint="delivery"))
    whole = one(found, "score.mean", group={})
    assert whole.n == 5164
    assert whole.value == pytest.approx(4.135, abs=5e-4)
    kept = one(found, "score.mean", group={"promise": "kept"})
    missed = one(found, "score.mean", group={"promise": "missed"})
    assert (kept.value, missed.value) == pytest.approx((4.274, 2.181), abs=5e-4)


def test_reviews_that_were_asked_for_before_delivery(olist: Organization) -> None:
    """By the moment of asking; 259 of them were even answered before."""
    found = one(report(Inquiry(organization=olist, touchpoint="delivery")), "asked.early")
    assert found.details["count"] == 467


def test_small_states_do_not_lead_the_worst(olist: Organization) -> None:
    found = worst(Inquiry(organization=olist, touchpoint="delivery", by="seg_state"))
    assert found[0].group == {"seg_state": "RJ"}
    places = {finding.group["seg_state"]: finding.details.get("rank", 99) for finding in found}
    assert places["RJ"] < places["AL"]
    assert places["RJ"] < places["MA"]
