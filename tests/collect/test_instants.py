"""Dates become instants only when they mean one thing."""

from datetime import UTC, datetime

import polars as pl
import pytest

from mindgap.collect import instants
from mindgap.collect.errors import AmbiguousDates
from mindgap.ground import clock

SHANGHAI = clock.zone("Asia/Shanghai")
SAO_PAULO = clock.zone("America/Sao_Paulo")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_times_without_a_zone_are_those_of_the_mapping():
    read = instants.read(pl.Series(["2026-11-22 08:00:00", None]), zone=SHANGHAI)
    assert read.instants.to_list() == [at(2026, 11, 22), None]
    assert not read.bad.any()


def test_a_midnight_that_never_was_is_the_first_instant_of_that_day():
    """São Paulo's clocks jumped over midnight; an estimated date of that day is still that day."""
    read = instants.read(pl.Series(["2017-10-15 00:00:00", "2018-02-17 23:30:00"]), zone=SAO_PAULO)
    assert read.instants.to_list() == [at(2017, 10, 15, 3), at(2018, 2, 18, 1, 30)]
    assert clock.local_day(read.instants[0], SAO_PAULO) == clock.day_of(datetime(2017, 10, 15).date())


def test_dates_that_could_be_two_days_are_refused_and_a_choice_settles_it():
    column = pl.Series("when", ["03/04/2026", "05/06/2026"])
    with pytest.raises(AmbiguousDates, match="dmy or mdy") as caught:
        instants.read(column, zone=SHANGHAI)
    assert caught.value.columns == ("when",)
    assert instants.read(column, zone=SHANGHAI, order="mdy").instants[0] == at(2026, 3, 3, 16)
    assert instants.read(column, zone=SHANGHAI, order="dmy").instants[0] == at(2026, 4, 2, 16)


def test_one_value_decides_for_its_column_and_the_decision_is_told():
    read = instants.read(pl.Series(["03/04/2026", "25/06/2026"]), zone=SHANGHAI)
    assert read.order == "dmy"
    assert read.instants[0] == at(2026, 4, 2, 16)


def test_times_with_and_without_zone_may_stand_in_one_column():
    read = instants.read(
        pl.Series(["2026-01-01T08:00:00+08:00", "2026-01-01 08:00:00", "2026-01-01T00:00:00Z"]), zone=SHANGHAI
    )
    assert read.instants.to_list() == [at(2026, 1, 1)] * 3


def test_a_bare_number_is_a_date_only_when_somebody_says_so():
    column = pl.Series([1_700_000_000])
    assert instants.read(column, zone=SHANGHAI).bad.to_list() == [True]
    assert instants.read(column, zone=SHANGHAI, as_="epoch_s").instants.to_list() == [
        at(2023, 11, 14, 22, 13, 20)
    ]


def test_the_few_dates_among_other_words_are_read_and_the_words_marked():
    read = instants.read(pl.Series(["soon", "2026-01-02", "later", None]), zone=SHANGHAI)
    assert read.instants.to_list() == [None, at(2026, 1, 1, 16), None, None]
    assert read.bad.to_list() == [True, False, True, False]
