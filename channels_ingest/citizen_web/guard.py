"""Keeps guessers and floods out: attempts counted in the shared cache, and a form that counts only once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

A_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts in each window of `seconds`, counted for each key by itself."""

    name: str
    most: int
    seconds: int

    def take(self, key: str) -> bool:
        """Count one attempt before it is made; False when there are none left in this window."""
        counter = self._counter(key)
        cache.add(counter, 0, timeout=self.seconds)
        return int(cache.incr(counter)) <= self.most

    def give_back(self, key: str) -> None:
        """The attempt was a rightful one and does not count."""
        cache.decr(self._counter(key))

    def _counter(self, key: str) -> str:
        # The window's number is part of the name, so that a counter can never outlive its window.
        return f"limit:{self.name}:{key}:{int(time.time()) // self.seconds}"


LOOKUPS = Limit("lookups", most=30, seconds=900)
"""Wrong numbers, tails and codes from one address."""
TAILS = Limit("tails", most=5, seconds=3600)
"""Wrong phone tails for one ticket, whoever tries: ten thousand of them are soon tried."""
REQUESTS = Limit("requests", most=60, seconds=3600)
"""Requests handed in from one address; a self-service terminal stays well below."""
UPLOADS = Limit("uploads", most=120, seconds=3600)
"""Forms with files from one address: each costs a look at its pictures and room on the disk."""
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
