"""Length: how long answering takes, roughly.

A rule of thumb to plan with, not a measurement: seconds per question by type, and half of that for what only some
are asked. Once people have answered, the time they took is the better figure.
"""

from mindgap.keep.definition import SCORED, Definition, Question

_SECONDS = {
    **dict.fromkeys(SCORED, 5),
    "single": 5,
    "multiple": 8,
    "dropdown": 6,
    "ranking": 15,
    "duration": 6,
    "number": 6,
    "date": 8,
    "consent": 3,
    "contact": 20,
    "file": 30,
    "statement": 5,
}
_LONG, _SHORT, _EACH = 20, 8, 4


def seconds(definition: Definition) -> int:
    """Seconds that somebody takes who answers everything once."""
    whole = 0.0
    for page in definition.pages:
        for question in page.questions:
            whole += _of(question) * (0.5 if page.show_if or question.show_if else 1)
    return round(whole)


def _of(question: Question) -> int:
    if question.type == "text":
        return _LONG if question.long else _SHORT
    if question.type == "pair":
        return _EACH * max(2, len(question.asks))
    if question.type == "matrix":
        return _EACH * len(question.rows)
    return _SECONDS[question.type]
