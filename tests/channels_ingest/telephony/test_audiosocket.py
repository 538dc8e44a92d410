"""The AudioSocket server, called by a real TCP client as an exchange would."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from channels_ingest.telephony.audiosocket import LEGS_OF_A_CALL, AudioSocketServer
from channels_ingest.telephony.calls import Bounds, FinishedCall, TelephonySettings, is_private
from channels_ingest.telephony.wire import Decoder, Frame, Kind
from tests.channels_ingest.telephony.answering import telephony
from tests.processes import free_port

pytestmark = pytest.mark.asyncio

SPEECH = (np.arange(320) % 50 * 100).astype("<i2").tobytes()


class Exchange:
    """An exchange's side of one call."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def call(cls, port: int, uuid: UUID | None = None) -> Exchange:
        exchange = cls(*await asyncio.open_connection("127.0.0.1", port))
        if uuid:
            exchange.send(Frame(Kind.UUID, uuid.bytes))
        return exchange

    def send(self, *frames: Frame) -> None:
        for frame in frames:
            self.writer.write(frame.encode())

    def speak(self, seconds: float = 1.0, kind: int = Kind.AUDIO_16K) -> None:
        self.send(*[Frame(kind, SPEECH)] * round(seconds * 50))

    async def hear(self, frames: int) -> list[Frame]:
        decoder = Decoder()
        heard: list[Frame] = []
        while len(heard) < frames:
            data = await self.reader.read(4096)
            assert data, "the server hung up"
            heard += decoder.feed(data)
        return heard

    async def closed(self) -> None:
        """Until the server has closed the connection."""
        with suppress(ConnectionResetError):  # what we sent was not even read
            while await self.reader.read(4096):
                pass
        self.writer.close()

    def hang_up(self) -> None:
        self.send(Frame(Kind.HANG_UP))
        self.writer.close()


class Taker:
    """Takes finished calls over; the first `fail` times it cannot."""

    def __init__(self, fail: int = 0) -> None:
        self.calls: asyncio.Queue[FinishedCall] = asyncio.Queue()
        self.fail = fail
        self.tries = 0

    async def __call__(self, call: FinishedCall) -> None:
        self.tries += 1
        if self.tries <= self.fail:
            raise ConnectionError("the database is away")
        self.calls.put_nowait(call)


@pytest.fixture
def settings(tmp_path: Path) -> TelephonySettings:
    return TelephonySettings(recordings=tmp_path / "recordings", port=0)


def caller_s(path: Path) -> bytes:
    """The caller's side of a recording."""
    with wave.open(str(path)) as recording:
        assert (recording.getframerate(), recording.getnchannels()) == (16_000, 2)
        frames = np.frombuffer(recording.readframes(recording.getnframes()), "<i2")
    return frames[::2].tobytes()


def files(settings: TelephonySettings) -> list[str]:
    return sorted(path.name for path in settings.recordings.rglob("*") if path.is_file())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_call_is_recorded_and_handed_on(settings: TelephonySettings) -> None:
    taker, uuid = Taker(), uuid4()
    async with telephony(settings, taker) as server:
        exchange = await Exchange.call(server.port, uuid)
        exchange.speak(1.0)
        exchange.send(*(Frame(Kind.DTMF, key) for key in (b"1", b"\x00", b"\xff", b"23", b"", b"e", b"#")))
        exchange.hang_up()
        call = await asyncio.wait_for(taker.calls.get(), 10)

    assert (call.uuid, call.dtmf) == (uuid, "1#")
    assert call.path == settings.recordings / f"{call.started_at:%Y/%m/%d}" / f"{uuid}.wav"
    assert call.seconds == 1.0
    assert caller_s(call.path) == SPEECH * 50
    assert files(settings) == [f"{uuid}.wav"]


async def test_the_caller_hears_a_tone_and_then_silence_at_a_steady_pace(settings: TelephonySettings) -> None:
    async with telephony(settings, Taker()) as server:
        exchange = await Exchange.call(server.port, uuid4())
        exchange.speak(0.02)
        began = asyncio.get_running_loop().time()
        heard = await asyncio.wait_for(exchange.hear(50), 10)
        took = asyncio.get_running_loop().time() - began
        exchange.hang_up()

    assert {(frame.kind, len(frame.payload)) for frame in heard} == {(Kind.AUDIO_16K, 640)}
    assert [any(frame.payload) for frame in heard[:50]] == [True] * 20 + [False] * 30
    assert took >= 0.9


@pytest.mark.parametrize(("narrow_rate", "seconds"), [(8_000, 1.0), (16_000, 0.5)])
async def test_the_rate_of_kind_0x10_is_configured(
    settings: TelephonySettings, narrow_rate: int, seconds: float
) -> None:
    taker = Taker()
    async with telephony(replace(settings, narrow_rate=narrow_rate), taker) as server:
        exchange = await Exchange.call(server.port, uuid4())
        exchange.speak(0.5, Kind.AUDIO_8K)
        exchange.hang_up()
        call = await asyncio.wait_for(taker.calls.get(), 10)

    assert call.seconds == seconds


async def test_a_connection_that_just_ends_is_a_call_that_ended(settings: TelephonySettings) -> None:
    taker = Taker()
    async with telephony(settings, taker) as server:
        exchange = await Exchange.call(server.port, uuid4())
        exchange.speak(0.5)
        exchange.writer.write(Frame(Kind.AUDIO_16K, SPEECH).encode()[:100])
        exchange.writer.close()

        assert (await asyncio.wait_for(taker.calls.get(), 10)).seconds == 0.5


async def test_a_caller_who_says_nothing_is_a_call_too(settings: TelephonySettings) -> None:
    taker, uuid = Taker(), uuid4()
    async with telephony(settings, taker) as server:
        (await Exchange.call(server.port, uuid)).hang_up()
        call = await asyncio.wait_for(taker.calls.get(), 10)

    assert (call.uuid, call.seconds) == (uuid, 0.0)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(Frame(Kind.AUDIO_16K, SPEECH).encode(), id="sound first"),
        pytest.param(Frame(Kind.UUID, b"short").encode(), id="no UUID in it"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n" * 1000, id="another protocol"),
        pytest.param(b"", id="nothing at all"),
    ],
)
async def test_what_does_not_begin_with_a_uuid_is_refused(settings: TelephonySettings, first: bytes) -> None:
    taker = Taker()
    async with telephony(replace(settings, first_frame_seconds=0.2), taker) as server:
        exchange = await Exchange.call(server.port)
        exchange.writer.write(first)
        await asyncio.wait_for(exchange.closed(), 10)

    assert taker.tries == 0
    assert files(settings) == []


async def test_one_uuid_is_one_call(settings: TelephonySettings) -> None:
    taker, uuid = Taker(), uuid4()
    async with telephony(settings, taker) as server:
        first = await Exchange.call(server.port, uuid)
        first.speak(0.5)
        await first.hear(1)
        second = await Exchange.call(server.port, uuid)
        await asyncio.wait_for(second.closed(), 10)
        first.hang_up()
        call = await asyncio.wait_for(taker.calls.get(), 10)
        third = await Exchange.call(server.port, uuid)
        await asyncio.wait_for(third.closed(), 10)

    assert taker.tries == 1
    assert call.path.exists()


async def test_connections_over_the_limit_are_refused_and_those_below_are_not_disturbed(
    settings: TelephonySettings,
) -> None:
    taker = Taker()
    async with telephony(replace(settings, bounds=lambda: Bounds(calls=1)), taker) as server:
        legs = [await Exchange.call(server.port, uuid4()) for _ in range(LEGS_OF_A_CALL)]
        for leg in legs:
            leg.speak(0.5)
            await leg.hear(1)
        one_too_many = await Exchange.call(server.port, uuid4())
        await asyncio.wait_for(one_too_many.closed(), 10)
        assert server.legs == LEGS_OF_A_CALL
        legs[0].hang_up()
        await asyncio.wait_for(taker.calls.get(), 10)
        await until(lambda: server.legs == LEGS_OF_A_CALL - 1)
        third = await Exchange.call(server.port, uuid4())
        third.speak(0.1)
        assert await third.hear(1)
        for leg in (*legs[1:], third):
            leg.hang_up()


async def test_a_call_without_end_is_ended(settings: TelephonySettings) -> None:
    taker = Taker()
    async with telephony(replace(settings, bounds=lambda: Bounds(call_seconds=0.5)), taker) as server:
        exchange = await Exchange.call(server.port, uuid4())
        exchange.speak(0.02)
        await asyncio.wait_for(exchange.closed(), 10)
        call = await asyncio.wait_for(taker.calls.get(), 10)

    assert call.seconds == pytest.approx(0.5, abs=0.3)


async def test_twenty_calls_at_once_are_kept_apart(settings: TelephonySettings) -> None:
    taker, uuids = Taker(), [uuid4() for _ in range(20)]
    async with telephony(settings, taker) as server:
        exchanges = [await Exchange.call(server.port, uuid) for uuid in uuids]
        for number, exchange in enumerate(exchanges):
            exchange.speak(0.1 * (number + 1))
            exchange.hang_up()
        calls = [await asyncio.wait_for(taker.calls.get(), 10) for _ in uuids]

    said = {call.uuid: caller_s(call.path).rstrip(b"\0") for call in calls}  # how long they lasted is the clock's
    assert said == {uuid: SPEECH * 5 * (number + 1) for number, uuid in enumerate(uuids)}


async def test_a_call_is_offered_again_until_it_is_taken(settings: TelephonySettings) -> None:
    taker = Taker(fail=2)
    async with telephony(settings, taker, retry_seconds=0.01) as server:
        exchange = await Exchange.call(server.port, uuid4())
        exchange.speak(0.5)
        exchange.hang_up()
        await asyncio.wait_for(taker.calls.get(), 10)

    assert taker.tries == 3
    assert len(files(settings)) == 1


async def test_stopping_in_mid_call_keeps_the_call_for_the_next_process(settings: TelephonySettings) -> None:
    uuid, away = uuid4(), Taker(fail=1)
    async with telephony(settings, away, retry_seconds=0.01) as server:
        exchange = await Exchange.call(server.port, uuid)
        exchange.speak(0.5)
        await exchange.hear(1)
    await exchange.closed()
    assert (await asyncio.wait_for(away.calls.get(), 10)).uuid == uuid


async def test_a_killed_process_loses_no_call(settings: TelephonySettings, tmp_path: Path) -> None:
    uuid, port = uuid4(), free_port()
    program = (
        "import sys; from pathlib import Path\n"
        "from channels_ingest.telephony.calls import TelephonySettings\n"
        "from tests.channels_ingest.telephony.answering import run\n"
        "async def take(call): pass\n"
        f"run(TelephonySettings(recordings=Path(sys.argv[1]), port={port}), take)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(settings.recordings)])
    try:
        exchange = await connected(port, uuid)
        exchange.speak(1.0)
        exchange.send(Frame(Kind.DTMF, b"5"))
        part = settings.recordings.rglob("*.wav.part")
        assert await asyncio.wait_for(exchange.hear(10), 10)
        assert len(list(part)) == 1
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    exchange.writer.close()

    taker = Taker()
    async with telephony(settings, taker):
        call = await asyncio.wait_for(taker.calls.get(), 10)

    assert (call.uuid, call.dtmf) == (uuid, "5")
    assert call.seconds == 1.0
    assert caller_s(call.path) == SPEECH * 50
    assert files(settings) == [f"{uuid}.wav"]


async def test_a_process_told_to_stop_ends_by_itself(settings: TelephonySettings) -> None:
    port = free_port()
    program = (
        "import sys; from pathlib import Path\n"
        "from channels_ingest.telephony.calls import TelephonySettings\n"
        "from tests.channels_ingest.telephony.answering import run\n"
        "async def take(call): print(call.uuid, call.seconds)\n"
        f"run(TelephonySettings(recordings=Path(sys.argv[1]), port={port}), take)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(settings.recordings)], stdout=subprocess.PIPE, text=True
    )
    uuid = uuid4()
    exchange = await connected(port, uuid)
    exchange.speak(0.5)
    await exchange.hear(1)

    process.send_signal(signal.SIGTERM)
    output, _ = await asyncio.to_thread(process.communicate, timeout=10)

    assert process.returncode == 0
    assert output.split()[0] == str(uuid)
    await exchange.closed()


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.2.3.4", True),
        ("192.168.1.9", True),
        ("8.8.8.8", False),
        ("::ffff:10.0.0.1", True),
        ("::ffff:8.8.8.8", False),
        ("2001:4860:4860::8888", False),
    ],
)
async def test_only_private_addresses_are_heard(address: str, private: bool) -> None:
    assert is_private(address) is private


async def test_a_public_address_is_not_bound(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"8\.8\.8\.8 is a public address"):
        TelephonySettings(recordings=tmp_path, host="8.8.8.8")


async def connected(port: int, uuid: UUID) -> Exchange:
    async with asyncio.timeout(20):
        while True:
            try:
                return await Exchange.call(port, uuid)
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)


class StopsAtOnce(AudioSocketServer):
    """Cancels a call in the moment in which it is taken, as `stop` does with whoever comes just then."""

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._connected(reader, writer)
        for call in self._calls:
            call.cancel()


async def test_who_comes_as_it_stops_is_let_go(tmp_path: Path) -> None:
    """Their call is cancelled before it has begun, so nothing of it can close the connection."""
    settings = TelephonySettings(recordings=tmp_path, port=0, bounds=lambda: Bounds(calls=1))
    server = StopsAtOnce(settings, lambda leg: pytest.fail("no call was taken"))
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(), 0.2)  # nobody serves it any more
        await server.stop()
        assert await asyncio.wait_for(reader.read(), 5) == b""
    finally:
        writer.close()
