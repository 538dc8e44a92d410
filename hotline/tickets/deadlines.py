"""Starting, stopping, pausing and moving the clocks of a ticket; every clock of the product is a Deadline row."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from hotline.people.models import Department
from hotline.tickets import clock, rulebook
from hotline.tickets.models import Assignment, Clock, Deadline, Ticket
from hotline.tickets.rulebook import Limit

UNITS_CLOCKS = (Clock.SIGN, Clock.CONTACT, Clock.RETURN, Clock.ANSWER, Clock.RECONTACT)
"""Clocks that stand still while a ticket is suspended."""


def start(
    ticket: Ticket,
    which: Clock,
    *,
    part: Assignment | None = None,
    unit: Department | None = None,
    rule: Clock | None = None,
) -> Deadline | None:
    """Start a clock by the rule in force (that of the clock `rule`, if it differs); None when the rules set none.

    A clock of the same kind that still runs is ended first.
    """
    unit = part.department if part else unit
    limit = rulebook.book().limit(ticket, rule or which, clock.now(), unit)
    return begin(ticket, which, limit, part=part) if limit else None


def begin(ticket: Ticket, which: Clock, limit: Limit, *, part: Assignment | None = None) -> Deadline:
    """Start a clock with a limit already reckoned."""
    stop(ticket, which, part=part)
    deadline = _deadline(ticket, which, limit, part)
    deadline.save(force_insert=True)
    copy(ticket, deadline)
    return deadline


def _deadline(ticket: Ticket, which: Clock, limit: Limit, part: Assignment | None) -> Deadline:
    return Deadline(
        ticket=ticket,
        assignment=part,
        clock=which,
        started_at=clock.now(),
        due_at=limit.due_at,
        rule=limit.rule,
        explanation=list(limit.explanation),
        provisional=limit.provisional,
        next_at=limit.next_at,
    )


def start_first(ticket: Ticket, part: Assignment, clocks: Iterable[Clock]) -> None:
    """Start the clocks of a part that has just been made: none of them can be running."""
    limits = [rulebook.book().limit(ticket, which, clock.now(), part.department) for which in clocks]
    started = [_deadline(ticket, limit.clock, limit, part) for limit in limits if limit]
    for deadline in Deadline.objects.bulk_create(started):
        copy(ticket, deadline)


def stop(ticket: Ticket, *which: Clock, part: Assignment | None = None) -> None:
    """End the clocks `which` of the ticket (or of one part): done, or no longer due."""
    running(ticket).filter(clock__in=which, assignment=part).update(ended_at=clock.now(), next_at=None)


def stop_part(part: Assignment) -> None:
    """End every clock of one unit's part."""
    running(part.ticket).filter(assignment=part).update(ended_at=clock.now(), next_at=None)


def stop_answered(part: Assignment, *, contacted: bool) -> None:
    """The unit has answered: its clocks end, but for the contact owed to a citizen who rated it badly."""
    ended = running(part.ticket).filter(assignment=part)
    owed = ended if contacted else ended.exclude(clock=Clock.RECONTACT)
    owed.update(ended_at=clock.now(), next_at=None)


def stop_all(ticket: Ticket) -> None:
    """End every clock: the ticket has ended."""
    running(ticket).update(ended_at=clock.now(), next_at=None)


def running(ticket: Ticket) -> QuerySet[Deadline]:
    """The clocks that have not ended, standing still or not."""
    return Deadline.objects.filter(ticket=ticket, ended_at=None)


def current(ticket: Ticket, which: Clock, part: Assignment | None = None) -> Deadline | None:
    """The running clock `which` of the ticket, or of one part."""
    return running(ticket).filter(clock=which, assignment=part).first()


def required(ticket: Ticket, which: Clock, part: Assignment | None = None) -> Deadline:
    """The running clock `which`, which the rules may not leave out."""
    return running(ticket).get(clock=which, assignment=part)


def reopen(ticket: Ticket, which: Clock, part: Assignment) -> None:
    """Let the clock that ended last run on, with what it gets back for the time when it was not the unit's turn."""
    deadline = Deadline.objects.filter(ticket=ticket, clock=which, assignment=part).latest("ended_at")
    if deadline.ended_at is None:
        return
    since, deadline.ended_at = deadline.ended_at, None
    deadline.next_at = since  # what was still to be shown when it ended is shown now
    _give_back(deadline, since)
    copy(ticket, deadline)


def _give_back(deadline: Deadline, since: datetime) -> None:
    """Run on after a standstill; what the unit of the limit counts of it is given back."""
    now = clock.now()
    limit = rulebook.book().resumed(deadline, since, now)
    deadline.due_at, deadline.explanation = limit.due_at, list(limit.explanation)
    deadline.provisional, deadline.next_at = limit.provisional, limit.next_at
    deadline.paused_at = None
    deadline.paused_seconds += int((now - since).total_seconds())
    deadline.save()


def move(ticket: Ticket, deadline: Deadline, limit: Limit) -> None:
    """Give a running clock another limit; the reckoning is replaced, what was shown stays in the ledger."""
    deadline.due_at, deadline.rule = limit.due_at, limit.rule
    deadline.explanation, deadline.provisional = list(limit.explanation), limit.provisional
    deadline.next_at, deadline.card = limit.next_at, ""
    deadline.save(update_fields=["due_at", "rule", "explanation", "provisional", "next_at", "card", "extended_days"])
    copy(ticket, deadline)


def pause(ticket: Ticket) -> None:
    """Let the units' clocks stand still from now."""
    running(ticket).filter(clock__in=UNITS_CLOCKS, paused_at=None).update(paused_at=clock.now())


def resume(ticket: Ticket) -> None:
    """Let the clocks that stood still go on, with what each gets back."""
    for deadline in running(ticket).exclude(paused_at=None).select_related("assignment"):
        if deadline.paused_at:
            _give_back(deadline, deadline.paused_at)
            copy(ticket, deadline)


def copy(ticket: Ticket, deadline: Deadline) -> None:
    """Keep the lead's sign-for and answer limits on the ticket too, where lists sort by them."""
    if deadline.assignment is None or deadline.assignment.role != Assignment.Role.LEAD:
        return
    if deadline.clock == Clock.SIGN:
        ticket.sign_due_at = deadline.due_at
    elif deadline.clock == Clock.ANSWER:
        ticket.due_at = deadline.due_at


def due_at(ticket: Ticket, which: Clock, part: Assignment | None = None) -> datetime | None:
    """When the running clock `which` ends."""
    found = current(ticket, which, part)
    return found.due_at if found else None
