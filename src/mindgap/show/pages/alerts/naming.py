"""Words for alerts: triggers and what they want to know, columns of conditions, severities, faults, deliveries."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = dict[str, Lazy | str]

SEVERITIES: Words = {
    "info": pgettext_lazy("severity", "For information"),
    "warning": pgettext_lazy("severity", "Warning"),
    "critical": pgettext_lazy("severity", "Critical"),
}
LOOKS = {"info": "is-unclear", "warning": "is-worse", "critical": "is-danger"}
# Name and explanation.
TRIGGERS: dict[str, tuple[Lazy, Lazy]] = {
    "answer": (gettext_lazy("An answer"), gettext_lazy("An answer meets the condition: a low score, a comment, a place, a segment.")),
    "safety": (gettext_lazy("Safety"), gettext_lazy("A comment speaks of injury, illness, fire or danger.")),
    "callback_asked": (gettext_lazy("Call-back asked"), gettext_lazy("A customer agreed to be contacted about what they said.")),
    "repeat_complaint": (gettext_lazy("Repeated complaint"), gettext_lazy("A customer gives a low answer and gave low ones before.")),
    "keyword": (gettext_lazy("A word in the comment"), gettext_lazy("A comment holds one of your words, in either Chinese script.")),
    "promise_missed": (gettext_lazy("Promise missed"), gettext_lazy("Something is done, and not as it was promised.")),
    "late_untold": (gettext_lazy("Late, and the customer not told"), gettext_lazy("Something is due soon or overdue, and the customer has not been told so.")),
    "promise_contradiction": (gettext_lazy("Promises that contradict each other"), gettext_lazy("The places where one promise is made name different values.")),
    "metric_shift": (gettext_lazy("A level has moved"), gettext_lazy("A touchpoint is lastingly worse than usual, beyond chance.")),
    "no_response": (gettext_lazy("No response"), gettext_lazy("Somebody was asked and has not answered for so many days.")),
    "bounce": (gettext_lazy("Messages come back"), gettext_lazy("An invitation could not be delivered.")),
    "case_overdue": (gettext_lazy("Case overdue"), gettext_lazy("A case is past its time, and then some.")),
    "neglect": (gettext_lazy("Neglect"), gettext_lazy("Somebody complained and nobody did anything about it for days.")),
}  # fmt: skip
SETTINGS: Words = {
    "by": gettext_lazy("Only when missed by more than (in the promise's unit)"),
    "times": gettext_lazy("Low answers of one customer, at least"),
    "days": gettext_lazy("Days"),
    "lowest": gettext_lazy("A score is low up to (percent of its scale)"),
    "words": gettext_lazy("Words, one on each line"),
    "hours_before": gettext_lazy("Hours before it is due"),
    "hours": gettext_lazy("Hours after it was due"),
    "metric": gettext_lazy("Metric"),
    "least_n": gettext_lazy("Fewest answers in four weeks"),
    "false_a_year": gettext_lazy("False alerts a year that you accept, over all touchpoints"),
}
HINTS: Words = {
    "words": gettext_lazy("A star takes any ending: refund* finds refunded. Simplified and traditional characters are one."),
    "false_a_year": gettext_lazy("Fewer false alerts, and real changes are found later."),
}  # fmt: skip
COLUMNS: Words = {
    "touchpoint": gettext_lazy("Touchpoint"),
    "unit": gettext_lazy("Unit, with all below it"),
    "channel": gettext_lazy("Channel"),
    "language": gettext_lazy("Language"),
    "comment": gettext_lazy("Comment"),
    "lowest": gettext_lazy("Lowest score, in percent of its scale"),
    "promise": gettext_lazy("Promise"),
    "late": gettext_lazy("Missed by (in the promise's unit)"),
    "kept": gettext_lazy("Promise kept"),
    "told": gettext_lazy("Told before it was due"),
    "urgency": gettext_lazy("Urgency"),
    "level": gettext_lazy("Level of escalation"),
}
OPERATORS: Words = {
    "is": pgettext_lazy("condition", "is"),
    "not": pgettext_lazy("condition", "is not"),
    "in": pgettext_lazy("condition", "is one of"),
    "not_in": pgettext_lazy("condition", "is none of"),
    "at_least": pgettext_lazy("condition", "is at least"),
    "at_most": pgettext_lazy("condition", "is at most"),
    "above": pgettext_lazy("condition", "is above"),
    "below": pgettext_lazy("condition", "is below"),
    "empty": pgettext_lazy("condition", "is empty"),
    "filled": pgettext_lazy("condition", "is not empty"),
}
# What is wrong with a rule, and what to do about it.
FAULTS: Words = {
    "nobody": gettext_lazy("It fired and found nobody to tell. Choose other recipients, or give somebody the role."),
    "unreachable": gettext_lazy("It fired and its people could not be reached: set up a mail account under Sending, or an address for them."),
    "unreadable": gettext_lazy("Its condition cannot be read. Open it and save it again."),
    "failed": gettext_lazy("Its last look broke off; it tries again."),
}  # fmt: skip
SILENT: Words = {
    "cooldown": gettext_lazy("No message: one had gone out shortly before."),
    "nobody": gettext_lazy("Nobody was found to be told."),
    "unreachable": gettext_lazy("Nobody could be reached."),
    "told": gettext_lazy("No further message: they had heard of it by another rule."),
}
PROBLEMS: Words = {
    "no_account": gettext_lazy("There is no account to send it with."),
    "no_address": gettext_lazy("There is no address for it."),
}
DELIVERIES: Words = {
    "not_sent": pgettext_lazy("delivery", "not sent"),
    "waiting": pgettext_lazy("delivery", "waiting"),
    "sending": pgettext_lazy("delivery", "just being sent"),
    "sent": pgettext_lazy("delivery", "handed over"),
    "failed": pgettext_lazy("delivery", "failed"),
    "bounced": pgettext_lazy("delivery", "came back"),
    "suppressed": pgettext_lazy("delivery", "held back"),
    "delivered": pgettext_lazy("delivery", "delivered"),
}


def word(words: Words, code: str) -> str:
    """The word for a code; a code without words stands for itself."""
    return str(words.get(code, code))
