"""A table as a file to download."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from mindgap.show.reports import delimited, workbook
from mindgap.show.reports.table import Table

# Form in the address -> ending, type. `csv` is safe to open in a spreadsheet, `raw` is faithful for programs.
FORMS = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "raw": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def response(table: Table, form: str, *, name: str) -> HttpResponse:
    """The file as an attachment called `name`; `form` is one of `FORMS`."""
    ending, kind = FORMS[form]
    body = workbook.write(table) if form == "xlsx" else delimited.write(table, safe=form == "csv")
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}")
    answer["Cache-Control"] = "no-store"
    return answer
