"""Every row ends imported, already there, or in quarantine with its reason; twice is once."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.collect.conftest import ANSWERS, ORDERS, SHOP

from mindgap.collect import importer
from mindgap.collect.errors import AmbiguousDates, ImportProblem, MissingColumns, NoOrganization
from mindgap.collect.files import BrokenFile, EmptyFile
from mindgap.collect.mapping import read_text
from mindgap.ground import clock
from mindgap.keep.models import (
    Answer,
    Arrival,
    Customer,
    Interaction,
    Organization,
    Quarantine,
    Reading,
    Touchpoint,
    Unit,
)

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "order,store,bought,promised,delivered,city,paid"
GOOD = (
    "o1,s1,2026-01-01 10:00,2026-01-05,2026-01-03 09:00,上海,12.50",
    "o2,s1,2026-01-01 11:00,2026-01-05,2026-01-07 09:00,臺北,3",
    "o3,s2,2026-01-02 12:00,2026-01-06,,上海,",
)


def counts(result, kind="interactions"):
    return {name: n for name, n in result.by_kind[kind].as_dict().items() if n}


def test_rows_become_interactions_with_all_that_the_mapping_names(csv, shop_orders):
    result = importer.run((csv(HEAD, *GOOD),), shop_orders)
    assert counts(result) == {"read": 3, "new": 3}
    one = Interaction.objects.get(key="o1")
    assert one.started_at == datetime(2026, 1, 1, 2, tzinfo=UTC)
    assert (one.promised, one.value, one.revenue_minor) == (4, 2, 1250)
    assert (one.unit.code, one.promise.code, one.segments) == ("s1", "in_time", {"city": "上海"})
    assert one.customer.identities.get().value == "o1"
    assert Interaction.objects.get(key="o3").state == 2
    assert Organization.objects.get().zone == "Asia/Shanghai"


def test_units_named_by_rows_stand_at_the_top_of_the_tree(csv, shop_orders):
    importer.run((csv(HEAD, *GOOD),), shop_orders)
    assert {unit.code: unit.path for unit in Unit.objects.all()} == {
        code: f"{Unit.objects.get(code=code).pk}/" for code in ("s1", "s2")
    }


def test_the_same_file_twice_changes_nothing(csv, shop_orders):
    path = csv(HEAD, *GOOD, "o9,s1,2026-01-05,2026-01-05,2026-01-01,上海,1")
    importer.run((path,), shop_orders)
    before = list(Reading.objects.values_list("id", "sign"))
    again = importer.run((path,), shop_orders)
    assert counts(again) == {"read": 4, "already": 3, "quarantined": 1}
    assert again.made == {}
    assert list(Reading.objects.values_list("id", "sign")) == before
    assert Quarantine.objects.count() == 1


def test_a_dry_run_prints_the_same_numbers_and_writes_nothing(csv, shop_orders):
    path = csv(HEAD, *GOOD, GOOD[0], "o9,s1,2026-01-05,2026-01-05,2026-01-01,上海,1", ",s1,2026-01-01,,,,")
    planned = importer.run((path,), shop_orders, dry_run=True)
    for model in (Organization, Arrival, Quarantine, Touchpoint, Interaction):
        assert not model.objects.exists()
    done = importer.run((path,), shop_orders)
    assert planned.as_dict() | {"dry_run": False} == done.as_dict()
    assert importer.run((path,), shop_orders, dry_run=True).total.already == done.total.new


def test_a_changed_row_is_a_change_and_changing_it_back_is_another(csv, shop_orders):
    """A, B, A: the third file says the same as the first, and still has to count."""
    late = GOOD[0].replace("2026-01-03", "2026-01-09")
    importer.run((csv(HEAD, *GOOD),), shop_orders)
    for row, value in ((late, 8), (GOOD[0], 2), (late, 8)):
        planned = importer.run((csv(HEAD, row, *GOOD[1:]),), shop_orders, dry_run=True)
        result = importer.run((csv(HEAD, row, *GOOD[1:]),), shop_orders)
        assert counts(result) == counts(planned) == {"read": 3, "changed": 1, "already": 2}
        assert Interaction.objects.get(key="o1").value == value


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        (",s1,2026-01-01,,,,", "no_key", "order"),
        ("x,s1,,,,,", "started_missing", "bought"),
        ("x,s1,soon,,,,", "bad_date", "bought"),
        ("x,s1,2026-01-05,2026-01-09,2026-01-01,,", "experienced_before_start", "delivered"),
        ("x,s1,2026-01-05,2026-01-01,,,", "due_before_start", "promised"),
        ("x,s1,2026-01-05,,,,¥5", "bad_amount", "paid"),
        ("x" * 201 + ",s1,2026-01-05,,,,", "too_long", "order"),
        ("x,s1,1026-01-05,,,,", "impossible_date", ""),
    ],
)
def test_a_row_that_does_not_fit_is_kept_with_reason_column_and_line(csv, shop_orders, row, reason, column):
    result = importer.run((csv(HEAD, *GOOD, row),), shop_orders)
    assert counts(result) == {"read": 4, "new": 3, "quarantined": 1}
    entry = Quarantine.objects.get()
    assert (entry.reason, entry.line, entry.source, entry.kind) == (reason, 5, "orders.csv", "interaction")
    assert not column or entry.column == column
    assert entry.words
    assert result.reasons == {reason: 1}


def test_lines_are_those_of_the_file_even_where_a_cell_has_several(csv, shop_orders):
    result = importer.run(
        (csv(HEAD, GOOD[0].replace("上海", '"上\n海"'), "", ",s1,2026-01-01,,,,"),), shop_orders
    )
    assert Quarantine.objects.get().line == 5
    assert result.blank == 1


def test_scores_off_their_scale_are_set_aside(csv, shop_answers):
    head = "order,answered,score,comment"
    rows = (
        "o1,2026-01-04,5,好",
        "o2,2026-01-04,6,",
        "o3,2026-01-04,4.5,",
        "o4,2026-01-04,,",
        "o5,2026-01-04,,只有文字",
    )
    result = importer.run((csv(head, *rows),), shop_answers)
    assert result.reasons == {"off_scale": 2, "nothing_said": 1}
    assert counts(result, "answers") == {"read": 5, "new": 2, "quarantined": 3}
    assert Answer.objects.get(key="ao1").comment == "好"


def test_answers_find_their_interactions_whatever_comes_first(csv):
    both = read_text(
        SHOP
        + ANSWERS.replace("as =", 'from = "answers"\nas =')
        + ORDERS.replace("as =", 'from = "orders"\nas =')
    )
    orders, answers = (
        csv(HEAD, *GOOD),
        csv("order,answered,score,comment", "o1,2026-01-04,5,好", name="answers.csv"),
    )
    importer.run((orders, answers), both)
    answer = Answer.objects.get()
    assert answer.interaction.key == "o1"
    assert answer.customer == answer.interaction.customer


def test_an_unknown_touchpoint_is_set_aside_and_names_count_like_codes(csv):
    mapping = read_text(SHOP + ORDERS.replace('{ value = "delivery" }', '"place"'))
    rows = [f"{row},{place}" for row, place in zip(GOOD, ("送達", "delivery", "Moon"), strict=True)]
    result = importer.run((csv(f"{HEAD},place", *rows),), mapping)
    assert result.reasons == {"unknown_touchpoint": 1}
    assert Interaction.objects.filter(touchpoint__code="delivery").count() == 2


def test_one_key_with_two_contents_needs_a_rule(csv):
    other = GOOD[0].replace("s1", "s2")
    refused = importer.run((csv(HEAD, *GOOD, other),), read_text(SHOP + ORDERS))
    assert counts(refused) == {"read": 4, "new": 2, "quarantined": 2}
    assert set(Quarantine.objects.values_list("reason", "line")) == {
        ("duplicate_key", 2),
        ("duplicate_key", 5),
    }
    latest = importer.run((csv(HEAD, *GOOD, other),), read_text(SHOP + ORDERS + 'keep = "first"\n'))
    assert counts(latest) == {"read": 4, "new": 1, "already": 2, "dropped": 1}


def test_status_decides_what_is_complete(csv):
    status = 'as_of = "last"\nstatus = { column = "state", completed = ["done"], cancelled = ["gone"] }\n'
    mapping = read_text(
        SHOP.replace('name = "Shop"', 'name = "Shop"\nas_of = "last"') + ORDERS + status.partition("\n")[2]
    )
    states = ("done", "gone", "on its way", "done")
    rows = [f"{row},{state}" for row, state in zip((*GOOD, GOOD[2].replace("o3", "o4")), states, strict=True)]
    result = importer.run((csv(f"{HEAD},state", *rows),), mapping)
    assert result.reasons == {"experience_missing": 1}
    assert list(Interaction.objects.order_by("key").values_list("state", flat=True)) == [1, 3, 2]
    assert Interaction.objects.get(key="o2").experienced_at is None
    assert Interaction.objects.get(key="o3").observed_until == datetime(2026, 1, 7, 1, tzinfo=UTC)


def test_the_last_moment_of_the_data_is_never_in_the_future(csv, shop_orders):
    mapping = read_text(SHOP.replace('name = "Shop"', 'name = "Shop"\nas_of = "last"') + ORDERS)
    now = datetime(2026, 1, 4, tzinfo=UTC)
    with clock.frozen(now):
        importer.run((csv(HEAD, *GOOD),), mapping)
    assert Interaction.objects.get(key="o3").observed_until == now


def test_ambiguous_dates_stop_the_import_until_somebody_chooses(csv, shop_orders):
    path = csv(HEAD, "o1,s1,03/04/2026 10:00,,,,", "o2,s1,05/06/2026 10:00,,,,")
    with pytest.raises(AmbiguousDates, match="bought"):
        importer.run((path,), shop_orders)
    assert not Organization.objects.exists()
    chosen = read_text(SHOP.replace('name = "Shop"', 'name = "Shop"\ndate_order = "dmy"') + ORDERS)
    importer.run((path,), chosen)
    assert Interaction.objects.get(key="o1").started_at == datetime(2026, 4, 3, 2, tzinfo=UTC)


def test_a_missing_column_is_named_with_those_that_are_there(csv, shop_orders):
    with pytest.raises(MissingColumns, match=r"'delivered'.*bought") as caught:
        importer.run((csv("order,store,bought,promised,city,paid", "1,2,3,4,5,6"),), shop_orders)
    assert caught.value.missing == ("delivered",)


def test_without_any_organization_nothing_can_be_imported(csv):
    mapping = read_text(ORDERS)
    with pytest.raises(NoOrganization, match=r"\[organization\]"):
        importer.run((csv(HEAD, *GOOD),), mapping)


def test_registers_that_people_changed_stay_as_they_are(csv, shop_orders):
    importer.run((csv(HEAD, *GOOD),), shop_orders)
    Touchpoint.objects.update(name={"en": "Doorstep"})
    again = importer.run((csv(HEAD, *GOOD),), shop_orders)
    assert str(Touchpoint.objects.get()) == "Doorstep"
    assert [note.code for note in again.notes] == ["registers_differ"]


def test_files_are_joined_by_a_query_and_rows_counted_in_its_result(csv):
    sql = """
[[query]]
name = "joined"
sql = "select o.*, i.paid from orders o left join (select \\"order\\", sum(cast(paid as decimal(9,2))) paid from items group by 1) i using (\\"order\\") order by 1"
"""
    mapping = read_text(SHOP + sql + ORDERS)
    head = HEAD.removesuffix(",paid")
    orders = csv(head, *(row.rpartition(",")[0] for row in GOOD), "o4,s1,,,,")
    items = csv("order,paid", "o1,1.50", "o1,2.25", name="items.csv")
    importer.run((orders.parent,), mapping)
    assert items.parent == orders.parent
    assert Interaction.objects.get(key="o1").revenue_minor == 375
    assert Quarantine.objects.get().line == 4


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("cp950", ["o1,臺北門市,2026-01-01,2026-01-05,2026-01-03,臺北市,1", "o2,高雄門市,2026-01-01,2026-01-05,2026-01-03,高雄市,2",
                   "o3,臺中門市,2026-01-01,2026-01-05,2026-01-03,臺中市,3"]),
        ("gb18030", ["o1,上海门店,2026-01-01,2026-01-05,2026-01-03,上海市,1", "o2,广州门店,2026-01-01,2026-01-05,2026-01-03,广州市,2",
                     "o3,深圳门店,2026-01-01,2026-01-05,2026-01-03,深圳市,3"]),
    ],
)  # fmt: skip
def test_big5_and_gb18030_come_out_as_they_were_written(csv, shop_orders, encoding, rows):
    result = importer.run((csv(HEAD, *rows, encoding=encoding),), shop_orders)
    assert counts(result) == {"read": 3, "new": 3}
    stored = {(each.unit.code, each.segments["city"]) for each in Interaction.objects.all()}
    assert stored == {(row.split(",")[1], row.split(",")[5]) for row in rows}
    assert "encoding" in [note.code for note in result.notes]


def test_a_workbook_with_a_title_and_a_header_of_two_rows(tmp_path: Path):
    import xlsxwriter

    path = tmp_path / "survey.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Response", "Satisfaction", "", "Answered"])
        sheet.write_row(1, 0, ["id", "Delivery", "Comment", "at"])
        sheet.merge_range(0, 1, 0, 2, "Satisfaction")
        for number in range(1, 30):
            sheet.write_row(number + 1, 0, [number, number % 5 + 1, f"comment {number}"])
            sheet.write_datetime(number + 1, 3, datetime(2026, 1, number), day)
    from mindgap.collect.files import open_table

    columns = open_table(path).columns
    assert len(columns) == 4
    mapping = read_text(SHOP + ANSWERS)
    from msgspec.structs import replace

    record = replace(mapping.record[0], key=columns[0], interaction="", answered=columns[3], scores={"satisfaction": columns[1]},
                     comment=columns[2])  # fmt: skip
    result = importer.run((path,), replace(mapping, record=(record,)))
    assert counts(result, "answers") == {"read": 29, "new": 29}
    assert Answer.objects.get(key="1").comment == "comment 1"
    assert Answer.objects.get(key="1").answered_at == datetime(2025, 12, 31, 16, tzinfo=UTC)


def test_an_empty_file_and_a_broken_zip_say_so_and_write_nothing(tmp_path: Path, shop_orders):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(EmptyFile):
        importer.run((empty,), shop_orders)
    book = tmp_path / "orders.xlsx"
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 1000)
    book.write_bytes(book.read_bytes()[:60])
    with pytest.raises(BrokenFile):
        importer.run((book,), shop_orders)
    assert not Organization.objects.exists()


def test_typed_tables_keep_their_types(tmp_path: Path, shop_orders):
    path = tmp_path / "orders.parquet"
    pl.DataFrame(
        {"order": [1, 2], "store": ["a", None], "bought": [datetime(2026, 1, 1), datetime(2026, 1, 2)],
         "promised": [3, 4], "delivered": [2.0, None], "city": ["x", "y"], "paid": [1.1, None]}
    ).write_parquet(path)  # fmt: skip
    result = importer.run((path,), shop_orders)
    assert counts(result) == {"read": 2, "new": 2}
    one = Interaction.objects.get(key="1")
    assert (one.promised, one.value, one.revenue_minor, one.state) == (3, 2, 110, 1)


def test_customers_are_counted_once_and_changed_when_they_are(csv):
    mapping = read_text(
        SHOP + '[[record]]\nas = "customers"\ncustomer = { email = "mail" }\nsegments = { tier = "tier" }\n'
    )
    importer.run((csv("mail,tier", "a@x,gold", "b@x,silver", "a@x,gold", ",gold"),), mapping)
    assert Customer.objects.count() == 2
    for tier, wanted in (("gold", "already"), ("iron", "changed"), ("gold", "changed")):
        result = importer.run((csv("mail,tier", f"a@x,{tier}"),), mapping)
        assert counts(result, "customers") == {"read": 1, wanted: 1}
        assert Customer.objects.get(identities__value="a@x").segments == {"tier": tier}


def test_progress_is_told_from_reading_to_recording(csv, shop_orders):
    told = []
    importer.run((csv(HEAD, *GOOD),), shop_orders, progress=lambda *step: told.append(step))
    assert told[0] == ("reading", 0, 0)
    assert ("importing", 3, 3) in told
    assert told[-1] == ("recording", 3, 3)


def test_a_folder_without_tables_is_no_import(tmp_path: Path, shop_orders):
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(ImportProblem, match="CSV"):
        importer.run((tmp_path,), shop_orders)
