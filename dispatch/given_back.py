"""What a clock gets back for a time in which it stood still: in the unit that its limit is counted in.

A day is given back when it ended while the clock stood still: a working day with its office hours,
a natural day at midnight. So pauses that adjoin give as much as one, and a night or a weekend gives nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dispatch import terms
from dispatch.calendar import Calendar, day_of
from dispatch.models import Unit
from dispatch.terms import say_day, say_moment, say_time

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """The limit after a standstill from `since` to `until` (`at`), and the days or the time that it was put off by."""

    since: datetime
    until: datetime
    at: datetime
    days: tuple[date, ...] = ()
    time: timedelta = NOTHING
    to_the_end: bool = False
    provisional: bool = False

    def lines(self) -> list[str]:
        """In words, one line for each day given back, in the installation's language."""
        with translation.override(settings.LANGUAGE_CODE):
            said = [self._head(), *(_("%(day)s: given back") % {"day": say_day(day)} for day in self.days)]
            if self.to_the_end:
                said.append(
                    _("The limit fell into that time: it ends with %(day)s.") % {"day": say_day(day_of(self.at))}
                )
        return said

    def _head(self) -> str:
        values = {"start": say_moment(self.since), "end": say_moment(self.until), "n": len(self.days)}
        if self.days:
            said = ngettext(
                "From %(start)s to %(end)s the clock stood still: %(n)d day is given back.",
                "From %(start)s to %(end)s the clock stood still: %(n)d days are given back.",
                len(self.days),
            )
            return said % values
        if self.time:
            said = _("From %(start)s to %(end)s the clock stood still: %(length)s is given back.")
            return said % (values | {"length": say_time(self.time)})
        return _("From %(start)s to %(end)s the clock stood still: no time that counts passed.") % values


def give_back(days: Calendar, unit: str, due: datetime, since: datetime, until: datetime) -> GivenBack:
    """The limit `due`, counted in `unit`, of a clock that stood still from `since` to `until`; never an earlier one."""
    if unit == Unit.WORKING_DAYS:
        return _working_days(days, due, since, until)
    if unit == Unit.NATURAL_DAYS:
        return _natural_days(due, since, until)
    passed = days.office_time(since, until) if unit == Unit.WORKING_HOURS else until - since
    at = _after_office_time(days, due, passed) if unit == Unit.WORKING_HOURS else due + passed
    return GivenBack(since=since, until=until, at=at, time=passed)


def _working_days(days: Calendar, due: datetime, since: datetime, until: datetime) -> GivenBack:
    ended = tuple(days.working_days_ended(since, until))
    more = terms.reckon(days, due, len(ended), Unit.WORKING_DAYS) if ended else None
    at = more.at if more else due
    # No limit passes while its clock stands still, not even in the night after the last day's office hours.
    passed = since <= due and at < until
    if passed:
        at = terms.reckon(days, until, 0 if days.is_working(day_of(until)) else 1, Unit.WORKING_DAYS).at
    return GivenBack(
        since=since,
        until=until,
        at=at,
        days=ended,
        to_the_end=passed,
        provisional=any(map(days.is_provisional, ended)) or bool(more and more.provisional),
    )


def _natural_days(due: datetime, since: datetime, until: datetime) -> GivenBack:
    first, last = day_of(since), day_of(until)
    ended = tuple(first + timedelta(days=n) for n in range((last - first).days))
    at = terms.reckon(Calendar({}), due, len(ended), Unit.NATURAL_DAYS).at if ended else due
    return GivenBack(since=since, until=until, at=at, days=ended)


def _after_office_time(days: Calendar, due: datetime, passed: timedelta) -> datetime:
    at = due
    for _day, used, ended in days.working_time_after(due, passed):
        at = ended if used else at
    return at
