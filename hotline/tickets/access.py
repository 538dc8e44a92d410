"""Who may see and do what: the one place that pages, the interface and the sockets ask."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from hotline.people.models import Department, Staff
from hotline.people.roles import HOTLINE_ROLES, Role
from hotline.tickets.models import Assignment, Ticket
from hotline.tickets.states import ADDITIONS, ALLOWED, State, Verb

SEES_ALL = HOTLINE_ROLES | {Role.ADMIN, Role.AUDITOR}
LIVE_PARTS = (Assignment.State.TO_SIGN, Assignment.State.HANDLING, Assignment.State.ANSWERED)

_DESK = frozenset({Role.AGENT, Role.LEAD})
_CHECK = frozenset({Role.AGENT, Role.LEAD, Role.QUALITY, Role.SUPERVISOR})
_RULE = frozenset({Role.LEAD, Role.SUPERVISOR})
_UNIT = frozenset({Role.DEPARTMENT})

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
    Verb.ANSWER_ORDER: _UNIT,
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
    if staff.role in SEES_ALL:
        return Ticket.objects.all()
    parts = Assignment.objects.filter(department__in=unit_ids(staff), state__in=LIVE_PARTS)
    return Ticket.objects.filter(Q(pk__in=parts.values("ticket")))


def may_see(staff: Staff, departments: Iterable[int]) -> bool:
    """Whether `staff` may read a ticket whose live parts are with `departments`; needs no query."""
    return staff.is_active and (staff.role in SEES_ALL or not unit_ids(staff).isdisjoint(departments))


def own_part(staff: Staff, ticket: Ticket, *states: str) -> Assignment | None:
    """The part of `ticket` that `staff` answers for, in one of `states` (default: any live one)."""
    ids, wanted = unit_ids(staff), states or LIVE_PARTS
    parts = [p for p in ticket.assignments.all() if p.department_id in ids and p.state in wanted]
    return min(parts, key=lambda p: p.role != Assignment.Role.LEAD, default=None)


PART_NEEDED: dict[Verb, tuple[str, ...]] = {
    Verb.SIGN: (Assignment.State.TO_SIGN,),
    Verb.CONTACT: (Assignment.State.HANDLING,),
    Verb.RETURN: (Assignment.State.TO_SIGN, Assignment.State.HANDLING),
    Verb.REQUEST_EXTENSION: (Assignment.State.HANDLING,),
    Verb.ANSWER: (Assignment.State.HANDLING,),
}
"""In which state a unit's own part must be for the unit to use the verb."""


def has_duty(staff: Staff, verb: Verb, ticket: Ticket) -> bool:
    """Whether the verb is `staff`'s to use on `ticket`, whatever the state of the ticket."""
    if not staff.is_active or staff.role not in DUTY.get(verb, frozenset()):
        return False
    return staff.role in SEES_ALL or own_part(staff, ticket) is not None


def is_open(verb: Verb, ticket: Ticket) -> bool:
    """Whether an arrow leads from the ticket's state, and no ruling has closed it."""
    if ticket.state not in ALLOWED[verb].sources:
        return False
    if verb == Verb.RETURN:
        return not ticket.returns_final
    if verb in (Verb.RULE_ON_EXTENSION, Verb.REQUEST_EXTENSION):
        asked = any(request.granted is None for request in ticket.extensions.all())
        return asked == (verb == Verb.RULE_ON_EXTENSION)
    return True


def allowed(staff: Staff, ticket: Ticket) -> list[str]:
    """The verbs open to `staff` now. With `assignments` and `extensions` prefetched it needs no query."""
    return [
        str(verb)
        for verb in DUTY
        if verb not in ADDITIONS
        and is_open(verb, ticket)
        and has_duty(staff, verb, ticket)
        and _has_part_for(staff, verb, ticket)
    ]


def _has_part_for(staff: Staff, verb: Verb, ticket: Ticket) -> bool:
    return verb not in PART_NEEDED or own_part(staff, ticket, *PART_NEEDED[verb]) is not None


def sees_personal_data(staff: Staff, ticket: Ticket) -> bool:
    """Whether `staff` may unmask the citizen: the desk, or the unit handling it unless confidential."""
    if staff.role in HOTLINE_ROLES:
        return True
    part = own_part(staff, ticket, Assignment.State.HANDLING)
    return part is not None and not ticket.confidential


def speaks_with_citizen(staff: Staff) -> bool:
    """Whether `staff` may know a ticket's public code, which lets its holder act as the citizen."""
    return staff.role in HOTLINE_ROLES


def hides_citizen(staff: Staff, ticket: Ticket) -> bool:
    """Whether not even the masked name is shown: a confidential request, outside the hotline centre."""
    return ticket.confidential and staff.role not in HOTLINE_ROLES


def open_states() -> list[str]:
    """States of tickets that are still somebody's work."""
    return [state for state in State if state not in ALLOWED[Verb.ARCHIVE].sources | {State.ARCHIVED}]
