"""Time limits: when an amount of hours or days after a moment is over, and the day-by-day reckoning of it in words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dispatch.calendar import Calendar, city_time, moment, of_days
from dispatch.models import Unit

END_OF_DAY = time(23, 59, 59)
"""A limit counted in days ends with its last day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One day walked: whether it is worked, and how much of its office hours was used (working hours only)."""

    day: date
    working: bool
    used: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """When `amount` of `unit` after `start` is over (`at`), and the days that were walked to find it."""

    start: datetime
    amount: int
    unit: Unit
    at: datetime
    steps: tuple[Step, ...] = ()
    provisional: bool = False

    def lines(self) -> list[str]:
        """The reckoning in words, one line a day, in the installation's language: it is kept with the ticket."""
        with translation.override(settings.LANGUAGE_CODE):
            said = [_HEADS[self.unit]() % {"start": say_moment(self.start), "n": self.amount}, *self._days()]
            if self.provisional:
                said.append(_("Provisional: the holiday notice of that year is not in the calendar yet."))
        return said

    def _days(self) -> list[str]:
        said, counted, hours = [], 0, timedelta(0)
        for step in self.steps:
            counted, hours = counted + step.working, hours + step.used
            values = {"day": say_day(step.day), "n": counted, "used": say_time(step.used), "sum": say_time(hours)}
            said.append(_step_line(self.unit, step) % values)
        return said


def _step_line(unit: Unit, step: Step) -> str:
    if not step.working:
        return _("%(day)s: not a working day")
    if unit == Unit.WORKING_HOURS:
        return _("%(day)s: %(used)s of office hours, %(sum)s in all")
    return _("%(day)s: working day %(n)d")


_HEADS = {
    Unit.HOURS: lambda: _("From %(start)s, %(n)d hours."),
    Unit.WORKING_HOURS: lambda: _("From %(start)s, %(n)d working hours; only office hours count."),
    Unit.NATURAL_DAYS: lambda: _("From %(start)s, %(n)d natural days; the day itself does not count."),
    Unit.WORKING_DAYS: lambda: _("From %(start)s, %(n)d working days; the day itself does not count."),
}


def reckon(days: Calendar, start: datetime, amount: int, unit: str) -> Reckoning:
    """When `amount` of `unit` after `start` (aware) is over. Days end with the day; none at all ends with today."""
    begun = timezone.localtime(start, city_time())
    if unit == Unit.HOURS:
        return Reckoning(begun, amount, Unit.HOURS, begun + timedelta(hours=amount))
    if unit == Unit.WORKING_HOURS:
        return _working_hours(days, begun, amount)
    if unit == Unit.NATURAL_DAYS:
        return Reckoning(begun, amount, Unit.NATURAL_DAYS, _end_of(begun.date() + timedelta(days=amount)))
    walked = days.working_days_after(begun.date(), amount)
    last = walked[-1][0] if walked else begun.date()
    steps = tuple(Step(day, working) for day, working in walked)
    return Reckoning(begun, amount, Unit.WORKING_DAYS, _end_of(last), steps, _unsure(days, steps))


def extended(at: datetime, working_days: int) -> datetime:
    """The end of the day that is `working_days` after `at`. One query."""
    return reckon(of_days(), at, working_days, Unit.WORKING_DAYS).at


def ends_a_day(at: datetime) -> bool:
    """Whether a limit is where those counted in days end."""
    return timezone.localtime(at, city_time()).time() == END_OF_DAY


def _working_hours(days: Calendar, begun: datetime, amount: int) -> Reckoning:
    steps, at = [], begun
    for day, used, ended in days.working_time_after(begun, timedelta(hours=amount)):
        steps.append(Step(day, days.is_working(day), used))
        at = ended if used else at
    walked = tuple(steps)
    return Reckoning(begun, amount, Unit.WORKING_HOURS, at, walked, _unsure(days, walked))


def _unsure(days: Calendar, steps: tuple[Step, ...]) -> bool:
    return any(days.is_provisional(step.day) for step in steps)


def _end_of(day: date) -> datetime:
    return moment(day, END_OF_DAY)


def say_moment(at: datetime) -> str:
    """A moment in the city's time, to the minute."""
    return f"{timezone.localtime(at, city_time()):%Y-%m-%d %H:%M}"


def say_day(day: date) -> str:
    """A day with its weekday."""
    return date_format(day, "Y-m-d") + " " + date_format(day, "D")


def say_time(length: timedelta) -> str:
    """A length of time as hours and minutes."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours}:{minutes:02}"
