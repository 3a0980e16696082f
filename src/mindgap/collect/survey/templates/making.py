"""Making: a template as a definition in the words and languages of an organization, and the registers it needs."""

from collections.abc import Iterator, Sequence

import msgspec

from mindgap.collect.mapping import schema
from mindgap.collect.survey.templates import library
from mindgap.collect.survey.templates.composing import Filling, Names, compose
from mindgap.collect.survey.templates.shared import measures
from mindgap.collect.survey.templates.template import Made, Source, Wording
from mindgap.ground import language
from mindgap.keep.definition import Definition, Words
from mindgap.keep.models import Organization
from mindgap.keep.texts import Texts

# Only the organization can say these; until it does they stand in brackets.
_OWN = ("contact", "retention", "partner", "abroad")


def make(
    code: str,
    organization: Organization | None = None,
    *,
    languages: Sequence[str] = (),
    wording: str = "",
    names: Names | None = None,
    consents: Sequence[str] | None = None,
) -> Made:
    """The template of that code for an organization; nothing is stored. `UnknownTemplate` when there is none.

    `languages` are codes, the first of which is the base; without them the organization's own, then the others of
    the product. `wording` is the code of one of the template's wordings, by default the first. `names` fills the
    gaps `{company}`, `{contact}`, `{retention}`, `{partner}`, `{abroad}`: texts by language. `consents` are purposes
    (`contact`, `partner`, `abroad`, `marketing`, `research`), one unticked box each, instead of the template's.
    """
    source = library.source(code)
    chosen = _wording(code, source, wording)
    given = dict(names or {})
    if organization is not None:
        given.setdefault("company", organization.name)
    spoken = tuple(dict.fromkeys(language.canonical(each) for each in languages)) or _usual(organization)
    filling = Filling(spoken, {**(chosen.names if chosen else {}), **given})
    made = compose(source, filling, chosen, source.consents if consents is None else tuple(consents))
    used = tuple(dict.fromkeys(name for name in filling.missing if name in _OWN))
    return Made(code, source.kind, Texts(source.title), made, registers(made, chosen), used)


def registers(definition: Definition, wording: Wording | None = None) -> schema.Mapping:
    """The measures, and their metrics, that a definition names and a template may count."""
    apart = wording.apart if wording else None
    known = measures()
    named = set(counted(definition))
    found: list[schema.MeasurePart] = []
    for code, part in known.measures.items():
        if apart and apart.prefix + code in named:
            found.append(
                msgspec.structs.replace(part, code=apart.prefix + code, name=_named(apart.name, part))
            )
        elif code in named:
            found.append(part)
    metrics = tuple(each for each in known.metrics if each.measure in named)
    return schema.Mapping(name="templates", measure=tuple(found), metric=metrics)


def counted(definition: Definition) -> Iterator[str]:
    """The codes of the measures that a definition names, once each, in order."""
    named = (
        code
        for each in definition.questions
        for code in (each.measure, *(row.measure for row in each.rows))
        if code
    )
    yield from dict.fromkeys(named)


def _named(pattern: Words, part: schema.MeasurePart) -> Words:
    name = part.name if isinstance(part.name, dict) else {language.DEFAULT: part.name}
    return {code: text.replace("{name}", name.get(code, part.code)) for code, text in pattern.items()}


def _wording(code: str, source: Source, wording: str) -> Wording | None:
    if not wording:
        return next(iter(source.wordings), None)
    found = next((each for each in source.wordings if each.code == wording), None)
    if found is None:
        raise library.UnknownTemplate(f"{code}/{wording}")
    return found


def _usual(organization: Organization | None) -> tuple[str, ...]:
    first = [organization.language] if organization is not None else []
    return tuple(dict.fromkeys(each for each in (*first, *language.LANGUAGES) if each in language.LANGUAGES))
