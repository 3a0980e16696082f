"""Pair: expectation and experience of one thing side by side (R13, R31): expected hollow and dashed, experienced
filled, as the gap is drawn everywhere.
"""

from mindgap.collect.survey import scale
from mindgap.collect.survey.markup import Described, Markup, tag
from mindgap.collect.survey.questions.entry import number_field
from mindgap.collect.survey.questions.frame import Setting, group, skip_box
from mindgap.collect.survey.questions.scored import ends_of, points
from mindgap.keep.definition import ASKS


def asks(at: Setting) -> tuple[str, ...]:
    """What this question asks, in the order in which it is shown."""
    return tuple(ask for ask in ASKS if ask in at.question.asks) or ("will", "got")


def make(at: Setting) -> Markup:
    """One group of buttons, or one field for a number, for each thing that is asked."""
    ends, others = ends_of(at, at.id)
    sides = tag("div", *[_side(at, ask) for ask in asks(at)], class_="sides")
    return group(at, ends, sides, skip_box(at), kind="pair", others=others)


def _side(at: Setting, ask: str) -> Markup:
    name, id_ = f"{at.code}.{ask}", f"{at.id}-{ask}"
    kind = "side experienced" if ask == "got" else "side expected"
    offered = scale.points(at.question, at.definition, at.language)
    if offered:
        label = tag("p", at.table[ask], id=id_, class_="mark")
        return tag(
            "div", label, points(at, name, offered), class_=kind, role="radiogroup", aria_labelledby=id_
        )
    label = tag("label", at.table[ask], for_=f"{id_}-field", class_="mark")
    described = Described(at.code, at.id, at.help_ids)
    return tag("div", label, number_field(at, name, f"{id_}-field", described), class_=kind)
