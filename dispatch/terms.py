"""Time limits: which rule applies to a ticket, when the limit falls, and the day-by-day reckoning of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dispatch import calendar
from dispatch.models import TermRule, Unit
from hotline.tickets.models import Clock, Ticket
from hotline.tickets.parts import Limits

END_OF_DAY = time(23, 59, 59)
"""A limit counted in days ends with its last day."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit and why it falls there: one line per day walked."""

    at: datetime
    explanation: tuple[str, ...]
    provisional: bool = False


def rule_for(ticket: Ticket, clock: Clock, on: date) -> TermRule:
    """The most specific rule of the city's pack in force `on` that day: urgency beats type beats neither."""
    rules = TermRule.objects.filter(
        Q(type=ticket.type) | Q(type=""),
        Q(urgency=ticket.urgency) | Q(urgency=""),
        pack=settings.RULE_PACK,
        clock=clock,
        from_date__lte=on,
    )
    best = max(rules, key=lambda rule: (bool(rule.urgency), bool(rule.type), rule.from_date), default=None)
    if best is None:
        raise ImproperlyConfigured(f"The rule pack {settings.RULE_PACK!r} has no limit for the clock {clock!r}.")
    return best


def reckon(start: datetime, amount: int, unit: str) -> Deadline:
    """When `amount` hours, natural days or working days after `start` (aware) are over, and why."""
    begun = timezone.localtime(start)
    if unit == Unit.HOURS:
        at = begun + timedelta(hours=amount)
        return Deadline(at, (_("From %(start)s, %(n)d hours.") % {"start": _moment(begun), "n": amount},))
    if unit == Unit.NATURAL_DAYS:
        last = begun.date() + timedelta(days=amount)
        line = _("From %(start)s, %(n)d natural days; the day itself does not count.")
        return Deadline(_end_of(last), (line % {"start": _moment(begun), "n": amount},))
    return _working_days(begun, amount)


def _working_days(begun: datetime, amount: int) -> Deadline:
    days = calendar.current()
    walked = days.working_days_after(begun.date(), amount)
    head = _("From %(start)s, %(n)d working days; the day itself does not count.")
    lines = [head % {"start": _moment(begun), "n": amount}]
    counted = 0
    for day, working in walked:
        counted += working
        label = date_format(day, "Y-m-d") + " " + _weekday(day)
        lines.append(
            _("%(day)s: working day %(n)d") % {"day": label, "n": counted}
            if working
            else _("%(day)s: not a working day") % {"day": label}
        )
    last = walked[-1][0] if walked else begun.date()
    provisional = any(days.is_provisional(day) for day, _working in walked)
    if provisional:
        lines.append(_("Provisional: the holiday notice of that year is not in the calendar yet."))
    return Deadline(_end_of(last), tuple(lines), provisional)


def limits_for(ticket: Ticket, at: datetime) -> Limits:
    """The limits that a dispatch at `at` sets: sign-for, return window, answer."""
    # The reckoning is kept with the ticket, so it is worded in the installation's language, not the agent's.
    with translation.override(settings.LANGUAGE_CODE):
        sign, give_back, answer = (_deadline(ticket, c, at) for c in (Clock.SIGN, Clock.RETURN, Clock.ANSWER))
    return Limits(sign_due_at=sign.at, return_until=give_back.at, due_at=answer.at, explanation=answer.explanation)


def rework_limit(ticket: Ticket, at: datetime) -> datetime:
    """When a rework begun at `at` must be answered."""
    return _deadline(ticket, Clock.REWORK, at).at


def extended(due_at: datetime, working_days: int) -> datetime:
    """The limit `working_days` after `due_at`."""
    return reckon(due_at, working_days, Unit.WORKING_DAYS).at


def _deadline(ticket: Ticket, clock: Clock, at: datetime) -> Deadline:
    rule = rule_for(ticket, clock, timezone.localtime(at).date())
    reckoned = reckon(at, rule.amount, rule.unit)
    return Deadline(reckoned.at, (rule.basis, *reckoned.explanation), reckoned.provisional)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _weekday(day: date) -> str:
    return date_format(day, "D")
