"""The form of one question: what every question has, and what its type has besides."""

from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.keep.definition import ASKS, Question
from mindgap.show.pages.surveys import condition as conditions
from mindgap.show.pages.surveys import part
from mindgap.show.pages.surveys.part import Choices, PartForm, choose, line, tick

_COUNTED = ("measure", "expects", "source", "low", "high", "may_skip")
# The fields of each type, beside those of every question.
OWN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("nps", "stars", "faces", "satisfaction", "effort", "emotion"), _COUNTED),
    "rating": (*_COUNTED, "least", "most", "step"),
    "duration": ("measure", "expects", "source", "may_skip", "least", "most", "step", "unit"),
    "number": ("measure", "expects", "source", "may_skip", "least", "most", "step", "unit"),
    "single": ("may_skip", "shuffle"),
    "dropdown": ("may_skip", "shuffle"),
    "multiple": ("least", "most", "may_skip", "shuffle"),
    "ranking": ("shuffle",),
    "matrix": ("low", "high", "least", "most", "may_skip"),
    "pair": ("asks", "measure", "source", "low", "high", "least", "most", "step", "unit", "may_skip"),
    "date": ("may_skip",),
    "text": ("long", "format", "most", "may_skip"),
    "consent": ("purpose",),
    "contact": ("asked_for",),
    "file": ("accepts", "most"),
    "statement": (),
}
_EVERY = ("was", "text", "help", "required", "touchpoint")
_CHOSEN = ("single", "multiple", "dropdown", "ranking")
_EXPECTS = (
    ("should", gettext_lazy("An expectation: what should be")),
    ("will", gettext_lazy("An expectation: what will be")),
    ("minimum", gettext_lazy("An expectation: the minimum")),
)
SIDES = {
    "should": gettext_lazy("what should be"),
    "will": gettext_lazy("what will be"),
    "minimum": gettext_lazy("the minimum"),
    "got": gettext_lazy("what was experienced"),
}
_FORMATS = {
    "": gettext_lazy("Any words"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone number"),
    "url": gettext_lazy("Web address"),
    "digits": gettext_lazy("Digits only"),
    "postcode": gettext_lazy("Postcode"),
}
_PURPOSES = {
    "contact": gettext_lazy("To contact them about this"),
    "partner": gettext_lazy("To pass it on to a partner"),
    "abroad": gettext_lazy("To process it abroad"),
    "marketing": gettext_lazy("To send offers"),
    "research": gettext_lazy("To do research"),
}
_FIELDS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "wecom": gettext_lazy("WeCom"),
}
_ENDINGS = ("jpg", "png", "gif", "webp", "pdf", "mp4", "mp3", "txt", "docx", "xlsx")
_MOST = {
    "text": gettext_lazy("Most characters"),
    "multiple": gettext_lazy("Most choices"),
    "file": gettext_lazy("Most megabytes"),
}


def _several(label: Any, options: dict[str, Any]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(options.items()), widget=forms.CheckboxSelectMultiple
    )


class QuestionForm(PartForm):
    text = line(gettext_lazy("Question"), rows=2)
    help = line(gettext_lazy("Help below it"), rows=2)
    required = tick(gettext_lazy("An answer is needed"))
    may_skip = tick(gettext_lazy("“Does not apply” is an answer of its own"))
    measure = choose(label=gettext_lazy("Measure"), empty=gettext_lazy("None: kept, not counted"))
    asks = _several(gettext_lazy("Asked side by side"), SIDES)
    expects = choose(label=gettext_lazy("What it tells"), empty=gettext_lazy("An experience"))
    source = choose(label=gettext_lazy("Where the expectation came from"), empty=gettext_lazy("Not said"))
    low = line(gettext_lazy("At the low end"), most=200)
    high = line(gettext_lazy("At the high end"), most=200)
    least = forms.FloatField(label=gettext_lazy("Least"), required=False)
    most = forms.FloatField(label=gettext_lazy("Most"), required=False)
    step = forms.FloatField(label=gettext_lazy("Step"), required=False)
    unit = line(gettext_lazy("Unit"), most=16)
    long = tick(gettext_lazy("Several lines"))
    format = forms.ChoiceField(
        label=gettext_lazy("Checked as"), required=False, choices=list(_FORMATS.items())
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What the consent is for"), required=False, choices=list(_PURPOSES.items())
    )
    asked_for = _several(gettext_lazy("Asks for"), _FIELDS)
    accepts = _several(gettext_lazy("Kinds of file"), {each: each for each in _ENDINGS})
    shuffle = tick(gettext_lazy("Mix the choices"))
    touchpoint = choose(label=gettext_lazy("Touchpoint"), empty=gettext_lazy("That of the survey"))

    def start(self) -> dict[str, Any]:
        return {**super().start(), "asked_for": list(self.value.fields)}

    def shape(self) -> None:
        question: Question = self.value
        wanted = {*_EVERY, *OWN.get(question.type, ())}
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]
        if question.type == "statement":
            del self.fields["required"]
        for name, options in (
            ("measure", self.place.measures),
            ("source", self.place.sources),
            ("touchpoint", self.place.touchpoints),
            ("expects", _EXPECTS),
        ):
            if name in self.fields:
                part.fill(self, name, options, now=getattr(question, name))
        if question.type in _MOST:
            self.fields["most"].label = _MOST[question.type]
        self.fields["text"].help_text = part.LANGUAGE_HINT

    @property
    def tables(self) -> list[Choices]:
        question: Question = self.value
        if question.type in _CHOSEN:
            return [self._table("choice", gettext_lazy("Choices"), question.choices)]
        if question.type == "matrix":
            return [self._table("row", pgettext_lazy("rows of a matrix", "Rows"), question.rows)]
        return []

    @property
    def rules(self) -> list[conditions.Rows]:
        known = conditions.columns(self.place.definition, until=self.value.code, segments=self.place.segments)
        return [self.rows_of("when", gettext_lazy("Ask it only when"), self.value.show_if, known)]

    def made(self) -> Question:
        question: Question = self.value
        given = self.cleaned_data
        changed: dict[str, Any] = {
            name: self.words(name) for name in ("text", "help", "low", "high") if name in given
        }
        for name in ("required", "may_skip", "long", "shuffle", "measure", "expects", "source", "touchpoint",
                     "unit", "format", "purpose", "least", "most"):  # fmt: skip
            if name in given:
                changed[name] = given[name]
        if "step" in given:
            changed["step"] = given["step"] or 1
        if "asks" in given:
            changed["asks"] = tuple(each for each in ASKS if each in given["asks"])
        if "asked_for" in given:
            changed["fields"] = tuple(given["asked_for"])
        if "accepts" in given:
            changed["accepts"] = tuple(given["accepts"])
        base, sent = self.place.base, self.data
        if question.type in _CHOSEN:
            changed["choices"] = part.choices_of("choice", sent, question.choices, base)
        if question.type == "matrix":
            changed["rows"] = part.choices_of("row", sent, question.rows, base)
        changed["show_if"] = conditions.read("when", sent, self.place.definition, before=question.show_if)
        return msgspec.structs.replace(question, **changed)

    def _table(self, prefix: str, title: Any, there: tuple[Any, ...]) -> Choices:
        lines = part.sent_lines(prefix, self.data) if self.is_bound else part.lines_of(there, self.place.base)
        if prefix != "row":
            return Choices(prefix, title, lines)
        known = {code for code, _name in self.place.measures}
        named = dict.fromkeys(each.measure for each in there if each.measure and each.measure not in known)
        measures = (*self.place.measures, *((code, code) for code in named))
        return Choices(prefix, title, lines, measures, is_rows=True)
