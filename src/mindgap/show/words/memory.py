"""Sentences of recovery and memory: what lasts of a problem that was put right, of a moment, of a whole journey."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mindgap.explain.finding import Finding
from mindgap.show.words.choice import Words, word
from mindgap.show.words.number import count, number, p_value, percent

Parts = dict[str, Any]

GROUPS: Words = {
    "no_problem": gettext_lazy("Never had a problem"),
    "recovered": gettext_lazy("Problem put right, as they say"),
    "not_recovered": gettext_lazy("Problem not put right"),
}
MOMENTS: Words = {
    "then": gettext_lazy("Said at the time"),
    "now": gettext_lazy("Remembered 60 to 90 days later"),
}
TERMS: Words = {
    "mean": gettext_lazy("Mean of the touchpoints"),
    "worst": gettext_lazy("Worst moment (peak)"),
    "last": gettext_lazy("Last moment (end)"),
    "touchpoints": gettext_lazy("Each touchpoint more"),
}


def _gap(finding: Finding, parts: Parts) -> str:
    parts |= {
        "before": count(finding.details.get("n_before")),
        "margin": number(finding.details.get("margin"), decimals=2),
        "days": finding.details["days"],
    }
    return {
        "paradox": _("Customers whose problem was put right are more content afterwards than those who never had one: %(value)s%(range)s on the scale, n %(n)s against %(before)s, within %(days)s days."),
        "restored": _("Customers whose problem was put right are as content afterwards as those who never had one: the step of %(value)s%(range)s lies within %(margin)s, n %(n)s against %(before)s, within %(days)s days."),
        "short": _("Customers whose problem was put right are still less content than those who never had one: %(value)s%(range)s on the scale, n %(n)s against %(before)s, within %(days)s days."),
    }.get(
        finding.details.get("verdict", ""),
        _("It cannot be said yet whether customers whose problem was put right are as content as those who never had one: %(value)s%(range)s, n %(n)s against %(before)s, within %(days)s days."),
    ) % parts  # fmt: skip


def _repeat(finding: Finding, parts: Parts) -> str:
    # A step between two shares is in points of a hundred.
    low, high = finding.low, finding.high
    parts |= {
        "value": number(100 * (finding.value or 0.0), signed=True),
        "low": number(None if low is None else 100 * low, signed=True),
        "high": number(None if high is None else 100 * high, signed=True),
        "before": count(finding.details.get("n_before")),
        "days": finding.details["days"],
    }
    return {
        "paradox": _("They come back more often than customers who never had a problem: %(value)s percentage points (%(low)s to %(high)s), n %(n)s against %(before)s, within %(days)s days."),
        "restored": _("They come back as often as customers who never had a problem, within five percentage points: %(value)s (%(low)s to %(high)s), n %(n)s against %(before)s, within %(days)s days."),
        "short": _("They come back less often than customers who never had a problem: %(value)s percentage points (%(low)s to %(high)s), n %(n)s against %(before)s, within %(days)s days."),
    }.get(
        finding.details.get("verdict", ""),
        _("It cannot be said yet whether they come back as often as customers who never had a problem: %(value)s percentage points (%(low)s to %(high)s), n %(n)s against %(before)s, within %(days)s days."),
    ) % parts  # fmt: skip


def _repaired(finding: Finding, parts: Parts) -> str:
    parts["before"] = count(finding.details.get("n_before"))
    return (
        _(
            "Against customers whose problem was not put right the step is %(value)s%(range)s, n %(n)s against %(before)s: what solving seems to gain, and no sign that a failure was worth having."
        )
        % parts
    )


def _group(finding: Finding, parts: Parts) -> str:
    parts["group"] = word(GROUPS, finding.group["recovery"])
    return _("%(group)s: %(value)s%(range)s, n %(n)s.") % parts


def _moment(finding: Finding, parts: Parts) -> str:
    parts["group"] = word(MOMENTS, finding.group["memory"])
    return _("%(group)s: %(value)s%(range)s, n %(n)s.") % parts


def _shift(finding: Finding, parts: Parts) -> str:
    if (finding.low or 0) <= 0 <= (finding.high or 0):
        return (
            _(
                "What is remembered does not clearly differ from what was said at the time (%(value)s%(range)s of 100, the same n %(n)s customers)."
            )
            % parts
        )
    if (finding.value or 0) > 0:
        return (
            _(
                "The experience is remembered better than it was said to be at the time: %(value)s%(range)s of 100, the same n %(n)s customers."
            )
            % parts
        )
    return _("The experience is remembered worse than it was said to be at the time: %(value)s%(range)s of 100, the same n %(n)s customers.") % parts  # fmt: skip


def _ending(finding: Finding, parts: Parts) -> str:
    parts["term"] = word(TERMS, finding.group["term"])
    return _("%(term)s: %(value)s%(range)s of the overall judgement per step, n %(n)s.") % parts


def ending_verdict(finding: Finding) -> str:
    """What a journey's worst and last moment add to its mean."""
    parts = {
        "p": p_value(finding.details.get("p")),
        "r2": percent(finding.details.get("r2"), decimals=0),
        "r2_mean": percent(finding.details.get("r2_mean"), decimals=0),
        "n": count(finding.n),
    }
    if finding.details["p"] < 0.05:
        return (
            _(
                "Worst and last moment count beyond the mean: they raise what is explained from %(r2_mean)s to %(r2)s (%(p)s, n %(n)s)."
            )
            % parts
        )
    return (
        _(
            "Worst and last moment add nothing clear to the mean: %(r2_mean)s is explained without, %(r2)s with them (%(p)s, n %(n)s)."
        )
        % parts
    )


SENTENCES: dict[str, Callable[[Finding, Parts], str]] = {
    "recovery.level": _group,
    "recovery.returned": _group,
    "recovery.gap": _gap,
    "recovery.repeat": _repeat,
    "recovery.repaired": _repaired,
    "memory.level": _moment,
    "memory.shift": _shift,
    "journey.ending": _ending,
}
