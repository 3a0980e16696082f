"""Uploads: kept, looked at, planned, and imported by the worker."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest

from mindgap.collect import import_upload, run, uploads
from mindgap.collect.files import TooLarge
from mindgap.collect.mapping import File
from mindgap.collect.models import ImportRun
from mindgap.ground import clock
from mindgap.keep.models import Answer, Organization, Quarantine

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = b"response id,answered at,rating,comment\n1,2026-01-01,5,good\n2,2026-01-02,1,late\n3,2026-01-02,9,?\n"


@pytest.fixture
def shop(settings, tmp_path) -> Organization:
    settings.DATA = tmp_path
    return Organization.objects.create(code="shop", zone="Asia/Shanghai")


@pytest.fixture
def reviews(shop) -> uploads.Upload:
    return uploads.keep(shop, "reviews.csv", [ROWS[:20], ROWS[20:]])


def mapped(shop, reviews):
    """The guess, with the scale that the shop really has."""
    from msgspec.structs import replace

    found = import_upload.suggest(shop, reviews).mapping
    return replace(found, measure=(replace(found.measure[0], minimum=1, maximum=5),))


def test_an_upload_is_found_by_its_id_and_only_in_its_organization(shop, reviews):
    assert uploads.find(shop, str(reviews.id)) == reviews
    other = Organization.objects.create(code="other", zone="UTC")
    assert uploads.find(other, reviews.id) is None
    assert uploads.find(shop, uuid4()) is None
    assert uploads.find(shop, "../../etc/passwd") is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\orders.csv", "orders.csv"),
        ("..", "upload"),
        ("a\x00<b>.csv", "a_b_.csv"),
        ("訂單.csv", "訂單.csv"),
    ],
)
def test_a_name_cannot_lead_out_of_its_folder(shop, given, kept):
    assert uploads.keep(shop, given, [b"x"]).name == kept


def test_too_large_an_upload_is_not_kept(shop, settings, tmp_path):
    settings.UPLOAD_MAX_MB = 1
    with pytest.raises(TooLarge):
        uploads.keep(shop, "big.csv", [b"x" * 600_000] * 2)
    assert not list((tmp_path / "uploads").glob("*/*/*"))


def test_a_preview_shows_columns_rows_and_lines(reviews):
    seen = import_upload.preview(reviews)
    assert seen.columns == ("response id", "answered at", "rating", "comment")
    assert seen.rows[1] == ("2", "2026-01-02", "1", "late")
    assert seen.lines == (2, 3, 4)
    assert len(import_upload.preview(reviews, File(header_rows=0)).rows) == 4


def test_a_plan_writes_nothing_and_the_import_does_just_that(shop, reviews):
    mapping = mapped(shop, reviews)
    planned = import_upload.plan(shop, reviews, mapping)
    assert not Answer.objects.exists()
    import_upload.start(shop, reviews, mapping)
    claimed = run.claim()
    run.do(claimed)
    done = ImportRun.objects.get()
    assert (done.state, done.share, done.result) == ("done", 1.0, planned.as_dict() | {"dry_run": False})
    assert done.result["quarantined"] == 1
    assert Quarantine.objects.get().source == "reviews.csv"
    assert uploads.find(shop, reviews.id) is None


def test_the_mapping_of_the_last_such_file_is_remembered(shop, reviews):
    assert import_upload.suggest(shop, reviews).origin == "guessed"
    mapping = mapped(shop, reviews)
    import_upload.start(shop, reviews, mapping)
    again = import_upload.suggest(shop, uploads.keep(shop, "later.csv", [ROWS]))
    assert (again.origin, again.mapping) == ("remembered", mapping)


def test_when_nothing_can_be_guessed_it_is_said_why(shop):
    found = import_upload.suggest(shop, uploads.keep(shop, "x.csv", [b"a,b\n1,2\n"]))
    assert (found.origin, found.unused) == ("none", ("a", "b"))
    assert "mapping" in found.words


def test_a_problem_ends_in_words_not_in_a_traceback(shop, reviews):
    import_upload.start(shop, reviews, mapped(shop, reviews))
    claimed = run.claim()
    reviews.path.write_bytes(b"")
    run.do(claimed)
    assert ImportRun.objects.get().problem_code == "empty_file"
    assert ImportRun.objects.get().state == "failed"


def test_of_two_workers_one_gets_the_import(shop, reviews):
    import_upload.start(shop, reviews, mapped(shop, reviews))
    assert run.claim() is not None
    assert run.claim() is None


def test_an_import_whose_worker_died_is_taken_over_and_counted_once(shop, reviews):
    import_upload.start(shop, reviews, mapped(shop, reviews))
    first = run.claim()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        second = run.claim()
        assert second.attempts == 2
        run.do(first)
        run.do(second)
    assert Answer.objects.count() == 2


def test_an_import_that_kills_its_worker_is_given_up(shop, reviews):
    import_upload.start(shop, reviews, mapped(shop, reviews))
    for attempt in range(4):
        with clock.frozen(clock.now() + timedelta(minutes=5 * attempt)):
            claimed = run.claim()
    run.do(claimed)
    assert ImportRun.objects.get().problem_code == "gave_up"


def test_forgotten_uploads_are_swept_but_not_those_that_wait(shop, reviews):
    waiting = uploads.keep(shop, "waiting.csv", [ROWS])
    import_upload.start(shop, waiting, mapped(shop, waiting))
    old = (clock.now() - timedelta(days=8)).timestamp()
    for kept in (reviews, waiting):
        os.utime(kept.path.parent, (old, old))
    assert uploads.sweep() == 1
    assert uploads.find(shop, waiting.id) == waiting
    assert uploads.find(shop, reviews.id) is None
