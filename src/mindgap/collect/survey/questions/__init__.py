"""Questions as HTML: one file per family; `MAKERS` says which family draws which type."""

from collections.abc import Callable

from mindgap.collect.survey.markup import Markup
from mindgap.collect.survey.questions import choice, consent, entry, matrix, pair, ranking, scored
from mindgap.collect.survey.questions.frame import Setting

MAKERS: dict[str, Callable[[Setting], Markup]] = {
    **dict.fromkeys(("nps", "stars", "faces", "satisfaction", "effort", "rating", "emotion"), scored.make),
    **dict.fromkeys(("single", "multiple"), choice.make),
    "dropdown": choice.make_dropdown,
    "ranking": ranking.make,
    "matrix": matrix.make,
    "pair": pair.make,
    **dict.fromkeys(("duration", "number"), entry.make_number),
    "date": entry.make_date,
    "text": entry.make_text,
    "contact": entry.make_contact,
    "file": entry.make_file,
    "consent": consent.make,
    "statement": consent.make_statement,
}


def make(setting: Setting) -> Markup:
    """The HTML of one question."""
    return MAKERS[setting.question.type](setting)
