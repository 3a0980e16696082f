"""Stable codes in words. An unknown code is shown as it is rather than hidden."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def population(code: str) -> str:
    """Of whom a figure speaks; stands beside every figure."""
    return {
        "completed": _("completed interactions and answers without interaction"),
        "open": _("interactions still open"),
        "cancelled": _("cancelled interactions"),
        "not_cancelled": _("all interactions that were not cancelled, open ones as far as they were seen"),
        "missed": _("completed interactions whose promise was missed"),
        "register": _("the promise register"),
        "touchpoints": _("touchpoints with a goal"),
    }.get(code, code)


def rule(code: str | None) -> str:
    """How late is told from in time."""
    return {
        "calendar": _("late by calendar day"),
        "timestamp": _("late by timestamp"),
    }.get(code or "", code or "")


def warning(code: str) -> str:
    """What must be borne in mind."""
    return {
        "too_few": _("Too few answers to show a figure."),
        "not_known": _("The answers cannot say this yet."),
        "slack_negative": _("The promise is shorter than what can be kept."),
        "slack_large": _("The promise is needlessly long: a much shorter one would be kept too."),
        "no_goal": _("No goal is set here, so the experience is compared with the other touchpoints only."),
        "all_equal": _("All answers are the same, so they show no spread."),
        "small_expected": _("So few cases make the test rough."),
        "open_low": _("Too few answers to bound the value from below."),
        "open_high": _("Too few answers to bound the value from above."),
        "not_reached": _("Too many are still open to say."),
        "follow_up_short": _("Open ones were not followed up to the promise: the value is a lower bound."),
        "censored": _(
            "Some were still open before the promise fell due; they are counted as far as they were seen."
        ),
        "asked_early": _("Some customers were asked before they had the experience."),
    }.get(code, code)


def state(code: str) -> str:
    """The state of an interaction."""
    return {
        "none": _("without interaction"),
        "completed": _("completed"),
        "open": _("open"),
        "cancelled": _("cancelled"),
    }.get(code, code)


def outcome(code: str) -> str:
    """How it turned out against promise or expectation."""
    return {
        "exceeded": pgettext("outcome", "exceeded"),
        "met": pgettext("outcome", "met"),
        "missed": pgettext("outcome", "missed"),
        "kept": _("promise kept"),
    }.get(code, code)


def against(code: str) -> str:
    """What a gap is measured against."""
    return {"promise": _("the promise"), "expectation": _("the customer's expectation")}.get(code, code)


def kind(code: str) -> str:
    """The kind of a problem (R2)."""
    return {
        "experience_short": _("experience falls short"),
        "expectation_too_high": _("expectation too high"),
        "expectation_too_low": _("expectation too low"),
        "both": _("both experience and expectation"),
        "none_clear": _("no clear problem"),
    }.get(code, code)


def verdict(code: str) -> str:
    """What an experience was judged by."""
    return {
        "promise": _("promise missed"),
        "score": _("bad score"),
        "expectation": _("less than expected"),
    }.get(code, code)


def place(code: str) -> str:
    """Where the words of a promise stand."""
    return {
        "register": _("promise register"),
        "advertisement": _("advertisement"),
        "social": _("social media"),
        "website": _("website"),
        "script": _("call script"),
        "warranty": _("warranty"),
        "policy": _("policy"),
        "contract": _("contract"),
        "message": _("message"),
        "staff": _("staff"),
    }.get(code, code)


def column(code: str) -> str:
    """The name of a column of the facts; segments have names of their own."""
    return {
        "touchpoint": _("Touchpoint"),
        "channel": _("Channel"),
        "unit": _("Unit"),
        "measure": _("Measure"),
        "promise": _("Promise"),
        "source": _("Source of expectation"),
        "state": _("State"),
        "outcome": _("Outcome of the promise"),
        "outcome_time": _("Outcome by timestamp"),
        "early": _("Asked too early"),
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "asked_day": _("Day asked"),
        "value": _("Value"),
        "expected": _("Expected"),
        "promised": _("Promised"),
        "gap_promised": _("Gap to the promise"),
        "gap_expected": _("Gap to the expectation"),
    }.get(code, code.removeprefix("seg_"))


def metric(code: str) -> str:
    """The name of a figure that follows from the facts; declared metrics have names of their own."""
    return {
        "gap.promise": _("Gap to the promise"),
        "gap.expectation": _("Expectation gap"),
        "kept": _("Promise kept"),
        "missed": _("Promise missed"),
        "missed.timestamp": _("Promise missed, by timestamp"),
        "early": _("Asked too early"),
        "nps": _("Net Promoter Score"),
        "top": _("Share in the best boxes"),
        "mean": _("Mean"),
        "effort": _("Customer effort, mean"),
        "advice": _("Promise that can be kept"),
        "slack": _("Slack of the promise"),
        "bad": _("Share of bad experiences"),
        "told": _("Told before it was due"),
        "index": _("Index, 0 to 100"),
    }.get(code, code)
