"""The centre's figures for the telephone, read from its policies and kept while the database is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from channels_ingest.telephony.acd_parts import Figures
from channels_ingest.telephony.calls import Bounds
from channels_ingest.telephony.wire_desk import Service
from channels_ingest.threads import own_connection
from dispatch.models import PolicyKey
from dispatch.rules import Rules
from hotline.calls.models import OutsideNumber
from hotline.tickets.models import List, ListEntry

log = logging.getLogger(__name__)
READ_EVERY_SECONDS = 30.0
_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Policy:
    """Figures of the queue, the hours in minutes since midnight, whether callers rate, and whom agents may call."""

    figures: Figures = field(default_factory=Figures)
    bounds: Bounds = field(default_factory=Bounds)
    opens: int = 0
    closes: int = 24 * _MINUTES
    rating: bool = True
    rating_seconds: float = 15.0
    """Of waiting for each key."""
    message_seconds: float = 300.0
    last_agent_days: int = 30
    handling: float = 240.0
    """Seconds that a call takes while none has been measured yet."""
    services: tuple[Service, ...] = ()
    """The emergency services that callers can be handed to."""
    numbers: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    """Numbers outside that agents may call, and how such numbers begin."""

    def may_call(self, number: str) -> bool:
        """Whether the centre lets its agents call this number outside."""
        return number in self.numbers or number.startswith(self.beginnings)

    def knows(self, service: str) -> bool:
        """Whether callers can be handed to this emergency service."""
        return any(service == known.code for known in self.services)

    def open_now(self) -> bool:
        """Whether agents answer at this hour; the whole day where both are midnight."""
        now = timezone.localtime()
        minute = now.hour * _MINUTES + now.minute
        if self.opens <= self.closes:
            return self.opens <= minute < self.closes
        return minute >= self.opens or minute < self.closes


@own_connection()
def read() -> Policy:
    """The policy in force today."""
    book, today, outside = Rules(), timezone.localdate(), OutsideNumber.objects.all()

    def figure(key: PolicyKey) -> int:
        return book.figure(key, today)

    return Policy(
        Figures(
            ring=figure(PolicyKey.PHONE_RING),
            wrapup=figure(PolicyKey.PHONE_WRAPUP),
            queue=figure(PolicyKey.PHONE_QUEUE),
            announce=figure(PolicyKey.PHONE_ANNOUNCE),
            skill=figure(PolicyKey.PHONE_SKILL),
        ),
        _bounds(figure),
        opens=figure(PolicyKey.PHONE_OPENS),
        closes=figure(PolicyKey.PHONE_CLOSES),
        rating=bool(figure(PolicyKey.PHONE_RATING)),
        rating_seconds=figure(PolicyKey.PHONE_RATING_WAIT),
        message_seconds=figure(PolicyKey.PHONE_MESSAGE),
        last_agent_days=figure(PolicyKey.PHONE_LAST_AGENT),
        handling=figure(PolicyKey.PHONE_HANDLING),
        services=_services(),
        numbers=frozenset(outside.filter(all_beginning=False).values_list("number", flat=True)),
        beginnings=tuple(outside.filter(all_beginning=True).values_list("number", flat=True)),
    )


def _bounds(figure: Callable[[PolicyKey], int]) -> Bounds:
    return Bounds(
        calls=figure(PolicyKey.PHONE_CALLS),
        call_seconds=figure(PolicyKey.PHONE_LONGEST),
        silence_seconds=figure(PolicyKey.PHONE_SILENCE),
        away_seconds=figure(PolicyKey.PHONE_AWAY),
        dial_seconds=figure(PolicyKey.PHONE_DIAL),
    )


def _services() -> tuple[Service, ...]:
    """Those of the list that are a telephone number."""
    listed = ListEntry.objects.in_force(List.EMERGENCY).filter(code__regex=r"^[0-9]{2,8}$")
    return tuple(Service(code=entry.code, name=entry.name, name_en=entry.name_en) for entry in listed)


class Policies:
    """The last policy that could be read."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.now = policy or Policy()

    async def run(self) -> None:
        """Read it anew again and again."""
        while True:
            await self.refresh()
            await asyncio.sleep(READ_EVERY_SECONDS)

    async def refresh(self) -> None:
        """Read it now; the last one stays when that fails."""
        try:
            self.now = await asyncio.to_thread(read)
        except Exception:  # the telephone goes on by what it knows
            log.exception("the telephone's policy could not be read")
