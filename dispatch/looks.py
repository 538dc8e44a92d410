"""When the sweep must look at a running clock next: its yellow card, its red one, an order for lateness, its end."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from dispatch import terms
from dispatch.calendar import city_time, day_of, moment
from dispatch.models import PolicyKey, SupervisionTrigger, Unit
from dispatch.rules import Rules
from hotline.tickets.models import Card, Clock, Deadline, Supervision

CARDED = (Clock.ANSWER, Clock.REWORK)
"""What shows a yellow card before and a red one after its limit; the others are looked at when they end.

A rework is a limit of its own, and runs as the clock of the answer."""


def first(rules: Rules, clock: Clock, started: datetime, due: datetime) -> datetime:
    """When the sweep must look at a clock for the first time."""
    if clock not in CARDED:
        return due
    yellow = yellow_at(rules, due)
    return yellow if yellow > started else red_at(rules, started, due)


def again(rules: Rules, deadline: Deadline, due: datetime) -> datetime | None:
    """When the sweep must look at a running clock whose limit becomes `due`: at what it has not shown yet."""
    if deadline.clock not in CARDED:
        return due if deadline.next_at else None
    if deadline.card == Card.NONE:
        return first(rules, Clock(deadline.clock), deadline.started_at, due)
    if deadline.card == Card.YELLOW:
        return red_at(rules, deadline.started_at, due)
    left = [row.count for at, row in late_orders(rules, deadline.due_at) if deadline.next_at and at >= deadline.next_at]
    return late_at(rules, due, left[0]) if left else None


def yellow_at(rules: Rules, due: datetime) -> datetime:
    """So many working days before the limit, at the same time of day."""
    ends = timezone.localtime(due, city_time())
    count = rules.figure(PolicyKey.YELLOW_DAYS, ends.date())
    return moment(rules.calendar.working_day_before(ends.date(), count), ends.time())


def red_at(rules: Rules, started: datetime, due: datetime) -> datetime:
    """The morning of the first (or n-th) working day after the limit; a short limit's end itself."""
    ends = timezone.localtime(due, city_time())
    count = rules.figure(PolicyKey.RED_DAYS, ends.date())
    short = timedelta(hours=rules.figure(PolicyKey.SHORT_HOURS, ends.date()))
    if count == 0 or due - started <= short:
        return due
    return moment(rules.calendar.working_days_after(ends.date(), count)[-1][0], time.min)


def late_at(rules: Rules, due: datetime, days: int) -> datetime:
    """When a clock is `days` whole working days late."""
    return terms.reckon(rules.calendar, due, days, Unit.WORKING_DAYS).at


def late_orders(rules: Rules, due: datetime) -> list[tuple[datetime, SupervisionTrigger]]:
    """The orders that lateness makes by itself, and when; of several at one moment the strongest."""
    day = day_of(due)
    rows = sorted(rules.triggers(Supervision.Trigger.LATE, day), key=lambda row: row.level)
    return sorted({late_at(rules, due, row.count): row for row in rows}.items(), key=lambda order: order[0])
