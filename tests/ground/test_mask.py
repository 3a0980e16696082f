"""Masks: what may be shown to those who may not know who it is (R193, H3)."""

import pytest

from mindgap.ground.mask import masked_identity, masked_name, without_contacts


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("王", "王*"),
        ("Li  ", "L***"),
        ("李雷", "李*"),
        ("Maria Lopez", "M*** L***"),
        ("Zoë", "Z***"),
        ("", ""),
    ],
)
def test_a_name_is_told_apart_but_not_recognised(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+8613200005678", "132****5678"),
        ("13200005678", "132****5678"),
        ("+14155550100", "+14****0100"),
        ("ann@example.com", "a***@example.com"),
        ("@example.com", "***@example.com"),
        ("A-77812", "***12"),
        ("0815", "***"),
        ("", "***"),
    ],
)
def test_an_address_is_recognised_but_not_used(value: str, shown: str) -> None:
    assert masked_identity(value) == shown


@pytest.mark.parametrize(
    "written", ["call +86 132 0000 5678", "(415) 555-0100 please", "a.b+c@x.example", "order 2026112899"]
)
def test_what_people_write_of_themselves_is_taken_out(written: str) -> None:
    kept = without_contacts(written)
    assert "***" in kept
    assert not any(letter.isdigit() for letter in kept)
    assert "@" not in kept


def test_a_comment_without_any_stays_as_it_is() -> None:
    assert without_contacts("12 days late, cost 1500, 请回电") == "12 days late, cost 1500, 请回电"
