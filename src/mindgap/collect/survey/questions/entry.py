"""Fields in which something is typed or picked: numbers, durations, dates, texts, contacts, files."""

from collections.abc import Callable, Sequence

from mindgap.collect.survey import attachment, typed
from mindgap.collect.survey.markup import (
    Body,
    Described,
    Filling,
    Markup,
    Value,
    Written,
    escape,
    hole,
    join,
    tag,
)
from mindgap.collect.survey.questions.frame import Setting, group, single, skip_box
from mindgap.collect.survey.reading import SKIP
from mindgap.collect.survey.words import number, say

# Which keyboard a phone shows, and what the browser may fill in.
_KEYBOARDS = {"email": "email", "phone": "tel", "url": "url", "digits": "numeric"}
_TYPES = {"email": "email", "phone": "tel", "url": "url"}
_FILLED = {"email": "email", "phone": "tel", "name": "name"}


def make_number(at: Setting) -> Markup:
    """A number, with the unit behind it."""
    described = Described(at.code, at.id, at.help_ids)
    field = number_field(at, at.code, f"{at.id}-field", described)
    return single(at, field, skip_box(at), kind="number")


def number_field(at: Setting, name: str, id_: str, described: Described) -> Markup:
    """The field of a number. Of type text: fields of type number lose what they cannot read, and scroll away."""
    question = at.question
    unit = at.table.get(question.unit, question.unit)
    whole = question.step == 1 and float(question.least or 0).is_integer()
    field = tag(
        "input",
        type="text",
        inputmode="numeric" if whole and (question.least or 0) >= 0 else "decimal",
        name=name,
        id=id_,
        autocomplete="off",
        maxlength="24",
        holes=(Value(name, SKIP), described),
    )
    return tag("span", field, tag("span", f" {unit}") if unit else None, class_="measure")


def make_date(at: Setting) -> Markup:
    """A day, picked or typed."""
    field = tag(
        "input",
        type="date",
        name=at.code,
        id=f"{at.id}-field",
        holes=(Value(at.code, SKIP), Described(at.code, at.id, at.help_ids)),
    )
    return single(at, field, skip_box(at), kind="date")


def make_text(at: Setting) -> Markup:
    """One line, or several."""
    question, id_ = at.question, f"{at.id}-field"
    described = Described(at.code, at.id, at.help_ids)
    most = int(question.most or (typed.TEXT_MOST if question.long else typed.LINE_MOST))
    if question.long:
        counted = number(most) if question.most else None
        field = tag(
            "textarea",
            hole(Body(at.code, SKIP)),
            name=at.code,
            id=id_,
            rows="4",
            data_most=counted,
            holes=(described,),
        )
    else:
        field = tag(
            "input",
            type=_TYPES.get(question.format, "text"),
            inputmode=_KEYBOARDS.get(question.format),
            autocomplete=_FILLED.get(question.format, "off"),
            name=at.code,
            id=id_,
            maxlength=str(most),
            holes=(Value(at.code, SKIP), described),
        )
    return single(at, field, skip_box(at), kind="text")


def make_contact(at: Setting) -> Markup:
    """How to reach somebody; each part may stay empty."""
    fields = [_contact(at, name, f"{at.id}-{name}") for name in at.question.fields]
    return group(at, *fields, kind="contact")


def make_file(at: Setting) -> Markup:
    """A file; one that was sent already is named."""
    kinds, most = attachment.kinds(at.question), attachment.most_mb(at.question)
    about = say(at.table, "file_most", most=most, kinds=", ".join(kinds))
    field = tag(
        "input",
        type="file",
        name=at.code,
        id=f"{at.id}-field",
        accept=",".join(_endings(kinds)),
        holes=(Described(at.code, at.id, (*at.help_ids, f"{at.id}-about")),),
    )
    return single(
        at,
        field,
        tag("p", about, class_="help", id=f"{at.id}-about"),
        hole(Written(_received(at))),
        kind="file",
    )


def _contact(at: Setting, name: str, id_: str) -> Markup:
    field_name = f"{at.code}.{name}"
    field = tag(
        "input",
        type=_TYPES.get(name, "text"),
        name=field_name,
        id=id_,
        autocomplete=_FILLED.get(name, "off"),
        maxlength="200",
        holes=(Value(field_name), Described(at.code, at.id)),
    )
    return join(tag("label", at.table.get(name, name), for_=id_), field)


def _endings(kinds: Sequence[str]) -> Sequence[str]:
    more = {"jpg": [".jpg", ".jpeg"], "heic": [".heic", ".heif"], "mp4": [".mp4", ".mov", ".m4a"]}
    return [ending for kind in kinds for ending in more.get(kind, [f".{kind}"])]


def _received(at: Setting) -> Callable[[Filling], str]:
    def write(filling: Filling) -> str:
        there = filling.state.answers.get(at.code)
        if not isinstance(there, dict):
            return ""
        return f'<p class="help">{escape(say(at.table, "file_kept", name=there["name"]))}</p>'

    return write
