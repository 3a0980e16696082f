"""`mindgap memory` as people and programs use it."""

# ruff: noqa: F811 - a fixture is imported and then named

import json

import pytest
from click.testing import CliRunner
from tests.explain.conftest import acme  # noqa: F401

from mindgap.keep.models import Organization
from mindgap.show.cli import memory

pytestmark = pytest.mark.django_db


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(memory.command, arguments, catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return done.output


def test_groups_and_steps_are_findings(acme: Organization) -> None:
    """Nobody had a case yet, and nobody is known: each group is there, with nobody in it."""
    found = json.loads(run("--measure", "satisfaction", "--json"))
    assert [each["code"] for each in found] == [
        *["recovery.level"] * 3, "recovery.gap", *["recovery.returned"] * 3, "recovery.repeat", *["journey.ending"] * 4,
    ]  # fmt: skip
    assert {each["n"] for each in found} == {0}
    assert "satisfaction" in {each["measure"] for each in found}
    assert run("--days", "30")


def test_a_measure_that_is_not_asked_is_told(acme: Organization) -> None:
    assert "use one of loyalty, satisfaction, effort" in run("--measure", "days", code=2)
    assert "there is no column 'colour'" in run("--where", "colour=red", code=1)
