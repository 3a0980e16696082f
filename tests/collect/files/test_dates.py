"""Dates are decided per column over all values, or declared ambiguous; nothing is guessed."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.collect.files import DateProblem, read_counted, read_dates

NOVEMBER = dt.date(2026, 11, 22)


def column(*values: str | None) -> pl.Series:
    return pl.Series("when", values, dtype=pl.String)


@pytest.mark.parametrize(
    "text",
    ["2026-11-22", "2026/11/22", "2026.11.22", "22/11/2026", "11-22-2026", "22.11.2026", "2026年11月22日",
     "民國115年11月22日", "115/11/22", " 2026-11-22 "],
)  # fmt: skip
def test_one_clear_date_is_read(text: str) -> None:
    found = read_dates(column(text))
    assert found is not None
    assert found.values is not None
    assert found.values.to_list() == [NOVEMBER]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("2026-11-22 15:05", 15, 5), ("2026-11-22T15:05:00", 15, 5), ("11/22/2026 3:05 PM", 15, 5),
     ("11/22/2026 12:05 am", 0, 5), ("2026年11月22日 下午3:05", 15, 5), ("2026年11月22日15时05分", 15, 5)],
)  # fmt: skip
def test_times_of_day_are_read(text: str, hour: int, minute: int) -> None:
    found = read_dates(column(text))
    assert found is not None
    assert found.values is not None
    assert found.values.to_list() == [dt.datetime(2026, 11, 22, hour, minute)]
    assert found.has_time
    assert not found.has_zone


def test_one_value_settles_the_order_for_the_whole_column() -> None:
    found = read_dates(column("01/02/2026", "03/04/2026", "25/12/2026"))
    assert found is not None
    assert found.values is not None
    assert found.orders == ("dmy",)
    assert found.values[0] == dt.date(2026, 2, 1)


def test_the_settling_value_may_be_the_last_of_many() -> None:
    found = read_dates(column(*["01/02/2026"] * 5_000, "12/31/2026"))
    assert found is not None
    assert found.orders == ("mdy",)


def test_a_column_without_evidence_is_declared_ambiguous() -> None:
    found = read_dates(column("01/02/2026", "03/04/2026"))
    assert found is not None
    assert (found.problem, found.orders, found.values) == (DateProblem.AMBIGUOUS, ("dmy", "mdy"), None)


def test_two_digit_years_are_ambiguous_until_somebody_says() -> None:
    found = read_dates(column("22/11/26"))
    assert found is not None
    assert found.orders == ("dmy", "ymd")
    assert found.is_ambiguous
    said = read_dates(column("22/11/26"), order="dmy")
    assert said is not None
    assert said.values is not None
    assert said.values[0] == NOVEMBER


def test_values_that_contradict_each_other_are_told() -> None:
    found = read_dates(column("13/01/2026", "01/13/2026"))
    assert found is not None
    assert found.problem is DateProblem.CONTRADICTORY


def test_the_order_a_person_gave_is_followed_and_misfits_are_counted() -> None:
    found = read_dates(column("01/02/2026", "25/12/2026"), order="mdy")
    assert found is not None
    assert found.values is not None
    assert found.values.to_list() == [dt.date(2026, 1, 2), None]
    assert (found.unread, found.examples) == (1, ("25/12/2026",))


def test_zones_are_brought_to_utc() -> None:
    found = read_dates(column("2026-11-22T10:00:00+08:00", "2026-11-22T02:00:00Z", None))
    assert found is not None
    assert found.values is not None
    first, second, third = found.values.to_list()
    assert first == second == dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)
    assert third is None


def test_values_with_and_without_a_zone_are_not_mixed() -> None:
    found = read_dates(column("2026-11-22T10:00:00Z", "2026-11-22 10:00"))
    assert found is not None
    assert found.problem is DateProblem.MIXED_ZONES


def test_days_that_do_not_exist_are_counted_not_moved() -> None:
    found = read_dates(column("2026/02/28", "2026/02/29", "2024/02/29"))
    assert found is not None
    assert found.values is not None
    assert found.values.to_list() == [dt.date(2026, 2, 28), None, dt.date(2024, 2, 29)]
    assert found.unread == 1


def test_blank_cells_are_neither_dates_nor_errors() -> None:
    found = read_dates(column("", None, "22/11/2026", "  "))
    assert found is not None
    assert found.unread == 0


@pytest.mark.parametrize(
    "values", [("good", "slow"), ("1.2.3", "1.10.0"), ("138-1234-5678",), ("20261122",), ("",), ()]
)
def test_what_is_no_date_is_left_alone(values: tuple[str, ...]) -> None:
    assert read_dates(column(*values)) is None


def test_numbers_become_instants_only_when_asked() -> None:
    assert read_dates(pl.Series("n", [46_348.5])) is None
    assert read_counted(pl.Series("n", ["46348.5", "x"]), "excel").to_list() == [
        dt.datetime(2026, 11, 22, 12),
        None,
    ]
    moment = dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert read_counted(pl.Series("n", [1_700_000_000]), "epoch_s").to_list() == [moment]
    assert read_counted(pl.Series("n", [1_700_000_000_000]), "epoch_ms").to_list() == [moment]


@given(
    st.lists(st.dates(min_value=dt.date(1000, 1, 1)), min_size=1, max_size=30),
    st.sampled_from(["dmy", "mdy", "ymd"]),
)
def test_every_date_written_in_a_known_order_is_read_back(days: list[dt.date], order: str) -> None:
    forms = {
        "dmy": "{0.day}/{0.month}/{0.year:04}",
        "mdy": "{0.month}/{0.day}/{0.year:04}",
        "ymd": "{0.year:04}/{0.month}/{0.day}",
    }
    found = read_dates(column(*(forms[order].format(day) for day in days)), order=order)  # type: ignore[arg-type]
    assert found is not None
    assert found.values is not None
    assert found.values.to_list() == days


def test_without_an_order_no_column_is_ever_read_wrong() -> None:
    """Whatever is read without being told is right: either the true dates or none at all."""
    rng = np.random.default_rng(11)
    for _ in range(200):
        days = [dt.date(2026, 1, 1) + dt.timedelta(days=int(step)) for step in rng.integers(0, 365, 4)]
        found = read_dates(column(*(f"{day.day:02}/{day.month:02}/{day.year}" for day in days)))
        assert found is not None
        assert found.values is None or found.values.to_list() == days
