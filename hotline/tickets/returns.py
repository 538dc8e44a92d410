"""The returns court (退单): a unit says whose duty it is instead; a reviewer rules once."""

from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets import access, clock, deadlines, facts, parts
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Assignment, Clock, ReturnRequest, Ticket
from hotline.tickets.states import State, Verb
from hotline.tickets.turn import Turn, turn


def request_return(
    *,
    ticket: Ticket,
    by: Actor,
    version: int,
    reason: str,
    basis: str,
    proposed: Department | None = None,
    note: str = "",
) -> Ticket:
    """退单: the lead unit says whose duty it is instead, inside the return window."""
    with turn(ticket, Verb.RETURN, by, version) as story:
        part = story.own_part()
        _check_return(story.ticket, part, proposed)
        ReturnRequest.objects.create(
            ticket=story.ticket,
            assignment=part,
            reason=reason,
            basis=basis,
            proposed=proposed,
            note=note,
            requested_by=story.person,
            requested_at=clock.now(),
        )
        ruling = deadlines.start(story.ticket, Clock.RULING)
        story.move(State.RETURN_REVIEW)
        story.tell(
            facts.ReturnRequested(
                department=part.department.code,
                reason=reason,
                basis=basis,
                proposed=proposed.code if proposed else None,
                note=note,
                due_at=ruling.due_at if ruling else None,
            )
        )
    return ticket


def _check_return(ticket: Ticket, part: Assignment, proposed: Department | None) -> None:
    if part.role != Assignment.Role.LEAD:
        raise NotAllowed(_("Only the lead unit can return a ticket."))
    window = deadlines.current(ticket, Clock.RETURN, part)
    if window is None or clock.now() > window.due_at:
        raise NotAllowed(_("The return window has closed."))
    if proposed == part.department:
        raise InvalidFields({"proposed_department": [_("Propose another unit than your own.")]})


def rule_on_return(
    *,
    ticket: Ticket,
    by: Actor,
    version: int,
    upheld: bool,
    department: Department | None = None,
    note: str = "",
) -> Ticket:
    """The reviewer rules: upheld moves it on (or back to the desk); refused stays, and that is final."""
    with turn(ticket, Verb.RULE_ON_RETURN, by, version) as story:
        request = story.ticket.returns.select_related("assignment__department").get(upheld=None)
        request.upheld, request.ruled_by = upheld, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        request.save()
        deadlines.stop(story.ticket, Clock.RULING)
        if upheld:
            _move_on(story, request.assignment, department, note)
        else:
            _send_back(story, request.assignment, note)
    return ticket


def _move_on(story: Turn, part: Assignment, department: Department | None, note: str) -> None:
    if department == part.department:
        raise InvalidFields({"department": [_("A return that is upheld cannot go back to the same unit.")]})
    part.state = Assignment.State.RETURNED
    part.save(update_fields=["state"])
    deadlines.stop_part(part)
    if department is None:
        parts.release_all(story.ticket)
        story.ticket.department, story.ticket.due_at = None, None
        story.move(State.ACCEPTED)
    else:
        _end_assisting_part(story.ticket, department)
        parts.check_units(story.ticket, department)
        parts.assign(story.ticket, department, Assignment.Role.LEAD)
        story.move(State.DISPATCHED)
    moved_to = department.code if department else None
    story.tell(facts.ReturnUpheld(department=part.department.code, note=note, moved_to=moved_to))


def _end_assisting_part(ticket: Ticket, department: Department) -> None:
    """A unit that assisted and now leads has one part, not two."""
    for part in ticket.assignments.filter(
        department=department, role=Assignment.Role.ASSISTING, state__in=access.LIVE_PARTS
    ):
        deadlines.stop_part(part)
        part.state = Assignment.State.RELEASED
        part.save(update_fields=["state"])


def _send_back(story: Turn, part: Assignment, note: str) -> None:
    story.ticket.returns_final = True
    if part.signed_at is None:
        parts.sign(story.ticket, part, story.by, automatic=True)
    story.move(State.HANDLING)
    story.tell(facts.ReturnRefused(department=part.department.code, note=note))
