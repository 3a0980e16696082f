"""Questions with choices: radio buttons, boxes, a list to unfold; "other" has a field for words beside it."""

from collections.abc import Sequence

from mindgap.collect.survey import logic
from mindgap.collect.survey.markup import Described, Markup, Ordered, Set, Value, hole, join, tag
from mindgap.collect.survey.questions.frame import Setting, group, option, single, skip_radio
from mindgap.collect.survey.reading import SKIP
from mindgap.collect.survey.state import State
from mindgap.keep.definition import Choice


def make(at: Setting) -> Markup:
    """`single` and `multiple`."""
    type_ = "radio" if at.question.type == "single" else "checkbox"
    drawn = {each.code: join(_choice(at, each, type_), _other(at, each)) for each in at.question.choices}
    return group(
        at, tag("div", in_order(at, drawn), class_="options"), _skip(at, type_), kind=at.question.type
    )


def make_dropdown(at: Setting) -> Markup:
    """A list to unfold."""
    drawn = {
        each.code: tag(
            "option",
            at.text(each.text, fallback=each.code),
            value=each.code,
            holes=(Set(at.code, each.code, "selected"),),
        )
        for each in at.question.choices
    }
    skip = (
        tag("option", at.table["skip"], value=SKIP, holes=(Set(at.code, SKIP, "selected"),))
        if at.question.may_skip
        else None
    )
    field = tag(
        "select",
        tag("option", at.table["choose"], value=""),
        in_order(at, drawn),
        skip,
        name=at.code,
        id=f"{at.id}-field",
        holes=(Described(at.code, at.id, at.help_ids),),
    )
    return single(at, field, *[_other(at, each) for each in at.question.choices], kind="dropdown")


def in_order(at: Setting, drawn: dict[str, Markup]) -> Markup:
    """The choices in the order in which this respondent sees them."""
    if not at.question.shuffle:
        return join(*drawn.values())

    def order(state: State) -> Sequence[str]:
        return [choice.code for choice in logic.choices_in_order(at.question, state)]

    return hole(Ordered(drawn, order))


def _choice(at: Setting, choice: Choice, type_: str) -> Markup:
    words = tag("span", at.text(choice.text, fallback=choice.code))
    return option(words, type_=type_, name=at.code, value=choice.code)


def _other(at: Setting, choice: Choice) -> Markup | None:
    if not choice.other:
        return None
    name = f"{at.code}.{choice.code}"
    label = f"{at.plain(choice.text, fallback=choice.code)}: {at.table['other']}"
    return tag(
        "input",
        type="text",
        name=name,
        class_="other",
        aria_label=label,
        maxlength="500",
        holes=(Value(name),),
    )


def _skip(at: Setting, type_: str) -> Markup | None:
    if type_ == "radio" or not at.question.may_skip:
        return skip_radio(at, at.code)
    return option(
        tag("span", at.table["skip"]), type_="checkbox", name=at.code, value=SKIP, class_="option skip"
    )
