"""Who hears calls: one rule for listening while they talk (监听) and for hearing the recording afterwards."""

from hotline.calls.models import PhoneCall
from hotline.people.models import Staff
from hotline.people.roles import Role
from hotline.tickets import access

HEARS = frozenset({Role.LEAD, Role.SUPERVISOR, Role.QUALITY, Role.AUDITOR})
"""Who answers for how calls are handled."""
JOINS = frozenset({Role.LEAD, Role.SUPERVISOR})
"""Who may speak into a call: to the agent alone (密语) or to both (强插)."""


def may_ever_hear(staff: Staff) -> bool:
    """Whether there can be a call that this person may hear whole."""
    return staff.role in HEARS | {Role.AGENT}


def may_hear(staff: Staff, call: PhoneCall) -> bool:
    """By role, or as the agent of the call; nobody who stood back, and of a protected citizen the hotline alone."""
    if call.ticket and (access.hides_citizen(staff, call.ticket) or access.stood_back(staff, call.ticket)):
        return False
    return staff.role in HEARS or call.agent_id == staff.pk
