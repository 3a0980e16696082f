"""Scored questions: radio buttons on a scale, whether drawn as numbers, stars, faces or words."""

from mindgap.collect.survey import faces, scale
from mindgap.collect.survey.markup import Markup, join, tag
from mindgap.collect.survey.questions import entry
from mindgap.collect.survey.questions.frame import Setting, group, option, skip_radio
from mindgap.collect.survey.words import say


def make(at: Setting) -> Markup:
    """The question with its points; one whose scale has too many points is a field for a number."""
    offered = scale.points(at.question, at.definition, at.language)
    if not offered:
        return entry.make_number(at)
    ends, others = ends_of(at, at.id)
    return group(
        at, ends, points(at, at.code, offered), skip_radio(at, at.code), kind=at.question.type, others=others
    )


def points(at: Setting, name: str, offered: tuple[scale.Point, ...]) -> Markup:
    """The radio buttons; each says its number, and its word where it has one."""
    most = offered[-1].written
    style = _style(at.question.type, offered)
    drawn = [
        option(
            _face(at, point, most, style=style), type_="radio", name=name, value=point.written, class_="point"
        )
        for point in offered
    ]
    return tag("div", *drawn, class_=f"points {style} n{len(offered)}")


def ends_of(at: Setting, id_: str) -> tuple[Markup | None, tuple[str, ...]]:
    """What stands at the two ends, and the id by which a group of buttons is described by it."""
    low, high = scale.ends(at.question, at.definition, at.language)
    offered = scale.points(at.question, at.definition, at.language)
    if not (low or high) or not offered:
        return None, ()
    first, last = offered[0].written, offered[-1].written
    shown = tag(
        "p",
        tag("span", f"{first} = {low}" if low else None),
        tag("span", f"{last} = {high}" if high else None),
        class_="ends",
        id=f"{id_}-ends",
    )
    return shown, (f"{id_}-ends",)


def _style(type_: str, offered: tuple[scale.Point, ...]) -> str:
    if type_ == "stars":
        return "stars"
    if offered[0].face is not None:
        return "faces"
    return "worded" if any(point.label for point in offered) else "numbers"


def _face(at: Setting, point: scale.Point, most: str, *, style: str) -> Markup:
    if style == "worded":
        return tag("span", point.label or point.written)
    if point.face is not None:
        return tag(
            "span",
            faces.draw(at.question.type, point.face),
            tag("span", point.label or point.written, class_="small"),
        )
    if style == "stars":
        return tag(
            "span",
            tag("span", "★", class_="picture", aria_hidden="true"),
            tag("span", point.written, class_="small", aria_hidden="true"),
            tag("span", point.label or say(at.table, "of", value=point.written, most=most), class_="sr"),
        )
    return join(tag("span", point.written))
