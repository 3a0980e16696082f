"""Small groups, as an outsider sees them: one who has every answer of the product and subtracts (P9)."""

from typing import Any

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.explain import company

from mindgap.explain.compare import compare
from mindgap.explain.disclosure import _Axis, _hidden_cells, _line_by_line, _lines, concealed, policy, refuses
from mindgap.explain.explore import explore
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.journey import journeys
from mindgap.explain.overview import expectation_met, kept_overall
from mindgap.explain.promise import promises
from mindgap.explain.score import scores, trend
from mindgap.explain.subject import Subject
from mindgap.explain.worst import worst
from mindgap.ground.condition import Condition
from mindgap.keep import incoming
from mindgap.keep.models import Organization, Unit
from mindgap.measure import proportion

K = 5


def visit(key: str, score: int, **more: Any) -> incoming.Incoming:
    more = {"touchpoint": "store", "answered_at": company.START, **more}
    return incoming.Answer(key=key, scores={"satisfaction": score}, **more)


@pytest.fixture
def inquiry(transactional_db: None) -> Inquiry:
    """Three answers of a tiny channel, a tiny store below a region, a tiny touchpoint: all of them a 1."""
    organization = company.declare("tiny")
    north = Unit.objects.get(organization=organization, code="north")
    for code in ("jilin", "dalian"):
        Unit.objects.create(organization=organization, code=code, parent=north)
    items = [visit(f"web{i}", 5 - i % 2, channel="web", unit="harbin") for i in range(40)]
    items += [visit(f"shop{i}", 4, channel="shop", unit="jilin") for i in range(12)]
    items += [visit(f"few{i}", 1, channel="phone", unit="dalian") for i in range(3)]
    items += [visit(f"south{i}", 3, channel="web", unit="south") for i in range(30)]
    items += [visit(f"call{i}", 1, touchpoint="hotline") for i in range(3)]
    items += [visit(f"all{i}", 4, touchpoint="hotline2") for i in range(9)]
    company.Channel.objects.create(organization=organization, code="phone")
    company.Touchpoint.objects.create(organization=organization, code="hotline2")
    company.record(organization, items)
    return Inquiry(organization=organization)


def shown(found: tuple[Finding, ...]) -> dict[Any, tuple[float, float]]:
    """Group -> n and sum of the scores, of what is shown."""
    return {
        next(iter(each.group.values()), each.touchpoint): (each.n, each.n * each.value)
        for each in found
        if each.n and each.value is not None
    }


def test_the_only_small_group_takes_the_next_smallest_with_it(inquiry: Inquiry) -> None:
    (whole,) = explore(inquiry.at("store"), "csat")
    groups = shown(explore(inquiry.at("store").split("channel"), "csat"))
    assert whole.n == 85
    assert set(groups) == {"web"}
    # What is left after subtracting is no longer a small group, nor its mean.
    assert whole.n - sum(n for n, _ in groups.values()) == 15


def test_what_is_hidden_has_no_number_left(inquiry: Inquiry) -> None:
    found = explore(inquiry.at("store").split("channel"), "csat")
    hidden = [each for each in found if each.is_hidden]
    assert [each.group["channel"] for each in hidden] == ["shop", "phone"]
    for each in hidden:
        written = each.write()
        assert [written[name] for name in ("value", "low", "high", "n", "method")] == [
            None,
            None,
            None,
            None,
            "",
        ]
        assert not {"p", "step", "p_adjusted"} & set(written["details"])
        assert "behind" not in written


def test_a_unit_is_hidden_with_its_small_sibling_so_that_their_region_can_be_shown(inquiry: Inquiry) -> None:
    groups = shown(explore(inquiry.at("store").split("unit"), "csat"))
    region = shown(explore(inquiry.at("store").narrowed(Condition.of(unit="north")), "csat"))
    assert set(groups) == {"harbin", "south"}
    # Without the tree the region less its two other units would be the three.
    assert region["store"][0] - groups["harbin"][0] == 15


def test_what_is_said_over_all_touchpoints_leaves_out_those_too_small_to_be_shown(inquiry: Inquiry) -> None:
    one_by_one = shown(explore(inquiry, "csat"))
    (together,) = explore(inquiry, "csat", across=True)
    assert "hotline" not in one_by_one
    assert together.n == sum(n for n, _ in one_by_one.values())
    assert together.n * together.value == pytest.approx(sum(total for _, total in one_by_one.values()))


def test_groups_over_all_touchpoints_do_not_give_away_those_of_one(inquiry: Inquiry) -> None:
    (whole,) = explore(inquiry, "csat", across=True)
    groups = shown(explore(inquiry.split("channel"), "csat", across=True))
    assert whole.n - sum(n for n, _ in groups.values()) >= K


def test_a_report_hides_the_same_groups(inquiry: Inquiry) -> None:
    for by in ("channel", "unit"):
        asked = inquiry.at("store").split(by)
        explored = {str(each.group) for each in explore(asked, "csat") if each.is_hidden}
        assert {str(each.group) for each in scores(asked) if each.is_hidden} == explored


def test_a_week_of_few_is_not_the_rest_of_a_trend(inquiry: Inquiry) -> None:
    later = [visit(f"late{i}", 1, answered_at=company.START.replace(day=20)) for i in range(2)]
    later += [visit(f"mid{i}", 4, answered_at=company.START.replace(day=12)) for i in range(8)]
    company.record(inquiry.organization, later)
    asked = Inquiry(organization=inquiry.organization, touchpoint="store")
    (figure,) = company_figure(asked)
    weeks = trend(asked, figure)
    (whole,) = explore(asked, "csat")
    assert whole.n - sum(each.n or 0 for each in weeks) >= K
    assert [each.is_hidden for each in weeks] == [False, True, True]


def company_figure(inquiry: Inquiry) -> tuple[Any, ...]:
    from mindgap.explain.figure import find

    return find(inquiry.catalog, "csat")


def test_a_step_of_a_group_is_hidden_when_either_period_would_give_another_away(inquiry: Inquiry) -> None:
    from datetime import date

    from mindgap.explain.finding import Period

    later = [
        visit(
            f"{channel}-next{i}",
            3,
            channel=channel,
            unit="harbin",
            answered_at=company.START.replace(month=4),
        )
        for channel, n in (("web", 30), ("shop", 20), ("phone", 20))
        for i in range(n)
    ]
    company.record(inquiry.organization, later)
    asked = Inquiry(
        organization=inquiry.organization, touchpoint="store", by="channel",
        period=Period(date(2026, 4, 1), date(2026, 4, 30)),
    )  # fmt: skip
    steps = compare(asked, "csat")
    assert {each.group["channel"]: each.is_hidden for each in steps} == {
        "web": False,
        "shop": True,
        "phone": True,
    }
    assert all("n_before" not in each.details for each in steps if each.is_hidden)


def test_a_ranking_gives_no_small_candidate_away(inquiry: Inquiry) -> None:
    found = worst(inquiry.at("store").split("channel"))
    assert [(each.group["channel"], each.is_hidden) for each in found] == [
        ("web", False), ("shop", True), ("phone", True),
    ]  # fmt: skip
    assert not [each for each in found if each.is_hidden and set(each.details) - {"better"}]


def test_few_who_stated_no_expectation_are_not_the_difference_of_two_figures(inquiry: Inquiry) -> None:
    stated = [
        visit(
            f"gap{i}",
            4,
            touchpoint="hotline2",
            expected=(incoming.Statement(measure="satisfaction", value=5),),
        )
        for i in range(20)
    ]
    company.record(inquiry.organization, stated[:20])
    gone = Inquiry(organization=inquiry.organization)
    stop = next(stop for each in journeys(gone) for stop in each.stops if stop.code == "hotline2")
    # Nine without expectation beside twenty: the gap may stand there.
    assert (stop.experienced.n, stop.gap.n) == (29, 20)
    assert refuses(29, 26)
    assert not refuses(29, 29)
    assert not refuses(None, 3)


def test_a_promise_kept_by_nearly_all_does_not_tell_what_the_few_others_said(transactional_db: None) -> None:
    organization = company.declare("kept")
    items = []
    for i in range(40):
        items += company.completed(f"d{i}", "web", "south", 3 if i < 37 else 7, 5 if i < 37 else 1)
    company.record(organization, items)
    found = scores(Inquiry(organization=organization, touchpoint="delivery"))
    headline = company.one(found, "score.mean", group={})
    kept = company.one(found, "score.mean", group={"promise": "kept"})
    assert headline.n == 40
    assert kept.is_hidden


def test_kept_overall_is_that_of_the_touchpoints_shown(transactional_db: None) -> None:
    organization = company.declare("two")
    days = company.Measure.objects.get(organization=organization, code="days")
    second = company.Touchpoint.objects.create(organization=organization, code="pickup", measure=days)
    company.Promise.objects.create(
        organization=organization, touchpoint=second, measure=days, code="pick", quantity=5
    )
    items = [each for i in range(30) for each in company.completed(f"d{i}", "web", "south", 3)]
    items += [
        incoming.Interaction(
            key=f"p{i}", touchpoint="pickup", started_at=company.START, promise="pick",
            experienced_at=company.START.replace(day=20),
        )
        for i in range(2)
    ]  # fmt: skip
    company.record(organization, items)
    asked = Inquiry(organization=organization)
    overall = kept_overall(asked)
    alone = [each for each in promises(asked) if each.code == "promise.kept"]
    assert overall is not None
    assert overall.n == sum(each.n or 0 for each in alone) == 30
    assert overall.value == 1.0
    assert expectation_met(asked) == ()


_ns = st.lists(st.integers(0, 12), min_size=2, max_size=9)


@hypothesis_settings(max_examples=200, deadline=None)
@given(ns=_ns)
def test_in_a_row_the_rest_is_never_a_few(ns: list[int]) -> None:
    """Whatever the groups: the total less all that is shown is nobody, or enough."""
    organization = Organization(id=0)
    axis = _Axis.of("channel", list(range(len(ns))), Inquiry.__new__(Inquiry))
    assert organization.id == 0
    hidden = _hidden_cells([axis], np.array(ns, dtype=float))
    rest = int(np.array(ns)[hidden].sum())
    assert rest == 0 or rest >= K or sum(ns) < K
    assert (np.array(ns)[~hidden] >= K).all() or 0 in np.array(ns)[~hidden]


@hypothesis_settings(max_examples=100, deadline=None)
@given(table=st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4))
def test_line_by_line_leaves_no_line_with_a_few(table: list[list[int]]) -> None:
    """The quick way for large tables holds every row, column and total."""
    ns = np.array(table, dtype=float)
    axes = [_Axis.of("channel", list(range(size)), Inquiry.__new__(Inquiry)) for size in ns.shape]
    whole = ns
    for i, axis in enumerate(axes):
        whole = np.moveaxis(np.tensordot(axis.cover(), whole, axes=(1, i)), 0, i)
    flat, lines = whole.ravel(), _lines(axes)
    hidden = _line_by_line(flat, lines, K)
    for total, parts in lines:
        rest = flat[parts][hidden[parts]].sum()
        assert hidden[total] or rest == 0 or rest >= K or not (flat[parts] > 0)[~hidden[parts]].any()


@pytest.mark.django_db
def test_findings_without_groups_are_left_alone() -> None:
    organization = Organization.objects.create(code="x")
    asked = Inquiry(organization=organization)
    subject = Subject.of(asked, metric="m")
    found = [subject.about(touchpoint=name).states("score.top", n, lambda n=n: proportion(1, n)) for name, n in (("a", 9), ("b", 2))]  # fmt: skip
    assert [each.n for each in concealed(found, asked)] == [9, None]


def test_the_policy_is_that_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SMALLEST_GROUP", 10)
    assert (policy().least(), policy().least("comment")) == (10, 10)
