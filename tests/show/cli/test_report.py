"""`mindgap report`, `worst` and `promise` as people and programs use them."""

# ruff: noqa: F811 - a fixture is imported and then named

import json

import pytest
from click.testing import CliRunner
from tests.explain.conftest import acme  # noqa: F401

from mindgap.keep.models import Organization
from mindgap.show.cli import driver, promise, report, worst

pytestmark = pytest.mark.django_db

KEYS = {
    "code", "touchpoint", "measure", "metric", "value", "low", "high", "n", "population", "rule", "period",
    "filter", "group", "warnings",
}  # fmt: skip


def run(command, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(command, arguments, catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return done.output


def findings(command, *arguments: str) -> list[dict]:
    return json.loads(run(command, *arguments, "--json"))


def test_json_is_a_list_of_findings(acme: Organization) -> None:
    found = findings(report.command)
    assert {"score.nps", "score.mean", "score.top", "gap.mean", "gap.quantile", "gap.share", "promise.kept",
            "promise.missed", "asked.early"} <= {each["code"] for each in found}  # fmt: skip
    assert all(set(each) >= KEYS for each in found)
    assert {each["rule"] for each in found if each["code"] == "promise.missed"} == {"calendar", "timestamp"}
    assert found[0]["period"] == {"since": None, "until": None}


def test_people_get_the_sentence_interval_n_and_population(acme: Organization) -> None:
    text = run(report.command, "--touchpoint", "delivery")
    assert "on average 0.6 days" in text.replace("\n", " ")
    assert "not_cancelled" in text
    assert "late by timestamp" in text


def test_the_options_narrow_what_is_asked(acme: Organization) -> None:
    found = findings(report.command, "--touchpoint", "delivery", "--by", "channel", "--where", "unit=north",
                     "--since", "2026-03-01", "--until", "2026-03-31")  # fmt: skip
    assert {str(each["group"]) for each in found} == {"{'channel': 'web'}"}
    assert found[0]["filter"] == {"unit": "north"}
    assert found[0]["period"] == {"since": "2026-03-01", "until": "2026-03-31"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--by", "colour"), "there is no column 'colour'"),
        (("--touchpoint", "moon"), "touchpoint has no 'moon'"),
        (("--where", "channel"), "is not COLUMN=VALUE"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "before it begins"),
    ],
)
def test_what_cannot_be_asked_is_a_message(
    acme: Organization, arguments: tuple[str, ...], words: str
) -> None:
    assert words in run(report.command, *arguments, code=1)


def test_an_empty_period_says_so(acme: Organization) -> None:
    assert findings(report.command, "--since", "2030-01-01") == []
    assert "Nothing has been counted here yet" in run(report.command, "--since", "2030-01-01")


def test_the_worst_come_first(acme: Organization) -> None:
    found = findings(worst.command, "--by", "unit", "--touchpoint", "delivery")
    assert [each["group"]["unit"] for each in found] == ["south", "harbin"]
    assert {each["code"] for each in found} == {"worst.rank"}
    assert "is number 1" in run(worst.command)


def test_advice_and_audit(acme: Organization) -> None:
    advised = findings(promise.command, "advise", "--share", "0.9")
    assert [each["details"]["share"] for each in advised if each["code"] == "promise.advice"] == [0.9, 0.9]
    assert [each["population"] for each in advised if each["code"] == "promise.advice"] == [
        "not_cancelled",
        "completed",
    ]
    audited = findings(promise.command, "audit")
    assert [each["code"] for each in audited] == ["promise.contradiction", "promise.coverage"]
    assert "3 days or 5 days" in run(promise.command, "audit").replace("\n", " ")


def test_drivers_are_told_in_sentences_and_as_findings(acme: Organization) -> None:
    found = findings(
        driver.command, "--outcome", "satisfaction", "--touchpoint", "delivery", "--group", "time=days"
    )
    assert [each["code"] for each in found] == ["driver.model", "driver.share", "driver.group"]
    assert found[0]["n"] == 100
    text = run(driver.command, "--outcome", "satisfaction", "--touchpoint", "delivery").replace("\n", " ")
    assert "the drivers explain" in text
    assert "rank 1" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--outcome", "joy"), "measure has no 'joy'"),
        (("--outcome", "loyalty", "--driver", "loyalty"), "cannot drive"),
    ],
)
def test_drivers_that_cannot_be_asked_for_say_why(
    acme: Organization, arguments: tuple[str, ...], words: str
) -> None:
    assert words in run(driver.command, *arguments, code=1)


def test_a_group_needs_a_name(acme: Organization) -> None:
    assert "is not NAME=CODE" in run(driver.command, "--outcome", "loyalty", "--group", "days", code=2)
