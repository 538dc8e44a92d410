"""The leg of somebody whom we call: silent while it rings there, and then what the other end is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from uuid import UUID, uuid4

from channels_ingest.telephony.legs import CallLeg, Ended, LegEvent, LegKind
from channels_ingest.telephony.sip_leg import CallRefusedError


class OutgoingLeg:
    """A call of ours: who it is for is known before there is anybody to hear."""

    kind: LegKind = "sip"
    caller = ""

    def __init__(self, number: str) -> None:
        self.id: UUID = uuid4()
        self.called = number
        self._there: CallLeg | None = None
        self._dialling: asyncio.Future[CallLeg] | None = None
        self._over = False

    async def connect(self, dial: Awaitable[CallLeg]) -> None:
        """Ring until somebody answers; raises what `dial` raises, or CallRefusedError when we hung up first."""
        self._dialling = asyncio.ensure_future(dial)
        try:
            self._there = await self._dialling
        except asyncio.CancelledError:
            if not self._over:
                raise
            raise CallRefusedError("given up") from None
        if self._over:  # answered in the very moment in which we gave up
            await self._there.hang_up("given up")
            raise CallRefusedError("given up")

    async def answer(self) -> None:
        """They answer, not we."""

    def send(self, pcm16: bytes) -> None:
        if self._there is not None:
            self._there.send(pcm16)

    async def events(self) -> AsyncIterator[LegEvent]:
        if self._there is None:
            yield Ended("never answered")
            return
        async for event in self._there.events():
            yield event

    async def hang_up(self, reason: str = "") -> None:
        self._over = True
        if self._there is not None:
            await self._there.hang_up(reason)
        elif self._dialling is not None:
            self._dialling.cancel()

    async def transfer(self, target: str) -> bool:
        return self._there is not None and await self._there.transfer(target)
