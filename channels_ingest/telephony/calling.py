"""A caller of our own: telephones somebody, waits for their turn to speak, says a recording and hangs up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from aiosipua.headers import parse_uri

from channels_ingest.telephony.calls import Bounds, SipSettings
from channels_ingest.telephony.jitter import Pacer
from channels_ingest.telephony.legs import SILENCE, Sound
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import SipLeg
from channels_ingest.telephony.sounds import Clip, Player

TURN_SECONDS = 1.0  # of silence: the other end has finished its sentence
AFTER_SECONDS = 1.0
_LOUD = 300  # root of the mean square; a line's hiss is below
_RTP_PORTS = (30_000, 30_400)

Tell = Callable[[str, str], None]
"""Told each step as it comes: its name and what more there is to say about it."""


@dataclass(frozen=True, slots=True)
class Order:
    """A call to be placed."""

    target: str
    caller: str
    clip: Clip
    keys: str = ""
    answer_seconds: float = 60.0
    turn_seconds: float = 120.0
    """How long to listen to greetings and music before speaking anyway."""


async def call(order: Order, tell: Tell) -> UUID:
    """Place one call and see it through; its UUID is the platform's too. CallRefusedError when nobody takes it."""
    async with caller(order.target, 1) as endpoint:
        return await place(endpoint, order, tell)


@asynccontextmanager
async def caller(target: str, most: int) -> AsyncIterator[SipEndpoint]:
    """An end of our own that calls this target, with so many calls at once."""
    endpoint = SipEndpoint(await _settings(target, most), lambda leg: None)
    await endpoint.start()
    try:
        yield endpoint
    finally:
        await endpoint.stop()


async def place(endpoint: SipEndpoint, order: Order, tell: Tell) -> UUID:
    """Place a call from this end and see it through."""
    leg = await endpoint.ring(order.target, order.caller)
    leg.call.on_ringing = lambda _: tell("ringing", order.target)  # type: ignore[union-attr]
    await endpoint.answered(leg, order.answer_seconds)
    tell("answered", f"call {leg.id}")
    await Telephone(leg).converse(order, tell)
    return leg.id


class Telephone:
    """Somebody on the line: hears whether the other end speaks, and speaks at the line's pace."""

    def __init__(self, leg: SipLeg) -> None:
        self._leg = leg
        self._loop = asyncio.get_running_loop()
        self._loud_at = self._loop.time()
        self._player: Player | None = None

    async def converse(self, order: Order, tell: Tell) -> None:
        """Listen, speak, press keys, hang up; or whatever of it the other end allows."""
        over = asyncio.create_task(self._listen())
        pacing = asyncio.create_task(self._speak())
        speaking = asyncio.create_task(self._say(order, tell))
        try:
            await asyncio.wait({over, speaking}, return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                tell("over", "the other end hung up")
        finally:
            await self._leg.hang_up("done")
            for task in (speaking, pacing):
                task.cancel()
            await asyncio.gather(over, speaking, pacing, return_exceptions=True)

    async def _say(self, order: Order, tell: Tell) -> None:
        await self._turn(order.turn_seconds)
        tell("speaking", f"{order.clip.seconds:.1f} s")
        self._player = Player(order.clip, False, self._loop.create_future())
        await self._player.done
        self._player = None
        await self._leg.press(order.keys)
        await asyncio.sleep(AFTER_SECONDS)

    async def _turn(self, seconds: float) -> None:
        """Until the other end has been quiet for a while, as a polite caller waits."""
        until = self._loop.time() + seconds
        self._loud_at = self._loop.time()
        while (now := self._loop.time()) < until and now - self._loud_at < TURN_SECONDS:
            await asyncio.sleep(min(TURN_SECONDS + self._loud_at, until) - now)

    async def _listen(self) -> None:
        async for event in self._leg.events():
            if isinstance(event, Sound):
                sound = np.frombuffer(event.pcm16, "<i2").astype(np.float64)
                if np.sqrt(np.mean(sound**2)) > _LOUD:
                    self._loud_at = event.at

    async def _speak(self) -> None:
        pacer = Pacer(self._loop.time())
        while True:
            player = self._player
            self._leg.send(SILENCE if player is None or player.finished else player.next())
            await asyncio.sleep(pacer.wait(self._loop.time()))


async def _settings(target: str, most: int) -> SipSettings:
    """Our own end: the address from which the target is reached, open to the target alone."""
    uri = parse_uri(target)
    found: list[Any] = await asyncio.get_running_loop().getaddrinfo(uri.host, uri.port or 5060, family=socket.AF_INET)
    remote = found[0][4]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(remote)
        local: str = probe.getsockname()[0]
    return SipSettings(
        host=local, port=0, networks=(remote[0],), bounds=lambda: Bounds(calls=most), rtp_ports=_RTP_PORTS
    )
