"""Words for improvements: states, kinds, sides, origins, and why something cannot be."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = Mapping[str, Lazy | str]

STATES: Words = {
    "idea": pgettext_lazy("state of an improvement", "Idea"),
    "agreed": pgettext_lazy("state of an improvement", "Agreed"),
    "doing": pgettext_lazy("state of an improvement", "Being done"),
    "done": pgettext_lazy("state of an improvement", "Done"),
    "measuring": pgettext_lazy("state of an improvement", "Being measured"),
    "verified": pgettext_lazy("state of an improvement", "Verified"),
    "no_effect_seen": pgettext_lazy("state of an improvement", "No effect seen"),
    "worse": pgettext_lazy("state of an improvement", "Worse"),
    "not_verifiable": pgettext_lazy("state of an improvement", "Not verifiable"),
    "standardised": pgettext_lazy("state of an improvement", "Standardised"),
    "dropped": pgettext_lazy("state of an improvement", "Dropped"),
}
# The columns of the board, and the states that stand in them.
COLUMNS: tuple[tuple[Lazy | str, tuple[str, ...]], ...] = (
    (pgettext_lazy("column of a board", "Ideas"), ("idea",)),
    (pgettext_lazy("column of a board", "Agreed"), ("agreed",)),
    (pgettext_lazy("column of a board", "Being done"), ("doing",)),
    (pgettext_lazy("column of a board", "Done, being measured"), ("done", "measuring")),
    (pgettext_lazy("column of a board", "Result"), ("verified", "no_effect_seen", "worse", "not_verifiable")),
    (pgettext_lazy("column of a board", "Standardised"), ("standardised",)),
)
KINDS: Words = {
    "repair": pgettext_lazy("kind of improvement", "Repair"),
    "innovate": pgettext_lazy("kind of improvement", "Innovate"),
    "quick_win": gettext_lazy("Quick win"),
}
SIDES: Words = {
    "promise": gettext_lazy("Fix the promise"),
    "delivery": gettext_lazy("Fix the delivery"),
    "both": gettext_lazy("Fix both sides"),
}
ORIGINS: Words = {
    "worst": gettext_lazy("From the worst touchpoint"),
    "cases": gettext_lazy("From a pattern of cases"),
    "audit": gettext_lazy("From a finding of an audit"),
    "topic": gettext_lazy("From a topic"),
    "member": gettext_lazy("By hand"),
}
METHODS: Words = {
    "comparison": gettext_lazy("Compared with places where nothing is changed"),
    "history": gettext_lazy("Compared with its own history"),
    "before_after": gettext_lazy("Before and after only: not verifiable"),
}
# Why no better test is possible, or why a result cannot be verified.
REASONS: Words = {
    "short_history": gettext_lazy(
        "There are fewer than twelve weeks with answers before, and too few other places."
    ),
    "history_trend": gettext_lazy("It was rising or falling already before."),
    "history_unstable": gettext_lazy("Its level had moved already before."),
    "no_spread": gettext_lazy("All answers were alike."),
    "too_few": gettext_lazy("Too few answered, before or after."),
    "not_done": gettext_lazy("Nobody said that it was done before the deadline."),
    "not_found": gettext_lazy("What was to be compared is not there any more."),
}
FAULTS: Mapping[tuple[str, str], Lazy | str] = {
    ("target", "not_better"): gettext_lazy("The target must be better than the level before."),
    ("target", "reached_anyway"): gettext_lazy(
        "This level is to be expected without doing anything: what was picked because it was bad gets better by itself. Aim further."
    ),
    ("target", "no_number"): gettext_lazy("Write the target as a number."),
    ("metric", "unknown"): gettext_lazy("This metric is not known here."),
    ("metric", "too_few"): gettext_lazy("Too few answered this here before: choose another metric."),
    ("metric", "no_rate"): gettext_lazy(
        "Nobody answered this here in the last 90 days: choose another metric."
    ),
    ("touchpoint", "needed"): gettext_lazy("Say first where it is to get better: a touchpoint or a unit."),
    ("works_from", "past"): gettext_lazy(
        "The day from which it works must not be past: a plan comes before its figures."
    ),
    ("deadline", "too_short"): gettext_lazy("Give it at least a week from the day on which it works."),
    ("before", "not_over"): gettext_lazy("The period before must be over when it begins to work."),
    ("before", "no_period"): gettext_lazy("Give the period before a first and a last day."),
    ("title", "empty"): gettext_lazy("Write a title."),
    ("words", "empty"): gettext_lazy("Write a few words."),
    ("reason", "empty"): gettext_lazy("Write why."),
    ("owner", "unknown"): gettext_lazy("Choose somebody who works here."),
    ("side", "fixed"): gettext_lazy("The side cannot be changed after the test."),
    ("cost_minor", "negative"): gettext_lazy("Money cannot be negative here."),
    ("value_minor", "negative"): gettext_lazy("Money cannot be negative here."),
}
EVENTS: Words = {
    "opened": pgettext_lazy("entry of a trail", "Opened"),
    "edited": pgettext_lazy("entry of a trail", "Changed"),
    "agreed": pgettext_lazy("entry of a trail", "Agreed, with a plan"),
    "planned_anew": pgettext_lazy("entry of a trail", "Planned anew"),
    "doing": pgettext_lazy("entry of a trail", "Begun"),
    "done": pgettext_lazy("entry of a trail", "Done"),
    "measuring": pgettext_lazy("entry of a trail", "Being measured"),
    "tested": pgettext_lazy("entry of a trail", "Tested as planned"),
    "standardised": pgettext_lazy("entry of a trail", "Standardised"),
    "dropped": pgettext_lazy("entry of a trail", "Dropped"),
    "taken_up": pgettext_lazy("entry of a trail", "Taken up again"),
    "note": pgettext_lazy("entry of a trail", "Note"),
    "task_added": pgettext_lazy("entry of a trail", "Task added"),
    "task_done": pgettext_lazy("entry of a trail", "Task done"),
    "task_open": pgettext_lazy("entry of a trail", "Task open again"),
}
FIELDS: Words = {
    "title": gettext_lazy("Title"),
    "hypothesis": gettext_lazy("Hypothesis"),
    "kind": gettext_lazy("Kind"),
    "side": gettext_lazy("Side of the gap"),
    "owner": gettext_lazy("Owner"),
    "partner": gettext_lazy("Partner"),
    "sponsor": gettext_lazy("Sponsor"),
    "promise": gettext_lazy("Promise"),
    "cost_minor": gettext_lazy("Cost"),
    "value_minor": gettext_lazy("Expected value"),
    "deadline": gettext_lazy("Deadline"),
}
