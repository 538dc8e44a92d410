"""People around a served telephone: a caller with SIP, an agent on the browser's socket, what they hear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import numpy as np
import websockets
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from scipy.signal import fftconvolve

from channels_ingest.telephony.calls import SipSettings
from channels_ingest.telephony.legs import FRAME_BYTES, Sound
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import SipLeg
from hotline.calls import tokens
from hotline.demo.supervisor import port_problem
from hotline.people.models import Staff
from tests.channels_ingest.telephony.hall import until
from tests.processes import free_port

CALLER = "13812345678"
Row = TypeVar("Row")
Wave = np.ndarray[tuple[int], np.dtype[np.float64]]


async def read(ask: Callable[[], Row]) -> Row:
    def asked() -> Row:
        try:
            return ask()
        finally:
            connections.close_all()

    return await asyncio.to_thread(asked)


async def there(ask: Callable[[], Row]) -> Row:
    """Wait until the database has it."""
    async with asyncio.timeout(60):
        while not (row := await read(ask)):
            await asyncio.sleep(0.02)
        return row


class Caller:
    """Somebody with a SIP telephone."""

    def __init__(self, leg: SipLeg) -> None:
        self.leg = leg
        self.heard = bytearray()
        self.gone = asyncio.Event()
        self._ear = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self.leg.events():
            if isinstance(event, Sound):
                self.heard += event.pcm16
        self.gone.set()

    async def say(self, pcm16: bytes) -> None:
        async for frame in paced(pcm16):
            self.leg.send(frame)


@asynccontextmanager
async def calling(sip_port: int, number: str = CALLER) -> AsyncIterator[Caller]:
    """Somebody calls and hangs up at the end of the block."""
    endpoint = SipEndpoint(SipSettings(port=free_port(), rtp_ports=(31_000, 31_200)), lambda leg: None)
    await endpoint.start()
    try:
        caller = Caller(await endpoint.dial(f"sip:12345@127.0.0.1:{sip_port}", number))
        yield caller
        await caller.leg.hang_up()
        await caller.gone.wait()
    finally:
        await endpoint.stop()


class Desk:
    """An agent's browser on the real socket."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []
        self.heard = bytearray()
        self._ear = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        with suppress(websockets.ConnectionClosed):
            async for frame in self.socket:
                if isinstance(frame, bytes):
                    self.heard += frame
                else:
                    self.told.append(json.loads(frame))

    async def says(self, type: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type} | fields))

    def last(self, type: str) -> dict[str, Any]:
        return next((told for told in reversed(self.told) if told["type"] == type), {})

    async def answers(self) -> str:
        await until(lambda: self.last("ringing"))
        call = str(self.last("ringing")["call"]["call"])
        await self.says("answer", call=call)
        await until(lambda: self.last("call").get("call", {}).get("state") == "talking")
        return call

    async def say(self, pcm16: bytes) -> None:
        async for frame in paced(pcm16):
            await self.socket.send(frame)


def signed_in() -> str:
    """The key of a session."""
    session = SessionStore()
    session.create()
    return str(session.session_key)


@asynccontextmanager
async def at_the_desk(port: int, person: Staff, *, patient: bool = False) -> AsyncIterator[Desk]:
    """An agent who is ready for calls; `patient` waits for a process that is still coming up."""
    token = tokens.issue(person, await read(signed_in))
    url = f"ws://127.0.0.1:{port}/phone/?token={token}"
    if patient:
        await until(lambda: port_problem(port) is not None)
    async with websockets.connect(url, proxy=None) as socket:
        desk = Desk(socket)
        await desk.says("hello", version=1)
        await until(lambda: desk.last("state"))
        await desk.says("ready")
        await until(lambda: desk.last("agent").get("agent", {}).get("state") == "idle")
        yield desk


def melody() -> bytes:
    """A sound that is like itself only where it begins: it rises."""
    time = np.arange(16_000) / 16_000
    return (np.sin(2 * np.pi * (300 * time + 600 * time**2)) * 8_000).astype("<i2").tobytes()


def likeness(heard: bytes, said: bytes) -> float:
    """The share of what was said, in pieces of 100 ms, that is in what was heard."""
    ear, mouth = np.frombuffer(bytes(heard), "<i2").astype(float), np.frombuffer(said, "<i2").astype(float)
    pieces = mouth.reshape(-1, 1_600)
    return float(np.mean([_found(ear, piece) > 0.8 for piece in pieces])) if len(ear) > len(mouth) // 2 else 0.0


def _found(ear: Wave, piece: Wave) -> float:
    """The best likeness of a piece to any place of what was heard, 1 for the same."""
    match = fftconvolve(ear, piece[::-1], "valid")
    energy = np.sqrt(np.maximum(fftconvolve(ear**2, np.ones(len(piece)), "valid"), 1.0)) * np.linalg.norm(piece)
    return float(np.max(match / energy))


async def paced(pcm16: bytes) -> AsyncIterator[bytes]:
    """Frames at the pace of speech."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, at in enumerate(range(0, len(pcm16), FRAME_BYTES)):
        await asyncio.sleep(began + number * 0.02 - loop.time())
        yield pcm16[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


async def both_speak(caller: Caller, desk: Desk) -> tuple[float, float]:
    """What the desk heard of the caller, and the caller of the desk."""
    caller.heard.clear()
    desk.heard.clear()
    await asyncio.gather(caller.say(melody()), desk.say(melody()))
    await asyncio.sleep(0.4)  # the last frames are on their way
    return likeness(desk.heard, melody()), likeness(caller.heard, melody())
