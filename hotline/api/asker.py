"""Asker: who reads an answer of the interface, and the moments that colour its clocks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from rest_framework.request import Request

from dispatch import terms
from hotline.api.base import reader
from hotline.people.models import Staff
from hotline.tickets import rulebook


@dataclass(frozen=True, slots=True)
class Asker:
    """Who reads, and the moments that colour the clocks; made once for each answer."""

    staff: Staff
    now: datetime
    soon: datetime

    @classmethod
    def of(cls, request: Request) -> "Asker":
        """A yellow card is due so many working days before the limit."""
        now = timezone.now()
        return cls(reader(request), now, terms.extended(now, rulebook.book().figure("yellow_days")))

    def level(self, due_at: datetime | None, *, running: bool = True) -> str:
        """How a clock stands: none, ok, soon or late."""
        if due_at is None or not running:
            return "none"
        if due_at < self.now:
            return "late"
        return "soon" if due_at <= self.soon else "ok"


DUE_LEVELS = ("none", "ok", "soon", "late")
