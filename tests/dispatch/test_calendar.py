"""Working days with 调休 and office hours, against slow and obvious references; a year that nobody knows is said so."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import calendar, terms
from dispatch.calendar import Calendar, Shift
from dispatch.models import CalendarDay, HolidayNotice, OfficeHours, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2027, 12, 1), timezones=st.just(SHANGHAI))
SET_DAYS = st.dictionaries(DAYS, st.booleans(), max_size=30)
SPLIT = (Shift(time(9), time(12)), Shift(time(14), time(17, 30)))
ONE_MINUTE = timedelta(minutes=1)


def worked(day: date, set_days: dict[date, bool]) -> bool:
    """What a person would look up: the override, then the State Council's notice, then the weekday."""
    if day in set_days:
        return set_days[day]
    return chinese_calendar.is_workday(day) if day.year <= 2026 else day.isoweekday() <= 5


@given(DAYS, st.integers(0, 40), SET_DAYS)
def test_the_nth_working_day_is_the_one_that_counting_finds(day: date, count: int, set_days: dict[date, bool]) -> None:
    reference, left = day, count
    while left:
        reference += timedelta(days=1)
        left -= worked(reference, set_days)
    start = datetime.combine(day, time(16, 30), SHANGHAI)
    found = terms.reckon(Calendar(set_days), start, count, Unit.WORKING_DAYS)
    assert found.at == datetime.combine(reference, time(23, 59, 59), SHANGHAI)
    every_day = [day + timedelta(days=n) for n in range(1, (reference - day).days + 1)]
    assert [(step.day, step.working) for step in found.steps] == [(d, worked(d, set_days)) for d in every_day]
    assert found.provisional == any(d.year == 2027 and d not in set_days for d in every_day)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 20), SET_DAYS)
def test_working_hours_end_at_the_minute_that_counting_finds(
    start: datetime, hours: int, set_days: dict[date, bool]
) -> None:
    start = start.replace(second=0, microsecond=0)
    reference, left = start, hours * 60
    while left:
        reference += ONE_MINUTE
        counted = (reference - ONE_MINUTE).time()
        at_work = time(9) <= counted < time(12) or time(14) <= counted < time(17, 30)
        left -= at_work and worked((reference - ONE_MINUTE).date(), set_days)
    assert terms.reckon(Calendar(set_days, SPLIT), start, hours, Unit.WORKING_HOURS).at == reference


@given(MOMENTS, st.integers(0, 400))
def test_hours_and_natural_days_are_what_the_wall_clock_says(start: datetime, amount: int) -> None:
    days = Calendar({})
    assert terms.reckon(days, start, amount, Unit.HOURS).at == start + timedelta(hours=amount)
    last = start.date() + timedelta(days=amount)
    assert terms.reckon(days, start, amount, Unit.NATURAL_DAYS).at == datetime.combine(last, time(23, 59, 59), SHANGHAI)


@given(DAYS, st.integers(1, 10), SET_DAYS)
def test_going_back_is_going_forth_reversed(day: date, count: int, set_days: dict[date, bool]) -> None:
    days = Calendar(set_days)
    back = days.working_day_before(day, count)
    assert days.is_working(back)
    between = [back + timedelta(days=n) for n in range((day - back).days)]
    assert sum(days.is_working(d) for d in between) == count


@given(DAYS, st.booleans())
def test_a_day_set_by_hand_wins(day: date, working: bool) -> None:
    days = Calendar({day: working})
    assert days.is_working(day) is working
    assert not days.is_provisional(day)


def test_make_up_workdays_and_holidays() -> None:
    days = Calendar({})
    assert not days.is_working(date(2026, 10, 1))
    assert days.is_working(date(2026, 10, 10)), "a Saturday that makes up for the National Day holiday"
    assert not days.is_working(date(2026, 10, 11))


def test_the_end_of_a_shift_is_an_end_and_a_break_is_none() -> None:
    days, friday = Calendar({}, SPLIT), datetime(2026, 11, 20, tzinfo=SHANGHAI)

    def due(hour: int, minute: int, amount: int) -> datetime:
        return terms.reckon(days, friday.replace(hour=hour, minute=minute), amount, Unit.WORKING_HOURS).at

    assert due(9, 0, 3) == friday.replace(hour=12)
    assert due(11, 0, 2) == friday.replace(hour=15)
    assert due(13, 0, 1) == friday.replace(hour=15)
    assert due(17, 0, 1) == datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI), "over the weekend"
    assert due(20, 0, 1) == datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


def test_hours_of_one_season_end_with_it() -> None:
    summer = Shift(time(8), time(11), date(2026, 6, 1), date(2026, 9, 30))
    days = Calendar({}, (*SPLIT, summer))
    assert days.office_hours(date(2026, 9, 30))[0][0] == datetime(2026, 9, 30, 8, tzinfo=SHANGHAI)
    assert [opens.hour for opens, _closes in days.office_hours(date(2026, 10, 8))] == [9, 14]
    assert days.office_hours(date(2026, 10, 1)) == [], "a holiday"


def test_working_hours_without_office_hours_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="no office hours"):
        terms.reckon(Calendar({}), datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), 1, Unit.WORKING_HOURS)


@pytest.mark.django_db
def test_a_year_without_a_notice_is_provisional_until_the_notice_is_entered() -> None:
    start = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)
    guess = terms.reckon(calendar.current(), start, 3, Unit.WORKING_DAYS)
    assert (guess.at, guess.provisional) == (datetime(2027, 1, 4, 23, 59, 59, tzinfo=SHANGHAI), True)
    for day in (date(2027, 1, 1), date(2027, 1, 4)):
        CalendarDay.objects.create(date=day, working=False, reason="元旦")
    half = terms.reckon(calendar.current(), start, 3, Unit.WORKING_DAYS)
    assert (half.at, half.provisional) == (datetime(2027, 1, 6, 23, 59, 59, tzinfo=SHANGHAI), True)
    HolidayNotice.objects.create(year=2027, reference="关于2027年部分节假日安排的通知")
    known = terms.reckon(calendar.current(), start, 3, Unit.WORKING_DAYS)
    assert (known.at, known.provisional) == (half.at, False)


@pytest.mark.django_db
def test_years_that_are_not_known_are_named_from_the_month_of_the_notice_on() -> None:
    assert calendar.provisional_years(date(2026, 10, 31)) == []
    assert calendar.provisional_years(date(2026, 11, 1)) == [2027]
    assert calendar.provisional_years(date(2027, 12, 1)) == [2027, 2028]
    assert len(calendar.warnings(date(2027, 12, 1))) == 2
    assert "2027" in calendar.warnings(date(2026, 11, 22))[0]
    HolidayNotice.objects.create(year=2027, reference="通知")
    assert calendar.provisional_years(date(2026, 11, 1)) == []
    assert calendar.warnings(date(2026, 11, 1)) == []


@pytest.mark.django_db
def test_the_seeded_office_hours_are_split() -> None:
    hours = list(OfficeHours.objects.values_list("opens", "closes"))
    assert hours == [(time(9), time(12)), (time(14), time(17, 30))]


def test_a_limit_explains_itself_day_by_day() -> None:
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)
    assert terms.reckon(Calendar({}), friday, 2, Unit.WORKING_DAYS).lines() == [
        "自 2026-11-20 16:30 起 2 个工作日，当日不计。",
        "2026-11-21 星期六：非工作日",
        "2026-11-22 星期日：非工作日",
        "2026-11-23 星期一：第 1 个工作日",
        "2026-11-24 星期二：第 2 个工作日",
    ]


def test_working_hours_and_a_guess_explain_themselves(settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "en"
    thursday = datetime(2026, 12, 31, 16, 0, tzinfo=SHANGHAI)
    assert terms.reckon(Calendar({}, SPLIT), thursday, 2, Unit.WORKING_HOURS).lines() == [
        "From 2026-12-31 16:00, 2 working hours; only office hours count.",
        "2026-12-31 Thu: 1:30 of office hours, 1:30 in all",
        "2027-01-01 Fri: 0:30 of office hours, 2:00 in all",
        "Provisional: the holiday notice of that year is not in the calendar yet.",
    ]
