"""How a file is read: what was found out about it, what is not certain, and the form by which a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mindgap.collect import files, import_upload
from mindgap.collect.mapping import schema
from mindgap.collect.uploads import Upload
from mindgap.show.words.number import count

ORDERS = (
    ("", gettext_lazy("as found")),
    ("ymd", gettext_lazy("year, month, day")),
    ("dmy", gettext_lazy("day, month, year")),
    ("mdy", gettext_lazy("month, day, year")),
)
_ENCODINGS = ("utf-8", "gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252", "mac_roman")
_NAMES = {
    "gb18030": "GB18030 (简体)",
    "cp950": "Big5 (繁體)",
    "big5hkscs": "Big5-HKSCS (繁體)",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
}
_DELIMITERS = (
    (",", gettext_lazy("comma")),
    (";", gettext_lazy("semicolon")),
    ("tab", gettext_lazy("tab")),
    ("|", gettext_lazy("bar")),
)


class ReadingForm(forms.Form):
    """An empty choice leaves it to what was found out."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Columns are divided by"), required=False)
    header_rows = forms.ChoiceField(label=gettext_lazy("Rows that name the columns"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    date_order = forms.ChoiceField(label=gettext_lazy("Order of dates"), required=False)

    def __init__(self, data: Any, *, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(data)
        found = ("", gettext_lazy("as found"))
        self._choose("encoding", [found, *((code, _NAMES.get(code, code.upper())) for code in _ENCODINGS)])
        self._choose("delimiter", [found, *_DELIMITERS])
        self._choose("header_rows", [found, *((str(rows), str(rows)) for rows in range(4))])
        self._choose("date_order", list(ORDERS))
        self._choose("sheet", [found, *((name, name) for name in sheets)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        field.widget.attrs["class"] = "form-select"


@dataclass(frozen=True, slots=True)
class Reading:
    """The first rows of a file with what a person should confirm; `problem` when it cannot be read at all."""

    form: ReadingForm
    how: schema.File
    preview: import_upload.Preview | None = None
    problem: files.FileProblem | None = None

    @property
    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Line number and cells of the first rows."""
        return list(zip(self.preview.lines, self.preview.rows, strict=True)) if self.preview else []

    @property
    def found(self) -> list[tuple[str, str]]:
        """What was found out, as pairs of name and words."""
        return list(_found(self.preview.report)) if self.preview else []

    @property
    def doubts(self) -> list[str]:
        """What is not certain or was lost, in whole sentences."""
        return list(_doubts(self.preview.report)) if self.preview else []


def read(upload: Upload, query: Any) -> Reading:
    """Read the head of a file as the form says."""
    form = ReadingForm(query)
    try:
        preview = import_upload.preview(upload, _how(form))
    except files.NoSheet as problem:
        return Reading(ReadingForm(query, sheets=problem.sheets), _how(form), problem=problem)
    except files.FileProblem as problem:
        return Reading(form, _how(form), problem=problem)
    if preview.report.sheets:
        # Only now is it known which sheets there are to choose from.
        form = ReadingForm(query, sheets=preview.report.sheets)
        preview = import_upload.preview(upload, _how(form))
    return Reading(form, _how(form), preview)


def _how(form: ReadingForm) -> schema.File:
    form.is_valid()
    given = form.cleaned_data
    rows = given.get("header_rows")
    return schema.File(
        encoding=given.get("encoding", ""),
        delimiter={"tab": "\t"}.get(given.get("delimiter", ""), given.get("delimiter", "")),
        header_rows=int(rows) if rows else None,
        sheet=given.get("sheet") or None,
        date_order=given.get("date_order", ""),
    )


def _found(report: files.Report) -> Iterator[tuple[str, str]]:
    if report.encoding is not None:
        yield _("Encoding"), _NAMES.get(report.encoding.name, report.encoding.name.upper())
    if report.delimiter:
        names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
        yield _("Columns are divided by"), names.get(report.delimiter, report.delimiter)
    if report.sheet:
        yield _("Sheet"), report.sheet
    yield _("Rows that name the columns"), count(len(report.header.rows))
    orders = {code: str(words) for code, words in ORDERS}
    for column in report.dates:
        if column.orders and not column.is_ambiguous:
            yield (
                _("Dates in %(column)s") % {"column": column.name},
                orders.get(column.orders[0], column.orders[0]),
            )


def _doubts(report: files.Report) -> Iterator[str]:
    if report.encoding is not None and report.encoding.confidence < 0.8:
        names = _(", ").join(_NAMES.get(name, name) for name in report.encoding.alternatives) or "–"
        yield _(
            "The encoding is not certain. Look at the rows below; if the text is garbled, try another one (%(names)s)."
        ) % {"names": names}
    if not report.header.is_certain:
        yield _("It is not certain which rows name the columns. Look at the rows below and choose.")
    for column in report.ambiguous_dates:
        parts = {"column": column.name, "example": _(", ").join(column.examples[:2])}
        yield (
            _(
                "The dates of %(column)s (such as %(example)s) can be day first or month first. Choose the order of dates."
            )
            % parts
        )
    if report.replaced_characters:
        yield ngettext(
            "%(n)s character could not be read.",
            "%(n)s characters could not be read.",
            report.replaced_characters,
        ) % {"n": count(report.replaced_characters)}
    if report.ragged_count:
        yield ngettext(
            "%(n)s row has more or fewer cells than there are columns.",
            "%(n)s rows have more or fewer cells than there are columns.",
            report.ragged_count,
        ) % {"n": count(report.ragged_count)}
    for renamed in report.renamed:
        yield _("Column %(place)s had no name of its own and is called %(name)s.") % {
            "place": renamed.place + 1,
            "name": renamed.name,
        }
