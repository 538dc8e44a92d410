"""The side paths of a ticket's life: returns, extensions, suspension, merging, urging and supervision."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets import clock, facts, ledger, parts
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Assignment, ExtensionRequest, ReturnRequest, Supervision, Suspension, Ticket
from hotline.tickets.parts import Limits
from hotline.tickets.states import ENDED, State, Verb
from hotline.tickets.turn import Turn, turn

# --- returns (退单) ------------------------------------------------------------------------------------


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
        _check_return(part, proposed)
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
        story.move(State.RETURN_REVIEW)
        code = proposed.code if proposed else None
        story.tell(
            facts.ReturnRequested(department=part.department.code, reason=reason, basis=basis, proposed=code, note=note)
        )
    return ticket


def _check_return(part: Assignment, proposed: Department | None) -> None:
    if part.role != Assignment.Role.LEAD:
        raise NotAllowed(_("Only the lead unit can return a ticket."))
    if clock.now() > part.return_until:
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
    limits: Limits | None = None,
    note: str = "",
) -> Ticket:
    """The reviewer rules: upheld moves it on (or back to the desk); refused stays, and that is final."""
    with turn(ticket, Verb.RULE_ON_RETURN, by, version) as story:
        request = story.ticket.returns.select_related("assignment__department").get(upheld=None)
        request.upheld, request.ruled_by = upheld, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        request.save()
        if upheld:
            _move_on(story, request.assignment, department, limits, note)
        else:
            _send_back(story, request.assignment, note)
    return ticket


def _move_on(story: Turn, part: Assignment, department: Department | None, limits: Limits | None, note: str) -> None:
    if department == part.department:
        raise InvalidFields({"department": [_("A return that is upheld cannot go back to the same unit.")]})
    part.state = Assignment.State.RETURNED
    part.save(update_fields=["state"])
    if department is None or limits is None:
        parts.release_all(story.ticket)
        story.ticket.department, story.ticket.due_at = None, None
        story.move(State.ACCEPTED)
    else:
        _end_assisting_part(story.ticket, department)
        parts.assign(story.ticket, department, Assignment.Role.LEAD, limits)
        story.move(State.DISPATCHED)
    moved_to = department.code if department else None
    story.tell(facts.ReturnUpheld(department=part.department.code, note=note, moved_to=moved_to))


def _end_assisting_part(ticket: Ticket, department: Department) -> None:
    """A unit that assisted and now leads has one part, not two."""
    assisting = ticket.assignments.filter(department=department, role=Assignment.Role.ASSISTING)
    assisting.update(state=Assignment.State.RELEASED)


def _send_back(story: Turn, part: Assignment, note: str) -> None:
    story.ticket.returns_final = True
    if part.signed_at is None:
        parts.sign(story.ticket, part, story.by, automatic=True)
    story.move(State.HANDLING)
    story.tell(facts.ReturnRefused(department=part.department.code, note=note))


# --- extensions (延期) and suspension (挂起) -----------------------------------------------------------------


def request_extension(*, ticket: Ticket, by: Actor, version: int, working_days: int, reason: str) -> Ticket:
    """延期: the unit asks for more working days, with a reason the citizen will read."""
    if working_days < 1:
        raise InvalidFields({"working_days": [_("Ask for at least one working day.")]})
    with turn(ticket, Verb.REQUEST_EXTENSION, by, version) as story:
        part = story.own_part()
        ExtensionRequest.objects.create(
            ticket=story.ticket,
            assignment=part,
            working_days=working_days,
            reason=reason,
            requested_by=story.person,
            requested_at=clock.now(),
        )
        story.tell(facts.ExtensionRequested(department=part.department.code, working_days=working_days, reason=reason))
    return ticket


def rule_on_extension(
    *,
    ticket: Ticket,
    by: Actor,
    version: int,
    granted: bool,
    working_days: int | None = None,
    due_at: datetime | None = None,
    note: str = "",
) -> Ticket:
    """延期审批: `due_at` is the new limit, reckoned by dispatch.terms when it is granted."""
    with turn(ticket, Verb.RULE_ON_EXTENSION, by, version) as story:
        request = story.ticket.extensions.get(granted=None)
        request.granted, request.ruled_by = granted, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        request.granted_days = working_days if granted else None
        request.save()
        if not granted:
            story.tell(facts.ExtensionRefused(note=note))
            return ticket
        if working_days is None or due_at is None:
            raise InvalidFields({"working_days": [_("Say how many working days are granted.")]})
        story.ticket.due_at = due_at
        story.ticket.assignments.filter(state__in=parts.AT_WORK).update(due_at=due_at)
        story.tell(facts.ExtensionGranted(working_days=working_days, due_at=due_at, reason=request.reason, note=note))
    return ticket


def suspend(*, ticket: Ticket, by: Actor, version: int, reason: str) -> Ticket:
    """挂起: the clocks stand still, on record with who and why."""
    with turn(ticket, Verb.SUSPEND, by, version) as story:
        Suspension.objects.create(
            ticket=story.ticket,
            state_before=story.ticket.state,
            reason=reason,
            by=story.person,
            at=clock.now(),
        )
        story.move(State.SUSPENDED)
        story.tell(facts.Suspended(reason=reason))
    return ticket


def resume(*, ticket: Ticket, by: Actor, version: int) -> Ticket:
    """The clocks go on, later by as long as they stood."""
    with turn(ticket, Verb.RESUME, by, version) as story:
        pause = story.ticket.suspensions.get(resumed_at=None)
        pause.resumed_at = clock.now()
        pause.save(update_fields=["resumed_at"])
        stood = pause.resumed_at - pause.at
        if story.ticket.due_at:
            story.ticket.due_at += stood
        units = story.ticket.assignments
        units.filter(state__in=parts.AT_WORK).update(due_at=F("due_at") + stood)
        units.filter(state=Assignment.State.TO_SIGN).update(sign_due_at=F("sign_due_at") + stood)
        story.move(State(pause.state_before))
        story.tell(facts.Resumed(seconds=int(stood.total_seconds()), due_at=story.ticket.due_at))
    return ticket


# --- merging (并单), urging (催办), supervision (督办) --------------------------------------------------------


@transaction.atomic
def merge(*, ticket: Ticket, by: Actor, version: int, into: Ticket) -> Ticket:
    """并单: a repeat goes into the ticket that goes on; each of the two gets its line."""
    if into.pk == ticket.pk:
        raise InvalidFields({"into": [_("A ticket cannot be merged into itself.")]})
    # Both rows in one order, so that two merges crossing each other wait instead of deadlocking.
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=[ticket.pk, into.pk]).order_by("pk")
    target = next(row for row in rows if row.pk == into.pk)
    if target.state in ENDED:
        raise NotAllowed(_("The other ticket has ended; merge into one that is still open."))
    with turn(ticket, Verb.MERGE, by, version) as story:
        parts.release_all(story.ticket)
        story.ticket.merged_into, story.ticket.closed_at = target, clock.now()
        story.move(State.MERGED)
        story.tell(facts.Merged(into=target.number))
    target.version += 1
    target.updated_at = clock.now()
    ledger.record(target, facts.ChildMerged(child=ticket.number), by)
    target.save()
    return ticket


def urge(*, ticket: Ticket, by: Actor, version: int | None = None, note: str) -> Ticket:
    """催办: the unit is told to hurry; the citizen may ask for it too."""
    with turn(ticket, Verb.URGE, by, version) as story:
        story.tell(facts.Urged(note=note))
    return ticket


def supervise(*, ticket: Ticket, by: Actor, version: int, level: int, note: str) -> Ticket:
    """督办: an order of level 1 (lowest) to 3, kept until it is ended."""
    if not 1 <= level <= 3:
        raise InvalidFields({"level": [_("Choose a level from 1 to 3.")]})
    with turn(ticket, Verb.SUPERVISE, by, version) as story:
        Supervision.objects.create(ticket=story.ticket, level=level, note=note, by=story.person, at=clock.now())
        story.ticket.supervision_level = max(story.ticket.supervision_level, level)
        story.tell(facts.Supervised(level=level, note=note))
    return ticket


def report_failure(*, ticket: Ticket, channel: str, error: str) -> None:
    """A message to the citizen was given up; the desk must know."""
    with turn(ticket, Verb.REPORT_FAILURE, SYSTEM) as story:
        story.tell(facts.DeliveryFailed(channel=channel, error=error))
