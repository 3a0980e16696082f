"""Zone of tolerance: from three statements of one customer, by the kinds that the facts now hold."""

from datetime import timedelta

import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tolerance import zones
from mindgap.keep import incoming
from mindgap.keep.models import Organization
from mindgap.measure.tolerance import tolerance_zone

pytestmark = pytest.mark.django_db(transaction=True)
# should be, would just do, was: above twice, within three times, below once, one contradicts themself.
ROWS = [(4, 2, 5)] * 8 + [(4, 2, 4)] * 6 + [(5, 3, 3)] * 10 + [(5, 3, 2)] * 12 + [(2, 4, 3)] * 5


def asked(rows: list[tuple[int, int, int]] = ROWS, code: str = "zone", **more: object) -> Organization:
    organization = company.declare(code)
    items: list[incoming.Incoming] = [
        incoming.Answer(
            key=f"a{i}",
            touchpoint="store",
            answered_at=company.START + timedelta(hours=i),
            scores={"satisfaction": got},
            expected=(
                incoming.Statement("satisfaction", should, "should"),
                incoming.Statement("satisfaction", least, "minimum"),
            ),
            **{"channel": "web" if i % 2 else "shop", **more},  # type: ignore[arg-type]
        )
        for i, (should, least, got) in enumerate(rows)
    ]
    company.record(organization, items)
    return organization


def test_shares_and_steps_are_those_of_the_rows() -> None:
    found = zones(Inquiry(organization=asked()))
    same = tolerance_zone(*(list(side) for side in zip(*ROWS, strict=True)))
    for place in ("below", "within", "above"):
        finding, expected = one(found, "expectation.zone", details={"outcome": place}), getattr(same, place)
        assert (finding.value, finding.low, finding.high) == pytest.approx(
            (expected.value, expected.low, expected.high)
        )
        assert finding.n == len(ROWS)
        assert finding.warnings == ("contradictory",)
    for step in ("adequacy", "superiority", "width"):
        finding, difference = one(found, "expectation.step", details={"figure": step}), getattr(same, step)
        assert (finding.value, finding.low) == pytest.approx((difference.value, difference.low))
    assert found[0].details["contradictory"] == pytest.approx(5 / len(ROWS))


def test_of_days_less_is_better_and_the_minimum_is_the_larger_number() -> None:
    organization = company.declare()
    items: list[incoming.Incoming] = [
        incoming.Answer(
            key=f"d{i}",
            touchpoint="store",
            answered_at=company.START,
            scores={"days": 6 if i < 3 else 3},
            expected=(incoming.Statement("days", 2, "should"), incoming.Statement("days", 5, "minimum")),
        )
        for i in range(10)
    ]
    company.Touchpoint.objects.filter(measure__code="days").update(measure=None)
    company.record(organization, items)
    found = zones(Inquiry(organization=organization))
    assert one(found, "expectation.zone", details={"outcome": "below"}).value == pytest.approx(0.3)
    assert one(found, "expectation.zone", details={"outcome": "within"}).value == pytest.approx(0.7)


def test_who_named_no_minimum_has_no_zone() -> None:
    organization = company.build()
    assert zones(Inquiry(organization=organization)) == ()


def test_few_are_hidden_and_so_is_the_group_that_would_give_them_away() -> None:
    """P9."""
    rows = [(4, 2, 3)] * 30
    organization = asked(rows, "many")
    more = [
        incoming.Answer(
            key=f"few{i}", touchpoint="store", channel="phone", answered_at=company.START,
            scores={"satisfaction": 1},
            expected=(
                incoming.Statement("satisfaction", 4, "should"), incoming.Statement("satisfaction", 2, "minimum"),
            ),
        )
        for i in range(3)
    ]  # fmt: skip
    company.Channel.objects.create(organization=organization, code="phone")
    company.record(organization, [*more])
    found = [
        each
        for each in zones(Inquiry(organization=organization, by="channel"))
        if each.details.get("outcome") == "below"
    ]
    assert {each.group["channel"]: each.is_hidden for each in found}["phone"]
    assert sum(each.is_hidden for each in found) == 2
    assert all(each.n is None for each in found if each.is_hidden)


def test_all_who_contradict_themselves_leave_nothing_known() -> None:
    found = zones(Inquiry(organization=asked([(2, 4, 3)] * 12)))
    assert all(each.value is None for each in found)


def test_who_may_see_no_unit_sees_no_zone() -> None:
    assert zones(Inquiry(organization=asked(), scope=frozenset())) == ()
