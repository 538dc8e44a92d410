"""Who uses the hotline while it is being broken: `hotline simulate` on every channel, and agents who take the calls."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import numpy as np
import websockets

from channels_ingest.telephony.sounds import Clip
from hotline.demo.simulate.command import CHANNELS, wire_of
from hotline.demo.simulate.running import Simulation, Tally
from hotline.demo.simulate.telephone import Callers
from hotline.demo.simulate.traffic import Traffic, Utterance
from hotline.people.models import Staff
from tests.channels_ingest.telephony.around import Desk, read, signed_in
from tests.launcher.consoles import SLOWNESS

if TYPE_CHECKING:
    from tests.launcher.house import House

RATE, CALL_RATE, LONGEST = 3.0 / SLOWNESS, 0.2 / SLOWNESS, 1_800.0
VENDORS_PATIENCE = 5.0 * SLOWNESS
RESEND = 60


class Crowd(threading.Thread):
    """Citizens who write, as `hotline simulate --resend` has them, until `enough`."""

    def __init__(self, house: House) -> None:
        super().__init__(name="crowd", daemon=True)
        self._house, self._enough = house, threading.Event()
        self.tally, self.kept = Tally(), list[Utterance]()
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._write())
        except BaseException as error:  # the test shall fail by it, not wait in vain
            self.failed = error

    def enough(self) -> None:
        """Nobody writes any more; what was written is seen through."""
        self._enough.set()
        self.join()
        assert self.failed is None, self.failed

    async def _write(self) -> None:
        channels = [adapter for adapters in CHANNELS.values() for adapter in adapters]
        traffic = Traffic(channels, random.Random(7), run=int(time.time() * 1000) % 10**11)
        async with httpx.AsyncClient(base_url=f"http://{self._house.web_address}", timeout=VENDORS_PATIENCE) as client:
            simulation = Simulation(client, {name: wire_of(name) for name in channels}, resend=RESEND)
            self.tally, self.kept = simulation.tally, simulation.kept
            people = self._people(traffic)
            await simulation.send(people, rate=RATE, seconds=LONGEST, progress=lambda: None)

    def _people(self, traffic: Traffic) -> Iterator[Utterance]:
        for spoken in traffic.utterances():
            if self._enough.is_set():
                return
            self._house.vendors.wechat.spoke(spoken.sender)
            self._house.vendors.weibo.spoke(str(5_000_000_000 + spoken.number))
            yield spoken


class Calls(threading.Thread):
    """Callers of `hotline simulate`, and one agent who takes every call; both come back after every break."""

    def __init__(self, house: House, agent: Staff) -> None:
        super().__init__(name="calls", daemon=True)
        self._house, self._agent, self._enough = house, agent, threading.Event()
        self.tally = Tally()
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._call())
        except BaseException as error:
            self.failed = error

    def enough(self) -> None:
        """Nobody calls any more; what is being said is seen through."""
        self._enough.set()
        self.join()
        assert self.failed is None, self.failed

    async def _call(self) -> None:
        target = f"sip:12345@127.0.0.1:{self._house.sip}"
        answering = asyncio.create_task(self._answer())
        sound = np.sin(np.arange(32_000) / 8) * 9_000
        async with httpx.AsyncClient() as nobody:
            while not self._enough.is_set():
                callers = Callers(nobody, target, random.Random(time.time()), self.tally)
                callers._clips = [Clip.of(sound.astype("<i2").tobytes())]
                await callers.call(rate=CALL_RATE, seconds=1 / CALL_RATE, progress=lambda: None)
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering

    async def _answer(self) -> None:
        while True:
            with suppress(OSError, TimeoutError, websockets.WebSocketException):
                await self._sit_down()
            await asyncio.sleep(0.5)

    async def _sit_down(self) -> None:
        from hotline.calls import tokens

        token = tokens.issue(self._agent, await read(signed_in))
        where = f"ws://127.0.0.1:{self._house.browsers}/phone/?token={token}"
        async with websockets.connect(where, proxy=None, open_timeout=5) as socket:
            desk = Desk(socket)
            await desk.says("hello", version=1)
            await desk.says("ready")
            seen = 0
            while socket.state is websockets.State.OPEN:
                for told in desk.told[seen:]:
                    seen += 1
                    if told["type"] == "ringing":
                        await desk.says("answer", call=told["call"]["call"])
                    elif told["type"] == "call_over":
                        await desk.says("wrapup_done")
                        await desk.says("ready")
                await asyncio.sleep(0.05)
