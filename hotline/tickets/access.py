"""Who may see and do what: the one place that pages, the interface and the sockets ask."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from hotline.people.models import Department, Staff
from hotline.people.roles import HOTLINE_ROLES, Role
from hotline.tickets import bars, clock
from hotline.tickets.models import Assignment, Clock, Consultation, ListEntry, Message, Recusal, Supervision, Ticket
from hotline.tickets.states import ADDITIONS, ALLOWED, State, Verb

SEES_ALL = HOTLINE_ROLES | {Role.ADMIN, Role.AUDITOR}
LIVE_PARTS = (Assignment.State.TO_SIGN, Assignment.State.HANDLING, Assignment.State.ANSWERED)

_DESK = frozenset({Role.AGENT, Role.LEAD})
_CHECK = frozenset({Role.AGENT, Role.LEAD, Role.QUALITY, Role.SUPERVISOR})
_RULE = frozenset({Role.LEAD, Role.SUPERVISOR})
_UNIT = frozenset({Role.DEPARTMENT})

# Which limits, lists and levels hold is data; who may act is not: each line is enumerated by the permission matrix
# of the tests, and an administrator must not be able to give rights away by a slip.
DUTY: dict[Verb, frozenset[Role]] = {
    Verb.ACCEPT: _DESK,
    Verb.EDIT: _DESK,
    Verb.REPLY: _DESK,
    Verb.REQUEST_INFO: _DESK,
    Verb.REFUSE: _DESK,
    Verb.EMERGENCY: _DESK,
    Verb.ANSWER_DIRECTLY: _DESK,
    Verb.DISPATCH: _DESK,
    Verb.RECALL: _DESK,
    Verb.ASSIST: _DESK,
    Verb.RELEASE: _DESK,
    Verb.MERGE: _DESK,
    Verb.UNMERGE: _DESK,
    Verb.SPLIT: _DESK,
    Verb.WITHDRAW: _DESK,
    Verb.SIGN: _UNIT,
    Verb.CONTACT: _UNIT,
    Verb.RELAY: _UNIT,
    Verb.PASS_DOWN: _UNIT,
    Verb.PASS_UP: _UNIT,
    Verb.OPINE: _UNIT,
    Verb.ANSWER_ORDER: _UNIT | _DESK,
    Verb.RETURN: _UNIT,
    Verb.REQUEST_EXTENSION: _UNIT,
    Verb.ANSWER: _UNIT,
    Verb.RULE_ON_RETURN: _RULE,
    Verb.RULE_ON_EXTENSION: _RULE,
    Verb.SUPERVISE: _RULE,
    Verb.END_SUPERVISION: _RULE,
    Verb.SET_ASIDE: _CHECK - {Role.AGENT},
    Verb.RULE_ON_SET_ASIDE: _CHECK - {Role.AGENT},
    Verb.SUSPEND: _RULE,
    Verb.RESUME: _RULE,
    Verb.REVIEW: _CHECK,
    Verb.FOLLOW_UP: _CHECK,
    Verb.REWORK: _CHECK,
    Verb.CLOSE: _CHECK,
    Verb.URGE: _CHECK,
    Verb.ARCHIVE: frozenset({Role.LEAD, Role.QUALITY}),
    Verb.SEE_ALARM: _DESK,
    Verb.SETTLE_PROMISE: _UNIT | _CHECK,
    Verb.NOTE: frozenset(Role) - {Role.AUDITOR},
    Verb.RECUSE: HOTLINE_ROLES | {Role.DEPARTMENT},
    Verb.ATTACH: frozenset(Role) - {Role.AUDITOR},
}
"""Verbs that staff may use, by role; a verb that is not here is the citizen's or the system's own."""


def unit_ids(staff: Staff) -> frozenset[int]:
    """The departments a clerk speaks for: the own one and those below it. One query, kept on the object."""
    if staff.role != Role.DEPARTMENT or staff.department_id is None:
        return frozenset()
    if not hasattr(staff, "_unit_ids"):
        units = Department.objects.descendants(staff.department_id, include_self=True)
        staff._unit_ids = frozenset(units.values_list("pk", flat=True))  # type: ignore[attr-defined]
    ids: frozenset[int] = staff._unit_ids  # type: ignore[attr-defined]
    return ids


def visible_to(staff: Staff) -> QuerySet[Ticket]:
    """The tickets that `staff` may read."""
    if not staff.is_active:
        return Ticket.objects.none()
    recused = Recusal.objects.filter(staff=staff.pk)
    if staff.role in SEES_ALL:
        return Ticket.objects.exclude(pk__in=recused.values("ticket"))
    ids = unit_ids(staff)
    parts = Assignment.objects.filter(department__in=ids, state__in=LIVE_PARTS)
    heard = Consultation.objects.filter(units__in=ids, ruled_at=None, ticket__state=State.RETURN_REVIEW)
    tickets = Ticket.objects.filter(pk__in=parts.values("ticket").union(heard.values("ticket")))
    accused = Ticket.accused.through.objects.filter(department__in=_own_and_above(staff))
    return tickets.exclude(pk__in=recused.values("ticket")).exclude(pk__in=accused.values("ticket"))


def _own_and_above(staff: Staff) -> frozenset[int]:
    """The clerk's unit and those above it: a complaint about any of these is not theirs to read. Kept on the object."""
    if not hasattr(staff, "_own_and_above"):
        units = Department.objects.ancestors(staff.department_id, include_self=True)
        staff._own_and_above = frozenset(units.values_list("pk", flat=True))  # type: ignore[attr-defined]
    ids: frozenset[int] = staff._own_and_above  # type: ignore[attr-defined]
    return ids


def stood_back(staff: Staff, ticket: Ticket) -> bool:
    """Whether `staff` has recused themselves from the ticket (回避); needs no query when recusals are prefetched."""
    return any(recusal.staff_id == staff.pk for recusal in ticket.recusals.all())


def may_see(staff: Staff, departments: Iterable[int]) -> bool:
    """Whether `staff` may read a ticket whose live parts are with `departments`; needs no query."""
    return staff.is_active and (staff.role in SEES_ALL or not unit_ids(staff).isdisjoint(departments))


def consultation_of(ticket: Ticket) -> Consultation | None:
    """The consultation that is open on the ticket."""
    if ticket.state != State.RETURN_REVIEW:
        return None
    return next((c for c in ticket.consultations.all() if c.ruled_at is None), None)


def heard_for(staff: Staff, ticket: Ticket) -> Department | None:
    """The unit for which `staff` is heard in the open consultation, the own one before those below."""
    consultation = consultation_of(ticket)
    if consultation is None or staff.role != Role.DEPARTMENT:
        return None
    ids = unit_ids(staff)
    concerned = [unit for unit in consultation.units.all() if unit.pk in ids]
    return min(concerned, key=lambda unit: (unit.pk != staff.department_id, unit.pk), default=None)


def open_order(ticket: Ticket) -> Supervision | None:
    """The supervision order that stands."""
    if not ticket.supervision_level:
        return None
    return next((order for order in ticket.supervisions.all() if order.ended_at is None), None)


def own_part(staff: Staff, ticket: Ticket, *states: str) -> Assignment | None:
    """The part of `ticket` that `staff` answers for, in one of `states` (default: any live one).

    The own unit's part comes before those of the units below it, a lead's before an assisting one's.
    """
    wanted = states or LIVE_PARTS
    return _nearest(staff, (part for part in ticket.assignments.all() if part.state in wanted))


def part_for(staff: Staff, verb: Verb, ticket: Ticket) -> Assignment | None:
    """The part of `ticket` by which `staff` may use a verb of units."""
    fit = (part for part in ticket.assignments.all() if part.state in PART_NEEDED[verb])
    return _nearest(staff, (part for part in fit if not waits_for_ruling(ticket, part)))


def waits_for_ruling(ticket: Ticket, part: Assignment) -> bool:
    """Whether it is being judged whose the part is; the units that assist work on."""
    return ticket.state == State.RETURN_REVIEW and part.role == Assignment.Role.LEAD


def _nearest(staff: Staff, parts: Iterable[Assignment]) -> Assignment | None:
    ids = unit_ids(staff)
    own = [part for part in parts if part.department_id in ids]
    return min(
        own, key=lambda p: (p.department_id != staff.department_id, p.role != Assignment.Role.LEAD), default=None
    )


PART_NEEDED: dict[Verb, tuple[str, ...]] = {
    Verb.SIGN: (Assignment.State.TO_SIGN,),
    Verb.CONTACT: (Assignment.State.HANDLING,),
    Verb.RETURN: (Assignment.State.TO_SIGN, Assignment.State.HANDLING),
    Verb.REQUEST_EXTENSION: (Assignment.State.HANDLING,),
    Verb.ANSWER: (Assignment.State.HANDLING,),
    Verb.RELAY: (Assignment.State.HANDLING,),
    Verb.PASS_DOWN: (Assignment.State.HANDLING,),
    Verb.PASS_UP: (Assignment.State.TO_SIGN, Assignment.State.HANDLING),
}
"""In which state a unit's own part must be for the unit to use the verb."""


def has_duty(staff: Staff, verb: Verb, ticket: Ticket) -> bool:
    """Whether the verb is `staff`'s to use on `ticket`, whatever the state of the ticket."""
    if not staff.is_active or staff.role not in DUTY.get(verb, frozenset()) or bars.barred(staff, verb, ticket):
        return False
    if verb == Verb.RULE_ON_RETURN and consultation_of(ticket):
        return staff.role == Role.SUPERVISOR
    if verb == Verb.OPINE:
        return heard_for(staff, ticket) is not None
    if verb == Verb.ANSWER_ORDER:
        return answers_orders(staff, ticket)
    return staff.role in SEES_ALL or own_part(staff, ticket) is not None


def answers_orders(staff: Staff, ticket: Ticket) -> bool:
    """Whether `staff` replies to supervision orders on the ticket: the lead unit, or the desk while no unit leads."""
    live = [part for part in ticket.assignments.all() if part.state in LIVE_PARTS]
    lead = next((part for part in live if part.role == Assignment.Role.LEAD), None)
    return lead.department_id in unit_ids(staff) if lead else staff.role in _DESK


def is_open(verb: Verb, ticket: Ticket) -> bool:
    """Whether an arrow leads from the ticket's state, and no ruling has closed it."""
    if ticket.state not in ALLOWED[verb].sources:
        return False
    if verb == Verb.RETURN:
        return not ticket.returns_final
    if verb in (Verb.RULE_ON_EXTENSION, Verb.REQUEST_EXTENSION):
        asked = any(request.granted is None for request in ticket.extensions.all())
        return asked == (verb == Verb.RULE_ON_EXTENSION)
    if verb == Verb.OPINE:
        return consultation_of(ticket) is not None
    if verb in LEVELS_OPEN:
        return LEVELS_OPEN[verb](ticket)
    if verb in (Verb.SET_ASIDE, Verb.RULE_ON_SET_ASIDE):
        asked = bars.open_set_aside(ticket) is not None
        return asked == (verb == Verb.RULE_ON_SET_ASIDE) and not ticket.set_aside
    return _order_allows(verb, ticket)


def may_recall(ticket: Ticket) -> bool:
    """Whether the desk may take the dispatch back: nobody has signed, or it was automatic and is moments old.

    A unit that has answered is not undone, nor is a ruling on a return.
    """
    parts = [part for part in ticket.assignments.all() if part.state != Assignment.State.RELEASED]
    if any(part.answered_at or part.state == Assignment.State.RETURNED for part in parts):
        return False
    if ticket.recall_until and clock.now() < ticket.recall_until:
        return True
    return not any(part.signed_at for part in parts)


def _has_assistance(ticket: Ticket) -> bool:
    at_work = (Assignment.State.TO_SIGN, Assignment.State.HANDLING)
    return any(p.role == Assignment.Role.ASSISTING and p.state in at_work for p in ticket.assignments.all())


LEVELS_OPEN: dict[Verb, Callable[[Ticket], bool]] = {
    Verb.RECALL: may_recall,
    Verb.RELEASE: _has_assistance,
    Verb.RELAY: lambda ticket: ticket.confidential,
}
"""What beside the state opens the verbs of hotline.tickets.levels and hotline.tickets.confiding."""


def _order_allows(verb: Verb, ticket: Ticket) -> bool:
    """An order of supervision is outdone by a stronger one only, replied to once, and ended before archive or merge."""
    if verb == Verb.SUPERVISE:
        return ticket.supervision_level < strongest_level(ticket)
    if verb == Verb.ANSWER_ORDER:
        order = open_order(ticket)
        return order is not None and order.replied_at is None
    if verb == Verb.END_SUPERVISION:
        return ticket.supervision_level > 0
    return verb not in (Verb.ARCHIVE, Verb.MERGE) or not ticket.supervision_level


def strongest_level(ticket: Ticket) -> int:
    """The highest level of supervision that the centre has today; fetched beforehand for lists (queries.rows)."""
    if hasattr(ticket, "strongest_level"):
        return int(ticket.strongest_level or 0)
    return int(ListEntry.objects.levels().values_list("code", flat=True).first() or 0)


def allowed(staff: Staff, ticket: Ticket) -> list[str]:
    """The verbs open to `staff` now. With what queries.rows prefetches it needs no query."""
    if stood_back(staff, ticket):
        return []
    return [
        str(verb)
        for verb in DUTY
        if verb not in ADDITIONS
        and is_open(verb, ticket)
        and has_duty(staff, verb, ticket)
        and _has_part_for(staff, verb, ticket)
    ]


def _has_part_for(staff: Staff, verb: Verb, ticket: Ticket) -> bool:
    if verb not in PART_NEEDED:
        return True
    part = part_for(staff, verb, ticket)
    if part is None or (verb == Verb.PASS_UP and part.passed_from_id is None):
        return False
    return verb != Verb.RETURN or may_return(ticket, part)


def may_return(ticket: Ticket, part: Assignment) -> bool:
    """Whether the part is the lead's, and still inside the window for a return."""
    if part.role != Assignment.Role.LEAD:
        return False
    running = ticket.running if hasattr(ticket, "running") else ticket.deadlines.filter(ended_at=None)
    moment = clock.now()
    return any(d.clock == Clock.RETURN and d.assignment_id == part.pk and moment <= d.due_at for d in running)


def sees_personal_data(staff: Staff, ticket: Ticket) -> bool:
    """Whether `staff` may unmask the citizen: the desk, or the unit handling it unless confidential."""
    if staff.role in HOTLINE_ROLES:
        return True
    part = own_part(staff, ticket, Assignment.State.HANDLING)
    return part is not None and not ticket.confidential


def speaks_with_citizen(staff: Staff) -> bool:
    """Whether `staff` may know a ticket's public code, which lets its holder act as the citizen."""
    return staff.role in HOTLINE_ROLES


def reads_follow_up(staff: Staff) -> bool:
    """Whether `staff` may know what a citizen said at 回访: not the units that it is about, nor another's system."""
    return staff.role in HOTLINE_ROLES or (staff.role == Role.AUDITOR and staff.pk is not None)


def reads(staff: Staff, message: Message) -> bool:
    """Whether `staff`, who may see the ticket, may read the message and hear its sound."""
    return not message.at_follow_up or reads_follow_up(staff)


def hides_citizen(staff: Staff, ticket: Ticket) -> bool:
    """Whether not even the masked name is shown: a confidential request, outside the hotline centre."""
    return ticket.confidential and staff.role not in HOTLINE_ROLES
