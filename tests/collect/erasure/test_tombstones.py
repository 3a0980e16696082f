"""Tombstones: a record that is restored from a backup forgets again whom it had forgotten (P10, K10)."""

import sqlite3
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from tests.collect.erasure.test_erasure import (
    CANARY,
    MAIL,
    PHONE,
    ann_of_shop,
    answer,
    asking,
    dump,
    files,
    finish,
    holding,
)
from tests.collect.lane.test_answering import keep_up
from tests.collect.survey.respondent import Respondent

from mindgap.collect.erasure import run, tombstones
from mindgap.collect.receive import parcel, receive
from mindgap.ground import clock
from mindgap.keep import erasure, facts, incoming, recorder
from mindgap.keep.models import Answer, Customer, Erasure, Identity, Organization, Submission, Survey
from mindgap.show.cli.erasures import reapply

__all__ = ["ann_of_shop", "asking"]
pytestmark = pytest.mark.django_db(transaction=True)


class Backup:
    """A copy of the record as SQLite makes it, to be put back in its place."""

    def __init__(self, folder: Path) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("a record is put back here as SQLite does it; the rest runs on both")
        self._copy = sqlite3.connect(folder / "copy.sqlite3")
        connection.ensure_connection()
        connection.connection.backup(self._copy)

    def put_back(self, folder: Path) -> None:
        """On an empty host: there are no facts and no files."""
        connection.ensure_connection()
        self._copy.backup(connection.connection)
        self._copy.close()
        settings.FACTS = folder / "facts-of-the-new-host"


@pytest.fixture
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where backups lie: not on the disk of the installation."""
    return tmp_path_factory.mktemp("vault")


@pytest.fixture
def home(limits: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA", limits.folder.parent)
    return settings.ERASURES_FILE


def order_of(key: str, **identities: str) -> incoming.Interaction:
    return incoming.Interaction(key, "store", clock.now(), customer=incoming.Person(identities, name="N."))


def test_a_record_from_before_forgets_again_everybody_who_was_erased_since(
    ann: Respondent, shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path, vault: Path
) -> None:
    """Erase, put back what was there before, start: the canary is nowhere, and the proof is there once more."""
    end = finish(ann, f"/s/{asking.short}")
    assert end.status == 200
    visitor = Submission.objects.get()
    backup = Backup(vault)
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    erasure.ask(shop.pk, source="preferences", submission_key=visitor.key)
    while run.run_next():
        pass
    assert holding(dump()) == []
    before = {row.ref: (row.scope, row.requested_at, row.digests) for row in Erasure.objects.all()}
    backup.put_back(vault)
    assert len(holding(dump())) > 8
    assert not Erasure.objects.exists()

    said = CliRunner().invoke(reapply)
    assert said.exit_code == 0, said.output
    assert "erasures carried out again: 2" in said.output
    assert holding(dump()) == []
    assert not any(CANARY.encode() in content for content in files(home.parent).values())
    after = {row.ref: (row.scope, row.requested_at, row.digests) for row in Erasure.objects.all()}
    assert after == before
    assert set(Erasure.objects.values_list("state", "source")) == {("done", "restore")}
    # Bo was never erased, and figures are what they were without anybody behind them.
    assert Customer.objects.get().name == "Bo"
    assert Answer.objects.get().scores["recommend"]["value"] == 9
    facts.rebuild(shop)
    assert facts.verify(shop) == ()
    assert "the record knows of every erasure" in CliRunner().invoke(reapply).output


def test_a_visit_and_a_withdrawn_contact_are_forgotten_again_and_the_rest_stays(
    ann: Respondent, shop: Organization, asking: Survey, home: Path, vault: Path
) -> None:
    finish(ann, f"/s/{asking.short}")
    said = Submission.objects.get()
    second = answer(ann, f"/s/{asking.short}")
    keep_up()
    broken_off = Submission.objects.exclude(pk=said.pk).get()
    assert second.status == 200
    backup = Backup(vault)
    erasure.ask(shop.pk, source="preferences", scope="contact", submission_key=said.key)
    erasure.ask(shop.pk, source="answering", scope="visit", submission_key=broken_off.key)
    while run.run_next():
        pass
    backup.put_back(vault)
    assert MAIL in dump()
    assert run.reapply() == 2
    row = Submission.objects.get()
    assert row.key == said.key
    assert row.answers["text"].startswith(CANARY)
    assert MAIL not in dump()


def test_who_comes_back_after_an_erasure_is_not_erased_again(
    shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path
) -> None:
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    receive(shop, [parcel(shop, order_of("order-9", email=MAIL))], source="test")
    recorder.catch_up()
    assert run.reapply() == 0
    assert Identity.objects.filter(value=MAIL).exists()


def test_an_erasure_of_somebody_whom_an_old_record_never_held_waits_for_nobody(
    shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path
) -> None:
    """As after a restore from before the first visit: who comes later, with the same address, stays."""
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    Erasure.objects.all().delete()
    assert run.reapply() == 1
    assert Erasure.objects.get().removed == {}
    receive(shop, [parcel(shop, order_of("order-9", email=MAIL))], source="test")
    recorder.catch_up()
    assert run.reapply() == 0
    assert Identity.objects.filter(value=MAIL).exists()


def test_what_still_was_on_its_way_in_is_found_and_nobody_else_is_touched(
    shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path
) -> None:
    """The address is one of another company's customer as well: theirs stays."""
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    Erasure.objects.all().delete()
    receive(shop, [parcel(shop, order_of("order-9", phone=PHONE))], source="test")
    other = Organization.objects.create(code="other", name={"en": "Other"})
    theirs = Customer.objects.create(id=1_000_000, organization=other)
    Identity.objects.create(organization=other, customer=theirs, kind="email", value=MAIL)
    assert run.reapply() == 1
    assert not Identity.objects.filter(value=PHONE).exists()
    assert theirs.identities.count() == 1
    assert Erasure.objects.get().removed["interactions"] == 1


def test_somebody_without_any_address_is_found_by_what_they_did(
    shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path, vault: Path
) -> None:
    Identity.objects.all().delete()
    backup = Backup(vault)
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    (stone,) = tombstones._read(home)
    assert (len(stone.keys), stone.identities) == (1, ())
    backup.put_back(vault)
    assert run.reapply() == 1
    assert Customer.objects.get().name == "Bo"


def test_a_tombstone_names_nobody_and_only_its_owner_may_read_it(
    ann: Respondent, shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path
) -> None:
    finish(ann, f"/s/{asking.short}")
    key = str(Submission.objects.get().key)
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    text = home.read_text()
    assert holding(text) == []
    assert key not in text
    line = msgspec.json.decode(text)
    assert set(line) == {"ref", "organization", "scope", "requested_at", "done_at", "identities", "visits"}
    assert stat.S_IMODE(home.stat().st_mode) == 0o600


def test_a_line_that_a_crash_cut_off_spoils_neither_the_next_nor_the_start(
    shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path
) -> None:
    home.write_bytes(b'{"ref":"0192')
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    assert [stone.scope for stone in tombstones._read(home)] == ["everything"]
    assert run.reapply() == 0


def test_an_erasure_whose_tombstone_cannot_be_written_is_not_called_done(
    shop: Organization, asking: Survey, ann_of_shop: Customer, home: Path
) -> None:
    home.mkdir()
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    waiting = Erasure.objects.get()
    assert (waiting.state, waiting.problem) == ("waiting", "IsADirectoryError")
    home.rmdir()
    run.run_next()
    assert Erasure.objects.get().state == "done"
    assert len(tombstones.missing()) == 0
