"""Opening texts, JSON and Parquet: what comes out is what went in, and what was decided is told (D1-D11)."""

import csv
import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.collect.files import (
    BrokenFile,
    BrokenJson,
    EmptyFile,
    FileProblem,
    HeaderKind,
    Limits,
    NoHeader,
    TooLarge,
    TooManyColumns,
    UnknownFormat,
    ZipBomb,
    open_table,
    preview,
)
from mindgap.collect.files.records import is_blank

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def put(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_plain_csv_is_read_as_strings(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,score,phone\n0001,9,013800001111\n0002,-5,\n"))
    assert table.columns == ("id", "score", "phone")
    assert table.frame.rows() == [("0001", "9", "013800001111"), ("0002", "-5", "")]
    assert table.line_numbers.to_list() == [2, 3]
    assert (table.report.delimiter, table.report.records, table.report.complete) == (",", 2, True)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
    )
)
def test_any_table_of_unicode_comes_back_unharmed(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """E2: 100 % of the code points; blank records are left out and counted."""
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    # A few letters alone can be valid in two encodings; the sign 列 in the header settles it.
    names = [f"列{n}" for n in range(len(rows[0]))]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    table = open_table(path, delimiter=",", header_rows=1)
    said = [tuple(row) for row in rows if not is_blank(row)]
    assert table.columns == tuple(names)
    assert table.frame.rows() == said
    assert table.report.blank_records == len(rows) - len(said)
    assert table.report.replaced_characters == 0


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_lines_are_right_whatever_the_encoding(tmp_path: Path, codec: str) -> None:
    text = '订单,意见\r\n1,"很好，\r\n下次再来"\r\n2,太慢了\r\n'
    table = open_table(put(tmp_path, text.encode(codec)))
    assert table.columns == ("订单", "意见")
    assert table.frame.rows() == [("1", "很好，\r\n下次再来"), ("2", "太慢了")]
    assert table.line_numbers.to_list() == [2, 4]


def test_a_chosen_encoding_and_delimiter_are_followed(tmp_path: Path) -> None:
    path = put(tmp_path, "名稱;分\n臺北;9\n".encode("cp950"))
    table = open_table(path, encoding="big5", delimiter=";")
    assert table.frame.rows() == [("臺北", "9")]
    assert table.report.encoding is not None
    assert table.report.encoding.name == "cp950"


def test_duplicate_and_missing_names_are_renamed_and_told(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "a,a,,a_2,a\n1,2,3,4,5\n"))
    assert table.columns == ("a", "a_3", "column_3", "a_2", "a_4")
    assert [(one.place, one.original) for one in table.report.renamed] == [(1, "a"), (2, ""), (4, "a")]


def test_ragged_records_are_told_with_their_lines(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, 'id,text\n1,"a\nb"\n2\n3,c,d\n'))
    assert table.frame.rows() == [("1", "a\nb"), ("2", None), ("3", "c")]
    assert [(one.line, one.cells) for one in table.report.ragged] == [(4, 1), (5, 3)]


def test_blank_lines_from_excel_are_counted_not_read(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,text\n1,a\n" + ",\n" * 5_000))
    assert (table.frame.height, table.report.blank_records) == (1, 5_000)


def test_blank_lines_below_the_header_do_not_disturb(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,text\n\n\n1,a\n2,b\n"))
    assert (table.line_numbers.to_list(), table.report.blank_records) == ([4, 5], 2)


def test_ambiguous_dates_are_told_and_an_order_settles_them(tmp_path: Path) -> None:
    path = put(tmp_path, "id,due\n1,01/02/2026\n2,03/04/2026\n")
    assert [column.name for column in open_table(path).report.ambiguous_dates] == ["due"]
    settled = open_table(path, date_order="dmy").report
    assert settled.ambiguous_dates == ()
    assert settled.dates[0].values is not None
    assert str(settled.dates[0].values[0]) == "2026-02-01"


def test_the_three_header_rows_of_qualtrics_give_names_and_labels(tmp_path: Path) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["StartDate", "Q1"], ["Start Date", "How likely\nare you?"], ['{"ImportId":"startDate"}', '{"ImportId":"QID1"}'],
         ["2026-11-22 10:00:00", "9"]]
    )  # fmt: skip
    table = open_table(put(tmp_path, out.getvalue()))
    assert (table.columns, table.report.labels) == (
        ("StartDate", "Q1"),
        ("Start Date", "How likely are you?"),
    )
    assert table.report.header.lines == (1, 2, 4)
    assert table.line_numbers.to_list() == [5]


def test_a_file_without_header_loses_no_record(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "1,2026-11-01,slow\n2,2026-11-02,good\n"))
    assert (table.columns, table.frame.height) == (("column_1", "column_2", "column_3"), 2)
    assert table.report.header.kind is HeaderKind.NONE


def test_the_header_rows_can_be_chosen(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b\nc,d\n1,2\n")
    assert open_table(path, header_rows=2).columns == ("a / c", "b / d")
    assert open_table(path, header_rows=0).frame.height == 3
    with pytest.raises(NoHeader):
        open_table(path, header_rows=9)


def test_only_a_header_is_a_table_without_records(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,text\n"))
    assert (table.columns, table.frame.height) == (("id", "text"), 0)


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", "\n".encode("utf-16")])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EmptyFile):
        open_table(put(tmp_path, content))


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyColumns):
        open_table(put(tmp_path, ",".join(["abc"] * 1_000_000) + "\n1\n"))


def test_nul_bytes_are_replaced_and_counted(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, b"id,text\n1,a\0b\n2,good\n3,fine\n4,well\n5,nice day today\n"))
    assert table.frame["text"][0] == "a\ufffdb"
    assert (table.report.nul_characters, table.report.replaced_characters) == (1, 1)


def test_half_a_character_at_the_end_costs_one_sign_not_the_file(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,text\n1,送货很快\n2,包装很好".encode()[:-1]))
    assert table.frame["text"].to_list() == ["送货很快", "包装很\ufffd"]
    assert table.report.replaced_characters == 1


def test_emoji_and_rare_characters_survive(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,text\n1,👩‍👩‍👧\n2,𠮷野家\n3,e\u0301\n"))
    assert table.frame["text"].to_list() == ["👩‍👩‍👧", "𠮷野家", "e\u0301"]


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\x7fELF\x02", b"<html><body>", bytes(range(32)) * 20]
)
def test_what_is_no_table_is_refused_by_content(tmp_path: Path, head: bytes) -> None:
    with pytest.raises(UnknownFormat):
        open_table(put(tmp_path, head + b"a,b\n1,2\n"))


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(TooLarge) as caught:
        open_table(put(tmp_path, "a\n" * 100), limits=Limits(bytes=100))
    assert caught.value.facts == {"found": 200, "limit": 100, "unit": "bytes"}


def test_a_compressed_text_is_read_and_a_bomb_refused(tmp_path: Path) -> None:
    assert open_table(put(tmp_path, gzip.compress(b"a,b\n1,2\n"), "a.csv.gz")).frame.rows() == [("1", "2")]
    with pytest.raises(ZipBomb):
        open_table(put(tmp_path, gzip.compress(bytes(20 << 20)), "b.gz"), limits=Limits(bytes=1 << 20))
    with pytest.raises(BrokenFile):
        open_table(put(tmp_path, gzip.compress(b"a,b\n1,2\n" * 100)[:-12], "c.gz"))
    with pytest.raises(UnknownFormat):
        open_table(put(tmp_path, gzip.compress(gzip.compress(b"a")), "d.gz"))


def test_a_preview_of_a_large_file_reads_only_its_head(tmp_path: Path) -> None:
    line = '1,"two\nlines of text"\n'
    path = put(tmp_path, "id,text\n" + line * 200_000)
    table = preview(path, rows=7)
    assert table.frame.rows() == [("1", "two\nlines of text")] * 7
    assert table.line_numbers.to_list() == list(range(2, 16, 2))
    assert not table.report.complete


def test_json_lines_keep_digits_order_and_lines(tmp_path: Path) -> None:
    lines = [
        '{"id": 1234567890123456789, "score": 9.50, "ok": true, "tags": ["a", 1.10], "none": null}',
        "",
        '{"id": 2, "text": "多\\n行"}',
    ]
    table = open_table(put(tmp_path, "\n".join(lines), "a.jsonl"))
    assert table.columns == ("id", "score", "ok", "tags", "none", "text")
    assert table.frame.row(0) == ("1234567890123456789", "9.50", "true", '["a", 1.10]', None, None)
    assert table.frame.row(1) == ("2", None, None, None, None, "多\n行")
    assert table.line_numbers.to_list() == [1, 3]


def test_a_json_list_of_objects_is_a_table(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, json.dumps([{"a": "1"}, {"a": "\ud83d"}], indent=1), "a.json"))
    assert table.frame["a"].to_list() == ["1", "\ufffd"]
    assert table.line_numbers.to_list() == [2, 5]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"a": 1}\n{"a": \n', 2),
        ('{"a": 1}\n[2]\n', 2),
        ('[{"a": 1},\n{"a": 2}', 2),
        ('{"a": ' + "[" * 100_000, 1),
    ],
)
def test_broken_json_is_refused_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(BrokenJson) as caught:
        open_table(put(tmp_path, content, "a.jsonl"))
    assert caught.value.line == line


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"id": [1, 2], "when": pl.Series(["2026-11-22", None]).str.to_date(), "tags": [["a"], None]}
    )
    frame.write_parquet(tmp_path / "a.parquet")
    table = open_table(tmp_path / "a.parquet")
    assert table.frame.dtypes == [pl.Int64, pl.Date, pl.String]
    assert table.frame["tags"].to_list() == ['["a"]', None]
    assert table.line_numbers.to_list() == [1, 2]


def test_a_parquet_file_is_judged_by_what_it_declares(tmp_path: Path) -> None:
    pl.DataFrame({"a": pl.repeat(1, 10_000, eager=True)}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(TooLarge):
        open_table(tmp_path / "a.parquet", limits=Limits(rows=9_999))
    whole = (tmp_path / "a.parquet").read_bytes()
    with pytest.raises(BrokenFile):
        open_table(put(tmp_path, whole[:-20], "cut.parquet"))


@settings(deadline=None, max_examples=200)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b"a,b\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"\xd0\xcf\x11\xe0", b'{"a":', b"\xff\xfe"]
    ),
)
def test_no_bytes_at_all_bring_anything_but_a_table_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.bin"
    path.write_bytes(head + tail)
    try:
        table = open_table(path)
    except FileProblem:
        return
    assert table.frame.height == len(table.line_numbers) == table.report.records
