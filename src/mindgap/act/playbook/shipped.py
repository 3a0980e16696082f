"""Shipped: the playbooks that every organization begins with, in three languages. It may change them, or write others."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from mindgap.act.playbook.playbook import Playbook
from mindgap.keep.models import Organization

_SHIPPED = Path(__file__).with_name("shipped.toml")


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The playbooks as they are written in the file, in order."""
    return tuple(tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))["playbooks"])


def missing(organization: Organization) -> int:
    """How many of the shipped ones the organization does not have."""
    have = set(Playbook.objects.filter(organization=organization).values_list("code", flat=True))
    return sum(each["code"] not in have for each in shipped())


def plant(organization: Organization) -> int:
    """Add the shipped ones whose code is not taken; how many. What was changed here stays as it is; safe to run twice."""
    have = set(Playbook.objects.filter(organization=organization).values_list("code", flat=True))
    made = [_playbook(organization, each) for each in shipped() if each["code"] not in have]
    # Two who begin at the same moment get one set.
    Playbook.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _playbook(organization: Organization, about: dict[str, Any]) -> Playbook:
    return Playbook(
        organization=organization,
        code=about["code"],
        name=about["name"],
        steps=about["steps"],
        kinds=about.get("kinds", []),
        causes=about.get("causes", []),
        topics=about.get("topics", []),
        severities=about.get("severities", []),
        shipped=about["code"],
    )
