"""`mindgap compare`, `event`, `chart`, `expectation`, `index` and `retention` as people and programs use them."""

# ruff: noqa: F811 - a fixture is imported and then named

import json

import pytest
from click.testing import CliRunner
from tests.explain.conftest import acme  # noqa: F401

from mindgap.keep.models import Organization
from mindgap.show.cli import chart, compare, event, expectation, index, retention

pytestmark = pytest.mark.django_db
PERIODS = ("--before", "2026-03-02..2026-03-05", "--after", "2026-03-06..2026-03-31")


def run(command, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(command, arguments, catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return done.output


def findings(command, *arguments: str) -> list[dict]:
    return json.loads(run(command, *arguments, "--json"))


def test_channels_are_compared(acme: Organization) -> None:
    asked = ("--metric", "missed", "--treated", "web", "--by", "channel", *PERIODS, "--not-picked")
    (found,) = findings(compare.command, *asked)
    assert found["code"] == "comparison.effect"
    assert found["group"] == {"channel": "web"}
    text = run(compare.command, *asked).replace("\n", " ")
    assert "Promise missed" in text


def test_a_period_that_is_none_and_a_plan_that_contradicts_itself_are_said(acme: Organization) -> None:
    asked = ("--metric", "csat", "--treated", "store")
    assert "write it as" in run(compare.command, *asked, "--before", "spring", *PERIODS[2:], code=2)
    turned = ("--before", PERIODS[3], "--after", PERIODS[1])
    assert "must end before" in run(compare.command, *asked, *turned, code=1)
    assert "touchpoint has no 'moon'" in run(
        compare.command, "--metric", "csat", "--treated", "moon", *PERIODS, code=1
    )


def test_an_event_and_a_chart_of_one_week_say_that_they_cannot_tell(acme: Organization) -> None:
    found = findings(event.command, "--metric", "csat", "--on", "2026-03-06", "--touchpoint", "delivery")
    assert {each["value"] for each in found} == {None}
    by = findings(event.command, "--metric", "csat", "--on", "2026-03-06", "--by", "channel")
    assert {"web", "shop"} <= {each["group"].get("channel") for each in by}
    lines = findings(
        chart.command, "--touchpoint", "delivery", "--where", "channel=web", "--month", "--baseline", "2"
    )
    assert {each["code"] for each in lines} == {"chart.line"}
    assert {str(each["filter"]) for each in lines} == {"{'channel': 'web'}"}
    assert "there is no column 'colour'" in run(chart.command, "--where", "colour=red", code=1)


def test_what_is_not_declared_is_an_empty_answer(acme: Organization) -> None:
    assert findings(index.command) == []
    assert "Nothing has been counted" in run(index.command)
    assert {each["code"] for each in findings(expectation.command, "--outcome", "loyalty")} <= {
        "expectation.drift", "expectation.surface",
    }  # fmt: skip


def test_nobody_known_came_back(acme: Organization) -> None:
    assert findings(retention.command, "--metric", "loyalty.nps", "--days", "30") == []
    assert findings(retention.command) == []
    assert "metric has no" in run(retention.command, "--metric", "moon", code=1)
