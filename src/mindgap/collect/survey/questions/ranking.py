"""Ranking: a place for each choice in a list to unfold; a script turns it into a list to be dragged."""

from mindgap.collect.survey.markup import Markup, Set, tag
from mindgap.collect.survey.questions.choice import in_order
from mindgap.collect.survey.questions.frame import Setting, group
from mindgap.collect.survey.words import say
from mindgap.keep.definition import Choice


def make(at: Setting) -> Markup:
    """The choices, each with its place."""
    drawn = {choice.code: _item(at, choice) for choice in at.question.choices}
    up, down = at.table["up"], at.table["down"]
    return group(
        at, tag("ol", in_order(at, drawn), class_="ranks", data_up=up, data_down=down), kind="ranking"
    )


def _item(at: Setting, choice: Choice) -> Markup:
    name = f"{at.code}.{choice.code}"
    places = [
        tag("option", str(place), value=str(place), holes=(Set(name, str(place), "selected"),))
        for place in range(1, len(at.question.choices) + 1)
    ]
    label = say(at.table, "place", choice=at.plain(choice.text, fallback=choice.code))
    field = tag("select", tag("option", "–", value=""), *places, name=name, aria_label=label)
    return tag("li", tag("span", at.text(choice.text, fallback=choice.code)), field)
