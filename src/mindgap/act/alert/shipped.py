"""Shipped: the rules that every organization begins with, switched off, in three languages."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from mindgap.act.alert.rule import AlertRule
from mindgap.keep.models import Organization

_SHIPPED = Path(__file__).with_name("shipped.toml")


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The rules as they are written in the file, in order."""
    return tuple(tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))["rules"])


def missing(organization: Organization) -> int:
    """How many of the shipped ones the organization does not have."""
    have = set(AlertRule.objects.filter(organization=organization).values_list("code", flat=True))
    return sum(each["code"] not in have for each in shipped())


def plant(organization: Organization, *, is_active: bool = False) -> int:
    """Add the shipped ones whose code is not taken; how many. What was changed here stays; safe to run twice.

    With `is_active` those that make sense at any organization are on, as for the sample company.
    """
    have = set(AlertRule.objects.filter(organization=organization).values_list("code", flat=True))
    made = [
        _rule(organization, each, is_active=is_active and each.get("sample", False))
        for each in shipped()
        if each["code"] not in have
    ]
    # Two who begin at the same moment get one set.
    AlertRule.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _rule(organization: Organization, about: dict[str, Any], *, is_active: bool) -> AlertRule:
    roles = [{"to": "role", "role": role} for role in about["roles"]]
    return AlertRule(
        organization=organization,
        code=about["code"],
        name=about["name"],
        trigger=about["trigger"],
        condition=about.get("condition", {}),
        settings=about.get("settings", {}),
        severity=about["severity"],
        recipients=[*roles, *([{"to": "owner"}] if about.get("owner") else [])],
        opens_case=about.get("opens_case", False),
        cooldown_hours=about.get("cooldown_hours", 24),
        quiet_from=about.get("quiet", ["", ""])[0],
        quiet_to=about.get("quiet", ["", ""])[1],
        is_active=is_active,
    )
