"""Call-back asked: the customer ticked that we may contact them about what they said."""

from mindgap.act.alert.trigger import CALLBACK, PLACE, SCORES, Trigger

TRIGGER = Trigger(
    code="callback_asked",
    columns=(*SCORES, *PLACE),
    rows=frozenset({CALLBACK}),
    sees=lambda _row, _settings: {},
)
