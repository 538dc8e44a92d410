"""Whether this process lives, whether it may take traffic, and its figures for Prometheus."""

from collections.abc import Callable
from ipaddress import ip_address

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from hotline.figures import FIGURES


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """May it take traffic? 200 or 503 with each dependency as "ok" or the kind of its error."""
    checks = {"database": _database, "redis": _redis}
    found = {name: _result(check) for name, check in checks.items()}
    ready = all(result == "ok" for result in found.values())
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def _result(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # whatever it is, it is the answer
        return type(error).__name__
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def _redis() -> None:
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for the inside only: a proxied or public address is refused."""
    address = ip_address(request.META["REMOTE_ADDR"])
    if not address.is_private or "X-Forwarded-For" in request.headers:
        return HttpResponseForbidden()
    body = generate_latest(REGISTRY) + generate_latest(FIGURES)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
