"""What happens to a running clock in the open: its yellow and red cards (黄牌 / 红牌), a limit moved by a new rule."""

from hotline.tickets import deadlines, facts
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Card, Deadline, Ticket
from hotline.tickets.rulebook import Limit
from hotline.tickets.states import Verb
from hotline.tickets.turn import Turn, turn


def show_card(*, deadline: Deadline, card: Card) -> Ticket:
    """A clock shows its card; a clock that has ended meanwhile shows none."""
    ticket = deadline.ticket
    with turn(ticket, Verb.SHOW_CARD, SYSTEM) as story:
        row = _running(story, deadline)
        row.card = card
        row.save(update_fields=["card"])
        story.tell(facts.CardShown(card=card, clock=row.clock, due_at=row.due_at, department=_unit(row)))
    deadline.card = card
    return ticket


def move_limit(*, deadline: Deadline, limit: Limit, reason: str) -> Ticket:
    """A rule or the calendar changed, and this running clock goes by it: one line says from when to when, and why."""
    ticket = deadline.ticket
    with turn(ticket, Verb.MOVE_LIMIT, SYSTEM) as story:
        row = _running(story, deadline)
        before = row.due_at
        deadlines.move(story.ticket, row, limit)
        story.tell(
            facts.LimitMoved(
                clock=row.clock,
                before=before,
                due_at=row.due_at,
                rule=row.rule,
                reason=reason,
                department=_unit(row),
            )
        )
    return ticket


def _running(story: Turn, deadline: Deadline) -> Deadline:
    """The clock as it stands now that the ticket is locked."""
    row = deadlines.running(story.ticket).select_related("assignment__department").filter(pk=deadline.pk).first()
    if row is None:
        raise NotAllowed(f"The clock {deadline.clock} of {story.ticket.number} has ended.")
    return row


def _unit(deadline: Deadline) -> str | None:
    return deadline.assignment.department.code if deadline.assignment else None
