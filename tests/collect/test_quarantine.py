"""What could not be taken is listed, exported, mended, replayed or dismissed; nothing is lost."""

import io

import msgspec
import pytest
from tests.collect.conftest import ORDERS, SHOP

from mindgap.collect import importer, quarantine
from mindgap.collect.errors import NotRepairable
from mindgap.collect.mapping import read_text
from mindgap.ground import clock, identity
from mindgap.keep import appender, recorder, submissions
from mindgap.keep.models import (
    Interaction,
    Organization,
    Quarantine,
    Submission,
    Survey,
    SurveyVersion,
    Touchpoint,
)

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "order,store,bought,promised,delivered,city,paid"
BAD = (
    "o1,s1,2026-01-05,2026-01-09,2026-01-01,上海,1",
    "o2,s1,someday,2026-01-09,2026-01-06,=上海,-1",
)


@pytest.fixture
def shop(csv, shop_orders) -> Organization:
    importer.run((csv(HEAD, *BAD),), shop_orders)
    return Organization.objects.get()


def test_entries_are_listed_by_state_and_counted_by_reason(shop):
    assert [entry.reason for entry in quarantine.entries(shop)] == ["experienced_before_start", "bad_date"]
    assert quarantine.reasons(shop) == {"bad_date": 1, "experienced_before_start": 1}
    assert quarantine.entries(shop, state="dismissed").count() == 0
    assert quarantine.entries(shop, reason="bad_date").get().line == 3


def test_replaying_an_unchanged_row_refuses_it_again(shop):
    assert quarantine.replay(shop) == quarantine.Replayed(done=0, refused=2)
    assert not Interaction.objects.exists()


def test_a_mended_row_is_recorded_as_if_it_had_been_right(shop):
    entry = quarantine.entries(shop, reason="experienced_before_start").get()
    quarantine.mend(shop, entry.pk, {"delivered": "2026-01-07", "city": ""})
    assert quarantine.replay(shop, [entry.pk]) == quarantine.Replayed(done=1)
    one = Interaction.objects.get(key="o1")
    assert (one.value, one.promised, one.segments, one.revenue_minor) == (2, 4, {}, 100)
    assert quarantine.entries(shop, state="replayed").get() == entry
    with pytest.raises(NotRepairable, match="replayed"):
        quarantine.mend(shop, entry.pk, {"delivered": "x"})


def test_a_bad_row_that_was_mended_stays_mended_when_its_file_comes_again(shop, csv, shop_orders):
    entry = quarantine.entries(shop, reason="bad_date").get()
    quarantine.mend(shop, entry.pk, {"bought": "2026-01-05"})
    quarantine.replay(shop, [entry.pk])
    importer.run((csv(HEAD, "o9,s1,2026-01-05,,,,", *BAD),), shop_orders)
    assert Quarantine.objects.count() == 2
    assert quarantine.entries(shop).get().reason == "experienced_before_start"


def test_an_export_can_be_corrected_in_a_spreadsheet_and_given_back(shop, tmp_path):
    file = io.StringIO(newline="")
    assert quarantine.export(quarantine.entries(shop), file) == 2
    lines = file.getvalue().splitlines()
    assert lines[0].startswith("#id,#reason,#words,#column,#source,#line,")
    # PostgreSQL does not keep the order of the columns.
    assert set(lines[0].split(",")[6:]) == set(HEAD.split(","))
    # A cell that a spreadsheet would run is a text.
    assert "'=上海" in lines[2]
    assert "'-1" in lines[2]
    path = tmp_path / "mended.csv"
    path.write_text(file.getvalue().replace("someday", "2026-01-05"), encoding="utf-8-sig")
    changed = quarantine.mend_from(shop, path)
    assert quarantine.replay(shop, changed) == quarantine.Replayed(done=1)
    one = Interaction.objects.get(key="o2")
    assert (one.segments, one.revenue_minor) == ({"city": "=上海"}, -100)


def test_a_file_that_is_no_export_is_refused(shop, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NotRepairable, match="#id"):
        quarantine.mend_from(shop, path)


def test_dates_are_read_as_their_whole_column_was(csv, shop_orders):
    """Alone, 03/04/2026 could be two days; in its file, a 25/06/2026 had shown which."""
    importer.run((csv(HEAD, "o1,s1,25/06/2026,,,,", "o2,s1,03/04/2026,,,,x"),), shop_orders)
    shop = Organization.objects.get()
    entry = quarantine.entries(shop).get()
    quarantine.mend(shop, entry.pk, {"paid": "5"})
    assert quarantine.replay(shop).done == 1
    assert Interaction.objects.get(key="o2").started_at.isoformat() == "2026-04-02T16:00:00+00:00"


def test_what_was_missing_may_be_declared_and_then_replayed(csv):
    mapping = read_text(
        SHOP + ORDERS.replace('{ value = "delivery" }', '"store"').replace('unit = "store"\n', "")
    )
    importer.run((csv(HEAD, "o1,moon,2026-01-05,,,,"),), mapping)
    shop = Organization.objects.get()
    assert quarantine.replay(shop) == quarantine.Replayed(refused=1)
    Touchpoint.objects.filter(code="delivery").update(code="moon")
    assert quarantine.replay(shop).done + quarantine.replay(shop).done == 1


def test_what_a_program_sent_is_mended_and_replayed_too(shop):
    body = b'{"kind":"interaction","key":"p1","touchpoint":"nowhere","started_at":"2026-01-01T00:00:00Z","promised":3}'
    appender.append(shop.pk, [(identity.uuid7(), "interaction", "api", body)])
    recorder.catch_up()
    entry = quarantine.entries(shop, source="api").get()
    assert quarantine.values_of(entry)["promised"] == "3"
    assert quarantine.replay(shop, [entry.pk]) == quarantine.Replayed(refused=1)
    quarantine.mend(shop, entry.pk, {"touchpoint": "delivery", "promised": "4"})
    assert quarantine.replay(shop, [entry.pk]) == quarantine.Replayed(done=1)
    assert Interaction.objects.get(key="p1").promised == 4


def test_dismissed_entries_are_kept_but_not_replayed(shop):
    first = quarantine.entries(shop).first()
    assert quarantine.dismiss(shop, [first.pk]) == 1
    assert quarantine.dismiss(shop) == 1
    assert quarantine.replay(shop) == quarantine.Replayed()
    assert Quarantine.objects.filter(state="dismissed").count() == 2


def test_nobody_touches_another_organizations_entries(shop):
    other = Organization.objects.create(code="other", zone="UTC")
    entry = quarantine.entries(shop).first()
    assert not quarantine.entries(other).exists()
    assert quarantine.dismiss(other, [entry.pk]) == 0
    assert quarantine.replay(other, [entry.pk]) == quarantine.Replayed()
    with pytest.raises(NotRepairable):
        quarantine.mend(other, entry.pk, {"bought": "2026-01-01"})


def visit(**more: object) -> bytes:
    """A finished submission of a survey `visit`, as its page hands it over."""
    said: dict[str, object] = {
        "kind": "submission",
        "key": str(identity.uuid7()),
        "survey": "visit",
        "version": 1,
        "started_at": "2026-11-01T08:00:00Z",
        "changed_at": "2026-11-01T08:01:00Z",
        "finished": "2026-11-01T08:01:00Z",
        "state": "finished",
        "answers": {"nps": 9},
    }
    return msgspec.json.encode(said | more)


def test_submissions_are_replayed_like_everything_else():
    """P2: one that came for a version that was not there yet, one that is broken, one that can never be read."""
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    bodies = (visit(), visit(language="x" * 40), visit(version="newest"))
    appender.append(shop.pk, [(identity.uuid7(), "submission", "survey", body) for body in bodies])
    recorder.catch_up()
    submissions.catch_up()
    assert quarantine.reasons(shop) == {"unknown_survey": 1, "too_long": 1, "unreadable": 1}
    assert quarantine.replay(shop) == quarantine.Replayed(done=0, refused=3)
    made = Survey.objects.create(organization=shop, code="visit", state="live")
    SurveyVersion.objects.create(
        survey=made, number=1, definition={}, digest="d", state="published", published_at=clock.now()
    )
    assert quarantine.replay(shop) == quarantine.Replayed(done=1, refused=2)
    assert Submission.objects.get().answers == {"nps": 9}
    long = quarantine.entries(shop, reason="too_long").get()
    quarantine.mend(shop, long.pk, {"language": "zh-hant"})
    broken = quarantine.entries(shop, reason="unreadable").get()
    quarantine.mend(shop, broken.pk, {"version": "1"})
    assert quarantine.replay(shop).done >= 1
    assert Submission.objects.filter(language="zh-hant").count() == 1
    # Nothing stands in quarantine twice, and nothing of it was lost.
    assert Quarantine.objects.count() == 3
