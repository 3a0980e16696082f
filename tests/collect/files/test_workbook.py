"""Workbooks: real header below titles, types kept, and nothing unpacked that is out of proportion (D3, D4)."""

import datetime as dt
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from tests.collect.files.old_workbook import old_workbook

from mindgap.collect.files import (
    BrokenFile,
    EmptyFile,
    HeaderKind,
    Limits,
    NoSheet,
    ProtectedFile,
    TooLarge,
    TooManyColumns,
    UnknownFormat,
    UnsafeFile,
    ZipBomb,
    open_table,
    preview,
)

ROWS = [
    ["门店", "评分", "日期"],
    ["北京店", 4.5, dt.date(2026, 11, 1)],
    ["上海店", 3.0, dt.date(2026, 11, 2)],
]


def write(path: Path, rows: list[list[object]], *, name: str = "d") -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return path


def repacked(source: Path, target: Path, changes: dict[str, bytes]) -> Path:
    """The workbook with some of its parts exchanged or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, changes.get(entry, old.read(entry)))
        for entry in changes.keys() - set(old.namelist()):
            new.writestr(entry, changes[entry])
    return target


def test_cells_keep_their_types(tmp_path: Path) -> None:
    table = open_table(write(tmp_path / "a.xlsx", ROWS))
    assert table.columns == ("门店", "评分", "日期")
    assert table.frame.dtypes == [pl.String, pl.Float64, pl.Date]
    assert table.frame.row(0) == ("北京店", 4.5, dt.date(2026, 11, 1))
    assert table.line_numbers.to_list() == [2, 3]


def test_whole_numbers_and_mixed_columns_are_told_apart(tmp_path: Path) -> None:
    rows = [["order", "mixed", "blank"], [20261122001, 1, ""], [20261122002, "x", ""], [20261122003, 2.5, ""]]
    table = open_table(write(tmp_path / "a.xlsx", rows))
    assert table.frame["order"].to_list() == [20261122001, 20261122002, 20261122003]
    assert table.frame["mixed"].to_list() == ["1", "x", "2.5"]
    assert table.frame["blank"].null_count() == 3


def test_the_header_below_a_merged_title_is_found(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "city.xlsx")
    for empty in ("工作表2", "工作表3"):
        book.add_worksheet(empty)
    sheet = book.add_worksheet("名冊")
    sheet.merge_range(0, 0, 0, 3, "某市 115 年度違規名冊")
    sheet.write_row(1, 0, ["編號", "單位", "日期", "備註"])
    for row in range(2, 12):
        sheet.write_row(row, 0, [row - 1, "某公司", "115/3/4"])
    for row in range(2, 12, 2):
        sheet.merge_range(row, 3, row + 1, 3, "同上")
    book.close()
    table = open_table(tmp_path / "city.xlsx")
    assert table.columns == ("編號", "單位", "日期", "備註")
    assert (table.report.header.titles, table.report.header.lines) == ((0,), (2,))
    assert (table.report.sheet, table.report.merged_ranges) == ("名冊", 6)
    assert table.report.dates[0].name == "日期"


def test_two_header_rows_with_merged_groups_become_one(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "two.xlsx")
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 1, 0, "unit")
    sheet.merge_range(0, 1, 0, 2, "score")
    sheet.merge_range(0, 3, 0, 4, "cost")
    sheet.write_row(1, 1, ["mean", "count", "mean", "count"])
    sheet.write_row(2, 0, ["Paris", 4.5, 10, 3.5, 9])
    sheet.write_row(3, 0, ["Lyon", 4.1, 12, 3.0, 8])
    book.close()
    table = open_table(tmp_path / "two.xlsx")
    assert table.report.header.kind is HeaderKind.DOUBLE
    assert table.columns == ("unit", "score / mean", "score / count", "cost / mean", "cost / count")
    assert table.frame["cost / count"].to_list() == [9, 8]


def test_rows_are_numbered_as_in_the_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "gap.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(2, 1, ["id", "score"])
    sheet.write_row(3, 1, ["a", 1])
    sheet.write_row(6, 1, ["b", 2])
    book.close()
    table = open_table(tmp_path / "gap.xlsx")
    assert table.columns == ("id", "score")
    assert (table.report.header.lines, table.line_numbers.to_list()) == ((3,), [4, 7])
    assert table.report.blank_records == 2


def test_the_sheet_asked_for_is_read_and_a_wrong_name_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ROWS, name="八月")
    assert open_table(path, sheet="八月").frame.height == 2
    with pytest.raises(NoSheet) as caught:
        open_table(path, sheet="九月")
    assert caught.value.sheets == ("八月",)


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(old_workbook([["門市", "評分"], ["臺北", 9.0], ["高雄", 7.0]]))
    table = open_table(path)
    assert table.frame.rows() == [("臺北", 9), ("高雄", 7)]
    assert table.report.format == "xls"


def test_an_old_workbook_without_a_header_loses_no_record(tmp_path: Path) -> None:
    path = tmp_path / "neg.xls"
    path.write_bytes(old_workbook([["1", 2.0], ["2", 3.0], ["3", 1.0]]))
    table = open_table(path)
    assert (table.columns, table.frame.height) == (("column_1", "column_2"), 3)


def test_the_name_of_a_file_does_not_decide(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ROWS)
    assert open_table(path.rename(tmp_path / "a.csv")).report.format == "xlsx"


def test_a_preview_shows_the_first_rows(tmp_path: Path) -> None:
    rows = [["n"], *[[n] for n in range(50)]]
    table = preview(write(tmp_path / "a.xlsx", rows), rows=5)
    assert (table.frame.height, len(table.line_numbers), table.report.complete) == (5, 5, False)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.xlsx", ROWS).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(whole)
    flipped[60:90] = bytes(30)
    (tmp_path / "flip.xlsx").write_bytes(flipped)
    (tmp_path / "cut.xls").write_bytes(old_workbook([["a"]])[:700])
    for name in ("cut.xlsx", "flip.xlsx", "cut.xls"):
        with pytest.raises(BrokenFile):
            open_table(tmp_path / name)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        open_table(write(tmp_path / "a.xlsx", []))


def test_a_plain_archive_is_refused_with_advice(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../evil.csv", "a,b\n1,2\n")
    with pytest.raises(UnknownFormat, match="unpack it first"):
        open_table(tmp_path / "a.zip")


def test_a_locked_workbook_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        old_workbook([["a"]]).replace(
            "Workbook\0".encode("utf-16-le"), "EncryptedPackage\0".encode("utf-16-le")[:18]
        )
    )
    content = path.read_bytes() + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(content)
    with pytest.raises(ProtectedFile):
        open_table(path)


def test_a_zip_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = repacked(
        write(tmp_path / "a.xlsx", ROWS), tmp_path / "bomb.xlsx", {"xl/media/big.bin": bytes(40 << 20)}
    )
    assert path.stat().st_size < 100_000
    with pytest.raises(ZipBomb) as caught:
        open_table(path)
    assert caught.value.unit == "times its size"
    with pytest.raises(ZipBomb) as caught:
        open_table(path, limits=Limits(unpacked_bytes=1 << 20))
    assert caught.value.unit == "bytes"


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    size = 8 << 20
    path = repacked(write(tmp_path / "a.xlsx", ROWS), tmp_path / "liar.xlsx", {"xl/big.xml": bytes(size)})
    content = path.read_bytes()
    assert content.count(size.to_bytes(4, "little")) >= 2
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    with pytest.raises(BrokenFile):
        open_table(path)


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    parts = {f"xl/media/{number}.bin": b"" for number in range(60)}
    path = repacked(write(tmp_path / "a.xlsx", ROWS), tmp_path / "many.xlsx", parts)
    with pytest.raises(ZipBomb) as caught:
        open_table(path, limits=Limits(entries=50))
    assert caught.value.unit == "parts"


def test_two_cells_far_apart_do_not_take_the_memory_between_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [["a"], ["z"]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'r="A2"', b'r="XFD1048576"')
    repacked(path, tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": far})
    with pytest.raises(TooLarge) as caught:
        open_table(tmp_path / "far.xlsx")
    assert (caught.value.found, caught.value.unit) == (1_048_576 * 16_384, "cells")


def test_a_sheet_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "wide.xlsx", [[f"c{n}" for n in range(120)]])
    with pytest.raises(TooManyColumns):
        open_table(path, limits=Limits(columns=100))


def test_entities_are_refused_and_no_file_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    entity = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    path = write(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        shared = archive.read("xl/sharedStrings.xml")
    head, _, rest = shared.partition(b"<sst")
    evil = head + entity + b"<sst" + rest.replace("北京店".encode(), b"&x;")
    with pytest.raises(UnsafeFile):
        open_table(repacked(path, tmp_path / "evil.xlsx", {"xl/sharedStrings.xml": evil}))
