"""What is open now, late and soon due: in all, by unit, by channel and by state, for supervision and the wallboard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from hotline.tickets.models import Ticket
from hotline.tickets.states import OPEN, State


@dataclass(frozen=True, slots=True)
class Load:
    """What is open now: in all, by unit, by channel, by state."""

    totals: dict[str, int]
    by_department: list[dict[str, Any]]
    by_channel: list[dict[str, Any]]
    by_state: list[dict[str, Any]]


def load_of(tickets: QuerySet[Ticket], now: datetime, soon: datetime) -> Load:
    """Open, late and soon due of `tickets`."""
    still_open = tickets.filter(state__in=OPEN).order_by()
    running = Q(answered_at=None, due_at__isnull=False) & ~Q(state=State.SUSPENDED)
    counts = {
        "open": Count("pk"),
        "late": Count("pk", filter=running & Q(due_at__lt=now)),
        "due_soon": Count("pk", filter=running & Q(due_at__gte=now, due_at__lte=soon)),
    }
    return Load(
        totals=still_open.aggregate(**counts),
        by_department=_loaded_units(still_open, counts),
        by_channel=_tally(still_open, "channel"),
        by_state=_tally(still_open, "state"),
    )


def _loaded_units(tickets: QuerySet[Ticket], counts: dict[str, Count]) -> list[dict[str, Any]]:
    """Counts by lead unit, the most overdue first."""
    named = {"code": F("department__code"), "name": F("department__name")}
    units = tickets.filter(department__isnull=False).values(**named).annotate(**counts)
    return [dict(row) for row in units.order_by("-late", "-due_soon", "-open", "code")]  # type: ignore[misc]


def _tally(tickets: QuerySet[Ticket], field: str) -> list[dict[str, Any]]:
    """How many tickets have each value of `field`, the most frequent first."""
    rows: QuerySet[Any, Any] = tickets.values(code=F(field)).annotate(count=Count("pk"))
    return [dict(row) for row in rows.order_by("-count", "code")]
