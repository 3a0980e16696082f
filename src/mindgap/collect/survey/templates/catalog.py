"""Catalog: the templates as people choose among them."""

from functools import cache

from mindgap.collect.survey.templates import library
from mindgap.collect.survey.templates.composing import plain
from mindgap.collect.survey.templates.length import seconds
from mindgap.collect.survey.templates.making import counted
from mindgap.collect.survey.templates.template import Template
from mindgap.keep.texts import Texts


@cache
def catalog() -> tuple[Template, ...]:
    """All templates, in the order in which they are offered."""
    return tuple(_template(code) for code in library.codes())


def _template(code: str) -> Template:
    source = library.source(code)
    definition = plain(source)
    return Template(
        code=code,
        kind=source.kind,
        title=Texts(source.title),
        summary=Texts(source.summary),
        when=Texts(source.when),
        avoid=Texts(source.avoid),
        touchpoint=source.touchpoint,
        wordings=source.wordings,
        definition=definition,
        measures=tuple(counted(definition)),
        seconds=seconds(definition),
    )
