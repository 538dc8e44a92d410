"""Changes that move no limit, and yet decide about open tickets: figures of cards, and rules of review and call-back.

Their effect is shown before they are made, as with limits (see dispatch.preview); once they are made, the clocks
whose next card they shift are looked at when the new card is due.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dispatch import looks
from dispatch.rulebook import BOOK
from dispatch.rules import Rules, reading
from dispatch.terms import say_moment
from hotline.tickets import clock
from hotline.tickets.models import CallBack, Card, Clock, Deadline, Ticket
from hotline.tickets.states import WITH_UNIT

SHOWN = 200
BATCH = 2_000
Effect = dict[str, Any]
"""What the page of the effect shows, as rule_changes keeps it."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A running clock that would show its next card at another moment."""

    deadline: Deadline
    before: datetime
    after: datetime

    @property
    def at_once(self) -> bool:
        """Whether that moment has come already."""
        return self.after <= clock.now()


# --- cards ---------------------------------------------------------------------------------------------


def cards_effect(change: Callable[[], object]) -> Effect:
    """Which clocks would show their next card at another time; nothing is kept."""
    with transaction.atomic():
        shifts = _shifts(change)
        transaction.set_rollback(True)
    tickets = {shift.deadline.ticket_id for shift in shifts}
    at_once = {shift.deadline.ticket_id for shift in shifts if shift.at_once}
    moved = ngettext("%(n)d ticket shows its card at another time", "%(n)d tickets show theirs", len(tickets))
    sentence = _("%(moved)s, %(n)d at once.") % {"moved": moved % {"n": len(tickets)}, "n": len(at_once)}
    return _effect(sentence, len(tickets), _waiting().count(), [_card(shift) for shift in shifts])


def apply_to_cards(change: Callable[[], object]) -> None:
    """Make `change`, and have the sweep look at each clock when its next card is due now."""
    with transaction.atomic():
        shifts = _shifts(change)
        for shift in shifts:
            shift.deadline.next_at, shift.deadline.retry_at = shift.after, None
        Deadline.objects.bulk_update((shift.deadline for shift in shifts), ["next_at", "retry_at"], batch_size=BATCH)


def _waiting() -> QuerySet[Deadline]:
    """Running clocks that still have a card to show. One that stands still is reckoned anew when it goes on."""
    running = Deadline.objects.filter(ended_at=None, paused_at=None, clock__in=looks.CARDED)
    return running.exclude(card=Card.RED)


def _shifts(change: Callable[[], object]) -> list[Shift]:
    with reading(fresh=True) as before:
        before.load()
    change()
    with reading(fresh=True) as after:
        after.load()
    return sorted(_shifted(before, after), key=lambda shift: (shift.after, shift.deadline.pk))


def _shifted(before: Rules, after: Rules) -> Iterator[Shift]:
    now = clock.now()
    for deadline in _waiting().select_related("ticket", "assignment__department").order_by("pk").iterator(BATCH):
        old, new = _next(before, deadline), _next(after, deadline)
        if max(old, now) != max(new, now):
            yield Shift(deadline, old, new)


def _next(rules: Rules, deadline: Deadline) -> datetime:
    """When the clock shows the card that it has not shown yet."""
    if deadline.card == Card.NONE:
        return looks.first(rules, Clock(deadline.clock), deadline.started_at, deadline.due_at)
    return looks.red_at(rules, deadline.started_at, deadline.due_at)


def _card(shift: Shift) -> Effect:
    deadline, moments = shift.deadline, (say_moment(shift.before), say_moment(shift.after))
    unit = deadline.assignment.department.name if deadline.assignment else ""
    return _row(deadline.ticket, unit, str(Clock(deadline.clock).label), *moments)


# --- review and call-back ------------------------------------------------------------------------------


def checks_effect(change: Callable[[], object]) -> Effect:
    """Which tickets with a unit would be reviewed or called back otherwise, were they answered now; nothing is kept."""
    tickets = Ticket.objects.filter(state__in=WITH_UNIT).select_related("matter", "department").order_by("pk")
    found = list(tickets)
    with transaction.atomic():
        before = _checks(found)
        change()
        after = _checks(found)
        transaction.set_rollback(True)
    rows = [
        _row(ticket, ticket.department.name if ticket.department else "", "", old, new)
        for ticket, old, new in zip(found, before, after, strict=True)
        if old != new
    ]
    sentence = ngettext("%(n)d ticket is checked otherwise.", "%(n)d tickets are checked otherwise.", len(rows))
    return _effect(sentence % {"n": len(rows)}, len(rows), len(found), rows)


def _checks(tickets: list[Ticket]) -> list[str]:
    """In words, what would become of each answer."""
    with reading(fresh=True):
        return [f"{_review(ticket)}, {CallBack(BOOK.call_back(ticket).choice).label}" for ticket in tickets]


def _review(ticket: Ticket) -> str:
    return _("Reviewed") if BOOK.needs_review(ticket) else _("Not reviewed")


# --- as it is shown ------------------------------------------------------------------------------------


def _row(ticket: Ticket, unit: str, clock_name: str, before: str, after: str) -> Effect:
    return {"ticket": ticket.number, "clock": clock_name, "unit": unit, "said_before": before, "said_after": after}


def _effect(sentence: str, tickets: int, looked_at: int, rows: list[Effect]) -> Effect:
    figures = {"sentence": sentence, "soft": True, "moves": len(rows), "tickets": tickets, "looked_at": looked_at}
    return figures | {"late": 0, "relieved": 0, "untouched": 0, "shown": rows[:SHOWN]}
