"""The whole telephone with nothing but packages: a real SIP caller, a browser's socket, PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import websockets
from django.db import OperationalError, connections
from scipy.signal import fftconvolve

from channels_ingest.telephony import book, sounds
from channels_ingest.telephony.browser import BrowserSettings
from channels_ingest.telephony.calls import SipSettings, TelephonySettings
from channels_ingest.telephony.legs import FRAME_BYTES, Sound
from channels_ingest.telephony.serving import Places, Telephone, telephone
from channels_ingest.telephony.sip import SipEndpoint, SipLeg
from hotline.calls import tokens
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people.models import Staff
from hotline.tickets.models import Ticket
from tests.channels_ingest.telephony.hall import until
from tests.factories import staff
from tests.processes import free_port

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]
CALLER = "13812345678"
Row = TypeVar("Row")
Wave = np.ndarray[tuple[int], np.dtype[np.float64]]


@pytest.fixture
def quiet(settings: Any, tmp_path: Path, time_limits: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPEECH_ENGINE = "none"
    settings.TELEPHONY_SIP_TRUNK = ""


async def read(ask: Callable[[], Row]) -> Row:
    def asked() -> Row:
        try:
            return ask()
        finally:
            connections.close_all()

    return await asyncio.to_thread(asked)


async def there(ask: Callable[[], Row]) -> Row:
    """Wait until the database has it."""
    async with asyncio.timeout(15):
        while not (row := await read(ask)):
            await asyncio.sleep(0.02)
        return row


@asynccontextmanager
async def running(tmp_path: Path) -> AsyncIterator[Telephone]:
    places = Places(
        TelephonySettings(recordings=tmp_path / "media" / "recordings", port=0),
        BrowserSettings(port=0),
        SipSettings(port=free_port()),
    )
    async with telephone(places) as here:
        yield here


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
async def calling(here: Telephone) -> AsyncIterator[Caller]:
    assert here.sip is not None
    endpoint = SipEndpoint(SipSettings(port=free_port(), rtp_ports=(31_000, 31_200)), lambda leg: None)
    await endpoint.start()
    try:
        caller = Caller(await endpoint.dial(f"sip:12345@127.0.0.1:{here.sip.port}", CALLER))
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


@asynccontextmanager
async def at_the_desk(here: Telephone, person: Staff) -> AsyncIterator[Desk]:
    url = f"ws://127.0.0.1:{here.browsers.port}/phone/?token={tokens.issue(person)}"
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


async def test_a_call_from_its_first_ring_to_its_ticket(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here, agent) as desk:
        async with calling(here) as caller:
            call = await desk.answers()
            assert desk.last("ringing")["call"]["caller"]["phone"] == "138****5678"
            row = await there(lambda: Ticket.objects.filter(calls__uuid=call).first())
            await until(lambda: desk.last("call")["call"]["ticket"] == row.number)
            to_desk, to_caller = await both_speak(caller, desk)
            assert min(to_desk, to_caller) >= 0.7
        await until(lambda: desk.last("call_over"))
        await desk.says("wrapup_done")
        row = await there(lambda: PhoneCall.objects.filter(uuid=call, state="closed").exclude(recording="").first())

    def all_of_it() -> tuple[Any, ...]:
        kept = PhoneCall.objects.select_related("ticket__citizen", "agent", "message").get(uuid=call)
        return (kept, kept.ticket, kept.message, Ticket.objects.count(), CallBackTask.objects.count())

    kept, ticket, message, tickets, call_backs = await read(all_of_it)
    assert (kept.outcome, kept.agent, kept.caller, kept.called) == ("completed", agent, CALLER, "12345")
    assert (ticket.channel, ticket.citizen.phone, ticket.state) == ("phone", CALLER, "received")
    assert (message.ticket_id, message.kind) == (ticket.pk, "voice")
    assert (tickets, call_backs) == (1, 0)
    assert (tmp_path / "media" / "recordings" / kept.recording).exists()
    assert len(kept.recording_sha256) == 64
    assert kept.recording_seconds > 1


async def test_a_caller_who_gives_up_is_called_back(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))
    async with running(tmp_path) as here, at_the_desk(here, agent) as desk:
        async with calling(here):
            await until(lambda: desk.last("ringing"))
        task = await there(lambda: CallBackTask.objects.first())
        assert (task.reason, task.phone, task.calls) == ("abandoned_ringing", CALLER, 1)
        desk.told.clear()
        async with calling(here):
            call = await desk.answers()
            await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(answered_at=None).first())
        task = await there(lambda: CallBackTask.objects.exclude(done_at=None).first())
        assert task.result == "called_again"
    assert await read(Ticket.objects.count) == 1


async def test_where_nobody_works_a_message_becomes_a_ticket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = sounds.beep()
    monkeypatch.setattr(sounds, "words", lambda name: short)
    async with running(tmp_path) as here:
        async with calling(here) as caller:
            await until(lambda: here.board.lines)
            line = next(iter(here.board.lines.values()))
            await until(lambda: line.message_at is not None)
            await caller.say(melody() * 2)
        row = await there(lambda: PhoneCall.objects.filter(state="closed").exclude(recording="").first())
    assert row.outcome == "no_agent"
    ticket = await read(lambda: Ticket.objects.get())
    assert ticket.pk == row.ticket_id
    assert await read(lambda: CallBackTask.objects.get().reason) == "no_agent"


async def test_a_database_that_is_away_during_a_call_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await read(lambda: staff("agent"))
    apply, away = book.apply, asyncio.Event()

    def unreachable(*line: Any) -> None:
        if away.is_set():
            raise OperationalError("the server closed the connection")
        apply(*line)

    monkeypatch.setattr(book, "apply", unreachable)
    async with running(tmp_path) as here, at_the_desk(here, agent) as desk:
        away.set()
        async with calling(here) as caller:
            call = await desk.answers()
            to_desk, to_caller = await both_speak(caller, desk)
            assert min(to_desk, to_caller) >= 0.7
            assert desk.last("call")["call"]["ticket"] is None
        await until(lambda: desk.last("call_over"))
        assert await read(PhoneCall.objects.count) == 0
        away.clear()
        row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())
    assert row.outcome == "completed"
    assert row.ticket_id is not None


async def test_the_desk_s_state_is_seen_elsewhere(tmp_path: Path) -> None:
    agent = await read(lambda: staff("agent"))

    async def state(wanted: str) -> None:
        await there(lambda: Staff.objects.filter(pk=agent.pk, agent_state=wanted).first())

    async with running(tmp_path) as here, at_the_desk(here, agent) as desk:
        await state("idle")
        async with calling(here):
            await desk.answers()
            await state("busy")
        await state("wrapup")
        await desk.says("pause", reason="meal")
        await state("busy")
        assert (await read(lambda: Staff.objects.get(pk=agent.pk))).agent_state_reason == "meal"
        await desk.says("leave")
        await state("offline")
