"""Consent: a box that is never ticked beforehand (PIPL Art. 14). Statement: words without a question."""

from mindgap.collect.survey.markup import Described, Markup, Set, tag
from mindgap.collect.survey.questions.frame import Setting, after, legend


def make(at: Setting) -> Markup:
    """One box for one purpose."""
    described = Described(at.code, at.id, at.help_ids)
    box = tag("input", type="checkbox", name=at.code, value="1", holes=(Set(at.code, "1"), described))
    return tag(
        "div",
        tag("label", box, tag("span", legend(at)), class_="option"),
        after(at),
        class_="q consent",
        id=at.id,
        tabindex="-1",
    )


def make_statement(at: Setting) -> Markup:
    """Words."""
    return tag("div", tag("p", at.text(at.question.text)), after(at), class_="q statement", id=at.id)
