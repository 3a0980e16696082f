"""The answers as a file: wide (one row for each submission) or long (one row for each answer), in a chosen language."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mindgap.explain import survey as answered
from mindgap.ground.mask import without_contacts
from mindgap.keep import survey as surveys
from mindgap.keep.definition import CHOSEN, SCORED, Definition, Question
from mindgap.keep.models import Submission, Survey
from mindgap.show.pages.frame.permission import only
from mindgap.show.pages.surveys import READERS
from mindgap.show.pages.surveys.draft import get_survey, head
from mindgap.show.reports import download as files
from mindgap.show.reports.table import Cell, Table

LAYOUTS = ("wide", "long")
_HEAD = (
    "submission_id",
    "state",
    "started_at",
    "finished_at",
    "language",
    "version",
    "channel",
    "unit",
    "touchpoint",
    "trial",
)
# One row for each answer, with the columns of Formbricks Hub.
_LONG = (
    "submission_id", "collected_at", "source_type", "source_id", "source_name", "field_id", "field_label",
    "field_type", "value_text", "value_number", "value_boolean", "value_date", "value_id", "language", "metadata",
)  # fmt: skip
_KINDS = {"nps": "nps", "satisfaction": "csat", "effort": "ces", "number": "number", "duration": "number",
          "date": "date", "text": "text", "consent": "boolean"}  # fmt: skip
_PERSONAL = ("contact", "file")


@only(*READERS)
def download(request: HttpRequest, code: str, layout: str, form: str) -> HttpResponse:
    survey = get_survey(request, code)
    newest = surveys.published(survey)
    if layout not in LAYOUTS or form not in files.FORMS or newest is None:
        raise Http404
    definition = newest.read()
    sees_all = request.member.personal_data == "full"  # type: ignore[attr-defined]
    rows = Submission.objects.filter(survey=survey, **_kept(request)).select_related(
        "version", "channel", "unit", "touchpoint"
    )
    if not sees_all and not answered.may_be_read(rows.count()):
        few = {**head(request, survey, "results")}
        return render(request, "surveys/few.html", few, status=403)
    language = request.GET.get("lang", "")
    language = language if language in definition.languages else definition.languages[0]
    sheet = Sheet(survey, definition, language, sees_all=sees_all)
    found = rows.order_by("id").iterator(chunk_size=1_000)
    table = sheet.wide(found, labels="labels" in request.GET) if layout == "wide" else sheet.long(found)
    return files.response(table, form, name=f"{survey.code}-{layout}")


def _kept(request: HttpRequest) -> dict[str, bool]:
    """Without trials, unless they are asked for (`trials=with`), or nothing else is (`trials=only`)."""
    wanted = request.GET.get("trials", "")
    return {} if wanted == "with" else {"is_test": wanted == "only"}


class Sheet:
    """Writes submissions as rows. Whoever may not see personal data gets neither contacts nor files nor numbers
    and addresses within words.
    """

    def __init__(self, survey: Survey, definition: Definition, language: str, *, sees_all: bool) -> None:
        self.survey, self.definition, self.language, self.sees_all = survey, definition, language, sees_all
        self.columns = tuple(self._columns())

    def wide(self, rows: Iterator[Submission], *, labels: bool) -> Table:
        """One row for each submission and one column for each question, named by code; `labels` adds a second row."""
        hidden = tuple(f"hidden.{each.code}" for each in self.definition.hidden)
        head = (*_HEAD, *(code for code, _label, _question in self.columns), *hidden)
        body: list[tuple[Cell, ...]] = []
        if labels:
            body.append((*_HEAD, *(label for _code, label, _question in self.columns), *hidden))
        for row in rows:
            said = (self._cell(question, row.answers.get(code)) for code, _label, question in self.columns)
            body.append((*_about(row), *said, *(row.hidden.get(name[7:]) for name in hidden)))
        return Table(_("Answers"), head, body)

    def long(self, rows: Iterator[Submission]) -> Table:
        """One row for each answer."""
        return Table(_("Answers"), _LONG, [line for row in rows for line in self._lines(row)])

    def _lines(self, row: Submission) -> Iterator[tuple[Cell, ...]]:
        at = (row.finished_at or row.changed_at).isoformat()
        for code, label, question in self.columns:
            value = row.answers.get(code)
            if value is None:
                continue
            for each in value if isinstance(value, list) else [value]:
                kind = _kind(question)
                shown = self._cell(question, each)
                is_number = isinstance(shown, int | float) and not isinstance(shown, bool)
                yield (
                    str(row.key), at, "survey", self.survey.code, str(self.survey), code, label, kind,
                    None if is_number or kind in ("boolean", "date") else shown,
                    shown if is_number else None,
                    bool(value) if kind == "boolean" else None,
                    shown if kind == "date" else None,
                    str(each) if question.type in CHOSEN else None,
                    row.language, "trial" if row.is_test else row.state,
                )  # fmt: skip

    def _columns(self) -> Iterator[tuple[str, str, Question]]:
        for question in self.definition.questions:
            if question.type == "statement" or (question.type in _PERSONAL and not self.sees_all):
                continue
            label = self._text(question.text) or question.code
            if question.type == "matrix":
                for each in question.rows:
                    yield f"{question.code}.{each.code}", f"{label}: {self._text(each.text)}", question
            elif question.type == "pair":
                for part in question.asks:
                    yield f"{question.code}.{part}", f"{label}: {part}", question
            elif question.type == "contact":
                for part in question.fields:
                    yield f"{question.code}.{part}", f"{label}: {part}", question
            else:
                yield question.code, label, question
                for choice in question.choices:
                    if choice.other:
                        yield (
                            f"{question.code}.{choice.code}",
                            f"{label}: {self._text(choice.text)}",
                            question,
                        )

    def _cell(self, question: Question, value: Any) -> Cell:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, list):
            return "; ".join(str(self._cell(question, each)) for each in value)
        if isinstance(value, dict):
            return "; ".join(f"{name}: {each}" for name, each in value.items())
        labels = {choice.code: self._text(choice.text) for choice in question.choices}
        text = labels.get(str(value)) or str(value)
        return text if self.sees_all else without_contacts(text)

    def _text(self, words: dict[str, str]) -> str:
        return (
            words.get(self.language)
            or words.get(self.definition.languages[0])
            or next(iter(words.values()), "")
        )


def _about(row: Submission) -> tuple[Cell, ...]:
    return (
        str(row.key),
        row.state,
        row.started_at.isoformat(),
        row.finished_at.isoformat() if row.finished_at else None,
        row.language,
        row.version.number,
        row.channel.code if row.channel else None,
        row.unit.code if row.unit else None,
        row.touchpoint.code if row.touchpoint else None,
        row.is_test,
    )


def _kind(question: Question) -> str:
    if question.type in _KINDS:
        return _KINDS[question.type]
    if question.type in (*SCORED, "matrix", "pair"):
        return "rating"
    return "categorical" if question.type in CHOSEN else "text"
