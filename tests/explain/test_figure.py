"""Figures on scales that point down, promises that are no deadlines, metrics that do not fit."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.advice import COLUMNS, advise, candidates
from mindgap.explain.cell import interactions
from mindgap.explain.explore import explore
from mindgap.explain.gap import distribution, gaps
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.overview import overview
from mindgap.explain.problem import problems
from mindgap.explain.promise import promises
from mindgap.explain.score import scores
from mindgap.explain.worst import worst
from mindgap.keep import incoming
from mindgap.keep.models import Measure, Metric, Organization, Promise, Touchpoint


def declare() -> Organization:
    """A help desk: at least 90 of 100 questions answered at once; effort where 1 is best; stars from half to five."""
    desk = Organization.objects.create(code="desk", name="Help Desk")
    own = {"organization": desk}
    rate = Measure.objects.create(**own, code="rate", kind="share", unit="percent", name="Solved at once")
    effort = Measure.objects.create(
        **own, code="effort", kind="effort", minimum=1, maximum=7, higher_is_better=False, name="Effort"
    )
    stars = Measure.objects.create(
        **own, code="stars", kind="satisfaction", minimum=0.5, maximum=5, step=0.5, name="Stars"
    )
    Measure.objects.create(**own, code="mood", kind="emotion", name="Mood")
    hours = Measure.objects.create(
        **own, code="hours", kind="duration", unit="hours", higher_is_better=False, name="Hours to answer"
    )
    Metric.objects.create(**own, measure=stars, code="wrong", summary="nps", position=3)
    Metric.objects.create(**own, measure=stars, code="four", summary="top", top_from=8, goal=0.9, position=1)
    Metric.objects.create(**own, measure=effort, code="easy", summary="top", top_from=3, position=2)
    Metric.objects.create(**own, measure=effort, code="effort", summary="effort", goal=2.0, position=2)
    Metric.objects.create(**own, measure=hours, code="speed", summary="mean", goal=20.0, position=4)
    Metric.objects.create(**own, measure=hours, code="kept-in-time", summary="kept", position=5)
    day = Touchpoint.objects.create(**own, code="day", measure=rate)
    mail = Touchpoint.objects.create(**own, code="mail", measure=hours)
    Promise.objects.create(**own, touchpoint=day, measure=rate, code="ninety", bound="at_least", quantity=90)
    Promise.objects.create(**own, touchpoint=mail, measure=hours, code="two-days", quantity=48)
    return desk


def happened() -> list[incoming.Incoming]:
    """Twenty days of which five were bad, twenty quick mails (a promise of two days is needless), and their scores."""
    items: list[incoming.Incoming] = []
    for i in range(20):
        at = company.START + timedelta(days=i)
        items.append(
            incoming.Interaction(
                key=f"day{i}", touchpoint="day", promise="ninety", started_at=at, experienced_at=at,
                experienced=80 if i < 5 else 95,
            )
        )  # fmt: skip
        for j in range(25):
            mail = f"mail{i}-{j}"
            done = at + timedelta(hours=2)
            items.append(
                incoming.Interaction(
                    key=mail, touchpoint="mail", promise="two-days", started_at=at, experienced_at=done
                )
            )
        items.append(
            incoming.Answer(
                key=f"said{i}", touchpoint="mail", answered_at=at,
                scores={"effort": 1 + i % 4, "stars": 4.5 if i % 2 else 1.5, "mood": i - 10},
            )
        )  # fmt: skip
    return items


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker) -> Iterator[Organization]:
    from django.core.management import call_command

    with django_db_blocker.unblock():
        organization = declare()
        company.record(organization, happened())
        yield organization
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def asked(desk: Organization, db: None) -> Inquiry:
    return Inquiry(organization=desk)


def test_at_least_is_missed_from_below(asked: Inquiry) -> None:
    found = promises(asked)
    assert one(found, "promise.kept", touchpoint="day").value == 0.75
    assert one(found, "promise.missed", touchpoint="day", rule="calendar").value == 0.25
    assert one(gaps(asked), "gap.mean", touchpoint="day").value == pytest.approx((5 * -10 + 15 * 5) / 20)


def test_at_least_is_advised_from_below(asked: Inquiry) -> None:
    found = advise(asked.at("day"), shares=(0.9,))
    assert one(found, "promise.advice").value == 80
    assert not [each for each in found if each.code == "promise.slack"]
    (cell,) = interactions(asked.at("day"), *COLUMNS)
    assert candidates(cell) is None


def test_a_needless_promise_is_warned_of(asked: Inquiry) -> None:
    """R34, R196: two days promised, two hours needed."""
    slack = one(advise(asked.at("mail")), "promise.slack")
    assert slack.value == 46
    assert "slack_large" in slack.warnings


def test_effort_that_points_down(asked: Inquiry) -> None:
    found = scores(asked)
    assert one(found, "score.effort").value == pytest.approx(2.5)
    assert one(found, "score.top", metric="easy").value == 0.75
    assert one(found, "score.effort").details == {"better": -1, "goal": 2.0}


def test_half_stars_are_in_their_own_unit(asked: Inquiry) -> None:
    found = scores(asked)
    assert one(found, "score.mean", measure="stars").value == pytest.approx(3.0)
    assert one(found, "score.top", metric="four").value == 0.5


def test_a_metric_that_does_not_fit_its_measure_says_so(asked: Inquiry) -> None:
    finding = one(scores(asked), "score.nps")
    assert (finding.value, finding.warnings) == (None, ("not_known",))
    assert finding.details["reason"]
    assert len(explore(asked.split("week"), "wrong")) == 3


def test_a_declared_metric_may_be_a_kept_rate(asked: Inquiry) -> None:
    found = explore(asked, "kept-in-time")
    assert {finding.code for finding in found} == {"promise.kept"}


def test_duration_has_a_mean(asked: Inquiry) -> None:
    finding = one(explore(asked, "speed"), "score.mean")
    assert (finding.value, finding.unit, finding.n) == (2.0, "hours", 500)


def test_an_open_scale_judges_nobody(asked: Inquiry) -> None:
    """Mood has no ends, so no value of it is bad; half of the stars lie in the worse half, a quarter of the efforts not."""
    mail = one(worst(asked), "worst.rank", touchpoint="mail")
    parts = {part["kind"]: part for part in mail.details["parts"]}
    assert parts["score"]["n"] == 40
    assert parts["score"]["share"] == pytest.approx(10 / 40)


def test_goals_are_read_in_their_direction(asked: Inquiry) -> None:
    finding = one(problems(asked), "problem.kind", touchpoint="mail")
    reasons = {sign["reason"] for sign in finding.details["evidence"]}
    assert reasons == {"goal", "needless_slack"}
    assert finding.details["kind"] == "both"
    assert overview(asked).under_goal.details["touchpoints"] == ["mail"]


def test_promises_in_days_and_hours_are_weighed_together(asked: Inquiry) -> None:
    found = overview(asked).kept
    assert found.value == pytest.approx((15 + 500) / 520)
    assert found.low < found.value
    assert found.method == "mover"


def test_a_small_distribution_is_not_laid_open(asked: Inquiry) -> None:
    cells = {cell.touchpoint.code: cell for cell in interactions(asked.also("day", "2026-03-02"))}
    assert distribution(cells["day"]) == ()
    assert distribution(cells["mail"]) == ((46.0, 25.0),)


def test_an_organization_without_declarations_has_nothing_to_say(asked: Inquiry) -> None:
    bare = Inquiry(organization=Organization.objects.create(code="bare", name="Bare"))
    assert (scores(bare), gaps(bare), promises(bare), worst(bare), problems(bare)) == ((), (), (), (), ())
