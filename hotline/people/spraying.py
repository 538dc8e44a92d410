"""One common password tried on many accounts: the lockout of each account never sees it, its sender's address does."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from hotline.people.addresses import client_address
from hotline.people.limits import Limit

SIGN_INS = Limit("sign-ins", most=60, seconds=900)
"""Failed attempts from one address, whoever's name is given; a whole shift signs in from one."""


class SprayingBackend:
    """Stands before the backend that knows passwords, and lets nobody through who has tried too often.

    It comes after django-axes, whose middleware answers with the page for those who are locked out.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Count the attempt; `welcome` gives it back."""
        if request is not None and not SIGN_INS.take(client_address(request)):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise PermissionDenied


def welcome(request: HttpRequest) -> None:
    """The password was right: the attempt does not count."""
    SIGN_INS.give_back(client_address(request))
