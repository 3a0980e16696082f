"""The ladder of patience, place by place (R14)."""

import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.waiting import ladders
from mindgap.keep import incoming
from mindgap.keep.models import Channel, Measure, Organization

pytestmark = pytest.mark.django_db(transaction=True)
CODES = ("patience_impatient", "patience_angry", "patience_leave", "waiting_minutes")
# impatient, angry, leave, waited.
TILL = [(5, 10, 20, 4)] * 6 + [(10, 15, 30, 12)] * 8 + [(3, 5, None, 6)] * 4


def build(
    rows: list[tuple[int | None, ...]] = TILL, *, codes: tuple[str, ...] = CODES, place: str = "store"
) -> Organization:
    organization = company.declare()
    for code in codes:
        Measure.objects.create(
            organization=organization, code=code, kind="duration", unit="minutes", minimum=0,
            higher_is_better=code != "waiting_minutes",
        )  # fmt: skip
    company.record(organization, items(rows, place))
    return organization


def items(rows: list[tuple[int | None, ...]], place: str, *, channel: str = "web") -> list[incoming.Incoming]:
    return [
        incoming.Answer(
            key=f"{place}-{channel}{i}",
            touchpoint=place,
            channel=channel,
            answered_at=company.START,
            scores={code: value for code, value in zip(CODES, row, strict=False) if value is not None},
        )
        for i, row in enumerate(rows)
    ]


def test_each_step_has_its_median_and_its_curve() -> None:
    found = ladders(Inquiry(organization=build()))
    impatient = one(found, "waiting.patience", details={"figure": "impatient"})
    assert (impatient.touchpoint, impatient.value, impatient.unit, impatient.n) == ("store", 5, "minutes", 18)
    assert [(point["wait"], point["share"]) for point in impatient.details["curve"]] == [
        (3, pytest.approx(4 / 18)), (5, pytest.approx(10 / 18)), (10, 1),
    ]  # fmt: skip
    assert one(found, "waiting.patience", details={"figure": "leave"}).n == 14
    assert impatient.details["quantiles"]["0.75"]["value"] == 10


def test_how_many_really_waited_until_the_step() -> None:
    found = ladders(Inquiry(organization=build()))
    # Of the first six none; the eight waited 12 of their 10; the four 6 of their 3.
    assert one(found, "waiting.reached", details={"figure": "impatient"}).value == pytest.approx(12 / 18)
    assert one(found, "waiting.reached", details={"figure": "angry"}).value == pytest.approx(4 / 18)


def test_who_leaves_before_being_impatient_is_left_out_and_counted() -> None:
    found = ladders(Inquiry(organization=build([*TILL, (30, 5, 40, 1), (30, None, 5, 1)])))
    impatient = one(found, "waiting.patience", details={"figure": "impatient"})
    assert impatient.n == 18
    assert impatient.details["contradictory"] == pytest.approx(2 / 20)
    assert "contradictory" in impatient.warnings


def test_places_are_never_put_together() -> None:
    organization = build()
    company.record(organization, items([(60, 90, 120, 30)] * 7, "hotline"))
    found = ladders(Inquiry(organization=organization))
    medians = {
        each.touchpoint: each.value
        for each in found
        if each.details.get("figure") == "angry" and each.unit != "share"
    }
    assert medians == {"store": 10, "hotline": 90}
    by = ladders(Inquiry(organization=organization, by="touchpoint"))
    assert {str(each.group) for each in by} == {"{'touchpoint': 'store'}", "{'touchpoint': 'hotline'}"}


def test_without_the_wait_itself_patience_stands_alone() -> None:
    found = ladders(Inquiry(organization=build([row[:3] for row in TILL], codes=CODES[:3])))
    assert {each.code for each in found} == {"waiting.patience"}


def test_few_are_hidden_and_so_is_the_group_that_would_give_them_away() -> None:
    """P9."""
    organization = build()
    Channel.objects.create(organization=organization, code="phone")
    company.record(organization, items(TILL[:3], "store", channel="phone"))
    found = ladders(Inquiry(organization=organization, by="channel"))
    impatient = [each for each in found if each.details.get("figure") == "impatient"]
    assert all(each.is_hidden and "curve" not in each.details for each in impatient)
    # Between a score and a distribution: a median, no curve.
    seven = build_seven()
    assert "curve" not in one(seven, "waiting.patience", details={"figure": "angry"}).details


def build_seven() -> tuple[object, ...]:
    organization = Organization.objects.create(code="seven", zone="UTC")
    company.Touchpoint.objects.create(organization=organization, code="store")
    for code in CODES[:2]:
        Measure.objects.create(
            organization=organization, code=code, kind="duration", unit="minutes", minimum=0
        )
    Channel.objects.create(organization=organization, code="web")
    company.record(organization, items([(5, 9)] * 6, "store"))
    return ladders(Inquiry(organization=organization))  # type: ignore[return-value]


def test_nothing_declared_and_nothing_to_see() -> None:
    assert ladders(Inquiry(organization=company.declare("plain"))) == ()
    assert ladders(Inquiry(organization=build(), scope=frozenset())) == ()
