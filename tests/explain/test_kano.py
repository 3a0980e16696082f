"""Kano from two measures of a feature."""

import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.kano import features, kanos
from mindgap.keep import incoming
from mindgap.keep.models import Measure, Organization
from mindgap.measure.kano import kano, kano_counts

pytestmark = pytest.mark.django_db(transaction=True)
GIFT = [(1, 3)] * 30 + [(1, 5)] * 8 + [(3, 3)] * 6


def build(pairs: list[tuple[int, int | None]] = GIFT, *, code: str = "acme", **more: object) -> Organization:
    organization = company.declare(code)
    for code, most in (
        ("kano_gift_with", 5),
        ("kano_gift_without", 5),
        ("kano_odd_with", 5),
        ("kano_big_with", 7),
    ):
        Measure.objects.create(
            organization=organization, code=code, kind="satisfaction", minimum=1, maximum=most
        )
    company.record(
        organization,
        [
            incoming.Answer(
                key=f"a{i}",
                answered_at=company.START,
                scores={"kano_gift_with": there} | ({} if absent is None else {"kano_gift_without": absent}),
                **{"channel": "shop" if i % 3 else "web", **more},  # type: ignore[arg-type]
            )
            for i, (there, absent) in enumerate(pairs)
        ],
    )
    return organization


def test_category_and_coefficients_are_those_of_the_pairs() -> None:
    organization = build([*GIFT, (1, None)])
    asked = Inquiry(organization=organization)
    assert [feature.name for feature in features(asked)] == ["gift"]
    found = kanos(asked)
    same = kano(kano_counts(*zip(*GIFT, strict=True)))
    better, worse = one(found, "kano.better"), one(found, "kano.worse")
    assert (better.value, better.low) == pytest.approx((same.better.value, same.better.low))
    assert (worse.value, worse.high) == pytest.approx((same.worse.value, same.worse.high))
    assert better.n == len(GIFT)
    assert better.details["category"] == "attractive"
    assert better.details["shares"]["attractive"] == pytest.approx(30 / 44)


def test_groups_are_told_apart_and_few_are_hidden() -> None:
    """R16, P9."""
    found = [
        each for each in kanos(Inquiry(organization=build(), by="channel")) if each.code == "kano.better"
    ]
    assert {each.group["channel"]: each.n for each in found} == {"web": 15, "shop": 29}
    few = [
        each
        for each in kanos(Inquiry(organization=build(GIFT[:4], code="few")))
        if each.code == "kano.better"
    ]
    assert [each.is_hidden for each in few] == [True]
    assert set(few[0].details) <= {"better"}


def test_between_score_and_distribution_no_shares_are_told() -> None:
    (better, _) = kanos(Inquiry(organization=build(GIFT[:6])))
    assert better.value == 1
    assert "shares" not in better.details


def test_nobody_in_the_four_categories_is_not_known() -> None:
    found = kanos(Inquiry(organization=build([(5, 1)] * 12)))
    assert {each.warnings for each in found} == {("not_known",)}


def test_who_may_see_no_unit_sees_nothing() -> None:
    assert kanos(Inquiry(organization=build(), scope=frozenset())) == ()
