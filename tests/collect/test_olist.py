"""The example mapping on a hand-made marketplace of nine orders in Olist's layout."""

from pathlib import Path

import pytest

from mindgap.collect import importer, mapping
from mindgap.keep.models import Answer, Customer, Interaction, Organization, Promise, Touchpoint

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLE = Path(__file__).parents[2] / "examples" / "olist" / "mapping.toml"

# order, status, purchased, approved, handed over, delivered, estimated
ORDERS = """
a,delivered,2018-01-01 10:00:00,2018-01-01 12:30:00,2018-01-02 09:00:00,2018-01-05 18:00:00,2018-01-10 00:00:00
b,delivered,2018-01-01 10:00:00,2018-01-01 10:10:00,2018-01-03 09:00:00,2018-01-10 18:00:00,2018-01-10 00:00:00
c,delivered,2018-01-01 10:00:00,2018-01-01 10:10:00,2018-01-04 09:00:00,2018-01-12 18:00:00,2018-01-10 00:00:00
d,shipped,2018-01-02 10:00:00,2018-01-02 10:10:00,2018-01-04 09:00:00,,2018-01-10 00:00:00
e,canceled,2018-01-02 10:00:00,,,,2018-01-10 00:00:00
f,canceled,2018-01-02 10:00:00,2018-01-02 10:10:00,2018-01-04 09:00:00,2018-01-09 09:00:00,2018-01-10 00:00:00
g,delivered,2018-01-02 10:00:00,2018-01-02 10:10:00,2018-01-04 09:00:00,,2018-01-10 00:00:00
h,delivered,2018-01-02 10:00:00,2018-01-02 10:10:00,2018-01-02 09:00:00,2018-01-04 09:00:00,2018-01-10 00:00:00
i,unavailable,2018-01-02 10:00:00,2018-01-02 10:10:00,,,2018-01-10 00:00:00
"""


def write(folder: Path, name: str, head: str, rows: list[str]) -> None:
    (folder / f"olist_{name}_dataset.csv").write_text("\n".join([head, *rows]) + "\n")


@pytest.fixture
def olist(tmp_path: Path) -> Path:
    orders = [line.split(",") for line in ORDERS.strip().splitlines()]
    write(
        tmp_path, "orders",
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
        "order_delivered_customer_date,order_estimated_delivery_date",
        [",".join([order[0], f"c{order[0]}", *order[1:]]) for order in orders],
    )  # fmt: skip
    # Two orders of one person.
    write(
        tmp_path, "customers", "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state",
        [f"c{order[0]},{'u1' if order[0] in 'ab' else 'u' + order[0]},1,x,{'SP' if order[0] in 'abc' else 'RJ'}" for order in orders],
    )  # fmt: skip
    write(
        tmp_path, "order_items", "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
        ["a,1,p,s1,2018-01-02 08:00:00,1,1", "b,1,p,s1,2018-01-02 00:00:00,1,1", "b,2,p,s2,2018-01-05 00:00:00,1,1",
         "c,1,p,s1,2018-01-03 00:00:00,1,1"],
    )  # fmt: skip
    write(
        tmp_path, "order_payments", "order_id,payment_sequential,payment_type,payment_installments,payment_value",
        ["a,1,card,1,10.10", "a,2,voucher,1,0.20", "b,1,card,1,5"],
    )  # fmt: skip
    write(
        tmp_path, "order_reviews",
        "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp",
        ["r1,a,2,,,2018-01-06 00:00:00,2018-01-06 10:00:00", "r2,a,5,Bom,chegou,2018-01-07 00:00:00,2018-01-08 10:00:00",
         "r3,b,4,,,2018-01-09 00:00:00,2018-01-11 10:00:00", "r3,c,1,,,2018-01-13 00:00:00,2018-01-13 10:00:00"],
    )  # fmt: skip
    # A file that the mapping does not ask for may be of any kind.
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    return tmp_path


@pytest.fixture
def imported(olist: Path) -> importer.ImportResult:
    return importer.run((olist,), mapping.read(EXAMPLE))


def states(touchpoint: str) -> dict[str, int]:
    found = Interaction.objects.filter(touchpoint__code=touchpoint)
    return {row.key.partition(":")[2]: row.state for row in found.order_by("key")}


def test_only_delivered_orders_with_a_date_are_completed_deliveries(imported):
    assert states("delivery") == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3, "f": 3, "g": 2, "h": 1, "i": 3}
    assert imported.reasons == {"experienced_before_start": 1}


def test_a_hand_over_or_approval_that_happened_counts_whatever_came_of_the_order(imported):
    assert states("handover") == {"a": 1, "b": 1, "c": 1, "d": 1, "e": 3, "f": 1, "g": 1, "i": 3}
    assert states("approval") == {"a": 1, "b": 1, "c": 1, "d": 1, "e": 3, "f": 1, "g": 1, "h": 1, "i": 1}


def test_days_are_calendar_days_in_sao_paulo_and_hours_are_whole(imported):
    delivery = Interaction.objects.get(key="delivery:a")
    assert (delivery.value, delivery.promised, delivery.revenue_minor) == (4, 9, 1030)
    assert Interaction.objects.get(key="approval:a").value == 2


def test_an_order_of_several_sellers_is_due_with_its_last_part_and_has_no_unit(imported):
    handover = Interaction.objects.get(key="handover:b")
    assert (handover.promised, handover.unit) == (4, None)
    assert Interaction.objects.get(key="handover:a").unit.code == "s1"


def test_the_latest_review_of_an_order_is_its_answer(imported):
    tally = imported.by_kind["answers"]
    assert (tally.read, tally.new, tally.dropped) == (4, 3, 1)
    answer = Answer.objects.get(key="review:a")
    assert (answer.scores, answer.comment) == ({"satisfaction": {"value": 5}}, "Bom\nchegou")
    assert answer.interaction.key == "delivery:a"


def test_one_person_with_two_orders_is_one_customer_with_a_state(imported):
    assert Customer.objects.count() == 8
    assert Customer.objects.get(identities__kind="customer", identities__value="u1").segments == {
        "state": "SP"
    }


def test_open_orders_were_seen_open_until_the_last_thing_that_happened(imported):
    assert Interaction.objects.get(key="delivery:d").observed_until.isoformat() == "2018-01-13T12:00:00+00:00"


def test_everything_declared_has_names_in_three_languages(imported):
    named = [*Touchpoint.objects.all(), *Promise.objects.all(), *Organization.objects.all()]
    assert all(set(each.name) == {"en", "zh-hans", "zh-hant"} for each in named)


def test_a_second_import_finds_everything_there(imported, olist):
    again = importer.run((olist,), mapping.read(EXAMPLE))
    assert (again.total.new, again.total.changed) == (0, 0)
    assert again.total.already == imported.total.new
