"""What the exchange's calls are told to in these tests: it remembers, and listens to every copy."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from channels_ingest.telephony.ami.calls import FollowedCall
from channels_ingest.telephony.bridge import Side
from channels_ingest.telephony.exchange import Exchange
from channels_ingest.telephony.legs import FRAME_BYTES, RATE, SILENCE, CallLeg, Ended, Sound


def loudest_tone(pcm: bytes) -> int:
    """The strongest frequency, in hertz."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(float)
    return round(float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples)))))) * RATE / len(samples))


def loudness(pcm: bytes, hertz: int) -> float:
    """How much of a tone is in the sound, 1 for all of it."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    middle = round(hertz * len(samples) / RATE)
    return float(spectrum[max(0, middle - 5) : middle + 6].sum() / max(spectrum.sum(), 1.0))


@dataclass
class Desk:
    """Also the platform, which answers its calls with silence until it is told to end them."""

    calls: list[FollowedCall] = field(default_factory=list)
    agents: dict[str, str] = field(default_factory=dict)
    heard: dict[Side, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    forks: list[tuple[UUID, Side, CallLeg]] = field(default_factory=list)
    ended: list[CallLeg] = field(default_factory=list)
    keys: list[tuple[UUID, str]] = field(default_factory=list)
    ratings: list[tuple[UUID, str]] = field(default_factory=list)
    resyncs: list[frozenset[UUID]] = field(default_factory=list)
    platform_legs: list[CallLeg] = field(default_factory=list)
    platform_heard: bytearray = field(default_factory=bytearray)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def follow(self, call: FollowedCall) -> None:
        self.calls.append(call)

    def agent(self, username: str, state: str, reason: str) -> None:
        self.agents[username] = state

    def fork(self, call: UUID, side: Side, leg: CallLeg) -> None:
        self.forks.append((call, side, leg))
        self._tasks.append(asyncio.create_task(self._listen(leg, self.heard[side])))

    def key(self, call: UUID, digit: str) -> None:
        self.keys.append((call, digit))

    def rated(self, call: UUID, digit: str) -> None:
        self.ratings.append((call, digit))

    def resynced(self, going_on: frozenset[UUID]) -> None:
        self.resyncs.append(going_on)

    def platform(self, leg: CallLeg) -> None:
        self.platform_legs.append(leg)
        self._tasks += [
            asyncio.create_task(self._listen(leg, self.platform_heard)),
            asyncio.create_task(self._hum(leg)),
        ]

    @property
    def state(self) -> str:
        return self.calls[-1].state if self.calls else ""

    def last(self, side: Side, seconds: float = 0.5) -> bytes:
        """The newest sound of one side, or b"" where there is less."""
        size = int(seconds * RATE) * 2
        return bytes(self.heard[side][-size:]) if len(self.heard[side]) >= size else b""

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self, leg: CallLeg, into: bytearray) -> None:
        async for event in leg.events():
            if isinstance(event, Sound):
                into += event.pcm16
            elif isinstance(event, Ended):
                self.ended.append(leg)

    async def _hum(self, leg: CallLeg) -> None:
        assert len(SILENCE) == FRAME_BYTES
        while True:
            leg.send(SILENCE)
            await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Ours:
    """Our side, as one process has it."""

    exchange: Exchange
    desk: Desk
