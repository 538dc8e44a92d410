"""The pages that carry the built screens: desk, portal, supervision, wallboard."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from hotline.calls.address import socket_url
from hotline.people.models import Staff
from hotline.people.roles import Role
from hotline.tickets.access import SEES_ALL

MANIFEST = "screens/manifest.json"


@dataclass(frozen=True, slots=True)
class Built:
    """The addresses of one screen's script, of the parts that it will ask for, and of its style sheets."""

    script: str
    chunks: tuple[str, ...]
    styles: tuple[str, ...]


@cache
def _manifest() -> dict[str, Any]:
    found = finders.find(MANIFEST) or str(Path(settings.STATIC_ROOT) / MANIFEST)
    path = Path(str(found))
    return json.loads(path.read_text()) if path.exists() else {}


def built(screen: str) -> Built | None:
    """What the front end's build made of `screen`; None when it was not built."""
    entry = _manifest().get(f"src/{screen}/main.ts")
    if entry is None:
        return None
    *imported, _entry = chunks = _chunks(entry)
    sheets = dict.fromkeys(sheet for chunk in chunks for sheet in chunk.get("css", ()))
    return Built(
        static(f"screens/{entry['file']}"),
        tuple(static(f"screens/{chunk['file']}") for chunk in imported),
        tuple(static(f"screens/{sheet}") for sheet in sheets),
    )


def _chunks(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The entry and all that it imports, imports first, each once."""
    found: dict[str, dict[str, Any]] = {}

    def walk(chunk: dict[str, Any]) -> None:
        for name in chunk.get("imports", ()):
            if name not in found:
                found[name] = _manifest()[name]
                walk(_manifest()[name])

    walk(entry)
    return [*found.values(), entry]


def _screen(request: HttpRequest, name: str, roles: frozenset[Role]) -> HttpResponse:
    staff = cast(Staff, request.user)
    if staff.role not in roles:
        raise PermissionDenied
    page = {"screen": name, "built": built(name), "city": settings.CITY_NAME}
    status = 200 if page["built"] else 503
    return render(request, "agent_console/screen.html", page, status=status)


@never_cache
@login_required
@ensure_csrf_cookie
def desk(request: HttpRequest, rest: str = "") -> HttpResponse:
    """坐席: the agents' desk, which may also connect to the telephone's own process."""
    page = _screen(request, "desk", SEES_ALL)
    phone = urlsplit(socket_url(request))
    page._csp_update = {"connect-src": [SELF, f"{phone.scheme}://{phone.netloc}"]}  # type: ignore[attr-defined]
    return page


@never_cache
@login_required
@ensure_csrf_cookie
def portal(request: HttpRequest, rest: str = "") -> HttpResponse:
    """承办单位: a department's own tickets."""
    return _screen(request, "portal", frozenset({Role.DEPARTMENT}))


@never_cache
@login_required
@ensure_csrf_cookie
def supervision(request: HttpRequest, rest: str = "") -> HttpResponse:
    """督办: what is open, what is late, and the rates."""
    return _screen(request, "supervision", SEES_ALL)


@never_cache
@login_required
@ensure_csrf_cookie
def wallboard(request: HttpRequest) -> HttpResponse:
    """大屏: the day at a glance, readable at five metres."""
    return _screen(request, "wallboard", SEES_ALL)
