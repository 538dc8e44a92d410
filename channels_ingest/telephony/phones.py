"""An agent's telephone: a leg that outlives calls, with messages beside the sound."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from channels_ingest.telephony.legs import CallLeg
from channels_ingest.telephony.wire_desk import ToBrowser, frame
from hotline.calls.tokens import Visitor


class AgentPhone(CallLeg, Protocol):
    """The browser of somebody who is logged in, over all its connections."""

    @property
    def visitor(self) -> Visitor:
        """Who it is."""

    def control(self, message: dict[str, Any]) -> None:
        """Send the browser a message; one that is away for the moment misses it."""


@dataclass(eq=False, slots=True)
class Desk:
    """A telephone with what its browser has been told."""

    phone: AgentPhone
    seq: int = 0
    reachable: bool = True
    supervising: UUID | None = None
    known: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the queue knows the agent; what the browser says before waits for it."""

    @property
    def staff(self) -> int:
        """Whose it is."""
        return self.phone.visitor.staff

    def tell(self, told: ToBrowser) -> None:
        """Send a message with the next number."""
        self.seq += 1
        self.phone.control(frame(told, self.seq))
