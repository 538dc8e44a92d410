"""Who chats from a browser without an account: an id in a signed cookie that no script can read."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "visitor"
SALT = "citizen-visitor"
LASTS = 24 * 3600
"""A day: long enough to come back to a chat, short enough for a browser that many people use."""


def current(request: HttpRequest) -> str:
    """The visitor of this browser, or empty when there is none yet or the cookie is not ours."""
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS) or ""


def fresh() -> str:
    """An id for somebody new."""
    return secrets.token_hex(16)


def remember(response: HttpResponse, visitor: str) -> None:
    """Let this browser be `visitor` for a day from now."""
    response.set_signed_cookie(
        COOKIE,
        visitor,
        salt=SALT,
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponse) -> None:
    """The next person at this browser is somebody else."""
    response.delete_cookie(COOKIE, samesite="Lax")
