"""Working days with 调休, against a slow and obvious reference; a year that nobody knows yet is said so."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import terms
from dispatch.calendar import Calendar
from dispatch.models import CalendarDay, Unit
from hotline.tickets.models import Ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
KNOWN = st.dates(date(2015, 1, 1), date(2026, 11, 1))


@given(KNOWN, st.integers(1, 40))
def test_the_nth_working_day_is_the_one_that_counting_finds(day: date, count: int) -> None:
    walked = Calendar({}).working_days_after(day, count)
    reference, left = day, count
    while left:
        reference += timedelta(days=1)
        left -= chinese_calendar.is_workday(reference)
    assert walked[-1] == (reference, True)
    assert [step for step, _working in walked] == [
        day + timedelta(days=n) for n in range(1, (reference - day).days + 1)
    ]


@given(KNOWN, st.booleans())
def test_a_day_set_by_hand_wins(day: date, working: bool) -> None:
    calendar = Calendar({day: working})
    assert calendar.is_working(day) is working
    assert not calendar.is_provisional(day)


def test_make_up_workdays_and_holidays() -> None:
    calendar = Calendar({})
    assert not calendar.is_working(date(2026, 10, 1))
    assert calendar.is_working(date(2026, 10, 10)), "a Saturday that makes up for the National Day holiday"
    assert not calendar.is_working(date(2026, 10, 11))


@pytest.mark.django_db
def test_a_year_without_a_notice_is_provisional_until_it_is_pasted() -> None:
    start = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)
    deadline = terms.reckon(start, 3, Unit.WORKING_DAYS)
    assert deadline.provisional
    assert deadline.at == datetime(2027, 1, 4, 23, 59, 59, tzinfo=SHANGHAI)
    for day in (date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)):
        CalendarDay.objects.create(date=day, working=False, reason="元旦")
    CalendarDay.objects.create(date=date(2027, 1, 5), working=True, reason="通知")
    CalendarDay.objects.create(date=date(2027, 1, 6), working=True, reason="通知")
    deadline = terms.reckon(start, 3, Unit.WORKING_DAYS)
    assert not deadline.provisional
    assert deadline.at == datetime(2027, 1, 6, 23, 59, 59, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_a_deadline_explains_itself_day_by_day() -> None:
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)
    deadline = terms.reckon(friday, 2, Unit.WORKING_DAYS)
    assert deadline.at == datetime(2026, 11, 24, 23, 59, 59, tzinfo=SHANGHAI)
    assert deadline.explanation == (
        "自 2026-11-20 16:30 起 2 个工作日，当日不计。",
        "2026-11-21 星期六：非工作日",
        "2026-11-22 星期日：非工作日",
        "2026-11-23 星期一：第 1 个工作日",
        "2026-11-24 星期二：第 2 个工作日",
    )


@pytest.mark.django_db
def test_hours_and_natural_days() -> None:
    start = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)
    assert terms.reckon(start, 24, Unit.HOURS).at == start + timedelta(hours=24)
    assert terms.reckon(start, 7, Unit.NATURAL_DAYS).at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_urgency_beats_type_beats_the_general_rule() -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)

    def due(type: str, urgency: str) -> datetime:
        return terms.limits_for(Ticket(type=type, urgency=urgency), start).due_at

    assert due("consultation", "normal") == datetime(2026, 11, 25, 23, 59, 59, tzinfo=SHANGHAI)
    assert due("complaint", "normal") == datetime(2026, 12, 14, 23, 59, 59, tzinfo=SHANGHAI)
    assert due("", "normal") == datetime(2026, 12, 7, 23, 59, 59, tzinfo=SHANGHAI)
    assert due("consultation", "critical") == start + timedelta(hours=2)
