"""Lists of touchpoints and promises come in by code."""

import pytest
from tests.collect.conftest import SHOP

from mindgap.collect import quarantine
from mindgap.collect.errors import MissingColumns
from mindgap.collect.listing import import_list
from mindgap.collect.mapping import read_text
from mindgap.collect.register import declare, known, organization_of
from mindgap.keep.models import Organization, Promise, Quarantine, Touchpoint

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Organization:
    mapping = read_text(SHOP)
    organization = organization_of(mapping)
    declare(organization, mapping)
    return organization


def test_declaring_twice_makes_everything_once(shop):
    again = declare(shop, read_text(SHOP))
    assert (again.made, again.differ) == ({}, [])


def test_names_in_every_language_lead_to_the_code(shop):
    there = known(shop)
    assert {there.touchpoint_names[name] for name in ("delivery", "送达", "送達")} == {"delivery"}
    assert there.touchpoints["delivery"].measure.unit == "days"


def test_a_list_of_promises_makes_changes_and_keeps(shop, csv):
    head = "code,touchpoint,name,name zh-Hans,name zh-Hant,quantity,bound"
    path = csv(
        head,
        "p5,delivery,Five days,五天内,五天內,5,at_most",
        "in_time,delivery,,,,,at_most",
        name="promises.csv",
    )
    planned = import_list((path,), "promises", organization=shop, dry_run=True)
    assert not Promise.objects.filter(code="p5").exists()
    done = import_list((path,), "promises", organization=shop)
    assert done.total == planned.total
    assert (done.total.new, done.total.already) == (1, 1)
    promise = Promise.objects.get(code="p5")
    assert (promise.quantity, promise.measure.code, promise.name["zh-hant"]) == (5, "days", "五天內")
    changed = import_list(
        (csv(head, "p5,delivery,Five days,五天内,五天內,4,at_most"),), "promises", organization=shop
    )
    assert changed.total.changed == 1
    assert Promise.objects.get(code="p5").quantity == 4


def test_chinese_headers_and_truths_are_understood(shop, csv):
    path = csv("编码,名称,关键时刻,指标", "store,门店,是,", "call,客服,否,days", name="touchpoints.csv")
    assert import_list((path,), "touchpoints", organization=shop).total.new == 2
    assert Touchpoint.objects.get(code="store").is_moment_of_truth
    assert Touchpoint.objects.get(code="call").measure.code == "days"


def test_a_row_that_does_not_fit_waits_in_quarantine_and_can_be_mended(shop, csv):
    path = csv("code,touchpoint,bound", "p1,moon,at_most", "p2,delivery,about", "p3,delivery,exactly")
    done = import_list((path,), "promises", organization=shop)
    assert (done.total.new, done.total.quarantined) == (1, 2)
    assert list(Quarantine.objects.values_list("line", "kind", "reason")) == [
        (2, "promises", "bad_register"),
        (3, "promises", "bad_register"),
    ]
    quarantine.mend(shop, Quarantine.objects.get(line=3).pk, {"bound": "exactly"})
    assert quarantine.replay(shop) == quarantine.Replayed(done=1, refused=1)
    assert Promise.objects.filter(code="p2", bound="exactly").exists()


def test_a_list_without_codes_is_no_list(shop, csv):
    with pytest.raises(MissingColumns, match="'code'"):
        import_list((csv("name", "x"),), "touchpoints", organization=shop)
