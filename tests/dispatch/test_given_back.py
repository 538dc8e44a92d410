"""What a standstill gives back: never less than nothing, no nights or weekends, whole days where days count."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dispatch import terms
from dispatch.calendar import Calendar, Shift
from dispatch.given_back import GivenBack, give_back
from dispatch.models import Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = (Shift(time(9), time(12)), Shift(time(14), time(17, 30)))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1), timezones=st.just(SHANGHAI))
LENGTHS = st.integers(0, 40 * 24 * 60).map(lambda minutes: minutes * MINUTE)
SET_DAYS = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=20)
UNITS = st.sampled_from([unit.value for unit in Unit])
WORKED = st.sampled_from([Unit.WORKING_DAYS, Unit.WORKING_HOURS])
MANY = settings(max_examples=150, deadline=None)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of November 2026; the 20th is a Friday, the 23rd a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def end_of(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=SHANGHAI)


def stood(unit: Unit, due: datetime, since: datetime, until: datetime) -> GivenBack:
    return give_back(Calendar({}, HOURS), unit, due, since, until)


# --- by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (at(20, 18), at(23, 9), []),  # a weekend
        (at(23, 10), at(23, 17), []),  # within one day
        (at(23, 12), at(23, 14), []),  # over lunch
        (at(22, 20), at(24, 20), [23, 24]),  # two full working days
        (at(23, 9), at(26, 9), [23, 24, 25]),
        (at(23, 16), at(24, 10), [23]),
        (at(20, 17, 30), at(23, 17, 29), []),
        (at(20, 17, 29), at(23, 17, 30), [20, 23]),
        (at(20, 10), at(23, 10), [20]),
    ],
)
def test_a_working_day_is_given_back_when_its_office_hours_ended_meanwhile(
    since: datetime, until: datetime, days: list[int]
) -> None:
    back = stood(Unit.WORKING_DAYS, end_of(7), since, until)
    assert back.days == tuple(date(2026, 11, day) for day in days)
    assert back.at == end_of(7 + len(days))


def test_a_limit_that_is_put_off_over_a_weekend_ends_on_a_working_day() -> None:
    assert stood(Unit.WORKING_DAYS, end_of(4), at(23, 9), at(24, 9)).at == end_of(7), "Friday and one more is Monday"


def test_no_limit_passes_while_its_clock_stands_still() -> None:
    """In the evening of the last day six hours were left, and no office hours."""
    friday = end_of(20, 11)
    for until in (at(21, 10), at(23, 9), at(23, 20)):
        assert stood(Unit.WORKING_DAYS, friday, at(20, 18), until).at == end_of(23, 11), until
    assert stood(Unit.WORKING_DAYS, friday, at(20, 18), at(24, 8)).at == end_of(24, 11)


def test_one_that_had_passed_before_stays_as_late_as_it_was() -> None:
    assert stood(Unit.WORKING_DAYS, end_of(20, 11), at(21, 0), at(23, 9)).at == end_of(20, 11)
    assert stood(Unit.WORKING_DAYS, end_of(20, 11), at(23, 9), at(25, 9)).at == end_of(24, 11)


def test_working_hours_get_the_office_hours_back() -> None:
    assert stood(Unit.WORKING_HOURS, at(23, 11), at(20, 18), at(23, 9)).at == at(23, 11)
    assert stood(Unit.WORKING_HOURS, at(23, 11), at(20, 16, 30), at(23, 9, 30)).at == at(23, 14, 30), (
        "an hour and a half"
    )
    assert stood(Unit.WORKING_HOURS, at(23, 17, 30), at(23, 11), at(23, 15)).at == at(24, 11)


def test_natural_days_get_the_midnights_back_and_hours_all() -> None:
    assert stood(Unit.NATURAL_DAYS, end_of(7), at(20, 18), at(23, 9)).at == end_of(10)
    assert stood(Unit.NATURAL_DAYS, end_of(7), at(20, 9), at(20, 18)).at == end_of(7)
    assert stood(Unit.HOURS, at(20, 19), at(20, 18), at(23, 9)).at == at(23, 10)


def test_it_is_told_day_by_day(settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "en"
    assert stood(Unit.WORKING_DAYS, end_of(7), at(20, 10), at(24, 9)).lines() == [
        "From 2026-11-20 10:00 to 2026-11-24 09:00 the clock stood still: 2 days are given back.",
        "2026-11-20 Fri: given back",
        "2026-11-23 Mon: given back",
    ]
    assert stood(Unit.WORKING_DAYS, end_of(20, 11), at(20, 18), at(21, 9)).lines() == [
        "From 2026-11-20 18:00 to 2026-11-21 09:00 the clock stood still: no time that counts passed.",
        "The limit fell into that time: it ends with 2026-11-23 Mon.",
    ]
    assert stood(Unit.WORKING_HOURS, at(24, 11), at(23, 9), at(23, 10, 30)).lines() == [
        "From 2026-11-23 09:00 to 2026-11-23 10:30 the clock stood still: 1:30 is given back."
    ]


# --- always -------------------------------------------------------------------------------------------------


@MANY
@given(UNITS, MOMENTS, st.integers(1, 20), LENGTHS, LENGTHS, LENGTHS, SET_DAYS)
def test_a_longer_standstill_never_gives_less_and_none_shortens_a_limit(
    unit: str,
    start: datetime,
    amount: int,
    ran: timedelta,
    length: timedelta,
    longer: timedelta,
    set_days: dict[date, bool],
) -> None:
    days = Calendar(set_days, HOURS)
    due = terms.reckon(days, start, amount, unit).at
    since = start + ran
    short = give_back(days, unit, due, since, since + length).at
    assert due <= short <= give_back(days, unit, due, since, since + length + longer).at
    assert short <= give_back(days, unit, due, max(start, since - longer), since + length).at, "begun earlier"


@MANY
@given(UNITS, MOMENTS, st.integers(1, 20), LENGTHS, LENGTHS, SET_DAYS)
def test_what_was_not_late_is_not_late_afterwards_and_ends_where_limits_end(
    unit: str, start: datetime, amount: int, ran: timedelta, length: timedelta, set_days: dict[date, bool]
) -> None:
    days = Calendar(set_days, HOURS)
    due = terms.reckon(days, start, amount, unit).at
    since, until = start + ran, start + ran + length
    assume(since <= due)
    after = give_back(days, unit, due, since, until).at
    assert after >= until or unit == Unit.WORKING_HOURS
    if unit == Unit.WORKING_HOURS:
        assert not days.office_time(after, until), "late by no office time"
        if after != due:
            assert any(opens < after <= closes for opens, closes in days.office_hours(after.date()))
    if unit in (Unit.WORKING_DAYS, Unit.NATURAL_DAYS):
        assert terms.ends_a_day(after)
    if unit == Unit.WORKING_DAYS:
        assert days.is_working(after.date())


@MANY
@given(
    st.sampled_from([Unit.WORKING_DAYS, Unit.WORKING_HOURS]), MOMENTS, st.integers(1, 20), LENGTHS, LENGTHS, SET_DAYS
)
def test_a_standstill_wholly_outside_office_hours_changes_nothing(
    unit: Unit, start: datetime, amount: int, ran: timedelta, length: timedelta, set_days: dict[date, bool]
) -> None:
    days = Calendar(set_days, HOURS)
    since = _closed(days, start + ran)
    until = min(since + length, _opens(days, since))
    due = terms.reckon(days, start, amount, unit).at
    assume(not since <= due < until)
    assert give_back(days, unit, due, since, until).at == due


@MANY
@given(UNITS, MOMENTS, LENGTHS, LENGTHS, LENGTHS, SET_DAYS)
def test_two_that_adjoin_give_as_much_as_one(
    unit: str, start: datetime, ran: timedelta, one: timedelta, two: timedelta, set_days: dict[date, bool]
) -> None:
    days = Calendar(set_days, HOURS)
    due = terms.reckon(days, start, 20, unit).at
    since, between, until = start + ran, start + ran + one, start + ran + one + two
    assume(until < due or due < since)
    first = give_back(days, unit, due, since, between).at
    assert give_back(days, unit, first, between, until).at == give_back(days, unit, due, since, until).at


def _closed(days: Calendar, at: datetime) -> datetime:
    """The first moment from `at` on when the day's offices are closed."""
    return next((closes for opens, closes in days.office_hours(at.date())[-1:] if opens < at < closes), at)


def _opens(days: Calendar, at: datetime) -> datetime:
    """When offices open next."""
    for ahead in range(120):
        for opens, closes in days.office_hours((at + ahead * DAY).date()):
            if opens >= at:
                return opens
            if closes > at:
                return at
    raise AssertionError("never")
