"""What the switchboard has at hand: where calls are kept, the centre's policies, the ways outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from channels_ingest.telephony import listening
from channels_ingest.telephony.journal import Journal
from channels_ingest.telephony.legs import CallLeg, Moved
from channels_ingest.telephony.policy import Policies
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.speaking import Speech

Dial = Callable[[str], Awaitable[CallLeg]]
"""Calls a number outside and waits for its answer; raises OSError or CallRefusedError when there is none."""

Transfer = Callable[[CallLeg, str], Awaitable[Moved]]
"""Sends a caller's leg to a number by the exchange's own means, and tells who has them then."""


@dataclass(slots=True)
class Outlets:
    """What the switchboard has at hand; a centre without trunk or recogniser has None there."""

    recordings: Path
    journal: Journal
    policies: Policies
    hand_on: Callable[[Recording], None]
    speech: Speech | None = None
    dial: Dial | None = None
    transfer: Transfer | None = None
    moves: Callable[[CallLeg], bool] = lambda leg: False
    """Whether the exchange has a way to move this leg at all; `transfer` says whether it did."""
    normal_end: Callable[[UUID], Awaitable[object]] | None = None
    """Told before we end a call on purpose, so that an exchange's dialplan does not take it up again."""
    admit_listener: listening.Admit = listening.admit

    def reaches_outside(self, leg: CallLeg) -> bool:
        """Whether this caller could be given to a number outside."""
        return self.dial is not None or (self.transfer is not None and self.moves(leg))
