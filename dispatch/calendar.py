"""The working calendar: public holidays, make-up workdays (调休) and the city's own days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from dispatch.models import CalendarDay

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. `set_days` are the days set by hand; they win over the kept library.

    The State Council's notice of a year comes in the November before it. For a year that the
    library does not know yet, weekends stand in and the answer is marked provisional.
    """

    set_days: Mapping[date, bool]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        if day in self.set_days:
            return self.set_days[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < SATURDAY

    def is_provisional(self, day: date) -> bool:
        """Whether nothing but the weekday is known of `day`."""
        if day in self.set_days:
            return False
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return True
        return False

    def working_days_after(self, day: date, count: int) -> list[tuple[date, bool]]:
        """The days after `day` up to its `count`-th working day, each with whether it is worked."""
        walked: list[tuple[date, bool]] = []
        while count > 0:
            day += timedelta(days=1)
            working = self.is_working(day)
            walked.append((day, working))
            count -= working
        return walked


def current() -> Calendar:
    """The calendar with the days set by hand. One query."""
    return Calendar(dict(CalendarDay.objects.values_list("date", "working")))
