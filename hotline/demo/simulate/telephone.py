"""Telephone traffic: the sample calls, placed by SIP from new numbers, and looked for in the book of calls."""

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import httpx

from channels_ingest.telephony.calling import Order, caller, place
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import CallRefusedError
from channels_ingest.telephony.sounds import Clip
from hotline.demo.simulate.running import PATIENCE, Tally
from hotline.demo.simulate.wire import API_KEY

CALLS = Path(__file__).parents[1] / "calls"
CHANNEL = "phone"
AT_ONCE = 10


class Callers:
    """Citizens on the telephone, ten of them at once at most."""

    def __init__(self, client: httpx.AsyncClient, target: str, rng: random.Random, tally: Tally) -> None:
        self._client, self._target, self._rng, self._tally = client, target, rng, tally
        files = json.loads((CALLS / "calls.json").read_text(encoding="utf-8"))
        self._clips = [Clip.from_wav(CALLS / call["file"]) for call in files]
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._placed: list[UUID] = []

    async def call(self, *, rate: float, seconds: float, progress: Callable[[], None]) -> None:
        """Call at this pace for so long; every call is then seen through."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with caller(self._target, AT_ONCE) as endpoint, asyncio.TaskGroup() as tasks:
            for count in range(max(1, round(rate * seconds))):
                await asyncio.sleep(began + count / rate - loop.time())
                tasks.create_task(self._one(endpoint, progress))

    async def _one(self, endpoint: SipEndpoint, progress: Callable[[], None]) -> None:
        number = f"140{self._rng.randrange(10**8):08d}"
        async with self._gate:
            self._tally.sent[CHANNEL] += 1
            try:
                order = Order(self._target, number, self._rng.choice(self._clips))
                self._placed.append(await place(endpoint, order, lambda step, more: None))
                self._tally.accepted[CHANNEL] += 1
                self._tally.expected += 1
            except CallRefusedError as refusal:
                self._tally.refused[CHANNEL] += 1
                self._tally.reasons[f"{CHANNEL}: {refusal}"] += 1
        progress()

    async def check(self, progress: Callable[[], None]) -> None:
        """Every call that was answered stands in the book, with a ticket or as one to be returned."""
        async with asyncio.TaskGroup() as tasks:
            for uuid in self._placed:
                tasks.create_task(self._look_for(uuid, progress))

    async def _look_for(self, uuid: UUID, progress: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while not (found := await self._is_over(uuid)) and loop.time() < until:
            await asyncio.sleep(1)
        self._tally.found += found
        self._tally.lost[CHANNEL] += not found
        progress()

    async def _is_over(self, uuid: UUID) -> bool:
        headers = {"Authorization": f"Bearer {API_KEY}"}
        response = await self._client.get(f"/api/v1/phone/calls/{uuid}", headers=headers)
        return response.status_code == 200 and response.json()["outcome"] != ""
