"""Retention: who comes back, from the score on, with those still away counted for as long as they were seen."""

from datetime import timedelta

import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.errors import BadInquiry
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.retention import retentions
from mindgap.ground import clock
from mindgap.keep import facts, incoming
from mindgap.keep.models import Organization
from mindgap.measure import Outcomes
from mindgap.measure.retention import retention

pytestmark = pytest.mark.django_db(transaction=True)
NOW = company.START + timedelta(days=200)


def delivery(who: str, day: int, **more: object) -> incoming.Incoming:
    start = company.START + timedelta(days=day)
    return incoming.Interaction(
        key=f"{who}-{day}", touchpoint="delivery", started_at=start, experienced_at=start,
        customer=incoming.Person({"email": f"{who}@example.org"}), **{"unit": "harbin", **more},
    )  # type: ignore[arg-type]  # fmt: skip


def score(who: str, day: int, value: int, **more: object) -> incoming.Incoming:
    return incoming.Answer(
        key=f"s-{who}-{day}", answered_at=company.START + timedelta(days=day), scores={"loyalty": value},
        customer=incoming.Person({"email": f"{who}@example.org"}), **{"unit": "harbin", **more},
    )  # type: ignore[arg-type]  # fmt: skip


def built(code: str = "back") -> Organization:
    """Twelve promoters, of whom nine are back after 20 days; ten detractors, of whom two are back after 50."""
    organization = company.declare(code)
    items: list[incoming.Incoming] = []
    for group, n, back, after in ((10, 12, 9, 20), (3, 10, 2, 50)):
        for i in range(n):
            who = f"g{group}-{i}"
            items += [delivery(who, 0), score(who, 10, group)]
            # Saying something once more does not start the clock anew.
            items += [score(who, 40, 8)] if i == 0 else []
            items += [delivery(who, 10 + after)] if i < back else []
    # Not among those who gave a score, and one whose only visit came before the score.
    items += [delivery("quiet", 0), delivery("quiet", 5), delivery("nobody", 3)]
    company.record(organization, items)
    return organization


def asked(organization: Organization, metric: str | None = "loyalty.nps", days: int = 60, **more: object):
    with clock.frozen(NOW):
        return retentions(Inquiry(organization=organization, **more), metric, days=days)  # type: ignore[arg-type]


def test_customers_come_back_by_what_they_said() -> None:
    """R62."""
    found = asked(built())
    best = one(found, "retention.back", group={"score": "best"})
    assert (best.value, best.n, best.population) == (pytest.approx(9 / 12), 12, "customers")
    same = retention(Outcomes([20, 190], completed=[9, 0], still_open=[0, 3]), at=60)
    assert (best.low, best.high) == pytest.approx((1 - same.high, 1 - same.low))
    bad = one(found, "retention.back", group={"score": "bad"})
    assert bad.value == pytest.approx(2 / 10)
    assert bad.details["known_days"] == 10
    assert bad.details["p"] < 0.05
    step = one(found, "retention.step")
    assert step.value == pytest.approx(9 / 12 - 2 / 10)
    assert step.group == {"score": "best"}
    assert step.details["against"] == "bad"
    assert "association" in step.warnings


def test_who_was_not_seen_long_enough_counts_for_as_long_as_seen() -> None:
    organization = built()
    late = [each for i in range(6) for each in (delivery(f"late{i}", 170), score(f"late{i}", 180, 10))]
    company.record(organization, late)
    best = one(asked(organization), "retention.back", group={"score": "best"})
    same = retention(Outcomes([20, 190, 20], completed=[9, 0, 0], still_open=[0, 3, 6]), at=60)
    assert best.value == pytest.approx(1 - same.value)
    assert "censored" in best.warnings
    assert best.n == 18


def test_new_customers_are_followed_by_year() -> None:
    """R94."""
    organization = built()
    earlier = [delivery(f"old{i}", -100) for i in range(8)] + [delivery(f"old{i}", -70) for i in range(4)]
    company.record(organization, earlier)
    found = asked(organization, None)
    assert one(found, "retention.back", group={"year": "2025"}).value == pytest.approx(4 / 8)
    this = one(found, "retention.back", group={"year": "2026"})
    assert this.n == 24
    # Back within 60 days: nine after 30, two after 60, one after 5.
    assert this.value == pytest.approx(12 / 24)
    step = one(found, "retention.step")
    assert (step.group, step.details["against"]) == ({"year": "2026"}, "2025")


def test_files_and_corrections_are_followed_as_the_tail_is() -> None:
    organization = built()
    before = asked(organization)
    facts.close_tail(organization, force=True)
    assert asked(organization) == before
    # One who came back turns out to have cancelled.
    gone = delivery("g10-0", 30)
    company.record(
        organization,
        [
            incoming.Interaction(
                **{
                    **{name: getattr(gone, name) for name in gone.__struct_fields__},
                    "experienced_at": None,
                    "cancelled": True,
                }
            )
        ],
    )
    assert one(asked(organization), "retention.back", group={"score": "best"}).value == pytest.approx(8 / 12)


def test_a_filter_chooses_scores_and_any_visit_counts_as_coming_back() -> None:
    from mindgap.explain.finding import Period
    from mindgap.ground.condition import Condition

    organization = built()
    inquiry = Inquiry(organization=organization).narrowed(Condition.of(unit="harbin"))
    moved = [delivery("g3-9", 30, unit="south")]
    company.record(organization, moved)
    with clock.frozen(NOW):
        found = retentions(inquiry, "loyalty.nps", days=60)
        assert one(found, "retention.back", group={"score": "bad"}).value == pytest.approx(3 / 10)
        early = Inquiry(organization=organization, period=Period(None, company.START.date()))
        assert retentions(early, "loyalty.nps", days=60) == ()


def test_few_are_hidden_and_so_is_what_would_give_them_away() -> None:
    """P9."""
    organization = company.declare("few")
    items: list[incoming.Incoming] = []
    for value, n in ((10, 9), (8, 3), (2, 9)):
        for i in range(n):
            items += [delivery(f"c{value}-{i}", 0), score(f"c{value}-{i}", 2, value)]
    company.record(organization, items)
    found = asked(organization)
    backs = {each.group["score"]: each for each in found if each.code == "retention.back"}
    assert backs["middle"].is_hidden
    assert sum(each.is_hidden for each in backs.values()) == 2
    assert all(each.n is None and "p" not in each.details for each in backs.values() if each.is_hidden)


def test_who_may_see_no_unit_sees_nobody_and_no_days_are_refused() -> None:
    organization = built()
    assert asked(organization, scope=frozenset()) == ()
    assert asked(Organization.objects.create(code="empty")) == ()
    with pytest.raises(BadInquiry, match="days"):
        asked(organization, days=0)


def test_scores_without_a_best_box_are_bad_or_between() -> None:
    organization = company.declare("open")
    items = [each for i in range(8) for each in (delivery(f"c{i}", 0), delivery(f"c{i}", 9))]
    company.record(organization, items)
    days = [
        incoming.Answer(
            key=f"d{i}", answered_at=company.START + timedelta(days=1), scores={"effort": 7 if i < 6 else 4},
            customer=incoming.Person({"email": f"c{i}@example.org"}),
        )
        for i in range(8)
    ]  # fmt: skip
    company.record(organization, [*days])
    with clock.frozen(NOW):
        found = retentions(Inquiry(organization=organization), "effort.effort", days=30)
    assert {each.group["score"] for each in found if each.code == "retention.back"} == {"middle", "best"}
