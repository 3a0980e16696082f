"""Header rows as real tools write them: none, one, two, three, or below title rows."""

import pytest

from mindgap.collect.files import HeaderKind, NoHeader
from mindgap.collect.files.header import chosen_header, find_header, names_and_labels

QUALTRICS = [
    ["StartDate", "Progress", "Q1", "Q2_TEXT"],
    ["Start Date", "Progress", "How likely are you to recommend us?", "Why?"],
    [
        '{"ImportId":"startDate","timeZone":"Z"}',
        '{"ImportId":"progress"}',
        '{"ImportId":"QID1"}',
        '{"ImportId":"QID2"}',
    ],
    ["2026-11-22 10:00:00", "100", "9", "fast"],
]
MONKEY = [
    ["RespondentID", "Which films have you seen?", "", "Which rank?", ""],
    ["", "Episode I", "Episode II", "Response", "Other (please specify)"],
    ["3292879998", "Episode I", "", "Some college", ""],
    ["3292879538", "", "Episode II", "High school", "none"],
]


def test_a_row_of_words_above_numbers_is_a_header_for_sure() -> None:
    found = find_header([["store", "score"], ["A", "9"], ["B", "7"]])
    assert (found.kind, found.rows, found.is_certain) == (HeaderKind.SINGLE, (0,), True)


def test_words_above_words_are_a_header_that_a_person_should_confirm() -> None:
    found = find_header([["store", "city"], ["A", "北京"], ["B", "上海"]])
    assert (found.kind, found.is_certain) == (HeaderKind.SINGLE, False)


def test_numbers_and_dates_in_the_first_row_mean_no_header() -> None:
    found = find_header([["1", "2026-11-01", "slow"], ["2", "2026-11-02", "good"], ["3", "2026-11-03", "ok"]])
    assert (found.kind, found.body, found.is_certain) == (HeaderKind.NONE, 0, True)


def test_a_file_of_long_comments_has_no_header() -> None:
    rows = [["房间很大，早餐也不错，就是隔音差了一点，晚上睡不好，前台态度还行。", "pos"]] + [
        [f"第{n}次入住，位置很方便，离地铁站很近，房间干净，服务员态度也很热情。", "pos"] for n in range(5)
    ]
    assert find_header(rows).kind is HeaderKind.NONE


def test_years_as_column_names_are_not_taken_for_values() -> None:
    found = find_header([["unit", "2023", "2024"], ["Paris", "51", "60"], ["Lyon", "48", "55"]])
    assert found.kind is HeaderKind.SINGLE


def test_qualtrics_is_known_by_the_import_ids_in_its_third_row() -> None:
    found = find_header(QUALTRICS)
    names, labels = names_and_labels(QUALTRICS, found, 4)
    assert (found.kind, found.body) == (HeaderKind.QUALTRICS, 3)
    assert names == ["StartDate", "Progress", "Q1", "Q2_TEXT"]
    assert labels[2] == "How likely are you to recommend us?"


def test_the_old_qualtrics_export_has_codes_and_texts() -> None:
    rows = [
        ["V1", "V2", "V3", "Q1"],
        ["ResponseID", "ResponseSet", "Name", "How likely?"],
        ["R_1", "Default", "", "9"],
    ]
    found = find_header(rows)
    assert (found.kind, names_and_labels(rows, found, 4)) == (HeaderKind.LABELLED, (rows[0], rows[1]))


def test_surveymonkey_questions_are_carried_over_their_options() -> None:
    found = find_header(MONKEY)
    names, _ = names_and_labels(MONKEY, found, 5)
    assert found.kind is HeaderKind.DOUBLE
    assert names == [
        "RespondentID",
        "Which films have you seen? / Episode I",
        "Which films have you seen? / Episode II",
        "Which rank?",
        "Which rank? / Other (please specify)",
    ]


def test_title_rows_above_the_header_are_skipped() -> None:
    rows = [
        ["2026年客户满意度报表", "", "", ""],
        ["门店", "评分", "人数", "备注"],
        ["A", "4.5", "10", ""],
        ["B", "4.1", "12", ""],
    ]
    found = find_header(rows, spans={0: 4})
    assert (found.titles, found.rows) == ((0,), (1,))


def test_groups_merged_over_columns_join_the_row_below() -> None:
    rows = [
        ["unit", "score", "", "cost", ""],
        ["", "2025", "north", "south", "east"],
        ["A", "1", "2", "3", "4"],
    ]
    rows[1] = ["", "mean", "count", "mean", "count"]
    found = find_header(rows, spans={0: 2})
    names, _ = names_and_labels(rows, found, 5)
    assert names == ["unit", "score / mean", "score / count", "cost / mean", "cost / count"]


def test_a_missing_name_does_not_make_the_first_record_a_header() -> None:
    rows = [["name", "", "city"], ["Bob", "x", "Paris"], ["Eve", "y", "Lyon"]]
    assert find_header(rows).rows == (0,)


def test_a_person_may_name_the_header_rows() -> None:
    rows = [["title"], ["a", "b"], ["1", "2"]]
    found = chosen_header(rows, [2])
    assert (found.rows, found.titles, found.body) == ((1,), (0,), 2)
    assert chosen_header(rows, 0).body == 0


def test_more_header_rows_than_the_file_has_are_refused() -> None:
    with pytest.raises(NoHeader) as caught:
        chosen_header([["a"]], 2)
    assert caught.value.facts == {"asked": 2, "records": 1}
