"""What every question has around it: its words, its help, its fault, and "does not apply"."""

from dataclasses import dataclass

from mindgap.collect.survey import logic
from mindgap.collect.survey.markup import (
    Child,
    Described,
    FaultOf,
    Hole,
    Markup,
    Piped,
    Set,
    hole,
    join,
    tag,
)
from mindgap.collect.survey.reading import SKIP
from mindgap.collect.survey.words import Table
from mindgap.keep.definition import Definition, Question, Words


@dataclass(frozen=True, slots=True)
class Setting:
    """One question of a definition in one language; `id` names its elements."""

    question: Question
    definition: Definition
    language: str
    table: Table
    id: str

    def text(self, texts: Words, *, fallback: str = "") -> Markup:
        """An author's text; answers are put into it where it asks for them."""
        return written(logic.words(texts, self.language, self.definition, fallback=fallback))

    def plain(self, texts: Words, *, fallback: str = "") -> str:
        """An author's text for an attribute, where nothing is put in."""
        return logic.words(texts, self.language, self.definition, fallback=fallback)

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def help_ids(self) -> tuple[str, ...]:
        return (f"{self.id}-help",) if self.question.help else ()


def written(text: str) -> Markup:
    """An author's text as markup."""
    return hole(Piped(text)) if logic.is_piped(text) else join(text)


def legend(at: Setting) -> Markup:
    """The question itself and whether it must be answered."""
    mark = tag("span", f" ({at.table['required']})", class_="req") if at.question.required else None
    return join(tag("span", at.text(at.question.text, fallback=at.code), class_="ask"), mark)


def after(at: Setting) -> Markup:
    """Help and fault: what stands between the question and its field."""
    help_ = (
        tag("p", at.text(at.question.help), class_="help", id=f"{at.id}-help") if at.question.help else None
    )
    return join(help_, hole(FaultOf(at.code, at.id)))


def group(at: Setting, *children: Child, kind: str, others: tuple[str, ...] = ()) -> Markup:
    """A question of several fields."""
    described = Described(at.code, at.id, (*at.help_ids, *others), invalid=False)
    return tag(
        "fieldset",
        tag("legend", legend(at)),
        after(at),
        *children,
        class_=f"q {kind}",
        id=at.id,
        tabindex="-1",
        holes=(described,),
    )


def single(at: Setting, *children: Child, kind: str) -> Markup:
    """A question of one field, whose id is that of the question with `-field` behind it."""
    return tag(
        "div",
        tag("label", legend(at), for_=f"{at.id}-field", class_="legend"),
        after(at),
        *children,
        class_=f"q {kind}",
        id=at.id,
        tabindex="-1",
    )


def option(
    *children: Child, type_: str, name: str, value: str, class_: str = "option", holes: tuple[Hole, ...] = ()
) -> Markup:
    """A radio button or box with its words."""
    return tag(
        "label",
        tag("input", type=type_, name=name, value=value, holes=(Set(name, value), *holes)),
        *children,
        class_=class_,
    )


def skip_radio(at: Setting, name: str) -> Markup | None:
    """ "Does not apply" among radio buttons."""
    if not at.question.may_skip:
        return None
    return option(tag("span", at.table["skip"]), type_="radio", name=name, value=SKIP, class_="option skip")


def skip_box(at: Setting) -> Markup | None:
    """ "Does not apply" beside a field in which something is typed."""
    if not at.question.may_skip:
        return None
    return option(
        tag("span", at.table["skip"]), type_="checkbox", name=at.code + SKIP, value="1", class_="option skip"
    )
