"""Import in the page: upload, look, map by hand, try, import in the background, mend what was set aside."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.collect import run as worker
from mindgap.collect.models import ImportRun, RememberedMapping
from mindgap.keep.models import Answer, Interaction, Organization, Quarantine

HEAD = "order id,order date,promised date,delivered date,nps,answered at,city,email"
GOOD = [
    f"o{i},2026-03-0{i % 9 + 1},2026-03-15,2026-03-1{i % 9},{i % 11},2026-03-20 10:00,Town{i % 3},a{i}@x.org"
    for i in range(20)
]
BAD = "bad,2026-13-45,,,3,,,"


@pytest.fixture(autouse=True)
def _own_data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def upload(client: Client, *lines: str, name: str = "orders.csv") -> Any:
    return client.post("/import/", {"file": SimpleUploadedFile(name, "\n".join([HEAD, *lines]).encode())})


def filled(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """The form of the page as a browser would send it."""
    form = client.get(address).context["form"]
    data = {f"map-{name}": value for name, value in form.initial.items()}
    return {**data, "map-keep": "last", **{f"map-{name}": value for name, value in changes.items()}}


@pytest.fixture
def address(ann: Client) -> str:
    return str(upload(ann, *GOOD, BAD)["Location"])


def test_an_uploaded_file_is_shown_with_what_was_found_out(ann: Client, address: str) -> None:
    page = ann.get(address).content.decode()
    assert "UTF-8" in page
    assert "comma" in page
    assert "2026-03-15" in page


def test_columns_are_guessed_and_said_to_be(ann: Client, address: str) -> None:
    answer = ann.get(address)
    assert "This is guessed" in answer.content.decode()
    initial = answer.context["form"].initial
    assert (initial["makes"], initial["number"], initial["started"]) == ("both", ":order id", ":order date")
    assert initial["score.likelihood"] == ":nps"


def test_trying_out_says_what_would_happen_and_changes_nothing(ann: Client, address: str) -> None:
    before = Interaction.objects.count(), Answer.objects.count()
    answer = ann.post(address, {**filled(ann, address, touchpoint="=delivery"), "try": "yes"})
    outcome = answer.context["outcome"]
    assert outcome.head == ["read", "new", "changed", "already there", "set aside", "left out"]
    assert outcome.rows == [
        ("Interactions", ["21", "20", "0", "0", "1", "0"]),
        ("Answers", ["21", "20", "0", "0", "0", "1"]),
    ]
    assert (Interaction.objects.count(), Answer.objects.count()) == before
    assert not Quarantine.objects.exists()


def test_an_import_runs_in_the_background_and_accounts_for_every_row(ann: Client, address: str) -> None:
    before = Interaction.objects.count()
    started = ann.post(address, {**filled(ann, address, touchpoint="=delivery"), "start": "yes"})["Location"]
    waiting = ann.get(started).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    claimed = worker.claim()
    assert claimed is not None
    worker.do(claimed)
    page = ann.get(started).content.decode()
    assert 'hx-trigger="every 1s"' not in page
    assert "No date that can be read" in page
    assert Interaction.objects.count() == before + 20


def test_the_page_asks_again_for_the_part_that_changes_only(ann: Client, address: str) -> None:
    started = ann.post(address, {**filled(ann, address, touchpoint="=delivery"), "start": "yes"})["Location"]
    part = ann.get(started, headers={"HX-Request": "true", "HX-Target": "run"}).content.decode()
    assert part.startswith('<div id="run"')


def test_a_mapping_is_remembered_for_the_next_file_with_these_columns(ann: Client, address: str) -> None:
    changes = {"touchpoint": "=delivery", "experienced": "", "name": "Monthly orders"}
    ann.post(address, {**filled(ann, address, **changes), "start": "yes"})
    assert RememberedMapping.objects.get().name == "Monthly orders"
    again = ann.get(upload(ann, *GOOD)["Location"])
    assert "used last" in again.content.decode()
    initial = again.context["form"].initial
    assert initial["touchpoint"] == "=delivery"
    assert "experienced" not in initial
    assert (
        initial["segment.city"] == ":city"
        if "segment.city" in initial
        else initial["more_segments"] == ["city"]
    )


def test_a_needed_column_that_is_missing_is_said_beside_its_field(ann: Client, address: str) -> None:
    answer = ann.post(address, {**filled(ann, address, touchpoint="=delivery", started=""), "try": "yes"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["started"]


def test_a_new_touchpoint_is_made_with_the_import(
    ann: Client, organization: Organization, address: str
) -> None:
    data = filled(ann, address, new_touchpoint="Parcel shop", new_unit="days")
    ann.post(address, {**data, "start": "yes"})
    claimed = worker.claim()
    assert claimed is not None
    worker.do(claimed)
    made = organization.touchpoints.get(code="parcel-shop")
    assert made.measure is not None
    assert made.measure.unit == "days"
    assert Interaction.objects.filter(touchpoint=made).count() == 20


def test_ambiguous_dates_are_asked_about_and_never_guessed(ann: Client) -> None:
    lines = [
        "o1,03/04/2026,05/04/2026,04/04/2026,9,06/04/2026,A,a@x.org",
        "o2,01/02/2026,03/02/2026,02/02/2026,9,05/02/2026,A,b@x.org",
    ]
    address = upload(ann, *lines)["Location"]
    assert "can be day first or month first" in ann.get(address).content.decode()
    data = filled(
        ann, address, touchpoint="=delivery", makes="interactions", number=":order id", started=":order date"
    )
    assert ann.post(address, {**data, "try": "yes"}).status_code == 400
    decided = f"{address}?date_order=dmy"
    answer = ann.post(decided, {**data, "try": "yes"})
    assert answer.status_code == 200
    assert answer.context["outcome"].rows[0][1][1] == "2"


def test_a_big5_file_shows_its_own_characters_and_the_encoding_can_be_changed(ann: Client) -> None:
    text = "訂單編號,下單時間,滿意度,評論\n" + "\n".join(
        f"A{i},2026-03-0{i % 9 + 1},5,送貨很快，服務人員態度親切，下次還會再買" for i in range(30)
    )
    sent = ann.post("/import/", {"file": SimpleUploadedFile("orders.csv", text.encode("cp950"))})
    page = ann.get(sent["Location"]).content.decode()
    assert "送貨很快" in page
    assert "Big5" in page
    assert "送貨很快" not in ann.get(sent["Location"] + "?encoding=cp1252").content.decode()


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("empty.csv", b" ", "empty"),
        ("broken.xlsx", b"PK\x03\x04 this is cut off", "damaged"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "cannot be"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(ann: Client, name: str, body: bytes, said: str) -> None:
    sent = ann.post("/import/", {"file": SimpleUploadedFile(name, body)})
    page = ann.get(sent["Location"]) if sent.status_code == 302 else sent
    assert page.status_code == 400
    assert said in page.content.decode()


def test_a_file_over_the_limit_is_stopped_and_nothing_of_it_is_kept(
    ann: Client, settings: Any, tmp_path: Path
) -> None:
    settings.UPLOAD_MAX_MB = 1
    answer = upload(ann, "x" * 3_000_000)
    assert answer.status_code == 400
    assert "too large" in answer.content.decode()
    assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]


def test_a_form_without_a_file_is_sent_back(ann: Client) -> None:
    assert "Choose a file first" in ann.post("/import/").content.decode()


def test_an_upload_needs_the_token_of_the_page(organization: Organization) -> None:
    sign_in(organization, "eve", roles=["admin"])
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(organization.members.get(name="Eve").user)
    assert upload(strict, *GOOD).status_code == 403


@pytest.fixture
def set_aside(ann: Client, address: str) -> Quarantine:
    ann.post(address, {**filled(ann, address, touchpoint="=delivery", makes="interactions"), "start": "yes"})
    claimed = worker.claim()
    assert claimed is not None
    worker.do(claimed)
    return Quarantine.objects.get()


def test_quarantine_lists_reason_and_line(ann: Client, set_aside: Quarantine) -> None:
    page = ann.get("/import/quarantine/").content.decode()
    assert "No date that can be read" in page
    assert f'data-label="Line">{set_aside.line}<' in page


def test_a_row_is_mended_by_hand_and_counted(ann: Client, set_aside: Quarantine) -> None:
    before = Interaction.objects.count()
    ann.post(f"/import/quarantine/{set_aside.pk}/", {"value:order date": "2026-03-02"})
    set_aside.refresh_from_db()
    assert set_aside.state == "replayed"
    assert Interaction.objects.count() == before + 1


def test_a_row_that_is_still_wrong_stays_with_its_reason(ann: Client, set_aside: Quarantine) -> None:
    page = ann.post(f"/import/quarantine/{set_aside.pk}/", {"value:order date": "never"}).content.decode()
    assert "still refused" in page
    set_aside.refresh_from_db()
    assert set_aside.state == "open"


def test_rows_are_exported_replayed_and_dismissed(ann: Client, set_aside: Quarantine) -> None:
    exported = ann.get("/import/quarantine/export/").content.decode("utf-8-sig")
    assert "2026-13-45" in exported
    ann.post("/import/quarantine/replay/", {"id": [set_aside.pk]})
    set_aside.refresh_from_db()
    assert set_aside.state == "open"
    ann.post("/import/quarantine/dismissal/", {"id": [set_aside.pk]})
    set_aside.refresh_from_db()
    assert set_aside.state == "dismissed"


def test_who_may_not_see_personal_data_sees_reasons_without_rows(dora: Client, set_aside: Quarantine) -> None:
    page = dora.get("/import/quarantine/").content.decode()
    assert "No date that can be read" in page
    assert "2026-13-45" not in page
    assert dora.get("/import/quarantine/export/").status_code == 403
    assert dora.get(f"/import/quarantine/{set_aside.pk}/").status_code == 403


def test_a_branch_manager_cannot_import(bo: Client) -> None:
    assert bo.get("/import/").status_code == 403
    assert upload(bo, *GOOD).status_code == 403
    assert bo.post("/import/quarantine/replay/", {"all": "yes"}).status_code == 403


def test_an_outsider_finds_neither_file_nor_run_nor_row(
    chen: Client, address: str, set_aside: Quarantine
) -> None:
    assert chen.get(address).status_code == 404
    assert chen.get(f"/import/runs/{ImportRun.objects.get().pk}/").status_code == 404
    assert chen.get(f"/import/quarantine/{set_aside.pk}/").status_code == 404
    chen.post("/import/quarantine/dismissal/", {"id": [set_aside.pk]})
    set_aside.refresh_from_db()
    assert set_aside.state == "open"


def test_real_data_is_never_mixed_with_the_sample_company(ann: Client, organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(is_sample=True)
    assert "This is the sample company" in ann.get("/import/").content.decode()
    assert upload(ann, *GOOD).status_code == 400
