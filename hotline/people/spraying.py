"""What the lockout of one account from one address never sees: many accounts tried from one, or one from many."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from hotline.people.addresses import client_address
from hotline.people.limits import Limit, counted_as

SIGN_INS = Limit("sign-ins", most=60, seconds=900)
"""Failed attempts from one address, whoever's name is given; a whole shift signs in from one."""
NAMES = Limit("sign-ins-of-a-name", most=50, seconds=900)
"""Failed attempts with one name from addresses that it never came from: where it has, it is let in all the while."""
REMEMBERED = 60 * 24 * 3600


class SprayingBackend:
    """Stands before the backend that knows passwords, and lets nobody through who has tried too often.

    It comes after django-axes, whose middleware answers with the page for those who are locked out.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Count the attempt; `welcome` gives it back."""
        if request is None:
            return
        name, address = _name(credentials.get("username")), client_address(request)
        if not SIGN_INS.take(address) or not (cache.get(_known(name, address)) or NAMES.take(name)):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise PermissionDenied


def welcome(request: HttpRequest, username: str) -> None:
    """The password was right: the attempt does not count, and this person comes from here."""
    name, address = _name(username), client_address(request)
    SIGN_INS.give_back(address)
    if not cache.get(_known(name, address)):
        NAMES.give_back(name)
    cache.set(_known(name, address), 1, timeout=REMEMBERED)


def _name(username: object) -> str:
    """A key of the cache, whatever was typed: names are told apart as the database does."""
    return hashlib.sha256(str(username).encode("utf-8", "replace")).hexdigest()


def _known(name: str, address: str) -> str:
    return f"comes-from:{name}:{counted_as(address)}"
