"""Units beside and below one another: recall, assist and release, pass down and back up (市→区→街镇→村居)."""

from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets import access, clock, deadlines, facts, lifecycle, parts, rulebook
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, Clock, Ticket
from hotline.tickets.rulebook import Limit
from hotline.tickets.states import State, Verb
from hotline.tickets.turn import turn

CARRIED = (Clock.ANSWER, Clock.CONTACT, Clock.RECONTACT)
"""Clocks that go with the work: whoever does it, the citizen waits no longer."""


# --- the desk -----------------------------------------------------------------------------------------


def recall(*, ticket: Ticket, by: Actor, version: int, note: str = "") -> Ticket:
    """The desk takes a dispatch back (see access.may_recall): as if no unit had had it."""
    with turn(ticket, Verb.RECALL, by, version) as story:
        row = story.ticket
        lead, automatic = story.lead(), row.recall_until is not None
        parts.release_all(row)
        row.department = row.due_at = row.recall_until = None
        story.move(State.ACCEPTED)
        story.tell(facts.Recalled(department=lead.department.code, automatic=automatic, note=note))
    return ticket


def assist(*, ticket: Ticket, by: Actor, version: int, assisting: tuple[Department, ...], note: str = "") -> Ticket:
    """协办: further units are called in, each with its own part and clocks."""
    with turn(ticket, Verb.ASSIST, by, version) as story:
        lead = story.lead()
        parts.check_units(story.ticket, lead.department, assisting)
        _check_new(story.ticket, assisting)
        for unit in assisting:
            parts.assign(story.ticket, unit, Assignment.Role.ASSISTING)
        story.tell(facts.UnitsAdded(departments=[unit.code for unit in assisting], note=note))
    return ticket


def _check_new(ticket: Ticket, assisting: tuple[Department, ...]) -> None:
    parts_now = [part for part in ticket.assignments.all() if part.state in access.LIVE_PARTS]
    live = {part.department_id for part in parts_now}
    wanted = {unit.pk for unit in assisting}
    if not wanted or len(wanted) != len(assisting):
        raise InvalidFields({"assisting": [_("Name at least one unit, and each once.")]})
    if wanted & (live | _passed_on(parts_now)):
        raise InvalidFields({"assisting": [_("This unit has a part already.")]})
    parts.check_number(len(live | wanted) - 1)


def _passed_on(live: list[Assignment]) -> set[int]:
    """The units that passed one of these parts down: it comes back to them when it is handed up."""
    above: set[int] = set()
    for part in live:
        upper = part.passed_from
        while upper is not None:
            above.add(upper.department_id)
            upper = upper.passed_from
    return above


def release(*, ticket: Ticket, by: Actor, version: int, department: Department, note: str = "") -> Ticket:
    """An assisting unit need not answer any more; when only it was waited for, the ticket is answered."""
    with turn(ticket, Verb.RELEASE, by, version) as story:
        part = _assisting_at_work(story.ticket, department)
        deadlines.stop_part(part)
        parts.end_extension_request(part)
        part.state = Assignment.State.RELEASED
        part.save(update_fields=["state"])
        if parts.units_still_at_work(story.ticket):
            story.tell(facts.UnitReleased(department=department.code, note=note))
        else:
            answered = lifecycle.complete(story, story.lead().department)
            story.tell(replace(answered, released=department.code, note=note or None))
    return ticket


def _assisting_at_work(ticket: Ticket, department: Department) -> Assignment:
    assisting = ticket.assignments.filter(role=Assignment.Role.ASSISTING, state__in=parts.AT_WORK)
    part = assisting.filter(department=department).first()
    if part is None:
        raise InvalidFields({"department": [_("This unit does not assist, or has answered already.")]})
    return part


# --- the four levels ----------------------------------------------------------------------------------


def pass_down(*, ticket: Ticket, by: Actor, version: int, department: Department, note: str = "") -> Ticket:
    """下派: a unit that has signed passes its part to any unit below it that the catalogue charges with the matter.

    The limit of the answer goes along unchanged: passing on wins nobody a day. The unit below gets a
    sign-for clock of its own, which ends no later than the answer's.
    """
    with turn(ticket, Verb.PASS_DOWN, by, version) as story:
        part = story.own_part()
        _check_below(story.ticket, part, department)
        basis = rulebook.book().may_pass_down(story.ticket, department)
        if basis is None:
            raise InvalidFields({"department": [_("The duty catalogue does not let this unit do the matter.")]})
        lower = _hand_down(story.ticket, part, department)
        sign = deadlines.begin(story.ticket, Clock.SIGN, _sign_limit(story.ticket, lower), part=lower)
        if part.role == Assignment.Role.LEAD:
            story.move(State.DISPATCHED)
        story.tell(
            facts.PassedDown(
                department=part.department.code,
                to=department.code,
                basis=basis,
                sign_due_at=sign.due_at,
                note=note,
            )
        )
    return ticket


def _check_below(ticket: Ticket, part: Assignment, department: Department) -> None:
    below = Department.objects.descendants(part.department)
    if not below.filter(pk=department.pk).exists():
        raise InvalidFields({"department": [_("Only a unit below your own can be given your part.")]})
    parts.check_units(ticket, department)
    parts.check_not_returned(ticket, department)
    if any(p.department_id == department.pk and p.state in access.LIVE_PARTS for p in ticket.assignments.all()):
        raise InvalidFields({"department": [_("This unit has a part already.")]})
    if ticket.ledger.filter(kind=Kind.PASSED_UP, data__department=department.code).exists():
        raise InvalidFields({"department": [_("This unit has handed it back; it cannot be given it again.")]})


def _hand_down(ticket: Ticket, part: Assignment, department: Department) -> Assignment:
    parts.end_extension_request(part)
    part.state = Assignment.State.PASSED
    part.save(update_fields=["state"])
    lower = Assignment.objects.create(
        ticket=ticket, department=department, role=part.role, dispatched_at=clock.now(), passed_from=part
    )
    _carry(ticket, part, lower)
    return lower


def _carry(ticket: Ticket, giver: Assignment, taker: Assignment) -> None:
    """The clocks of the work change hands as they stand; those of the giver alone end."""
    deadlines.running(ticket).filter(assignment=giver, clock__in=CARRIED).update(assignment=taker)
    deadlines.stop_part(giver)
    if taker.role == Assignment.Role.LEAD:
        ticket.department, ticket.sign_due_at = taker.department, None


def _sign_limit(ticket: Ticket, lower: Assignment) -> Limit:
    limit = rulebook.book().limit(ticket, Clock.SIGN, clock.now(), lower.department)
    assert limit is not None  # a clock that no rule pack may leave out
    answer_due = deadlines.required(ticket, Clock.ANSWER, lower).due_at
    if limit.due_at <= answer_due:
        return limit
    with translation.override(settings.LANGUAGE_CODE):  # a reckoning is kept in the city's language
        why = (*limit.explanation, _("No later than the limit of the answer."))
    looked_at = min(limit.next_at, answer_due) if limit.next_at else answer_due
    return replace(limit, due_at=answer_due, next_at=looked_at, explanation=why)


def pass_up(*, ticket: Ticket, by: Actor, version: int, note: str) -> Ticket:
    """上交: a lower unit hands its part back; the unit above has it again, with the same limit of the answer."""
    with turn(ticket, Verb.PASS_UP, by, version) as story:
        part = story.own_part()
        upper = part.passed_from
        if upper is None:
            raise NotAllowed(_("No unit above has passed this to you."))
        parts.end_extension_request(part)
        part.state, upper.state = Assignment.State.PASSED, Assignment.State.HANDLING
        part.save(update_fields=["state"])
        upper.save(update_fields=["state"])
        _carry(story.ticket, part, upper)
        _reopen_return_window(story.ticket, upper)
        if part.role == Assignment.Role.LEAD:
            story.move(State.HANDLING)
        story.tell(facts.PassedUp(department=part.department.code, to=upper.department.code, note=note))
    return ticket


def _reopen_return_window(ticket: Ticket, upper: Assignment) -> None:
    """What is left of the window in which the unit above may return it: no more than it had."""
    window = upper.deadlines.filter(clock=Clock.RETURN, due_at__gt=clock.now()).order_by("-started_at").first()
    if window is None:
        return
    limit = Limit(
        clock=Clock.RETURN,
        due_at=window.due_at,
        rule=window.rule,
        explanation=tuple(window.explanation),
        provisional=window.provisional,
        next_at=window.due_at,
    )
    deadlines.begin(ticket, Clock.RETURN, limit, part=upper)
