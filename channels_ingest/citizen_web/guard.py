"""Keeps guessers and floods out: attempts counted in the shared cache, and a form that counts only once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hotline.people.limits import Limit

A_DAY = 24 * 3600
LOOKUPS = Limit("lookups", most=30, seconds=900)
"""Wrong numbers, tails and codes from one address."""
TAILS = Limit("tails", most=5, seconds=3600)
"""Wrong phone tails for one ticket, whoever tries: ten thousand of them are soon tried."""
REQUESTS = Limit("requests", most=60, seconds=3600)
"""Requests handed in from one address; a self-service terminal stays well below."""
UPLOADS = Limit("uploads", most=120, seconds=3600)
"""Forms with files from one address: each costs a look at its pictures and room on the disk."""
SEARCHES = Limit("searches", most=300, seconds=900)
"""Questions to the knowledge base from one address; who writes a long request asks some dozens."""
WORDS = Limit("words", most=120, seconds=3600)
"""Words added to one ticket."""


@contextmanager
def first_time(token: str) -> Iterator[bool]:
    """Whether this form is handed in for the first time; a second click does nothing again.

    When what is done with it fails, the form was not taken after all and may be handed in again.
    """
    key = f"once:{token}"
    first = bool(cache.add(key, 1, timeout=A_DAY))
    try:
        yield first
    except Exception:
        if first:
            cache.delete(key)
        raise


def too_many(request: HttpRequest, limit: Limit) -> HttpResponse:
    """429, saying when to come back."""
    minutes = max(1, limit.seconds // 60)
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(limit.seconds)
    return response
