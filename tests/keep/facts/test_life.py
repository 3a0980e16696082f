"""Life of the closed files."""

import os
from datetime import timedelta

import pytest
from tests.keep.facts.tail import held, put

from mindgap.ground import clock
from mindgap.keep import facts
from mindgap.keep.facts import Question, snapshot, store
from mindgap.keep.models import FactFile, FactVersion, Organization, Reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _with_rollups(monkeypatch):
    monkeypatch.setattr(store, "ROLLUP_ROWS", 0)


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


def total(organization):
    return facts.counts(Question(organization.id)).total


def test_a_short_and_young_tail_stays_open(organization):
    put(organization, {"value": 1})
    FactVersion.objects.update(tail_since=clock.now())
    assert facts.close_tail(organization) == 0
    assert held(organization) == 1


def test_an_old_tail_is_closed(organization, settings):
    put(organization, {"value": 1})
    FactVersion.objects.update(tail_since=clock.now() - timedelta(seconds=settings.FACTS_TAIL_SECONDS))
    assert facts.close_tail(organization) == 1
    assert held(organization) == 0
    assert FactVersion.objects.get().tail_since is None


def test_a_long_tail_is_closed(organization, settings):
    settings.FACTS_TAIL_ROWS = 3
    put(organization, *({"value": 1} for _ in range(3)))
    FactVersion.objects.update(tail_since=clock.now())
    assert facts.close_tail(organization) == 3


def test_an_empty_tail_closes_to_nothing(organization):
    assert facts.close_tail(organization, force=True) == 0
    assert not FactFile.objects.exists()


def test_files_lie_by_organization_and_month_and_are_what_the_manifest_says(organization):
    put(
        organization,
        {"day": 0, "value": 1, "segments": {"state": 1}},
        {"day": 31, "value": 1},
        {"day": 40, "value": 2},
    )
    facts.close_tail(organization, force=True)
    first, second = FactFile.objects.order_by("month")
    assert first.name.startswith(f"organization={organization.id}/month=1970-01/")
    assert (first.rows, first.first_day, first.last_day, first.segments) == (1, 0, 0, ["state"])
    assert (second.rows, second.first_day, second.last_day, second.segments) == (2, 31, 40, ["state"])
    for file in (first, second):
        paths = [store.folder() / name for name in (file.name, file.rollup)]
        assert sum(path.stat().st_size for path in paths) == file.bytes


def test_a_small_file_has_no_rollup_and_is_counted_all_the_same(organization, monkeypatch):
    monkeypatch.setattr(store, "ROLLUP_ROWS", 2)
    put(organization, {"value": 1}, {"day": 20_100, "value": 1}, {"day": 20_100, "value": 2})
    facts.close_tail(organization, force=True)
    assert [bool(name) for name in FactFile.objects.order_by("month").values_list("rollup", flat=True)] == [
        False,
        True,
    ]
    assert facts.counts(Question(organization.id, ("value",))).rows() == [(1, 2), (2, 1)]


def test_two_who_close_the_same_tail_close_it_once(organization, monkeypatch):
    put(organization, {"value": 1})
    write = store.write

    def overtaken(*args, **more):
        monkeypatch.setattr(store, "write", write)
        assert facts.close_tail(organization, force=True) == 1
        return write(*args, **more)

    monkeypatch.setattr(store, "write", overtaken)
    assert facts.close_tail(organization, force=True) == 0
    assert total(organization) == 1
    listed = {name for pair in FactFile.objects.values_list("name", "rollup") for name in pair}
    there = {str(path.relative_to(store.folder())) for path in store.folder().rglob("*.parquet")}
    assert there == listed


def test_a_crash_before_the_manifest_leaves_orphans_that_are_swept_when_old(organization, monkeypatch):
    put(organization, {"value": 1})

    def die(*args, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            facts.close_tail(organization, force=True)
    assert total(organization) == 1
    orphans = list(store.folder().rglob("*.parquet"))
    assert len(orphans) == 2
    assert facts.sweep() == 0
    facts.close_tail(organization, force=True)
    for path in store.folder().rglob("*.parquet"):
        os.utime(path, (0, 0))
    assert facts.sweep() == 2
    assert total(organization) == 1
    assert not any(path.exists() for path in orphans)


def test_small_files_of_a_month_become_one(organization):
    for value in range(8):
        put(organization, {"value": value}, {"value": value, "day": 20_400})
        facts.close_tail(organization, force=True)
    assert FactFile.objects.count() == 16
    assert facts.compact(organization) == 16
    assert sorted(FactFile.objects.values_list("rows", flat=True)) == [8, 8]
    assert facts.counts(Question(organization.id, ("value",))).rows() == [(value, 2) for value in range(8)]
    assert facts.compact(organization) == 0


def test_who_reads_while_files_are_replaced_and_swept_looks_again(organization, monkeypatch):
    put(organization, {"value": 1}, {"value": 2, "day": 20_001})
    facts.close_tail(organization, force=True)
    put(organization, {"value": 1})
    facts.close_tail(organization, force=True)
    now = snapshot.now

    def late(organization_id):
        seen = now(organization_id)
        monkeypatch.setattr(snapshot, "now", now)
        facts.compact(organization, force=True)
        for file in seen.files:
            (store.folder() / file.name).unlink()
            (store.folder() / file.rollup).unlink()
        return seen

    monkeypatch.setattr(snapshot, "now", late)
    assert facts.counts(Question(organization.id, ("value",))).rows() == [(1, 2), (2, 1)]


def test_a_listed_file_that_is_lost_is_said_so(organization):
    put(organization, {"value": 1})
    facts.close_tail(organization, force=True)
    (store.folder() / FactFile.objects.get().rollup).unlink()
    with pytest.raises(RuntimeError, match="mindgap facts rebuild"):
        total(organization)


def test_dropped_facts_are_gone_also_for_those_who_remember_them(organization):
    put(organization, {"value": 1})
    facts.close_tail(organization, force=True)
    put(organization, {"value": 1})
    assert total(organization) == 2
    facts.drop(organization)
    assert total(organization) == 0
    assert not Reading.objects.exists()
    assert not list(store.folder().rglob("*.parquet"))
