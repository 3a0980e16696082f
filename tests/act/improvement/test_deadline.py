"""From plan to verdict: the plan is fixed, deadlines are honest, the test runs once and by itself (R27, R81, R83)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.act.improvement import shop

from mindgap.act.improvement import actions, deadline, planning
from mindgap.act.improvement.errors import ChangedMeanwhile, NotGiven, NotNow, TooSoon
from mindgap.act.improvement.history import histories
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.plan import Plan
from mindgap.act.notice.notice import Notice
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.keep.models import Member, Organization, Touchpoint

pytestmark = pytest.mark.django_db(transaction=True)
FLAT = [0.4, 0.55, 0.6, 0.5, 0.55, 0.6]
HALF_A_YEAR = date(2025, 9, 1)
AFTER = datetime(2026, 6, 8, 3, tzinfo=UTC)


@pytest.fixture
def organization() -> Iterator[Organization]:
    with clock.frozen(shop.NOW):
        made = shop.build()
        shop.answers(made, first=HALF_A_YEAR, weeks=26, shares=FLAT)
        yield made


@pytest.fixture
def ann(organization: Organization) -> Member:
    return shop.member(organization, "ann", "cx_manager")


def agreed(organization: Organization, ann: Member, **about: object) -> Improvement:
    row = shop.improvement(organization, ann)
    return actions.agree(
        row.pk, ann, version=0, wish=shop.wish(**about), although="We begin with this store."
    )


def done(row: Improvement, ann: Member) -> Improvement:
    row = actions.start(row.pk, ann, version=row.version)
    return actions.finish(row.pk, ann, version=row.version)


def test_a_plan_says_what_it_will_see_with_comparison_units(organization: Organization, ann: Member) -> None:
    row = agreed(organization, ann, target=0.85)
    plan = Plan.read(row.plan)
    assert (row.state, plan.method, plan.treated, plan.by) == ("agreed", "comparison", ("u0",), "unit")
    assert plan.others == ("u1", "u2", "u3", "u4", "u5")
    assert plan.baseline.n == 13 * 20
    assert plan.baseline.low is not None
    assert plan.baseline.low < plan.baseline.value < (plan.baseline.high or 0)
    assert plan.a_week == pytest.approx(20, abs=0.5)
    assert plan.answers_expected == pytest.approx(13 * 20, abs=8)
    assert plan.sees is not None
    assert 0.05 < plan.sees < 0.4
    assert (plan.effect, plan.was_picked) == (pytest.approx(0.85 - plan.baseline.value), False)
    assert Plan.read(plan.write()) == plan


def test_a_deadline_that_is_too_early_is_refused_with_what_it_would_take(
    organization: Organization, ann: Member
) -> None:
    row = shop.improvement(organization, ann)
    with pytest.raises(TooSoon) as problem:
        actions.agree(row.pk, ann, version=0, wish=shop.wish(0.6, weeks=2))
    short = problem.value.shortfall
    assert short.sees > short.effect > 0
    assert short.a_week == pytest.approx(20, abs=0.5)
    row.refresh_from_db()
    assert (row.state, row.plan, row.version) == ("idea", {}, 0)
    row = actions.agree(row.pk, ann, version=0, wish=shop.wish(0.6, weeks=2), although="It is cheap.")
    assert row.plan["override"] == {"by": ann.pk, "words": "It is cheap."}
    assert row.events.last().words == "It is cheap."  # type: ignore[union-attr]


def test_more_weeks_see_less_and_as_many_as_the_plan_asks_for_are_enough(
    organization: Organization, ann: Member
) -> None:
    row = shop.improvement(organization, ann)
    short, long = (planning.make(row, shop.wish(0.7, weeks=weeks)) for weeks in (3, 26))
    assert short.sees is not None
    assert long.sees is not None
    assert long.sees < short.sees
    assert short.weeks_needed is not None
    enough = planning.make(row, shop.wish(0.7, weeks=short.weeks_needed))
    assert planning.shortfall(enough) is None
    assert planning.shortfall(planning.make(row, shop.wish(0.7, weeks=short.weeks_needed - 1)))


def test_an_effect_is_verified_at_the_deadline_by_itself_once(
    organization: Organization, ann: Member
) -> None:
    row = done(agreed(organization, ann, target=0.85), ann)
    with clock.frozen(datetime(2026, 6, 7, 23, tzinfo=UTC)):
        shop.answers(organization, first=shop.WORKS_FROM, weeks=13, shares=[0.9, *FLAT[1:]], seed=2)
        # The last day is not over.
        assert deadline.care() == 0
    row.refresh_from_db()
    assert row.state == "measuring"
    with clock.frozen(AFTER):
        assert deadline.care() == 1
        assert deadline.care() == 0
    row.refresh_from_db()
    assert row.state == "verified"
    finding = row.result["finding"]
    assert finding["value"] == pytest.approx(0.5, abs=0.15)
    assert finding["low"] > 0
    assert finding["details"]["raw"]["value"] == pytest.approx(0.5, abs=0.15)
    assert row.result["reached"]["is_target"]
    told = Notice.objects.filter(kind="improvement_result")
    assert [each.member for each in told] == [ann]
    assert row.events.filter(kind="tested").count() == 1


def test_what_rises_everywhere_is_no_effect_and_what_falls_is_worse(
    organization: Organization, ann: Member
) -> None:
    rises, falls = (done(agreed(organization, ann, target=0.85), ann) for _ in range(2))
    with clock.frozen(AFTER):
        shop.answers(
            organization, first=shop.WORKS_FROM, weeks=13, shares=[each + 0.25 for each in FLAT], seed=3
        )
        assert deadline.run_test(rises)["verdict"] == "no_effect_seen"
        raw = deadline.run_test(rises)["finding"]["details"]
        assert raw["raw"]["low"] > 0
        assert raw["by_drift"] == pytest.approx(0.25, abs=0.1)
    with clock.frozen(AFTER):
        shop.answers(organization, first=shop.WORKS_FROM, weeks=13, shares=[0.05], a_week=60, seed=4)
        assert deadline.care() == 2
    falls.refresh_from_db()
    assert falls.state == "worse"


def test_what_was_never_done_verifies_nothing(organization: Organization, ann: Member) -> None:
    row = agreed(organization, ann, target=0.85)
    with clock.frozen(AFTER):
        shop.answers(organization, first=shop.WORKS_FROM, weeks=13, shares=[0.9, *FLAT[1:]], seed=2)
        deadline.care()
    row.refresh_from_db()
    assert (row.state, row.result["reason"]) == ("not_verifiable", "not_done")


def test_too_few_answers_afterwards_verify_nothing(organization: Organization, ann: Member) -> None:
    row = done(agreed(organization, ann, target=0.85), ann)
    with clock.frozen(AFTER):
        deadline.care()
    row.refresh_from_db()
    assert (row.state, row.result["reason"]) == ("not_verifiable", "too_few")


def test_the_worst_is_moved_back_before_its_target_is_judged(organization: Organization, ann: Member) -> None:
    """What would have come back by itself is no effect to plan with."""
    row = shop.improvement(organization, ann, origin="worst")
    plan = planning.make(row, shop.wish(0.85))
    assert plan.was_picked
    assert plan.expected.value > plan.baseline.value
    assert plan.effect < 0.85 - plan.baseline.value
    with pytest.raises(NotGiven) as problem:
        planning.make(row, shop.wish((plan.expected.value + plan.baseline.value) / 2))
    assert problem.value.reason == "reached_anyway"


def test_without_comparison_its_own_history_decides_and_a_short_one_verifies_nothing() -> None:
    with clock.frozen(shop.NOW):
        organization = shop.build(units=1)
        shop.answers(organization, first=HALF_A_YEAR, weeks=26, shares=[0.5])
        ann = shop.member(organization, "ann", "cx_manager")
        row = shop.improvement(organization, ann)
        plan = planning.make(row, shop.wish(0.85))
        assert (plan.method, plan.others) == ("history", ())
        assert plan.sees is not None
        short = Plan.read(
            planning.make(row, shop.wish(0.85, before=Period(date(2026, 2, 2), date(2026, 3, 1)))).write()
        )
        assert (short.method, short.reason, short.sees) == ("before_after", "short_history", None)
        row = actions.agree(
            row.pk, ann, version=0, wish=shop.wish(0.85, before=Period(date(2026, 2, 2), date(2026, 3, 1)))
        )
        row = done(row, ann)
    with clock.frozen(AFTER):
        shop.answers(organization, first=shop.WORKS_FROM, weeks=13, shares=[0.95], seed=5)
        deadline.care()
    row.refresh_from_db()
    assert (row.state, row.result["reason"]) == ("not_verifiable", "short_history")


def test_a_new_plan_keeps_the_old_one_in_the_trail_and_the_fields_cannot_be_edited(
    organization: Organization, ann: Member
) -> None:
    row = agreed(organization, ann, target=0.85)
    first = row.plan
    with pytest.raises(NotGiven) as problem:
        actions.edit(row.pk, ann, version=row.version, plan={})
    assert problem.value.field == "plan"
    row = actions.agree(row.pk, ann, version=row.version, wish=shop.wish(0.9, weeks=20))
    event = row.events.last()
    assert event is not None
    assert event.kind == "planned_anew"
    assert event.changes["plan"] == [first, row.plan]
    assert row.deadline == shop.WORKS_FROM + timedelta(days=139)


@pytest.mark.parametrize(
    ("about", "field", "reason"),
    [
        ({"target": 0.2}, "target", "not_better"),
        ({"target": float("nan")}, "target", "no_number"),
        ({"metric": "nps"}, "metric", "unknown"),
        ({"works_from": date(2026, 2, 20)}, "works_from", "past"),
        ({"deadline": date(2026, 3, 10)}, "deadline", "too_short"),
        ({"deadline": date(2026, 1, 10)}, "deadline", "too_short"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_the_field(
    organization: Organization, ann: Member, about: dict[str, object], field: str, reason: str
) -> None:
    row = shop.improvement(organization, ann)
    with pytest.raises(NotGiven) as problem:
        planning.make(row, shop.wish(**about))  # type: ignore[arg-type]
    assert (problem.value.field, problem.value.reason) == (field, reason)


def test_nothing_is_planned_where_nobody_knows_anything(organization: Organization, ann: Member) -> None:
    other = Touchpoint.objects.create(organization=organization, code="web")
    row = shop.improvement(organization, ann, touchpoint=other, unit=None)
    with pytest.raises(NotGiven) as problem:
        planning.make(row, shop.wish())
    assert problem.value.field == "metric"
    nowhere = shop.improvement(organization, ann, touchpoint=None, unit=None)
    with pytest.raises(NotGiven) as problem:
        planning.make(nowhere, shop.wish())
    assert (problem.value.field, problem.value.reason) == ("touchpoint", "needed")


def test_a_unit_means_all_below_it_and_those_above_it_are_no_comparison(organization: Organization) -> None:
    from mindgap.keep.models import Unit

    north = Unit.objects.create(organization=organization, code="north")
    for code in ("u0", "u1"):
        below = Unit.objects.get(organization=organization, code=code)
        below.parent = north
        below.save()
    inquiry = Inquiry(organization=organization)
    (whole,) = histories(inquiry, "csat", by="unit", treated="north")
    assert whole.names == ("north", "u2", "u3", "u4", "u5")
    assert whole.parts[0].total == 2 * 26 * 20
    (single,) = histories(inquiry, "csat", by="unit", treated="u0")
    assert single.names == ("u0", "u1", "u2", "u3", "u4", "u5")


def test_the_owner_is_reminded_once_after_three_quarters_of_the_time(
    organization: Organization, ann: Member
) -> None:
    bo = shop.member(organization, "bo", "branch_manager", unit="u0")
    row = agreed(organization, ann, target=0.85)
    row = actions.edit(row.pk, ann, version=row.version, owner=bo)
    assert Notice.objects.get(kind="improvement_assigned").member == bo
    actions.add_task(row.pk, bo, version=row.version, words="Open a second till")
    for when, n in ((datetime(2026, 4, 15, tzinfo=UTC), 0), (datetime(2026, 5, 20, tzinfo=UTC), 1)):
        with clock.frozen(when):
            deadline.care()
            deadline.care()
        assert Notice.objects.filter(kind="improvement_due").count() == n
    told = Notice.objects.get(kind="improvement_due")
    assert told.member == bo
    assert told.words["facts"]["tasks"] == "Open a second till"


def test_of_two_workers_one_writes_the_verdict(organization: Organization, ann: Member) -> None:
    row = done(agreed(organization, ann, target=0.85), ann)
    with clock.frozen(AFTER):
        shop.answers(organization, first=shop.WORKS_FROM, weeks=13, shares=FLAT, seed=6)
        mine, theirs = (Improvement.objects.select_related("organization").get(pk=row.pk) for _ in range(2))
        assert deadline._test(mine)
        assert not deadline._test(theirs)
    assert Notice.objects.filter(kind="improvement_result").count() == 1
    assert row.events.filter(kind="tested").count() == 1


def test_of_two_editors_the_second_is_told_what_the_first_did(
    organization: Organization, ann: Member
) -> None:
    row = shop.improvement(organization, ann)
    actions.edit(row.pk, ann, version=0, title="A second till", kind="innovate", cost_minor=900)
    with pytest.raises(ChangedMeanwhile) as problem:
        actions.edit(row.pk, ann, version=0, title="Fewer products")
    assert [each.changes["title"] for each in problem.value.events] == [["Shorter queue", "A second till"]]
    row.refresh_from_db()
    assert (row.title, row.version) == ("A second till", 1)


def test_states_follow_each_other_and_a_result_becomes_the_rule(
    organization: Organization, ann: Member
) -> None:
    row = shop.improvement(organization, ann)
    with pytest.raises(NotNow):
        actions.finish(row.pk, ann, version=0)
    with pytest.raises(NotNow):
        actions.standardise(row.pk, ann, version=0, words="Two tills from noon")
    Improvement.objects.filter(pk=row.pk).update(state="verified")
    with pytest.raises(NotGiven):
        actions.standardise(row.pk, ann, version=0, words=" ")
    row = actions.standardise(row.pk, ann, version=0, words="Two tills from noon")
    assert (row.state, row.standardised_words) == ("standardised", "Two tills from noon")
    other = shop.improvement(organization, ann)
    other = actions.drop(other.pk, ann, version=0, reason="Too dear")
    other = actions.take_up(other.pk, ann, version=other.version)
    assert other.state == "idea"
    assert [each.kind for each in other.events.all()] == ["opened", "dropped", "taken_up"]
