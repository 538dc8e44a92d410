"""The smallest switchboard: whoever calls by AudioSocket or SIP hears a tone and is recorded."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from channels_ingest.telephony import sounds
from channels_ingest.telephony.audiosocket import AudioSocketServer
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.calls import OnCallEnded, SipSettings, TelephonySettings
from channels_ingest.telephony.handover import Handover
from channels_ingest.telephony.legs import CallLeg, Key, Sound
from channels_ingest.telephony.recording import Recording, unfinished
from channels_ingest.telephony.sip import SipEndpoint

log = logging.getLogger(__name__)


class AnsweringMachine:
    """Takes legs; every recording, however the call ended, goes to `on_ended`."""

    def __init__(self, recordings: Path, on_ended: Callable[[Recording], None]) -> None:
        self._recordings = recordings
        self._on_ended = on_ended
        self._calls: set[asyncio.Task[None]] = set()

    def take(self, leg: CallLeg) -> None:
        task = asyncio.create_task(self._serve(leg))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def stop(self) -> None:
        """Wait for calls whose legs have ended."""
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _serve(self, leg: CallLeg) -> None:
        recording = Recording(self._recordings, leg.id, datetime.now(UTC))
        if recording.known:
            log.warning("refused call %s: there was one of this UUID", leg.id)
            await leg.hang_up("this call was here before")
            return
        bridge = Bridge(sounds.music(), recording)
        bridge.add(leg, Side.CALLER)
        try:
            await leg.answer()
            await self._record(leg, bridge, recording)
        finally:
            await bridge.close()
            if not recording.begun:
                recording.begin()
            self._on_ended(recording)

    async def _record(self, leg: CallLeg, bridge: Bridge, recording: Recording) -> None:
        async for event in leg.events():
            if isinstance(event, Sound):
                if not recording.begun:
                    bridge.start()
                    bridge.play(leg, sounds.beep())
                bridge.hear(leg, event)
            elif isinstance(event, Key):
                recording.dtmf += event.digit
                if recording.begun:
                    recording.note()


@asynccontextmanager
async def telephony(
    settings: TelephonySettings,
    on_call_ended: OnCallEnded,
    retry_seconds: float = 10.0,
    sip: SipSettings | None = None,
) -> AsyncIterator[AudioSocketServer]:
    """Answer calls within this block, after taking up what an earlier process left."""
    handover = Handover(on_call_ended, retry_seconds)
    for recording in list(unfinished(settings.recordings)):
        handover.take(recording)
    machine = AnsweringMachine(settings.recordings, handover.take)
    server = AudioSocketServer(settings, machine.take)
    endpoint = SipEndpoint(sip, machine.take) if sip is not None else None
    await server.start()
    try:
        if endpoint is not None:
            await endpoint.start()
        yield server
    finally:
        await server.stop()
        if endpoint is not None:
            await endpoint.stop()
        await machine.stop()
        await handover.stop()


def run(settings: TelephonySettings, on_call_ended: OnCallEnded, sip: SipSettings | None = None) -> None:
    """Answer calls until the process is told to stop."""
    asyncio.run(_until_told(settings, on_call_ended, sip))


async def _until_told(settings: TelephonySettings, on_call_ended: OnCallEnded, sip: SipSettings | None) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with telephony(settings, on_call_ended, sip=sip):
        await told.wait()
