"""The AudioSocket server: one connection of the exchange is one call, greeted, recorded and handed on.

There is no authentication on this wire: only loopback and private peers are heard, each call has one UUID,
and calls have a limit. When we are down or full the connection fails, and the exchange's dialplan goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import cache
from math import pi, sin
from struct import pack
from uuid import UUID

from channels_ingest.telephony.calls import TelephonySettings, is_private
from channels_ingest.telephony.recording import SAMPLE_BYTES, Recording
from channels_ingest.telephony.wire import Decoder, Frame, Kind

log = logging.getLogger(__name__)

FRAME_SECONDS = 0.02
WIDE_RATE = 16_000
_READ_BYTES = 65_536
_MOST_UNSENT_BYTES = 16_000
_MOST_LATE_SECONDS = 0.1
_TONE_SECONDS = 0.4
_TONE_HERTZ = 440
_TONE_LEVEL = 6000


class AudioSocketServer:
    """Takes calls until stopped; every recording, however the call ended, goes to `on_ended`."""

    def __init__(self, settings: TelephonySettings, on_ended: Callable[[Recording], None]) -> None:
        self._settings = settings
        self._on_ended = on_ended
        self._server: asyncio.Server | None = None
        self._calls: dict[asyncio.Task[None], UUID | None] = {}

    @property
    def port(self) -> int:
        """Where the server listens (the settings may have left the choice to the system)."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def calls(self) -> int:
        """How many calls there are now."""
        return len(self._calls)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connected, self._settings.host, self._settings.port)
        log.info("answering AudioSocket on %s:%s", self._settings.host, self.port)

    async def stop(self) -> None:
        """Take no more calls and end those that are: the exchange goes on with its own queue."""
        assert self._server is not None
        self._server.close()
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer: str = writer.get_extra_info("peername")[0]
        if not is_private(peer) or len(self._calls) >= self._settings.max_calls:
            log.warning("refused a call from %s: %s calls are in progress", peer, len(self._calls))
            writer.close()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._calls[task] = None
        task.add_done_callback(self._calls.pop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(self._settings.max_call_seconds):
                await self._take(reader, writer)
        except OSError as error:  # of the connection, the time limit or the disk
            log.warning("a call was broken off: %s", error or "it lasted too long")
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bursts = _bursts(reader)
        async with asyncio.timeout(self._settings.first_frame_seconds):
            burst: list[Frame] = await anext(bursts, [])
        if not burst or burst[0].kind != Kind.UUID or len(burst[0].payload) != 16:
            log.warning("refused a call that did not begin with its UUID")
            return
        recording = Recording(self._settings.recordings, UUID(bytes=burst[0].payload), datetime.now(UTC))
        if recording.uuid in self._calls.values() or recording.known:
            log.warning("refused call %s: there was one of this UUID", recording.uuid)
            return
        task = asyncio.current_task()
        assert task is not None
        self._calls[task] = recording.uuid
        await _Call(self._settings, recording, writer).run(burst[1:], bursts, self._on_ended)


class _Call:
    """One call from its UUID to its end."""

    def __init__(self, settings: TelephonySettings, recording: Recording, writer: asyncio.StreamWriter) -> None:
        self._rates = {Kind.AUDIO_8K: settings.narrow_rate, Kind.AUDIO_16K: WIDE_RATE}
        self._narrow_rate = settings.narrow_rate
        self._recording = recording
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._speaker: asyncio.Task[None] | None = None

    async def run(
        self,
        burst: list[Frame],
        bursts: AsyncIterator[list[Frame]],
        on_ended: Callable[[Recording], None],
    ) -> None:
        try:
            going_on = self._hear(burst)
            while going_on and (burst := await anext(bursts, [])):
                going_on = self._hear(burst)
        finally:
            if self._speaker:
                self._speaker.cancel()
            self._close(on_ended)

    def _hear(self, burst: list[Frame]) -> bool:
        """Everything that had arrived at this moment; False when the exchange hung up."""
        at = self._loop.time() - self._began
        sound = bytearray()
        for frame in burst:
            if frame.kind in self._rates and len(frame.payload) % SAMPLE_BYTES == 0:
                sound += frame.payload
                if not self._recording.begun:
                    self._begin(Kind(frame.kind))
            elif frame.kind == Kind.DTMF:
                self._recording.dtmf += frame.payload.decode("ascii", "replace")
                if self._recording.begun:
                    self._recording.note()
            elif frame.kind == Kind.ERROR:
                log.warning("call %s: the exchange reports error %s", self._recording.uuid, frame.payload.hex())
        if sound:
            self._recording.write(bytes(sound), at)
        return not any(frame.kind in (Kind.HANG_UP, Kind.ERROR) for frame in burst)

    def _close(self, on_ended: Callable[[Recording], None]) -> None:
        if not self._recording.begun:
            self._recording.begin(self._narrow_rate)
        try:
            self._recording.write(b"", self._loop.time() - self._began)
        finally:
            on_ended(self._recording)

    def _begin(self, kind: Kind) -> None:
        self._recording.begin(self._rates[kind])
        self._speaker = asyncio.create_task(_speak(self._writer, kind, self._rates[kind]))


async def _bursts(reader: asyncio.StreamReader) -> AsyncIterator[list[Frame]]:
    """Frames by moment of arrival: what a stall of ours held back comes at once and is no gap."""
    decoder = Decoder()
    while data := await reader.read(_READ_BYTES):
        if frames := decoder.feed(data):
            yield frames


async def _speak(writer: asyncio.StreamWriter, kind: Kind, rate: int) -> None:
    """A greeting tone and then silence, one frame each 20 ms by our own clock; bursts are heard as skips."""
    loop = asyncio.get_running_loop()
    began, number, tone = loop.time(), 0, _tone(rate)
    silence = Frame(kind, bytes(int(rate * FRAME_SECONDS) * SAMPLE_BYTES)).encode()
    frames = [Frame(kind, part).encode() for part in tone]
    while not writer.is_closing():
        if writer.transport.get_write_buffer_size() < _MOST_UNSENT_BYTES:
            writer.write(frames[number] if number < len(frames) else silence)
        number += 1
        wait = began + number * FRAME_SECONDS - loop.time()
        if wait < -_MOST_LATE_SECONDS:
            began -= wait  # what was missed is missed
        await asyncio.sleep(wait)


@cache
def _tone(rate: int) -> list[bytes]:
    """The greeting, cut into frames."""
    samples = [int(_TONE_LEVEL * sin(2 * pi * _TONE_HERTZ * n / rate)) for n in range(int(_TONE_SECONDS * rate))]
    length = int(rate * FRAME_SECONDS)
    return [pack(f"<{length}h", *samples[at : at + length]) for at in range(0, len(samples), length)]
