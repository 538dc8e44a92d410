"""Where the sound of a call is, and who may hear it as it was, with every number that is said in it."""

from pathlib import Path

from django.conf import settings

from hotline.calls.models import PhoneCall
from hotline.people.models import Staff
from hotline.people.roles import Role
from hotline.tickets import access

HEARS_ALL = frozenset({Role.LEAD, Role.QUALITY, Role.AUDITOR})


def may_ever_hear(staff: Staff) -> bool:
    """Whether there can be a call that this person may hear whole."""
    return staff.role in HEARS_ALL | {Role.AGENT}


def may_hear(staff: Staff, call: PhoneCall) -> bool:
    """Who answers for how calls are handled, and the agent who heard it; of a protected citizen the hotline alone."""
    if call.ticket and access.hides_citizen(staff, call.ticket):
        return False
    return staff.role in HEARS_ALL or call.agent_id == staff.pk


def path_of(call: PhoneCall) -> Path | None:
    """The recording; None when there is none, or none any more."""
    if not call.recording or call.sound_deleted_at:
        return None
    root = (Path(settings.MEDIA_ROOT) / "recordings").resolve()
    path = (root / call.recording).resolve()
    if not path.is_relative_to(root):
        raise ValueError("recording outside its folder")
    return path if path.exists() else None
