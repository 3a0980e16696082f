"""Files for spreadsheets: nothing in them runs, nothing in them is lost."""

import csv
import io
import zipfile

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from mindgap.show.reports import delimited, workbook
from mindgap.show.reports.table import Table

NASTY = ("=1+1", "+8613800138000", "-5", "- 好", "@SUM(A1)", "\t=1", "'quoted", "＝1", "plain", "", "门店 🙂")


def parsed(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_safe_csv_has_no_cell_that_a_spreadsheet_would_run() -> None:
    rows = parsed(delimited.write(Table("t", ("text",), [(text,) for text in NASTY])))
    assert not [row[0] for row in rows if row and row[0].startswith(("=", "+", "-", "@", "\t", "＝"))]


def test_numbers_are_left_alone_by_the_guard() -> None:
    rows = parsed(delimited.write(Table("t", ("n", "m"), [(-5, -0.25)])))
    assert rows[1] == ["-5", "-0.25"]


def test_raw_csv_gives_back_every_text_as_it_was() -> None:
    rows = parsed(delimited.write(Table("t", ("text", "x"), [(text, "x") for text in NASTY]), safe=False))
    assert [row[0] for row in rows[1:]] == list(NASTY)


def test_csv_begins_with_a_byte_order_mark_so_that_spreadsheets_read_chinese() -> None:
    assert delimited.write(Table("t", ("门店",), [])).startswith(b"\xef\xbb\xbf")


@given(st.text())
def test_what_the_guard_changed_can_be_undone(text: str) -> None:
    assert delimited.unguard(delimited.guard(text)) == text


def test_a_workbook_holds_typed_texts_and_numbers_and_no_formula() -> None:
    body = workbook.write(Table("a/b: [c]", ("text", "n"), [(text, -5) for text in NASTY if text]))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert [cell.value for cell in sheet["A"]][1:] == [text for text in NASTY if text]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert {cell.value for cell in sheet["B"][1:]} == {-5}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")


def test_empty_cells_and_truths_keep_their_kind() -> None:
    table = Table("t", ("a", "b", "c"), [(None, True, 2.0)])
    assert parsed(delimited.write(table))[1] == ["", "true", "2"]
    row = next(
        openpyxl.load_workbook(io.BytesIO(workbook.write(table))).active.iter_rows(
            min_row=2, values_only=True
        )
    )
    assert row == (None, True, 2)
