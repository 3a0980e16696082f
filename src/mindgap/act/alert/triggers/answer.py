"""Answer: what a customer said meets the condition: a low score, a comment, a place, a segment."""

from mindgap.act.alert.trigger import ANSWER, PLACE, PROMISE, SCORES, Trigger

TRIGGER = Trigger(
    code="answer",
    columns=(*SCORES, *PLACE, *PROMISE),
    rows=frozenset({ANSWER}),
    sees=lambda _row, _settings: {},
    needs_condition=True,
)
