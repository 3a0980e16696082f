"""Matrix: rows that are answered alike; side by side where there is room, one below the other where there is not."""

from mindgap.collect.survey import scale
from mindgap.collect.survey.markup import Markup, tag
from mindgap.collect.survey.questions.frame import Setting, group, option, skip_radio
from mindgap.collect.survey.questions.scored import ends_of, points
from mindgap.keep.definition import Choice


def make(at: Setting) -> Markup:
    """The rows, each a group of radio buttons."""
    ends, others = (None, ()) if at.question.choices else ends_of(at, at.id)
    rows = [_row(at, row, f"{at.id}-{place}") for place, row in enumerate(at.question.rows)]
    return group(at, ends, *rows, kind="matrix", others=others)


def _row(at: Setting, row: Choice, id_: str) -> Markup:
    name = f"{at.code}.{row.code}"
    if at.question.choices:
        drawn = [
            option(
                tag("span", at.text(choice.text, fallback=choice.code)),
                type_="radio",
                name=name,
                value=choice.code,
                class_="point",
            )
            for choice in at.question.choices
        ]
        buttons = tag("div", *drawn, class_="points worded")
    else:
        buttons = points(at, name, scale.points(at.question, at.definition, at.language))
    return tag(
        "div",
        tag("p", at.text(row.text, fallback=row.code), id=id_),
        buttons,
        skip_radio(at, name),
        class_="row",
        role="radiogroup",
        aria_labelledby=id_,
    )
