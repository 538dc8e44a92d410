"""The answering machine: whoever calls is greeted and recorded until one of us hangs up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from channels_ingest.telephony import sounds
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.legs import CallLeg, Key, Sound
from channels_ingest.telephony.recording import Recording

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
