"""The ticket of admission to the phone socket: signed, good for a minute and for one connection, of one sign-in."""

import base64
import hashlib
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core import signing
from django.utils.crypto import salted_hmac

from hotline.calls.hearing import HEARS, JOINS
from hotline.people.models import Staff
from hotline.people.roles import Role
from hotline.people.sealing import seal, unseal

SALT = "hotline.calls.phone"
LIFE = timedelta(seconds=60)
MAY_TAKE_CALLS = frozenset({Role.AGENT, Role.LEAD})
MAY_CALL_OUT = MAY_TAKE_CALLS | {Role.QUALITY}
"""Who speaks with citizens: those who ask how a ticket went (回访) take no calls."""
MAY_CONNECT = MAY_CALL_OUT | HEARS


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a token; `stamp` tells a password that was changed since, `session` is their sign-in, sealed."""

    staff: int
    username: str
    name: str
    role: str
    stamp: str
    session: str

    @property
    def listens(self) -> bool:
        """Whether they may listen to colleagues."""
        return self.role in HEARS

    @property
    def joins(self) -> bool:
        """Whether they may speak into colleagues' calls."""
        return self.role in JOINS

    @property
    def takes_calls(self) -> bool:
        """Whether calls may ring at them."""
        return self.role in MAY_TAKE_CALLS

    @property
    def calls_out(self) -> bool:
        """Whether they may call citizens."""
        return self.role in MAY_CALL_OUT


def _stamp(staff: Staff) -> str:
    return salted_hmac(SALT, f"{staff.password}/{staff.role}").hexdigest()[:20]


def issue(staff: Staff, session: str) -> str:
    """A token that opens the phone socket, once, while they are signed in with this session; no two are the same."""
    sealed = base64.b64encode(seal(session)).decode()
    return signing.dumps([staff.pk, staff.username, str(staff), staff.role, _stamp(staff), sealed], salt=SALT)


def gone(visitors: Collection[Visitor]) -> list[int]:
    """Who of these may be at the telephone no longer: signed out, dismissed, of another role or password."""
    people = Staff.objects.filter(is_active=True).in_bulk([visitor.staff for visitor in visitors])
    sessions = {visitor.staff: unseal(base64.b64decode(visitor.session)) for visitor in visitors}
    there = set(Session.objects.filter(session_key__in=sessions.values()).values_list("session_key", flat=True))
    return [
        visitor.staff
        for visitor in visitors
        if (person := people.get(visitor.staff)) is None
        or _stamp(person) != visitor.stamp
        or sessions[visitor.staff] not in there
    ]


class Admission:
    """Lets each token in once: the address that holds it stays in a proxy's log."""

    def __init__(self) -> None:
        self._used: dict[bytes, float] = {}

    def admit(self, token: str) -> Visitor | None:
        """Who holds the token; None for one that is not good, or no longer."""
        visitor, now = check(token), time.monotonic()
        self._used = {mark: until for mark, until in self._used.items() if until > now}
        mark = hashlib.sha256(token.encode()).digest()
        if visitor is None or mark in self._used:
            return None
        self._used[mark] = now + LIFE.total_seconds() + 1
        return visitor


def check(token: str) -> Visitor | None:
    """Who holds the token; None for one that is not ours or too old. Asks no database."""
    try:
        return Visitor(*signing.loads(token, salt=SALT, max_age=LIFE))
    except signing.BadSignature:
        return None
