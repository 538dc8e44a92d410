"""The ticket of admission to the phone socket: signed, short-lived, naming one member of staff."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from hotline.people.models import Staff
from hotline.people.roles import Role

SALT = "hotline.calls.phone"
LIFE = timedelta(seconds=60)
MAY_TAKE_CALLS = frozenset({Role.AGENT, Role.LEAD})
MAY_SUPERVISE = frozenset({Role.LEAD, Role.SUPERVISOR})
MAY_CONNECT = MAY_TAKE_CALLS | MAY_SUPERVISE


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a token; `stamp` tells a password that was changed since."""

    staff: int
    username: str
    name: str
    role: str
    stamp: str

    @property
    def leads(self) -> bool:
        """Whether they may listen to colleagues."""
        return self.role in MAY_SUPERVISE

    @property
    def takes_calls(self) -> bool:
        """Whether calls may ring at them."""
        return self.role in MAY_TAKE_CALLS


def visitor_of(staff: Staff) -> Visitor:
    """The member of staff as a token names them."""
    stamp = salted_hmac(SALT, f"{staff.password}/{staff.role}").hexdigest()[:20]
    return Visitor(staff.pk, staff.username, str(staff), staff.role, stamp)


def issue(staff: Staff) -> str:
    """A token that opens the phone socket for a minute."""
    who = visitor_of(staff)
    return signing.dumps([who.staff, who.username, who.name, who.role, who.stamp], salt=SALT)


def check(token: str) -> Visitor | None:
    """Who holds the token; None for one that is not ours or too old. Asks no database."""
    try:
        return Visitor(*signing.loads(token, salt=SALT, max_age=LIFE))
    except signing.BadSignature:
        return None
