"""More time (延期) and time that does not count (挂起)."""

from datetime import datetime

from django.utils.translation import gettext as _

from hotline.tickets import clock, deadlines, facts, listed, rulebook
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Assignment, Clock, Deadline, ExtensionRequest, List, Suspension, Ticket
from hotline.tickets.parts import AT_WORK
from hotline.tickets.states import State, Verb
from hotline.tickets.turn import turn


def request_extension(
    *, ticket: Ticket, by: Actor, version: int, working_days: int, reason: str, code: str = ""
) -> Ticket:
    """延期: the unit asks for more working days, with a listed cause and a reason the citizen will read."""
    if working_days < 1:
        raise InvalidFields({"working_days": [_("Ask for at least one working day.")]})
    with turn(ticket, Verb.REQUEST_EXTENSION, by, version) as story:
        part, code = story.own_part(), listed.in_force(List.EXTENSION, code)
        if deadlines.required(story.ticket, Clock.ANSWER, part).due_at < clock.now():
            raise NotAllowed(_("The limit has passed: what is late cannot be put off any more."))
        _check_cap(story.ticket, part, working_days)
        ExtensionRequest.objects.create(
            ticket=story.ticket,
            assignment=part,
            working_days=working_days,
            code=code,
            reason=reason,
            requested_by=story.person,
            requested_at=clock.now(),
        )
        deadlines.start(story.ticket, Clock.RULING)
        story.tell(
            facts.ExtensionRequested(
                department=part.department.code, working_days=working_days, code=code, reason=reason
            )
        )
    return ticket


def _check_cap(ticket: Ticket, part: Assignment, working_days: int) -> None:
    left = _at_most(ticket, part, deadlines.required(ticket, Clock.ANSWER, part), working_days)
    if working_days > left:
        raise InvalidFields({"working_days": [_("At most %d working days may still be added.") % left]})


def _at_most(ticket: Ticket, part: Assignment, answer: Deadline, working_days: int) -> int:
    """So many of `working_days` as the cap still lets be added to a unit's limit."""
    cap = rulebook.book().extension_cap(ticket, part.department)
    return working_days if cap is None else max(0, min(working_days, cap - answer.extended_days))


def rule_on_extension(
    *, ticket: Ticket, by: Actor, version: int, granted: bool, working_days: int | None = None, note: str = ""
) -> Ticket:
    """延期审批: granted for `working_days`, or for those asked for; the citizen is told why."""
    with turn(ticket, Verb.RULE_ON_EXTENSION, by, version) as story:
        request = story.ticket.extensions.select_related("assignment__department").get(granted=None)
        days = working_days or request.working_days
        request.granted, request.ruled_by = granted, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        request.granted_days = days if granted else None
        request.save()
        deadlines.stop(story.ticket, Clock.RULING)
        if granted:
            due_at = _put_off(story.ticket, request.assignment, days)
            story.tell(facts.ExtensionGranted(working_days=days, due_at=due_at, reason=request.reason, note=note))
        else:
            story.tell(facts.ExtensionRefused(note=note))
    return ticket


def _put_off(ticket: Ticket, part: Assignment, days: int) -> datetime:
    """The lead's extension is the whole ticket's: those who assist get the time too, as far as their own cap lets."""
    _check_cap(ticket, part, days)
    parts = ticket.assignments.filter(state__in=AT_WORK).select_related("department")
    for each in parts if part.role == Assignment.Role.LEAD else [part]:
        deadline = deadlines.current(ticket, Clock.ANSWER, each)
        added = _at_most(ticket, each, deadline, days) if deadline else 0
        if deadline and added:
            limit = rulebook.book().extended(deadline, added)
            deadline.extended_days += added
            deadlines.move(ticket, deadline, limit)
    return deadlines.required(ticket, Clock.ANSWER, part).due_at


def suspend(
    *, ticket: Ticket, by: Actor, version: int, reason: str, code: str = "", until: datetime | None = None
) -> Ticket:
    """挂起: the clocks stand still, on record with who and why; with `until` they go on by themselves then."""
    if until is not None and until <= clock.now():
        raise InvalidFields({"until": [_("Choose a moment that is still to come.")]})
    with turn(ticket, Verb.SUSPEND, by, version) as story:
        code = listed.in_force(List.SUSPENSION, code)
        Suspension.objects.create(
            ticket=story.ticket,
            state_before=story.ticket.state,
            code=code,
            reason=reason,
            by=story.person,
            at=clock.now(),
            until=until,
        )
        deadlines.pause(story.ticket)
        story.move(State.SUSPENDED)
        story.tell(facts.Suspended(code=code, reason=reason, until=until))
    return ticket


def resume(*, ticket: Ticket, by: Actor, version: int | None) -> Ticket:
    """The clocks go on, each with what it gets back for having stood still."""
    with turn(ticket, Verb.RESUME, by, version) as story:
        pause = story.ticket.suspensions.get(resumed_at=None)
        pause.resumed_at = clock.now()
        pause.save(update_fields=["resumed_at"])
        stood = pause.resumed_at - pause.at
        deadlines.resume(story.ticket)
        story.move(State(pause.state_before))
        story.tell(facts.Resumed(seconds=int(stood.total_seconds()), due_at=story.ticket.due_at))
    return ticket
