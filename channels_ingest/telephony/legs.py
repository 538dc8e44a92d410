"""One party of a call, whatever carries its sound: an exchange, a SIP telephone or a browser.

Sound inside the platform is 16 kHz signed 16-bit mono in frames of 20 ms; each leg converts at its own edge.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Literal, Protocol
from uuid import UUID

RATE: Final = 16_000
FRAME_SECONDS: Final = 0.02
SAMPLE_BYTES: Final = 2
FRAME_BYTES: Final = int(RATE * FRAME_SECONDS) * SAMPLE_BYTES
SILENCE: Final = bytes(FRAME_BYTES)
_MOST_WAITING = 500  # ten seconds of frames

LegKind = Literal["audiosocket", "sip", "browser"]


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound that was heard: whole samples, `at` is the event loop's clock when it arrived."""

    pcm16: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Key:
    """A key pressed on the party's telephone: one of 0-9 * # A-D."""

    digit: str


@dataclass(frozen=True, slots=True)
class Held:
    """The party put us on hold with its own telephone (`on`), or took us back."""

    on: bool


@dataclass(frozen=True, slots=True)
class Reachable:
    """The party's browser is away for a moment (False: play the others music), or back; only of a browser."""

    on: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The leg is gone, whoever ended it; nothing comes after."""

    reason: str


LegEvent = Sound | Key | Held | Reachable | Ended


class CallLeg(Protocol):
    """One party. What must not wait (sound to it) never does; what may wait is a coroutine."""

    @property
    def id(self) -> UUID: ...

    @property
    def kind(self) -> LegKind: ...

    @property
    def caller(self) -> str:
        """The number that calls, or "" where it is not known."""

    @property
    def called(self) -> str:
        """The number that was called, or ""."""

    async def answer(self) -> None:
        """Take the call; a leg that was never rung is answered already."""

    def send(self, pcm16: bytes) -> None:
        """One frame for the party to hear, given every 20 ms by the bridge's clock; never blocks."""

    def events(self) -> AsyncIterator[LegEvent]:
        """What the party does, to one reader, until `Ended`."""

    async def hang_up(self, reason: str = "") -> None:
        """End the leg; `Ended` follows. Ending it again does nothing."""

    async def transfer(self, target: str) -> bool:
        """Send the party elsewhere by the exchange's own means; False where the leg cannot or was refused."""


class Moved(Enum):
    """What became of a caller who was sent to a number by the exchange's own means."""

    NOT = auto()
    """They are still with us."""
    REACHED = auto()
    CAME_BACK = auto()
    """Nobody answered there; the exchange brings them to us as a new call."""
    HUNG_UP = auto()
    """They gave up while it rang there."""


class Inbox:
    """What a leg has to tell, in order, for its one reader; a reader that stands still loses sound, nothing else."""

    def __init__(self) -> None:
        self._events: deque[LegEvent] = deque()
        self._arrived = asyncio.Event()
        self._ended = False

    @property
    def ended(self) -> bool:
        return self._ended

    def put(self, event: LegEvent) -> None:
        if self._ended or (isinstance(event, Sound) and len(self._events) > _MOST_WAITING):
            return
        self._ended = isinstance(event, Ended)
        self._events.append(event)
        self._arrived.set()

    async def events(self) -> AsyncIterator[LegEvent]:
        while True:
            while self._events:
                event = self._events.popleft()
                yield event
                if isinstance(event, Ended):
                    return
            self._arrived.clear()
            await self._arrived.wait()
