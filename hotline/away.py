"""The database is away: what is raised then, and the 503 that pages and the interface answer until it is back."""

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

AWAY: Final = (OperationalError, InterfaceError)
"""What is raised while the database is away; it comes back, and then the same is tried again."""
AGAIN_AFTER: Final = "5"
"""Seconds, as the header says it."""


def failed(request: HttpRequest) -> HttpResponse:
    """Django's page of a failure; another that asks to come again when only the database is away."""
    if not isinstance(sys.exception(), AWAY):
        return server_error(request)
    response = server_error(request, "503.html")
    response.status_code = 503
    response.headers["Retry-After"] = AGAIN_AFTER
    return response
