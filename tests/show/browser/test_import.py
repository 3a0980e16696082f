"""A file of a Chinese shop, from the upload to the last row that was set aside, in the browser as a person does it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.show.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_HEAD = "甲,乙,丙,丁,戊,己"
_ROWS = [
    f"o{i},2026-03-0{i % 9 + 1},2026-03-15,2026-03-1{i % 9},{i % 5 + 1},2026-03-20 10:00" for i in range(20)
]
_BAD = "o99,三月一日,2026-03-15,,,"
# What the columns are: their names say nothing, so a person has to.
_MEANT = {
    "number": ":甲",
    "started": ":乙",
    "promised": ":丙",
    "experienced": ":丁",
    "score.satisfaction": ":戊",
    "answered": ":己",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "三月订单.csv"
    path.write_bytes("\n".join([_HEAD, *_ROWS, _BAD]).encode("gb18030"))
    return path


def _number(page: Page, row: str, column: str) -> str:
    """A cell of the table of outcomes."""
    head = page.locator(".outcome thead th").all_inner_texts()
    cells = page.locator(".outcome tbody tr", has_text=row).first.locator("th, td").all_inner_texts()
    return dict(zip(head, cells, strict=True))[column]


def test_a_file_is_imported_and_a_bad_row_is_mended_in_the_browser(mover: Visitor, file: Path) -> None:
    """R191-R196: upload, preview, map by hand, dry run, import in the background, quarantine, replay."""
    page = mover.page
    mover.look()
    mover.open("/import/")
    # Real data never goes to the sample company: change to the shop in the bar.
    page.locator(".bar-organization summary").click()
    page.get_by_role("button", name="Corner shop").click()
    page.wait_for_load_state()

    mover.open("/import/")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Upload and look at it").click()
    page.wait_for_url(re.compile("/import/files/"))
    assert page.locator("h1").inner_text() == "三月订单.csv"
    assert "GB18030" in page.locator(".found").inner_text()
    assert page.locator(".preview thead th").all_inner_texts()[1:] == list("甲乙丙丁戊己")
    assert mover.violations() == []

    page.locator("input[name='map-makes'][value=both]").check()
    for name, value in _MEANT.items():
        page.select_option(f"select[name='map-{name}']", value)
    page.fill("input[name='map-new_touchpoint']", "Parcel")
    page.get_by_role("button", name="3. Try it out").click()
    page.wait_for_selector(".outcome")
    assert (_number(page, "Interactions", "new"), _number(page, "Interactions", "set aside")) == ("20", "1")
    assert "No date that can be read" in page.locator(".outcome").inner_text()
    assert mover.violations() == []

    page.locator("button[name=start]").click()
    page.wait_for_url(re.compile("/import/runs/"))
    page.wait_for_selector(".outcome", timeout=60_000)
    assert (_number(page, "Interactions", "new"), _number(page, "Answers", "new")) == ("20", "20")

    page.get_by_role("link", name="Look at them, mend them, replay them").click()
    page.get_by_role("link", name="No date that can be read").click()
    assert page.locator("h1").inner_text() == "No date that can be read"
    wrong = page.locator("input[aria-invalid=true]")
    assert wrong.input_value() == "三月一日"
    wrong.fill("2026-03-01")
    assert mover.violations() == []
    page.get_by_role("button", name="Save and replay").click()
    page.wait_for_url(re.compile("/import/quarantine/$"))
    assert "The row is in the record now." in page.locator(".messages").inner_text()
    assert page.locator("tbody tr").count() == 0

    # What was imported is counted: the touchpoint has its page, with 21 deliveries.
    mover.open("/touchpoints/parcel/?period=all")
    assert page.locator("h1").inner_text() == "Parcel"
    assert page.locator(".figure").count() > 0
    assert mover.problems == []
