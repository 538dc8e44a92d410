"""Decorators of the pages about one citizen's matter: never stored, never indexed, never told to others."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from channels_ingest.citizen_web import guard
from channels_ingest.forms import MOST_FILES
from hotline.people.addresses import client_address

View = Callable[..., HttpResponseBase]
ROOM_FOR_FIELDS = 256 * 1024


def private(view: View) -> View:
    """No cache keeps the page, no search engine lists it, no other site learns its address.

    The policy is same-origin, not no-referrer: under the latter browsers send `Origin: null` with
    the page's own forms, which the CSRF check rightly refuses.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return shown


def takes_files(view: View) -> View:
    """Refuse a body too large, or one too many, before anything reads it; the CSRF check comes after."""
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def measured(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > most_bytes():
            context = {"megabytes": settings.MAX_ATTACHMENT_BYTES // 2**20, "most": MOST_FILES}
            return render(request, "413.html", context, status=413)
        if _has_files(request, length) and not guard.UPLOADS.take(client_address(request)):
            return guard.too_many(request, guard.UPLOADS)
        return guarded(request, *args, **kwargs)

    return measured


def _has_files(request: HttpRequest, length: int) -> bool:
    """A large body is not read to know it; a small one can hold a picture that unfolds to millions of pixels."""
    return length > ROOM_FOR_FIELDS or bool(request.FILES) or "held" in request.POST


def most_bytes() -> int:
    """The largest form that can be right: all files at their largest, and the words."""
    return int(settings.MAX_ATTACHMENT_BYTES) * MOST_FILES + ROOM_FOR_FIELDS
