"""Comparison: an effect that was put in comes out; drift and picking are taken out; few people give nothing away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from tests.explain import company

from mindgap.explain.comparison import Comparison, Plan, comparisons
from mindgap.explain.errors import BadInquiry, UnknownValue
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import incoming
from mindgap.keep.models import Organization, Unit
from mindgap.measure.comparison import compare_changes
from mindgap.measure.track import Track

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2025, 1, 6, 9, tzinfo=UTC)
WEEKS = 8
BEFORE = Period(date(2025, 1, 6), date(2025, 3, 2))
AFTER = Period(date(2025, 3, 3), date(2025, 4, 27))


def plan(treated: str = "u0", **more: object) -> Plan:
    return Plan((treated,), BEFORE, AFTER, **{"by": "unit", "was_picked": False, **more})  # type: ignore[arg-type]


def answers(
    *, effect: float = 0.0, drift: float = 0.0, units: int = 6, a_week: int = 8, weeks: int = 2 * WEEKS,
    trend: float = 0.0, place: str = "store", cut: int = WEEKS, code: str = "acme",
) -> Organization:  # fmt: skip
    """Scores 1 to 5 of units u0, u1 … week by week; from `cut` on all drift, and u0 has the effect beside."""
    organization = company.declare(code)
    for i in range(units):
        Unit.objects.create(organization=organization, code=f"u{i}")
    draw = np.random.default_rng(6)
    items: list[incoming.Incoming] = []
    for week in range(weeks):
        for unit in range(units):
            mean = 3 + 0.1 * (unit % 3) + (drift if week >= cut else 0.0)
            mean += (effect if week >= cut else trend * week) if unit == 0 else 0.0
            scores = np.clip(np.round(draw.normal(mean, 0.9, a_week)), 1, 5)
            items += [
                incoming.Answer(
                    key=f"{week}-{unit}-{i}",
                    touchpoint=place,
                    unit=f"u{unit}",
                    answered_at=MONDAY + timedelta(weeks=week, hours=i),
                    scores={"satisfaction": float(score)},
                )
                for i, score in enumerate(scores)
            ]
    company.record(organization, items)
    return organization


def compared(organization: Organization, asked: Plan, metric: str = "csat", **more: object) -> Comparison:
    (found,) = comparisons(Inquiry(organization=organization, **more), metric, asked)  # type: ignore[arg-type]
    return found


def test_an_effect_beside_a_drift_is_verified_and_is_that_of_the_samples() -> None:
    """R81: what moved where it was done, less what moved elsewhere."""
    found = compared(answers(effect=0.8, drift=0.3), plan())
    finding = found.finding
    assert finding.details["verdict"] == "verified"
    assert finding.value == pytest.approx(0.8, abs=0.4)
    assert finding.details["raw"]["value"] == pytest.approx(1.1, abs=0.4)
    assert finding.details["by_drift"] == pytest.approx(0.3, abs=0.2)
    assert found.before is not None
    assert found.after is not None
    assert found.names == ("u0", "u1", "u2", "u3", "u4", "u5")
    same = compare_changes(found.before, found.after, treated=[0])
    assert (finding.value, finding.low, finding.high) == pytest.approx(
        (same.effect.value, same.effect.low, same.effect.high)
    )
    assert (finding.n, finding.details["n_before"]) == (64, 64)
    assert (finding.group, finding.period) == ({"unit": "u0"}, AFTER)
    assert finding.details["trend_before"]["statement"] == "no_sign"
    assert finding.details["p_permuted"] == pytest.approx(1 / 6)


def test_the_samples_are_those_of_the_answers_of_both_periods() -> None:
    found = compared(answers(units=3, a_week=5), plan())
    draw = np.random.default_rng(6)
    rows = [
        (week, unit, np.clip(np.round(draw.normal(3 + 0.1 * (unit % 3), 0.9, 5)), 1, 5))
        for week in range(2 * WEEKS)
        for unit in range(3)
    ]
    expected = [np.mean([scores for week, unit, scores in rows if unit == u and week < 8]) for u in range(3)]
    assert isinstance(found.before, Track)
    assert found.before.values.tolist() == pytest.approx(expected)
    assert found.before.ns.tolist() == [40, 40, 40]


def test_what_rises_everywhere_is_no_effect() -> None:
    finding = compared(answers(drift=0.8), plan()).finding
    assert finding.details["verdict"] == "no_effect_seen"
    assert finding.details["raw"]["low"] > 0
    assert finding.details["smallest_visible"] > 0


def test_a_place_that_was_picked_gets_less_credit() -> None:
    organization = answers(effect=0.5)
    plain = compared(organization, plan()).finding
    picked = compared(organization, plan(was_picked=True)).finding
    assert "picked" in picked.warnings
    assert "picked" not in plain.warnings
    assert picked.details["by_picking"] != pytest.approx(0)
    assert plain.details["by_picking"] == pytest.approx(0)


def test_a_course_that_was_not_parallel_is_said() -> None:
    finding = compared(answers(trend=0.25), plan()).finding
    assert finding.details["trend_before"]["statement"] == "drifted_apart"
    assert finding.details["trend_before"]["a_week"] == pytest.approx(0.25, abs=0.1)
    assert "not_parallel" in finding.warnings


def test_named_places_alone_are_compared_and_a_unit_means_all_below_it() -> None:
    organization = answers(effect=0.8)
    north = Unit.objects.create(organization=organization, code="top")
    for code in ("u0", "u3"):
        below = Unit.objects.get(organization=organization, code=code)
        below.parent = north
        below.save()
    two = compared(organization, plan("u0", others=("u1", "u2")))
    assert two.names == ("u0", "u1", "u2")
    assert two.finding.details["others"] == ["u1", "u2"]
    assert two.finding.details["n_others"] == 256
    whole = compared(organization, plan("top"))
    assert whole.finding.n == 128
    assert whole.names == ("top", "u1", "u2", "u4", "u5")
    with pytest.raises(BadInquiry, match="part of itself"):
        compared(organization, plan("top", others=("u3",)))


def test_touchpoints_are_compared_too() -> None:
    organization = company.build()
    found = compared(
        organization,
        Plan(
            ("store",),
            Period(date(2026, 3, 4), date(2026, 3, 4)),
            Period(date(2026, 3, 5), date(2026, 3, 9)),
            was_picked=False,
        ),
    )
    # The visits of the store were all on one day: nothing after it.
    assert found.finding.touchpoint == "store"
    assert found.finding.warnings == ("too_few",)
    with pytest.raises(BadInquiry, match="by"):
        compared(organization, replace(plan("store"), by="touchpoint"), touchpoint="store")


def test_kept_promises_of_channels_are_compared_by_what_is_completed() -> None:
    organization = company.declare()
    items: list[incoming.Incoming] = []
    for late, start in enumerate((company.START, company.START + timedelta(days=60))):
        for channel, short in (("web", 8 if late else 2), ("shop", 5)):
            for i in range(20):
                items += company.completed(
                    f"{channel}{late}-{i}", channel, "south", 3 if i < short else 7, start=start
                )
    company.record(organization, items)
    first, second = company.START.date(), (company.START + timedelta(days=60)).date()
    asked = Plan(
        ("web",),
        Period(first, first + timedelta(days=30)),
        Period(second, second + timedelta(days=30)),
        by="channel",
    )
    asked = replace(asked, was_picked=False)
    for metric, sign in (("kept", 1), ("missed", -1)):
        found = compared(organization, asked, metric)
        assert found.before is not None
        assert found.finding.value == pytest.approx(sign * 0.3)
        assert found.finding.details["raw"]["value"] == pytest.approx(sign * 0.3)
        assert "few_clusters" in found.finding.warnings
    gap = compared(organization, asked, "gap").finding
    # Six of twenty are four days faster.
    assert gap.value == pytest.approx(6 * 4 / 20)
    assert gap.unit == "days"
    early = (
        compared(organization, asked, "early")
        if comparisons(Inquiry(organization=organization), "early", asked)
        else None
    )
    assert early is None


def test_without_others_a_long_quiet_history_decides() -> None:
    organization = answers(effect=0.9, units=3, weeks=24, cut=16)
    before = Period(date(2025, 1, 6), date(2025, 4, 27))
    after = Period(date(2025, 4, 28), date(2025, 6, 22))
    alone = replace(plan(), others=(), before=before, after=after)
    found = compared(organization, alone)
    assert found.finding.details["verdict"] == "verified"
    assert found.finding.method == "own history"
    assert found.finding.details["others"] == []
    picked = compared(organization, replace(alone, was_picked=True))
    assert picked.finding.value < found.finding.value
    assert "picked" in picked.finding.warnings


def test_a_short_history_verifies_nothing() -> None:
    finding = compared(answers(effect=0.9), plan(others=())).finding
    assert (finding.details["verdict"], finding.details["reason"]) == ("not_verifiable", "short_history")


def test_few_who_were_treated_are_hidden_with_all_that_is_known_of_them() -> None:
    """P9."""
    one_week = plan()
    few = answers(units=3, a_week=4, code="few")
    short = replace(one_week, before=Period(date(2025, 2, 24), date(2025, 2, 24)))
    hidden = compared(few, short).finding
    assert hidden.is_hidden
    assert (hidden.value, hidden.n) == (None, None)
    assert set(hidden.details) <= {"better", "goal", "before", "figure"}


def test_one_small_place_among_those_treated_hides_their_mean() -> None:
    """P9: two treated; the mean less the one that may be shown is the other."""
    organization = answers(units=3)
    Unit.objects.create(organization=organization, code="tiny")
    more = [
        incoming.Answer(
            key=f"tiny{i}", touchpoint="store", unit="tiny", answered_at=MONDAY, scores={"satisfaction": 1}
        )
        for i in range(3)
    ]
    company.record(organization, [*more])
    two = Plan(("u0", "tiny"), BEFORE, AFTER, by="unit", was_picked=False)
    finding = compared(organization, two).finding
    assert finding.is_hidden
    # As a comparison it is left out.
    assert compared(organization, plan()).names == ("u0", "u1", "u2")


def test_who_may_see_one_unit_only_gets_nothing_of_the_others() -> None:
    organization = answers(effect=0.8)
    own = Unit.objects.get(organization=organization, code="u0")
    finding = compared(organization, plan(), scope=frozenset((own.id,))).finding
    assert finding.is_hidden
    assert comparisons(Inquiry(organization=organization, scope=frozenset()), "csat", plan()) == ()


def test_equal_answers_of_an_open_measure_are_not_known() -> None:
    organization = company.declare()
    items: list[incoming.Incoming] = []
    for late, start in enumerate((company.START, company.START + timedelta(days=60))):
        for channel in ("web", "shop"):
            for i in range(6):
                items += company.completed(f"{channel}{late}-{i}", channel, "south", 3, start=start)
    company.record(organization, items)
    first, second = company.START.date(), (company.START + timedelta(days=60)).date()
    asked = Plan(
        ("web",),
        Period(first, first + timedelta(days=9)),
        Period(second, second + timedelta(days=9)),
        by="channel",
    )
    found = compared(organization, asked, "gap")
    assert found.finding.warnings == ("not_known",)
    assert found.trial is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"treated": ()},
        {"before": Period(None, date(2025, 3, 2))},
        {"before": Period(date(2025, 1, 6), date(2025, 3, 3))},
        {"others": ("u0",)},
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInquiry):
        replace(plan(), **wrong)  # type: ignore[arg-type]


def test_a_place_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownValue, match="nowhere"):
        compared(company.declare(), plan("nowhere"))
