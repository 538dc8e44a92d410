"""The returns court (退单): a unit says whose duty it is instead; a reviewer rules once, a consultation for good.

Ping-pong cannot happen: a unit that rightly returned a ticket never leads it again (parts.check_not_returned),
a refusal is final, and so is the ruling of the consultation that the n-th return opens.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets import access, clock, deadlines, facts, listed, parts, rulebook
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import Assignment, Clock, Consultation, List, Opinion, Precedent, ReturnRequest, Ticket
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
        reason = listed.in_force(List.RETURN, reason, "reason")
        _check_return(story.ticket, part, basis, proposed)
        request = ReturnRequest.objects.create(
            ticket=story.ticket,
            assignment=part,
            reason=reason,
            basis=basis,
            proposed=proposed,
            note=note,
            requested_by=story.person,
            requested_at=clock.now(),
        )
        parts.end_extension_requests(story.ticket)
        # Returning answers the dispatch as signing would: nobody signs for the unit while the return is judged.
        deadlines.stop(story.ticket, Clock.SIGN, part=part)
        story.ticket.sign_due_at = None
        consultation = _open_consultation(story.ticket, request)
        ruling = deadlines.start(story.ticket, Clock.CONSULTATION if consultation else Clock.RULING)
        story.move(State.RETURN_REVIEW)
        story.tell(
            facts.ReturnRequested(
                department=part.department.code,
                reason=reason,
                basis=basis,
                proposed=proposed.code if proposed else None,
                note=note,
                due_at=ruling.due_at if ruling else None,
                consultation=_codes(consultation.units.all()) if consultation else None,
            )
        )
    return ticket


def _check_return(ticket: Ticket, part: Assignment, basis: str, proposed: Department | None) -> None:
    if part.role != Assignment.Role.LEAD:
        raise NotAllowed(_("Only the lead unit can return a ticket."))
    if not access.may_return(ticket, part):
        raise NotAllowed(_("The return window has closed."))
    if not basis.strip():
        raise InvalidFields({"basis": [_("Name the rule by which it is not your duty.")]})
    if proposed == part.department:
        raise InvalidFields({"proposed_department": [_("Propose another unit than your own.")]})


def _open_consultation(ticket: Ticket, request: ReturnRequest) -> Consultation | None:
    """The n-th return opens a consultation of everybody who returned it and the unit proposed; never of the accused."""
    if ticket.returns.count() < rulebook.book().figure("consult_after"):
        return None
    concerned = Q(assignments__returns__ticket=ticket) | Q(pk=request.proposed_id)
    units = Department.objects.filter(concerned).exclude(pk__in=parts.accused_units(ticket))
    consultation = Consultation.objects.create(ticket=ticket, request=request, opened_at=clock.now())
    consultation.units.set(units)
    return consultation


def opine(*, ticket: Ticket, by: Actor, version: int, text: str) -> Ticket:
    """会商: a unit concerned is heard; a later opinion takes the place of its earlier one, the ledger keeps both."""
    with turn(ticket, Verb.OPINE, by, version) as story:
        consultation = access.consultation_of(story.ticket)
        unit = access.heard_for(story.person, story.ticket)
        if consultation is None or unit is None:
            raise NotYours(_("This is not yours to do."))
        Opinion.objects.update_or_create(
            consultation=consultation,
            department=unit,
            defaults={"text": text, "by": story.person, "at": clock.now()},
        )
        story.tell(facts.OpinionGiven(department=unit.code, text=text))
    return ticket


def rule_on_return(
    *,
    ticket: Ticket,
    by: Actor,
    version: int,
    upheld: bool,
    department: Department | None = None,
    note: str = "",
) -> Ticket:
    """The reviewer rules: upheld moves it on (or back to the desk); refused stays, and that is final.

    When a consultation is open the ruling is its: it names the unit and the reasons, and is final for all.
    """
    with turn(ticket, Verb.RULE_ON_RETURN, by, version) as story:
        request = story.ticket.returns.select_related("assignment__department").get(upheld=None)
        _check_ruling(request.assignment, upheld, department)
        consultation = access.consultation_of(story.ticket)
        request.upheld, request.ruled_by = upheld, by.staff
        request.ruled_at, request.ruling_note = clock.now(), note
        request.save()
        deadlines.stop(story.ticket, Clock.RULING, Clock.CONSULTATION)
        if consultation:
            _rule_for_good(story, consultation, request.assignment, department, note)
        elif upheld:
            _uphold(story, request.assignment, department, note)
        else:
            story.ticket.returns_final = True
            _keep(story, request.assignment)
            story.tell(facts.ReturnRefused(department=request.assignment.department.code, note=note))
    return ticket


def _check_ruling(part: Assignment, upheld: bool, department: Department | None) -> None:
    if upheld and department == part.department:
        raise InvalidFields({"department": [_("A return that is upheld cannot go back to the same unit.")]})
    if not upheld and department not in (None, part.department):
        raise InvalidFields({"department": [_("A return that is refused leaves the ticket with its unit.")]})


def _uphold(story: Turn, part: Assignment, department: Department | None, note: str) -> None:
    if department is None:
        _end_part(part)
        parts.release_all(story.ticket)
        story.ticket.department, story.ticket.due_at = None, None
        story.move(State.ACCEPTED)
    else:
        _hand_over(story, part, department)
    moved_to = department.code if department else None
    story.tell(
        facts.ReturnUpheld(department=part.department.code, note=note, moved_to=moved_to, due_at=story.ticket.due_at)
    )


def _hand_over(story: Turn, part: Assignment, department: Department) -> None:
    """The returning unit's part ends, the other's begins with fresh clocks."""
    _end_part(part)
    _end_assisting_part(story.ticket, department)
    parts.check_units(story.ticket, department)
    parts.assign(story.ticket, department, Assignment.Role.LEAD)
    story.move(State.DISPATCHED)


def _end_part(part: Assignment) -> None:
    part.state = Assignment.State.RETURNED
    part.save(update_fields=["state"])
    deadlines.stop_part(part)


def _end_assisting_part(ticket: Ticket, department: Department) -> None:
    """A unit that assisted and now leads has one part, not two."""
    for part in ticket.assignments.filter(
        department=department, role=Assignment.Role.ASSISTING, state__in=access.LIVE_PARTS
    ):
        deadlines.stop_part(part)
        part.state = Assignment.State.RELEASED
        part.save(update_fields=["state"])


def _keep(story: Turn, part: Assignment) -> None:
    """The unit keeps its part; what it had not signed for is signed for it."""
    if part.signed_at is None:
        parts.sign(story.ticket, part, SYSTEM, automatic=True)
    story.move(State.HANDLING)


def _rule_for_good(
    story: Turn, consultation: Consultation, part: Assignment, department: Department | None, note: str
) -> None:
    if department is None:
        raise InvalidFields({"department": [_("The ruling of a consultation names the unit.")]})
    if not note.strip():
        raise InvalidFields({"note": [_("Give the reasons: the ruling is a precedent.")]})
    consultation.ruled_at = clock.now()
    consultation.save(update_fields=["ruled_at"])
    story.ticket.returns_final = True
    precedent = _set_precedent(story, consultation, department, note)
    if department == part.department:
        _keep(story, part)
    else:
        _hand_over(story, part, department)
    story.tell(
        facts.ConsultationRuled(
            department=department.code,
            over=_codes(precedent.against.all()),
            note=note,
            precedent=precedent.pk,
            moved=department != part.department,
            due_at=story.ticket.due_at,
        )
    )


def _set_precedent(story: Turn, consultation: Consultation, department: Department, note: str) -> Precedent:
    precedent = Precedent.objects.create(
        ticket=story.ticket,
        matter=story.ticket.matter,
        area=story.ticket.area,
        department=department,
        reasoning=note,
        by=story.person,
        at=clock.now(),
    )
    precedent.against.set(consultation.units.exclude(pk=department.pk))
    return precedent


def _codes(units: QuerySet[Department]) -> list[str]:
    return list(units.order_by("code").values_list("code", flat=True))
