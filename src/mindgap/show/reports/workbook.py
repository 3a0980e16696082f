"""XLSX: one sheet; every text is a typed text cell, so nothing in it can ever be run as a formula."""

import io

import xlsxwriter

from mindgap.show.reports.table import Table

# Limits of the format.
_MOST_CHARACTERS = 32_767
_MOST_TITLE = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def write(table: Table) -> bytes:
    """The table as a workbook."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        sheet = book.add_worksheet(table.title.translate(_NOT_IN_TITLES).strip()[:_MOST_TITLE] or "1")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(table.head):
            sheet.write_string(0, column, name[:_MOST_CHARACTERS], bold)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    sheet.write_string(number, column, cell[:_MOST_CHARACTERS])
        sheet.freeze_panes(1, 0)
    return file.getvalue()
