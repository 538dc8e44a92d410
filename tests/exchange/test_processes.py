"""The whole product beside a real Asterisk: `hotline telephony` as a process, killed in the middle of calls."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from wave import open as open_wave

import numpy as np
import pytest
from django.db import connections

from channels_ingest.telephony.legs import RATE
from hotline.calls.models import CallBackTask, Extension, PhoneCall
from tests.exchange.building import SECRET, Pbx, free_ports
from tests.exchange.desk import loudest_tone
from tests.exchange.test_exchange_queue import CITIZEN, LI, citizen, li, wang
from tests.exchange.waiting import becomes
from tests.factories import staff
from tests.processes import hotline

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]
Row = TypeVar("Row")
PLATFORM, EXCHANGE = "12345", "12346"
SECOND = 4 * RATE
"""Bytes of a stereo recording."""


class Telephony:
    """`hotline telephony`, to be started and killed."""

    def __init__(self, pbx: Pbx, media: Path) -> None:
        self.pbx, self.media = pbx, media
        self.process: subprocess.Popen[bytes]
        self._stack = ExitStack()

    async def start(self) -> None:
        """Start it and wait until it follows the exchange."""
        (browsers,) = free_ports(1, socket.SOCK_STREAM)
        ports = ["--port", str(self.pbx.platform), "--sip-port", "0", "--browser-port", str(browsers)]
        self.process = self._stack.enter_context(hotline("telephony", *ports))
        await becomes(
            lambda: "hotline " in self.pbx.cli("manager show connected"), "it follows the exchange", seconds=60
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self._stack.close()

    def parts(self) -> list[Path]:
        return sorted(self.media.rglob("*.wav.part"))

    def recordings(self) -> list[Path]:
        return sorted(self.media.rglob("*.wav"))


@pytest.fixture
def telephony(
    pbx: Pbx, settings: Any, tmp_path: Path, time_limits: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Telephony]:
    settings.MEDIA_ROOT = tmp_path / "media"
    for name, value in {
        "TELEPHONY_AMI_HOST": "127.0.0.1",
        "TELEPHONY_AMI_PORT": pbx.ami,
        "TELEPHONY_AMI_SECRET": SECRET,
        "TELEPHONY_AUDIOSOCKET_ADDRESS": f"127.0.0.1:{pbx.platform}",
        "TELEPHONY_TRANSFER_CONTEXT": "from-agent",
        "HOTLINE_SPEECH": "none",
        "HOTLINE_SPEECH_WORKERS": 0,
    }.items():
        monkeypatch.setenv(name, str(value))
    Extension.objects.create(number="8001", staff=staff("agent", username="li"))
    Extension.objects.create(number="8002", staff=staff("agent", username="wang"))
    running = Telephony(pbx, tmp_path / "media" / "recordings")
    yield running
    running.close()


async def read(ask: Callable[[], Row]) -> Row:
    def asked() -> Row:
        try:
            return ask()
        finally:
            connections.close_all()

    return await asyncio.to_thread(asked)


async def there(ask: Callable[[], Row | None], what: str, *, seconds: float = 30) -> Row:
    """Wait until the database has it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not (row := await read(ask)):
        if loop.time() > until:
            calls = await read(lambda: list(PhoneCall.objects.values("uuid", "mode", "state", "outcome", "agent_id")))
            raise AssertionError(f"this never came: {what}; there are {calls}")
        await asyncio.sleep(0.05)
    return row


def the_call(**wanted: Any) -> Callable[[], PhoneCall | None]:
    return lambda: PhoneCall.objects.select_related("agent", "ticket").filter(**wanted).first()


def sides(path: Path, part: slice) -> tuple[bytes, bytes]:
    """Both sides of a part of a recording, given in bytes."""
    with open_wave(str(path)) as wave:
        assert (wave.getnchannels(), wave.getframerate()) == (2, RATE)
        both = np.frombuffer(wave.readframes(wave.getnframes())[part], "<i2").reshape(-1, 2)
    return both[:, 0].tobytes(), both[:, 1].tobytes()


async def test_a_call_of_the_exchanges_is_written_recorded_and_has_its_ticket(pbx: Pbx, telephony: Telephony) -> None:
    await telephony.start()
    async with citizen(pbx) as caller, li(pbx) as agent:
        await caller.dial(EXCHANGE)
        call = await there(the_call(state="talking", agent__username="li"), "li talks")
        assert (call.mode, call.caller, call.called) == ("exchange", "13800000001", EXCHANGE)
        await becomes(lambda: len(agent.sound.heard) > 24_000, "three seconds of talk")
        await caller.sound.press("7")
        await there(the_call(uuid=call.uuid, keys="7"), "the key is kept")
        agent.hang_up()
        await becomes(lambda: "Read" in pbx.cli("core show channels concise"), "the caller is asked")
        await caller.sound.press("2")
        await becomes(caller.ended.is_set, "the caller is let go")
    ended = await there(the_call(uuid=call.uuid, state="closed", rating=4), "the call is over and rated")
    assert (ended.outcome, ended.keys, ended.ticket is not None) == ("completed", "72", True)
    (recording,) = await there(lambda: telephony.recordings() or None, "the recording is whole")
    left, right = sides(recording, slice(-SECOND, None))
    assert (abs(loudest_tone(left) - CITIZEN) < 10, abs(loudest_tone(right) - LI) < 10) == (True, True)
    assert await read(CallBackTask.objects.count) == 0


async def test_who_gives_up_in_the_exchanges_queue_is_called_back(pbx: Pbx, telephony: Telephony) -> None:
    await telephony.start()
    async with citizen(pbx) as caller, li(pbx, answers=False) as agent:
        await caller.dial(EXCHANGE)
        await becomes(agent.ringing.is_set, "the telephone rings", seconds=30)
        caller.hang_up()
    task = await there(lambda: CallBackTask.objects.first(), "somebody is to call back")
    assert (task.phone, task.reason, task.calls) == ("13800000001", "abandoned_ringing", 1)


async def test_killed_in_a_call_of_the_exchanges(pbx: Pbx, telephony: Telephony) -> None:
    """Nobody on the line notices, and the next process goes on with the same call in the same recording."""
    await telephony.start()
    async with citizen(pbx) as caller, li(pbx) as agent:
        await caller.dial(EXCHANGE)
        call = await there(the_call(state="talking", agent__username="li"), "li talks")
        (part,) = await there(lambda: telephony.parts() or None, "it is recorded")
        await becomes(lambda: part.stat().st_size > 2 * SECOND, "two seconds are on disk", seconds=30)
        telephony.kill()
        kept, heard = part.stat().st_size, len(agent.sound.heard)
        await becomes(lambda: len(agent.sound.heard) > heard + 8_000, "they talk on for a second")
        await telephony.start()
        await becomes(lambda: part.stat().st_size > kept, "it is recorded further", seconds=30)
        after_the_gap = part.stat().st_size
        await becomes(lambda: part.stat().st_size > after_the_gap + 2 * SECOND, "two more seconds", seconds=30)
        agent.hang_up()
        await becomes(caller.ended.is_set, "the caller, who did not rate, is let go", seconds=40)
    ended = await there(the_call(uuid=call.uuid, state="closed"), "the call is over")
    assert (ended.outcome, ended.mode, ended.agent.username) == ("completed", "exchange", "li")
    (recording,) = await there(lambda: telephony.recordings() or None, "the recording is whole")
    for end in (slice(SECOND // 4, SECOND), slice(-SECOND, -SECOND // 4)):
        left, right = sides(recording, end)
        assert (abs(loudest_tone(left) - CITIZEN) < 10, abs(loudest_tone(right) - LI) < 10) == (True, True)
    assert await read(CallBackTask.objects.count) == 0


async def test_killed_in_a_call_of_the_platforms(pbx: Pbx, telephony: Telephony) -> None:
    """The exchange's fallback goes on with the caller; afterwards it is one call, and nobody need call back."""
    await telephony.start()
    async with citizen(pbx) as caller, wang(pbx) as agent:
        await caller.dial(PLATFORM)
        call = await there(the_call(caller_fingerprint__gt=""), "the call is known")
        assert (call.mode, call.caller, call.called) == ("platform", "13800000001", PLATFORM)
        await there(lambda: telephony.parts() or None, "it is recorded")
        await becomes(lambda: len(caller.sound.heard) > 8_000, "the caller hears the hotline")
        telephony.kill()
        await becomes(lambda: len(agent.sound.heard) > 8_000, "the fallback's agent hears the caller", seconds=30)
        await telephony.start()
        again = await there(the_call(uuid=call.uuid, state="talking", agent__username="wang"), "wang has the call")
        assert again.mode == "exchange"
        caller.hang_up()
        ended = await there(the_call(uuid=call.uuid, state="closed"), "the call is over")
        assert ended.outcome == "completed"
    await there(lambda: telephony.recordings() or None, "the recording was adopted")
    assert await read(lambda: PhoneCall.objects.count()) == 1
    assert await read(lambda: CallBackTask.objects.filter(done_at=None).count()) == 0


async def test_killed_in_a_call_of_a_caller_who_gives_up(pbx: Pbx, telephony: Telephony) -> None:
    """Nobody takes them in the fallback queue either: they are called back."""
    await telephony.start()
    async with citizen(pbx) as caller:
        await caller.dial(PLATFORM)
        call = await there(the_call(caller_fingerprint__gt=""), "the call is known")
        await becomes(lambda: len(caller.sound.heard) > 8_000, "the caller hears the hotline")
        telephony.kill()
        await becomes(
            lambda: "hotline-fallback" in pbx.cli("core show channels concise"), "the fallback queue has them"
        )
        caller.hang_up()
        await becomes(lambda: "0 active calls" in pbx.cli("core show channels"), "nobody is on the line")
        await telephony.start()
    task = await there(lambda: CallBackTask.objects.filter(done_at=None).first(), "somebody is to call back")
    assert (task.phone, task.reason) == ("13800000001", "failed")
    ended = await there(the_call(uuid=UUID(str(call.uuid)), state="closed"), "the call is over")
    assert ended.outcome == "failed"
