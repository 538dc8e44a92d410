"""The AudioSocket server: one connection of the exchange is one leg of a call.

There is no authentication on this wire: only loopback and private peers are heard, each call has one UUID,
and calls have a limit. When we are down or full the connection fails, and the exchange's dialplan goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from uuid import UUID

from channels_ingest.telephony.ami.probe import NOBODY
from channels_ingest.telephony.calls import TelephonySettings, is_private
from channels_ingest.telephony.legs import RATE, SAMPLE_BYTES, Ended, Inbox, Key, LegEvent, LegKind, Sound
from channels_ingest.telephony.rates import Doubler, Halver
from channels_ingest.telephony.wire import Decoder, Frame, Kind

log = logging.getLogger(__name__)

_READ_BYTES = 65_536
_MOST_UNSENT_BYTES = 16_000
_TRIAL_SECONDS = 1.0
LEGS_OF_A_CALL = 3
"""Of a call that the exchange queues, caller, agent and a third party are each copied to us apart."""
_KEYS = frozenset(bytes([key]) for key in b"0123456789*#ABCD")


class AudioSocketLeg:
    """A party that an exchange has connected to us; the exchange has answered it already."""

    kind: LegKind = "audiosocket"

    def __init__(self, uuid: UUID, writer: asyncio.StreamWriter, narrow_rate: int) -> None:
        self.id = uuid
        self.caller = ""
        self.called = ""
        self._writer = writer
        self._inbox = Inbox()
        self._loop = asyncio.get_running_loop()
        self._narrow = narrow_rate != RATE
        self._speaking = Kind.HANG_UP  # not known before the exchange has spoken
        self._doubler = Doubler()
        self._halver = Halver()

    async def answer(self) -> None:
        return

    def send(self, pcm16: bytes) -> None:
        if self._speaking is Kind.HANG_UP or self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() < _MOST_UNSENT_BYTES:
            sound = self._halver.feed(pcm16) if self._is_narrow(self._speaking) else pcm16
            self._writer.write(Frame(self._speaking, sound).encode())

    def events(self) -> AsyncIterator[LegEvent]:
        return self._inbox.events()

    async def hang_up(self, reason: str = "") -> None:
        self._inbox.put(Ended(reason))
        if not self._writer.is_closing():
            self._writer.write(Frame(Kind.HANG_UP).encode())
            self._writer.close()

    async def transfer(self, target: str) -> bool:
        return False  # the exchange's dialplan has no word for it on this wire

    def hear(self, burst: list[Frame]) -> bool:
        """Everything that had arrived at this moment; False when the exchange hung up."""
        sound = bytearray()
        for frame in burst:
            if frame.kind in (Kind.AUDIO_8K, Kind.AUDIO_16K) and len(frame.payload) % SAMPLE_BYTES == 0:
                self._speaking = Kind(frame.kind)
                sound += self._doubler.feed(frame.payload) if self._is_narrow(frame.kind) else frame.payload
            elif frame.kind == Kind.DTMF:
                if frame.payload in _KEYS:
                    self._inbox.put(Key(frame.payload.decode("ascii")))
            elif frame.kind == Kind.ERROR:
                log.warning("call %s: the exchange reports error %s", self.id, frame.payload.hex())
        if sound:
            self._inbox.put(Sound(bytes(sound), self._loop.time()))
        return not any(frame.kind in (Kind.HANG_UP, Kind.ERROR) for frame in burst)

    def _is_narrow(self, kind: int) -> bool:
        return kind == Kind.AUDIO_8K and self._narrow


class AudioSocketServer:
    """Takes calls until stopped; each goes to `on_call`, which reads its events."""

    def __init__(self, settings: TelephonySettings, on_call: Callable[[AudioSocketLeg], None]) -> None:
        self._settings = settings
        self._on_call = on_call
        self._server: asyncio.Server | None = None
        self._calls: dict[asyncio.Task[None], UUID | None] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self._stopping = False

    @property
    def port(self) -> int:
        """Where the server listens (the settings may have left the choice to the system)."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def legs(self) -> int:
        """How many connections there are now."""
        return len(self._calls)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connected, self._settings.host, self._settings.port)
        log.info("answering AudioSocket on %s:%s", self._settings.host, self.port)

    async def stop(self) -> None:
        """Take no more calls and end those that are: the exchange goes on with its own queue."""
        assert self._server is not None
        self._stopping = True
        self._server.close()
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        left = list(self._writers)  # of calls that were cancelled before they began
        for writer in left:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in left), return_exceptions=True)
        await self._server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer: str = writer.get_extra_info("peername")[0]
        if self._stopping or not self._admits(peer):
            writer.close()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._calls[task] = None
        self._writers.add(writer)
        task.add_done_callback(self._calls.pop)

    def _admits(self, peer: str) -> bool:
        """No more connections than so many calls can need; how many of them are calls of ours, `on_call` knows."""
        most = LEGS_OF_A_CALL * self._settings.bounds().calls
        if not is_private(peer):
            log.warning("refused a connection from %s: that is a public address", peer)
        elif len(self._calls) >= most:
            log.warning(
                "refused a connection from %s: there are %s, the most for the calls that policy lets in", peer, most
            )
        else:
            return True
        return False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(self._settings.bounds().call_seconds):
                await self._take(reader, writer)
        except OSError as error:  # of the connection or the time limit
            log.warning("a call was broken off: %s", error or "it lasted too long")
        finally:
            writer.close()
            self._writers.discard(writer)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bursts = _bursts(reader)
        async with asyncio.timeout(self._settings.first_frame_seconds):
            burst: list[Frame] = await anext(bursts, [])
        if not burst or burst[0].kind != Kind.UUID or len(burst[0].payload) != 16:
            log.warning("refused a call that did not begin with its UUID")
            return
        uuid = UUID(bytes=burst[0].payload)
        if uuid == NOBODY:  # the exchange only tries whether it reaches us; hung up on at once, it would say no
            await asyncio.sleep(_TRIAL_SECONDS)
            return
        if uuid in self._calls.values():
            log.warning("refused call %s: there is one of this UUID", uuid)
            return
        task = asyncio.current_task()
        assert task is not None
        self._calls[task] = uuid
        leg = AudioSocketLeg(uuid, writer, self._settings.narrow_rate)
        self._on_call(leg)
        try:
            going_on = leg.hear(burst[1:])
            while going_on and (burst := await anext(bursts, [])):
                going_on = leg.hear(burst)
        finally:
            await leg.hang_up("the exchange ended the call")


async def _bursts(reader: asyncio.StreamReader) -> AsyncIterator[list[Frame]]:
    """Frames by moment of arrival: what a stall of ours held back comes at once and is no gap."""
    decoder = Decoder()
    while data := await reader.read(_READ_BYTES):
        if frames := decoder.feed(data):
            yield frames
