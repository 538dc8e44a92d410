"""A database is away: what is raised then, and the 503 that pages and the interface answer until it is back."""

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error
from procrastinate.exceptions import ConnectorException
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import TimeoutError as RedisSilent

AWAY: Final = (OperationalError, InterfaceError, ConnectorException)
"""What is raised while PostgreSQL is away, by the queue of jobs too; the same is tried again when it is back."""
WITHOUT_REDIS: Final = (RedisUnreachable, RedisSilent)
"""What is raised while Redis or Valkey is away, where attempts are counted."""
AGAIN_AFTER: Final = "5"
"""Seconds, as the header says it."""


def failed(request: HttpRequest) -> HttpResponse:
    """Django's page of a failure; another that asks to come again when only a database is away."""
    if not isinstance(sys.exception(), (*AWAY, *WITHOUT_REDIS)):
        return server_error(request)
    response = server_error(request, "503.html")
    response.status_code = 503
    response.headers["Retry-After"] = AGAIN_AFTER
    return response
