"""Two readers, one result: the fast one and the exact one agree on every text."""

import csv
import io

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mindgap.collect.files import BrokenQuotes, CellTooLong, Limits, TooLarge
from mindgap.collect.files.dialect import Dialect
from mindgap.collect.files.limits import LIMITS
from mindgap.collect.files.records import Body, _read_exactly, read_body
from mindgap.collect.files.scan import scan

COMMA = Dialect(",")
PIECES = st.sampled_from(
    ["a", "é", "好", ",", '"', '""', "\n", "\r\n", "\r", " ", "x,y", '"q",', ',"z"\n', '"m\nn",']
)


def body(text: str, *, width: int = 2) -> Body:
    return read_body(text.encode(), COMMA, names=[f"c{n}" for n in range(width)], line=1, limits=LIMITS)


def exactly(text: str, *, width: int = 2) -> Body:
    return _read_exactly(
        text.encode(), 0, COMMA, names=[f"c{n}" for n in range(width)], line=1, limits=LIMITS
    )


def told(found: Body) -> tuple[object, ...]:
    return (found.frame.rows(), found.lines.to_list(), found.blank, found.ragged, found.ragged_count)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.integers(1, 3))
@example('a\n"b\nc",d\n\n,\ne,f,g\n', 2)
@example('""\n"",""\n', 1)
def test_both_readers_agree_wherever_the_text_is_regular(text: str, width: int) -> None:
    regular = scan(text.encode(), 0, line=1, dialect=COMMA)
    if regular is not None:
        assert told(body(text, width=width)) == told(exactly(text, width=width))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b\nc", 'd"e', "f,g", "h\r\ni", "好"]), min_size=1, max_size=4),
        max_size=12,
    )
)
def test_text_as_csv_writers_write_it_is_always_regular(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    found = scan(out.getvalue().encode(), 0, line=1, dialect=COMMA)
    assert found is not None
    assert found.cells.tolist() == [len(row) for row in rows]


def test_a_record_is_numbered_by_the_line_it_starts_in() -> None:
    found = body('1,"two\nlines"\n2,b\n3,"c\n\n\nd"\n4,e\n')
    assert found.lines.to_list() == [1, 3, 4, 8]


def test_records_are_numbered_alike_when_quotation_marks_are_stray() -> None:
    found = body('1,5" disk\n2,"two\nlines"\n3,c\n')
    assert found.lines.to_list() == [1, 2, 4]
    assert found.frame["c1"].to_list() == ['5" disk', "two\nlines", "c"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_as_one(end: str) -> None:
    found = body(end.join(["1,a", "2,b", "", "3,c"]) + end)
    assert (found.lines.to_list(), found.blank) == ([1, 2, 4], 1)


def test_blank_records_are_left_out_and_counted() -> None:
    found = body("1,a\n\n,\n  , \n2,b\n")
    assert (found.frame.height, found.blank, found.lines.to_list()) == (2, 3, [1, 5])


def test_missing_cells_are_null_and_surplus_cells_are_told() -> None:
    found = body("1,a\n2\n3,c,d\n4,\n")
    assert found.frame["c1"].to_list() == ["a", None, "c", ""]
    assert [(one.line, one.cells) for one in found.ragged] == [(2, 1), (3, 3)]


def test_ragged_records_beyond_the_first_thousand_are_still_counted() -> None:
    found = body("1,a\n" + "2\n" * 1_500)
    assert (len(found.ragged), found.ragged_count) == (1_000, 1_500)


def test_a_quotation_mark_never_closed_is_refused_with_its_line() -> None:
    with pytest.raises(BrokenQuotes) as caught:
        body('1,a\n2,"b\n3,c,d\n')
    assert caught.value.line == 2


def test_an_unclosed_quotation_mark_in_an_even_table_is_a_sign_like_others() -> None:
    found = body('1,a\n2,"b\n3,c\n')
    assert found.quotes_literal
    assert found.frame["c1"].to_list() == ["a", '"b', "c"]


def test_a_cell_beyond_all_measure_is_refused_with_its_line() -> None:
    with pytest.raises(CellTooLong) as caught:
        body('1,a\n2,b"c,' + "x" * 200_000 + "\n")
    assert caught.value.line == 2


def test_more_rows_than_the_limit_are_refused() -> None:
    with pytest.raises(TooLarge) as caught:
        read_body(b"1\n2\n3\n", COMMA, names=["a"], line=1, limits=Limits(rows=2))
    assert (caught.value.found, caught.value.unit) == (3, "rows")


def test_pieces_of_the_scan_fit_together() -> None:
    rng = np.random.default_rng(7)
    cells = ["a", '"b\nc"', '"d""e"', '"f,g"', "好", '"h\r\ni"', ""]
    text = "\r\n".join(",".join(rng.choice(cells, 3)) for _ in range(60)).encode()
    whole = scan(text, 0, line=1, dialect=COMMA)
    assert whole is not None
    for size in (1, 2, 3, 7, 64):
        parts = scan(text, 0, line=1, dialect=COMMA, piece=size)
        assert parts is not None
        assert parts.lines.tolist() == whole.lines.tolist()
        assert parts.cells.tolist() == whole.cells.tolist()
        assert parts.empty.tolist() == whole.empty.tolist()
