"""Business time: what is added is what lies between, whatever clocks, holidays and midnights do (I6, J6)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mindgap.act.hours import public_holidays, reckoning
from mindgap.act.hours.reckoning import USUAL_WEEK, BadCalendar, Hours, read
from mindgap.act.hours.service_level import Level, levels
from mindgap.act.models import Calendar, ServiceLevel
from mindgap.keep.models import Organization, Unit

# São Paulo jumped over midnight until 2018; Berlin at 2; Kathmandu is 5:45 ahead; St John's is 3:30 behind.
ZONES = ("America/Sao_Paulo", "Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns")
DAY = 24 * 60
# A machine that is busy with other tests is no fault of the code.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SHANGHAI = ZoneInfo("Asia/Shanghai")


def hour(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@st.composite
def stretches(draw: st.DrawFn) -> list[list[str]]:
    """Hours of one day that do not overlap; the last may run over midnight."""
    marks = sorted(draw(st.lists(st.integers(0, DAY // 15), max_size=6, unique=True)))
    if len(marks) % 2:
        marks.pop()
    times = [f"{mark // 4:02}:{mark % 4 * 15:02}" for mark in marks]
    found = [list(pair) for pair in zip(times[::2], times[1::2], strict=True)]
    if found and draw(st.booleans()) and found[-1][0] < "24:00" and found[0][0] > "06:00":
        found[-1][1] = "05:30" if found[-1][0] > "05:30" else found[-1][1]
    return found


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """A week with some hours, some days off, some days with hours of their own."""
    week = {str(day): draw(stretches()) for day in range(7)}
    week[draw(st.sampled_from("0123456"))] = [["09:00", "17:15"]]
    days = st.dates(datetime(2017, 9, 1).date(), datetime(2018, 4, 1).date()).map(str)
    calendar = Calendar(
        week=week,
        holidays=dict.fromkeys(draw(st.lists(days, max_size=10)), "off"),
        exceptions=draw(st.dictionaries(days, stretches(), max_size=5)),
    )
    return read(calendar, ZoneInfo(draw(st.sampled_from(ZONES))))


# The months in which all of these zones put their clocks back or forward.
instants = st.datetimes(datetime(2017, 9, 1), datetime(2018, 4, 15), timezones=st.just(UTC))
amounts = st.integers(0, 20 * 24 * 3600)


@patient
@given(hours(), instants, amounts)
def test_what_is_added_lies_between_and_what_is_taken_back_too(
    by: Hours, start: datetime, seconds: int
) -> None:
    assert by.between(start, by.add(start, seconds)) == seconds
    assert by.between(by.back(start, seconds), start) == seconds


@patient
@given(hours(), instants, instants)
def test_a_stretch_is_never_longer_than_the_time_that_passed_and_has_a_sign(
    by: Hours, one: datetime, other: datetime
) -> None:
    worked = by.between(one, other)
    assert abs(worked) <= abs((other - one).total_seconds())
    assert by.between(other, one) == -worked


@patient
@given(hours(), st.lists(instants, min_size=3, max_size=3))
def test_two_stretches_make_one(by: Hours, three: list[datetime]) -> None:
    first, second, third = sorted(each.replace(microsecond=0) for each in three)
    parts = by.between(first, second) + by.between(second, third)
    assert parts == by.between(first, third)


@patient
@given(hours(), instants, st.integers(1, 20 * 24 * 3600))
def test_work_ends_while_somebody_works(by: Hours, start: datetime, seconds: int) -> None:
    end = by.add(start, seconds)
    assert by.is_open(end - timedelta(microseconds=1))


def test_the_national_day_is_off_and_the_saturday_after_it_is_worked() -> None:
    calendar = Calendar(week=USUAL_WEEK, country="CN")
    public_holidays.fill_in(calendar, 2026, 2026)
    by = read(calendar, SHANGHAI)
    assert by.add(hour("2026-09-30T17:00"), 2 * 3600) == hour("2026-10-08T10:00")
    assert by.add(hour("2026-10-09T17:00"), 2 * 3600) == hour("2026-10-10T10:00")
    assert not by.is_open(hour("2026-10-11T10:00"))


def test_what_people_wrote_of_a_day_stays_when_holidays_are_filled_in() -> None:
    calendar = Calendar(
        week=USUAL_WEEK,
        country="CN",
        holidays={"2026-03-08": "Ours"},
        exceptions={"2026-10-01": [["10:00", "12:00"]]},
    )
    public_holidays.fill_in(calendar, 2026, 2026)
    assert calendar.holidays["2026-03-08"] == "Ours"
    assert calendar.exceptions["2026-10-01"] == [["10:00", "12:00"]]
    assert "2026-10-01" not in calendar.holidays
    assert public_holidays.fill_in(calendar, 2026, 2026) == 0


def test_a_country_that_nobody_knows_is_refused() -> None:
    with pytest.raises(public_holidays.UnknownCountry):
        public_holidays.of("XX", 2026, 2026)
    assert {"CN", "BR", "DE", "TW"} <= set(public_holidays.countries())


def test_a_day_on_which_clocks_change_has_as_many_hours_as_pass() -> None:
    always = read(
        Calendar(week={str(day): [["00:00", "24:00"]] for day in range(7)}), ZoneInfo("America/Sao_Paulo")
    )
    # On 15 October 2017 the day began at one o'clock; on 17 February 2018 its last hour came twice.
    assert (
        always.between(datetime(2017, 10, 15, 3, tzinfo=UTC), datetime(2017, 10, 16, 2, tzinfo=UTC))
        == 23 * 3600
    )
    assert (
        always.between(datetime(2018, 2, 17, 2, tzinfo=UTC), datetime(2018, 2, 18, 3, tzinfo=UTC))
        == 25 * 3600
    )
    night = read(Calendar(week={"5": [["22:00", "06:00"]]}), ZoneInfo("Europe/Berlin"))
    assert night.between(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)) == 7 * 3600


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    by = read(Calendar(week={"4": [["22:00", "02:00"]]}, holidays={"2026-10-03": "off"}), SHANGHAI)
    assert by.between(hour("2026-10-02T21:00"), hour("2026-10-03T12:00")) == 4 * 3600
    closed = read(Calendar(week={"4": [["22:00", "02:00"]]}, holidays={"2026-10-02": "off"}), SHANGHAI)
    assert closed.between(hour("2026-10-02T21:00"), hour("2026-10-03T12:00")) == 0


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"week": {}}, "week"),
        ({"week": {"0": []}}, "week"),
        ({"week": {"7": [["09:00", "18:00"]]}}, "week"),
        ({"week": {"0": [["09:00", "09:00"]]}}, "week 0"),
        ({"week": {"0": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "week 0"),
        ({"week": {"0": [["9:00", "18:00"]]}}, "week 0"),
        ({"week": {"0": [["09:00", "24:15"]]}}, "week 0"),
        ({"week": {"0": ["09:00"]}}, "week 0"),
        ({"week": {"0": "09:00"}}, "week 0"),
        ({"week": USUAL_WEEK, "holidays": {"1 May": "x"}}, "holidays"),
        ({"week": USUAL_WEEK, "exceptions": {"2026-13-01": []}}, "exceptions"),
        ({"week": USUAL_WEEK, "exceptions": {"2026-10-10": [["x", "y"]]}}, "exceptions 2026-10-10"),
        ({"week": USUAL_WEEK, "zone": "Mars/Base"}, "zone"),
    ],
)  # fmt: skip
def test_a_calendar_by_which_nobody_can_work_is_refused_with_its_place(
    fields: dict[str, object], where: str
) -> None:
    with pytest.raises(BadCalendar) as caught:
        read(Calendar(**fields), SHANGHAI)
    assert caught.value.where == where


def test_a_calendar_that_is_closed_for_years_says_so_and_does_not_search_for_ever() -> None:
    days = [datetime(2026, 1, 1) + timedelta(days=day) for day in range(1500)]
    by = read(Calendar(week=USUAL_WEEK, holidays={str(day.date()): "off" for day in days}), SHANGHAI)
    with pytest.raises(BadCalendar):
        by.add(hour("2026-01-01T00:00"), 1)


def test_time_is_not_taken_away_by_adding() -> None:
    by = read(Calendar(week=USUAL_WEEK), SHANGHAI)
    with pytest.raises(ValueError, match="back"):
        by.add(hour("2026-01-01T00:00"), -1)


@pytest.fixture
def places(db: None) -> SimpleNamespace:
    made = Organization.objects.create(code="o", zone="Asia/Shanghai")
    china = Unit.objects.create(organization=made, code="china")
    brazil = Unit.objects.create(organization=made, code="brazil", zone="America/Sao_Paulo")
    shop = Unit.objects.create(organization=made, code="shop", parent=brazil)
    return SimpleNamespace(organization=made, china=china, brazil=brazil, shop=shop)


def test_a_unit_works_by_the_nearest_calendar_up_the_tree_in_its_own_zone(places: SimpleNamespace) -> None:
    def calendar(code: str, begins: str, **more: object) -> Calendar:
        week = {str(day): [[begins, "18:00"]] for day in range(5)}
        return Calendar.objects.create(organization=places.organization, code=code, week=week, **more)

    monday = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
    usual = reckoning.of(places.shop, places.organization)
    assert (usual.zone.key, usual.is_open(monday)) == ("America/Sao_Paulo", True)
    calendar("all", "10:00", is_default=True)
    assert not reckoning.of(places.shop, places.organization).is_open(monday)
    calendar("brazil", "08:00").units.add(places.brazil)
    book = reckoning.Book(places.organization)
    assert book.of(places.shop).is_open(monday)
    assert book.of(places.china).week == book.of(None).week != book.of(places.shop).week
    assert book.of(places.shop) is book.of(places.brazil)


def test_service_levels_are_the_usual_ones_until_an_organization_sets_its_own(
    places: SimpleNamespace,
) -> None:
    found = levels(places.organization)
    assert found["critical", "acknowledge"] == Level(2 * 3600, "customer")
    assert found["normal", "acknowledge"] == Level(8 * 3600, "business")
    ServiceLevel.objects.create(
        organization=places.organization, urgency="normal", step="acknowledge", seconds=60, counts="customer"
    )
    assert levels(places.organization)["normal", "acknowledge"] == Level(60, "customer")
