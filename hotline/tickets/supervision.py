"""Urging (催办) and supervision (督办): orders to hurry, their replies and their end.

One order stands at a time. A stronger one takes its place; it is ended by name, also after the ticket
has ended (a ticket is not archived under an order), but its clock never outlives the ticket.
"""

from django.utils.translation import gettext as _

from hotline.tickets import access, clock, deadlines, facts
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, Clock, Deadline, ListEntry, Supervision, Ticket
from hotline.tickets.states import Verb
from hotline.tickets.turn import turn


def urge(*, ticket: Ticket, by: Actor, version: int | None = None, note: str) -> Ticket:
    """催办: the unit is told to hurry; the citizen may ask for it too."""
    with turn(ticket, Verb.URGE, by, version) as story:
        story.tell(facts.Urged(note=note, count=story.ticket.ledger.filter(kind=Kind.URGED).count() + 1))
    return ticket


def supervise(
    *,
    ticket: Ticket,
    by: Actor,
    version: int | None = None,
    level: int,
    note: str,
    trigger: Supervision.Trigger = Supervision.Trigger.LEADER,
    count: int | None = None,
) -> Ticket:
    """督办: an order of one of the centre's levels, 1 the lowest, to be replied to; it takes the place of a weaker one.

    `count` is what the rules' `trigger` counted when it made the order by itself; their level was looked at when they
    were written, and a list that was changed since stops no order.
    """
    if by.staff and not ListEntry.objects.levels().filter(code=str(level)).exists():
        raise InvalidFields({"level": [_("Choose one of the levels of supervision in force.")]})
    with turn(ticket, Verb.SUPERVISE, by, version) as story:
        before = story.ticket.supervision_level
        if level <= before:
            raise InvalidFields({"level": [_("An order of level %d stands already; give a stronger one.") % before]})
        if before:
            _end(story.ticket, by, _("Escalated to level %d.") % level)
        Supervision.objects.create(
            ticket=story.ticket, level=level, trigger=trigger, note=note, by=by.staff, at=clock.now()
        )
        story.ticket.supervision_level = level
        reply = await_reply(story.ticket)
        story.tell(
            facts.Supervised(
                level=level,
                note=note,
                trigger=trigger,
                count=count,
                replaced=before or None,
                due_at=reply.due_at if reply else None,
            )
        )
    return ticket


def await_reply(ticket: Ticket) -> Deadline | None:
    """Let the clock of the order's reply run, if one is owed and it does not run yet."""
    owed = Supervision.objects.filter(ticket=ticket, ended_at=None, replied_at=None).exists()
    running = deadlines.current(ticket, Clock.SUPERVISION)
    if not owed or running:
        return running
    return deadlines.start(ticket, Clock.SUPERVISION, unit=ticket.department)


def answer_order(*, ticket: Ticket, by: Actor, version: int, text: str) -> Ticket:
    """The lead unit says what it has done about the order; the desk does where no unit leads."""
    with turn(ticket, Verb.ANSWER_ORDER, by, version) as story:
        order = story.ticket.supervisions.get(ended_at=None)
        order.reply, order.replied_by, order.replied_at = text, story.person, clock.now()
        order.save(update_fields=["reply", "replied_by", "replied_at"])
        deadlines.stop(story.ticket, Clock.SUPERVISION)
        lead = story.ticket.assignments.filter(role=Assignment.Role.LEAD, state__in=access.LIVE_PARTS)
        code = lead.values_list("department__code", flat=True).first() or ""
        story.tell(facts.OrderAnswered(department=code, text=text))
    return ticket


def end_supervision(*, ticket: Ticket, by: Actor, version: int, note: str) -> Ticket:
    """The order has done its work, or is called off; a word says which."""
    if not note.strip():
        raise InvalidFields({"note": [_("Say why the order ends.")]})
    with turn(ticket, Verb.END_SUPERVISION, by, version) as story:
        level, story.ticket.supervision_level = story.ticket.supervision_level, 0
        _end(story.ticket, by, note)
        story.tell(facts.SupervisionEnded(level=level, note=note))
    return ticket


def _end(ticket: Ticket, by: Actor, note: str) -> None:
    ended = {"ended_at": clock.now(), "ended_by": by.staff, "ending_note": note}
    if not ticket.supervisions.filter(ended_at=None).update(**ended):
        raise NotAllowed(_("No order stands on this ticket."))
    deadlines.stop(ticket, Clock.SUPERVISION)
