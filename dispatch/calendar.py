"""The working calendar: public holidays, make-up workdays (调休), the city's own days, and the hours of its offices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

import chinese_calendar
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import CalendarDay, HolidayNotice, OfficeHours
from hotline.tickets import clock

SATURDAY = 5
NOTICE_MONTH = 11
"""The State Council's notice of a year comes in the November before it."""
LONGEST_CLOSED = 100
"""Days without any office hours after which the hours are surely missing, not the offices closed."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of work on the working days from one date to another (None: until further notice)."""

    opens: time
    closes: time
    from_date: date = date.min
    to_date: date | None = None

    def on(self, day: date) -> bool:
        """Whether these hours are in force that day."""
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, and at which hours. `set_days` are the days set by hand; they win over the kept library.

    For a year that the library does not know and whose notice nobody has entered (`noticed`), weekends
    stand in and the answer is marked provisional.
    """

    set_days: Mapping[date, bool]
    shifts: tuple[Shift, ...] = ()
    noticed: frozenset[int] = frozenset()
    _known: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self.set_days[day] if day in self.set_days else _by_library(day)
        return known

    def is_provisional(self, day: date) -> bool:
        """Whether nothing but the weekday is known of `day`."""
        return day not in self.set_days and day.year not in self.noticed and not library_knows(day.year)

    def working_days_after(self, day: date, count: int) -> list[tuple[date, bool]]:
        """The days after `day` up to its `count`-th working day, each with whether it is worked."""
        walked: list[tuple[date, bool]] = []
        while count > 0:
            day += timedelta(days=1)
            working = self.is_working(day)
            walked.append((day, working))
            count -= working
        return walked

    def working_day_before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`."""
        while count > 0:
            day -= timedelta(days=1)
            count -= self.is_working(day)
        return day

    def office_hours(self, day: date) -> list[tuple[datetime, datetime]]:
        """When the offices are open that day, in order; never on a day that is not worked."""
        if not self.is_working(day):
            return []
        return sorted((moment(day, s.opens), moment(day, s.closes)) for s in self.shifts if s.on(day))

    def working_time_after(self, start: datetime, amount: timedelta) -> Iterator[tuple[date, timedelta, datetime]]:
        """Day by day the office hours used up after `start`, until `amount` is: day, time used, when it ended."""
        day, closed = day_of(start), 0
        while amount > timedelta(0):
            used, ended = timedelta(0), start
            for opens, closes in self.office_hours(day):
                begins = max(opens, start)
                taken = min(max(closes - begins, timedelta(0)), amount)
                amount, used = amount - taken, used + taken
                ended = begins + taken if taken else ended
            yield day, used, ended
            closed = 0 if self.office_hours(day) else closed + 1
            if closed > LONGEST_CLOSED:
                raise ImproperlyConfigured(f"There are no office hours around {day}: working hours cannot be counted.")
            day += timedelta(days=1)

    def working_days_ended(self, since: datetime, until: datetime) -> list[date]:
        """The working days whose office hours ended after `since` and not after `until`."""
        return [day for day in _days_between(since, until) if self.is_working(day) and since < self._ends(day) <= until]

    def _ends(self, day: date) -> datetime:
        return max((closes for _opens, closes in self.office_hours(day)), default=moment(day, time.max))

    def office_time(self, since: datetime, until: datetime) -> timedelta:
        """How long the offices were open between two moments."""
        shifts = (shift for day in _days_between(since, until) for shift in self.office_hours(day))
        spans = (min(closes, until) - max(opens, since) for opens, closes in shifts)
        return sum((span for span in spans if span > timedelta(0)), timedelta(0))


def _days_between(since: datetime, until: datetime) -> Iterator[date]:
    """The days that two moments touch."""
    day, last = day_of(since), day_of(until)
    while day <= last:
        yield day
        day += timedelta(days=1)


def current() -> Calendar:
    """The calendar with the days, hours and notices entered by hand. Three queries."""
    shifts = OfficeHours.objects.values_list("opens", "closes", "from_date", "to_date")
    return Calendar(
        set_days=dict(CalendarDay.objects.values_list("date", "working")),
        shifts=tuple(Shift(*row) for row in shifts),
        noticed=frozenset(HolidayNotice.objects.values_list("year", flat=True)),
    )


def of_days() -> Calendar:
    """The calendar without hours and notices, for what needs only to know which days are worked. One query."""
    return Calendar(dict(CalendarDay.objects.values_list("date", "working")))


def library_knows(year: int) -> bool:
    """Whether the kept library has the State Council's notice of that year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def provisional_years(today: date | None = None) -> list[int]:
    """This year and, from the month of its notice on, the next: those of which only the weekends are known."""
    today = today or day_of(clock.now())
    asked = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    noticed = set(HolidayNotice.objects.filter(year__in=asked).values_list("year", flat=True))
    return [year for year in asked if year not in noticed and not library_knows(year)]


def warnings(today: date | None = None) -> list[str]:
    """One sentence for each year that is not known yet, saying what that means and what to do."""
    sentence = _(
        "The holidays of %(year)d are not known: limits that reach into that year count its weekends only and are "
        "marked provisional. Enter the State Council's notice in the calendar, or update the package chinesecalendar."
    )
    return [sentence % {"year": year} for year in provisional_years(today)]


def city_time() -> tzinfo:
    """The city's time zone: limits go by it, whatever the reader's."""
    return timezone.get_default_timezone()


def day_of(at: datetime) -> date:
    """The day of a moment in the city."""
    return timezone.localtime(at, city_time()).date()


def start_of(day: date) -> datetime:
    """When a day begins in the city."""
    return moment(day, time.min)


def moment(day: date, at: time) -> datetime:
    """That time of that day in the city."""
    return timezone.make_aware(datetime.combine(day, at), city_time())


def _by_library(day: date) -> bool:
    if library_knows(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < SATURDAY
