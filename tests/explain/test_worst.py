"""The ranking must not be a list of the smallest groups."""

import numpy as np
import pytest
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.worst import Verdicts, rank, worst


def late(bad: int, n: int) -> Verdicts:
    """Verdicts of one kind."""
    verdicts = Verdicts()
    verdicts.add("promise", bad, n)
    return verdicts


# Units around 6 %, as a delivery network has them; then a tiny one with 25 % and a large one with 13 %.
NETWORK = [
    late(round(share * n), n)
    for share, n in zip(np.linspace(0.03, 0.09, 20), [300, 80, 1200, 60, 500] * 4, strict=True)
]


def test_six_late_of_24_do_not_outrank_13_percent_of_665() -> None:
    """Posterior, not raw minimum: 25 % of 24 is mostly noise, 13 % of 665 is not (R26)."""
    ranks = rank([*NETWORK, late(6, 24), late(86, 665)])
    tiny, large = ranks[-2], ranks[-1]
    assert large.place == 1
    assert tiny.place > large.place
    assert large.chance > 0.95
    assert large.is_clear
    assert not tiny.is_clear


@pytest.mark.parametrize("others", [[], [late(300, 5000)], [late(300, 5000), late(20, 400), late(3, 90)]])
def test_six_late_of_24_do_not_outrank_in_a_short_list(others: list[Verdicts]) -> None:
    """Little is known of how much few candidates differ, so shrinkage alone would not do."""
    ranks = rank([late(6, 24), late(86, 665), *others])
    assert ranks[1].place == 1


def test_equal_shares_are_no_real_difference() -> None:
    ranks = rank([late(10, 100) for _ in range(10)])
    assert not any(each.is_clear for each in ranks)
    assert {round(each.value, 6) for each in ranks} == {round(ranks[0].value, 6)}


def test_places_are_given_once() -> None:
    assert sorted(each.place for each in rank(NETWORK)) == list(range(1, 21))


def test_kinds_count_alike_however_many_verdicts_each_gave() -> None:
    verdicts = Verdicts()
    verdicts.add("promise", 50, 5000)
    verdicts.add("score", 10, 20)
    assert verdicts.share == pytest.approx((0.01 + 0.5) / 2)
    assert verdicts.total == 5020


@pytest.mark.django_db
def test_touchpoints_are_ranked_with_their_parts(inquiry: Inquiry) -> None:
    """R26: start with the worst touchpoint: what it has at least, for 40 verdicts say less than 200."""
    found = worst(inquiry)
    assert [finding.touchpoint for finding in found] == ["delivery", "store", "hotline"]
    delivery, store, hotline = found
    assert delivery.low > store.low
    assert [part["kind"] for part in store.details["parts"]] == ["score", "expectation"]
    # A 3 of 5 is neither good nor bad; twelve of twenty got less than they expected.
    assert store.details["raw"] == pytest.approx((0 + 12 / 20) / 2)
    assert delivery.details["raw"] == pytest.approx((20 / 100 + 20 / 100) / 2)
    assert store.low <= store.value <= store.high
    assert hotline.is_hidden


@pytest.mark.django_db
def test_any_column_can_be_ranked(inquiry: Inquiry) -> None:
    found = worst(inquiry.at("delivery").split("unit"))
    assert [finding.group for finding in found] == [{"unit": "south"}, {"unit": "harbin"}]
    assert one(found, "worst.rank", group={"unit": "south"}).details["rank"] == 1
