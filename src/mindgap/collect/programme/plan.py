"""Plan: what the JSON columns of a programme mean, read once; whom it concerns and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from mindgap.ground.condition import BadCondition, Condition
from mindgap.keep.interaction import COMPLETED, STATES
from mindgap.keep.models import Customer, Interaction, Programme

UNITS = ("day", "week", "month")
EXPIRES_DAYS = 30
# What happened longer ago is history that was imported, not something to ask about now.
FRESH_DAYS = 7
# The attribute in which customers say where they are, and which channel they like best.
ZONE, PREFERRED = "zone", "preferred_channel"


class BadPlan(ValueError):
    """A programme whose settings cannot be understood; the words say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A programme's settings. `every` 0: one wave only. `echo_of`: the programme whose answers are echoed."""

    touchpoint: str = ""
    state: str = STATES[COMPLETED]
    every: int = 1
    unit: str = "month"
    at: time = time(9)
    echo_of: str = ""
    after_days: int = 60
    until_days: int = 90
    needs_consent: bool = False
    expires_days: int = EXPIRES_DAYS
    fresh_days: int = FRESH_DAYS
    thanks: bool = False
    condition: Condition = field(default_factory=Condition)

    @classmethod
    def of(cls, programme: Programme) -> "Plan":
        """The plan of a programme; `BadPlan` when a setting makes no sense."""
        raw = programme.event if programme.trigger == "event" else programme.schedule
        try:
            return cls._read(raw or {}, Condition.read(programme.condition))
        except (BadCondition, ValueError, TypeError, AttributeError) as problem:
            raise BadPlan(f"{programme.code}: {problem}") from problem

    @classmethod
    def _read(cls, raw: Mapping[str, Any], condition: Condition) -> "Plan":
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw and name != "condition"}
        if "at" in known:
            known["at"] = time.fromisoformat(str(known["at"]))
        for name in ("every", "after_days", "until_days", "expires_days", "fresh_days"):
            if name in known:
                known[name] = int(known[name])
                if known[name] < 0:
                    raise ValueError(f"{name} is below zero")
        plan = cls(**known, condition=condition)
        if plan.unit not in UNITS or plan.state not in STATES.values():
            raise ValueError(f"no such unit or state: {plan.unit!r}, {plan.state!r}")
        return plan


def moment(interaction: Interaction) -> datetime:
    """When it happened what a programme asks about."""
    if interaction.state == COMPLETED:
        return interaction.experienced_at or interaction.started_at
    return interaction.observed_until or interaction.started_at


def concerns(plan: Plan, interaction: Interaction) -> bool:
    """Whether an interaction is one that the programme asks about; its touchpoint and unit are loaded with it."""
    return (
        interaction.touchpoint.code == plan.touchpoint
        and STATES[interaction.state] == plan.state
        and plan.condition.holds(row(interaction.customer, interaction))
    )


def row(customer: Customer | None, interaction: Interaction | None = None) -> dict[str, Any]:
    """What conditions see, by column: `segment.<code>`, `attribute.<name>`, `language`, and of the interaction
    `touchpoint`, `channel`, `unit`, `state`, `value`, `promised`, `expected`, `late` and `revenue`.
    """
    found: dict[str, Any] = {}
    for each in (customer, interaction):
        if each is not None:
            found |= {f"segment.{code}": text for code, text in each.segments.items()}
            found |= {f"attribute.{name}": text for name, text in each.attributes.items()}
    if customer is not None:
        found["language"] = customer.language
    if interaction is not None:
        found |= _happened(interaction)
    return found


def _happened(interaction: Interaction) -> dict[str, Any]:
    measure = interaction.touchpoint.measure
    numbers = {
        name: None if steps is None or measure is None else float(steps * measure.step)
        for name, steps in (
            ("value", interaction.value), ("promised", interaction.promised), ("expected", interaction.expected),
        )
    }  # fmt: skip
    done, due = interaction.experienced_at, interaction.due_at
    return {
        **numbers,
        "touchpoint": interaction.touchpoint.code,
        "channel": interaction.channel.code if interaction.channel else "",
        "unit": interaction.unit.code if interaction.unit else "",
        "state": STATES[interaction.state],
        "late": None if due is None or done is None else done > due,
        "revenue": None if interaction.revenue_minor is None else interaction.revenue_minor / 100,
    }


def window(programme: Programme, plan: Plan, due: datetime) -> datetime:
    """The moment after which a candidate that was due then is not asked any more."""
    deadline = due + timedelta(days=plan.fresh_days)
    return min(deadline, programme.until) if programme.until else deadline
