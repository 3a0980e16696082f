"""D2: delimiters are found by parsing, whatever the cells hold."""

import pytest

from mindgap.collect.files import TooManyColumns
from mindgap.collect.files.dialect import detect


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_recognised(delimiter: str) -> None:
    rows = [["id", "score", "text"], ["1", "9", "good"], ["2", "3", "slow"]]
    sample = "\n".join(delimiter.join(row) for row in rows)
    assert detect(sample).delimiter == delimiter


def test_decimal_commas_do_not_pass_for_delimiters() -> None:
    assert detect("name;score;cost\nAnna;1,5;3,20\nBob;2,5;4,10\n").delimiter == ";"


def test_commas_inside_quotation_marks_do_not_count() -> None:
    sample = 'id;text\n1;"a, b, c"\n2;"d, e, f"\n3;"g, h, i"\n'
    assert detect(sample).delimiter == ";"


def test_one_column_needs_no_delimiter() -> None:
    assert detect("name\nAnna\nBob\n").delimiter == ","


def test_a_line_naming_the_delimiter_is_obeyed_and_skipped() -> None:
    found = detect("sep=|\na,1|b,2\nc,3|d,4\n")
    assert (found.delimiter, found.skipped_lines) == ("|", 1)


def test_quotation_marks_that_close_nothing_are_signs_like_others() -> None:
    sample = 'size\tname\n5" disk\tx\n"3.5\ty\n"8\tz\n'
    found = detect(sample)
    assert (found.delimiter, found.quotes_literal) == ("\t", True)


def test_a_space_before_the_quotation_mark_is_part_of_the_dialect() -> None:
    found = detect('"id", "text"\n"1", "a, b"\n"2", "c, d"\n')
    assert (found.delimiter, found.spaced) == (",", True)


def test_a_million_columns_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(TooManyColumns) as caught:
        detect(",".join("abc" for _ in range(1_000_000)) + "\n")
    assert (caught.value.found, caught.value.limit) == (1_000_000, 5_000)
