"""SERVQUAL from the facts: gaps by dimension as the rows give them."""

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.servqual import service_quality
from mindgap.keep import incoming
from mindgap.keep.models import Measure, Organization
from mindgap.measure.servqual import servqual

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = ("rater_reliability_time", "rater_reliability_right", "rater_empathy_person")
NAMES = ("reliability", "reliability", "empathy")


def rows(n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(7)
    return draw.integers(3, 6, (n, 3)), draw.integers(1, 6, (n, 3))


def build(e: np.ndarray, p: np.ndarray, *, skipped: int = 0) -> Organization:
    """The last `skipped` leave out the third item."""
    organization = company.declare()
    for code in ITEMS:
        Measure.objects.create(
            organization=organization, code=code, kind="satisfaction", minimum=1, maximum=5
        )
    items: list[incoming.Incoming] = []
    for i, (wanted, got) in enumerate(zip(e.tolist(), p.tolist(), strict=True)):
        said = ITEMS[:2] if i >= len(e) - skipped else ITEMS
        items.append(
            incoming.Answer(
                key=f"a{i}",
                answered_at=company.START,
                scores=dict(zip(said, got, strict=False)),
                expected=tuple(
                    incoming.Statement(code, value, "should")
                    for code, value in zip(said, wanted, strict=False)
                ),
            )
        )
    company.record(organization, items)
    return organization


def test_dimensions_and_the_whole_are_those_of_the_rows() -> None:
    e, p = rows()
    found = service_quality(Inquiry(organization=build(e, p)))
    same = servqual(e, p, dimensions=NAMES)
    for expected in same.dimensions:
        finding = one(found, "expectation.dimension", details={"dimension": expected.name})
        assert (finding.value, finding.low, finding.high) == pytest.approx(
            (expected.gap.value, expected.gap.low, expected.gap.high)
        )
        assert finding.details["perceived"]["value"] == pytest.approx(expected.perceived.value)
        assert finding.n == 40
    whole = one(found, "expectation.overall")
    assert (whole.value, whole.low) == pytest.approx((same.overall.value, same.overall.low))
    assert whole.details["reliability"]["value"] == pytest.approx(same.reliability.value)
    assert "unreliable" in whole.warnings


def test_a_dimension_counts_all_who_answered_its_items_and_the_whole_those_who_answered_all() -> None:
    found = service_quality(Inquiry(organization=build(*rows(), skipped=10)))
    assert one(found, "expectation.dimension", details={"dimension": "reliability"}).n == 40
    assert one(found, "expectation.dimension", details={"dimension": "empathy"}).n == 30
    assert one(found, "expectation.overall").n == 30


def test_few_are_hidden_with_all_that_is_known_of_them() -> None:
    """P9."""
    found = service_quality(Inquiry(organization=build(*rows(4))))
    assert found
    assert all(each.is_hidden and set(each.details) <= {"better"} for each in found)


def test_equal_answers_have_a_gap_and_no_reliability() -> None:
    found = service_quality(Inquiry(organization=build(np.full((9, 3), 5), np.full((9, 3), 3))))
    whole = one(found, "expectation.overall")
    assert (whole.value, whole.details["reliability"]) == (-2, None)


def test_without_such_measures_and_outside_the_scope_there_is_nothing() -> None:
    assert service_quality(Inquiry(organization=company.declare("plain"))) == ()
    organization = build(*rows())
    assert service_quality(Inquiry(organization=organization, scope=frozenset())) == ()
    assert service_quality(Inquiry(organization=organization), family="courted") == ()
