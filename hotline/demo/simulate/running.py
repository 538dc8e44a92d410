"""Sends the traffic at its rate, some of it twice, then asks the interface what became of each message."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from hotline.demo.simulate.traffic import Utterance
from hotline.demo.simulate.wire import API_KEY, Wire

EVERY = 8
"""One message in so many is sent a second time, as vendors do that missed the answer."""
AT_ONCE = 32
AGAIN_AFTER = 2.0
"""Seconds after which a vendor sends again what was not acknowledged."""
PATIENCE = 30.0
"""How many seconds an accepted message may take to become a ticket."""


@dataclass(slots=True)
class Tally:
    """What became of the messages, by channel."""

    sent: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    resent: Counter[str] = field(default_factory=Counter)
    duplicated: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    expected: int = 0
    found: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        """Nothing lost, and nothing there twice."""
        return not self.lost.total() and not self.doubled.total()


class Simulation:
    """One run against one server."""

    def __init__(
        self, client: httpx.AsyncClient, wires: dict[str, Wire], *, patience: float = PATIENCE, resend: int = 0
    ) -> None:
        """`resend` is how often a message is sent again that was not acknowledged."""
        self.tally = Tally()
        self.kept: list[Utterance] = []
        self._client, self._wires, self._patience, self._resend = client, wires, patience, resend
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def send(
        self, traffic: Iterator[Utterance], *, rate: float, seconds: float, progress: Callable[[], None]
    ) -> None:
        """So many messages a second for so long, or as long as there are any, whether or not the server keeps up."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as tasks:
            for count in range(max(1, round(rate * seconds))):
                await asyncio.sleep(began + count / rate - loop.time())
                if (spoken := next(traffic, None)) is None:
                    return
                tasks.create_task(self._one(spoken, twice=count % EVERY == EVERY - 1))
                progress()

    async def _one(self, spoken: Utterance, *, twice: bool) -> None:
        self.tally.sent[spoken.channel] += 1
        request, tries = None, 0
        while True:
            async with self._gate:
                request, accepted, worth_it = await self._try(spoken, request)
            if accepted or not worth_it or tries == self._resend:
                break
            tries += 1
            self.tally.resent[spoken.channel] += 1
            await asyncio.sleep(AGAIN_AFTER)
        if accepted and spoken.mark:
            self.kept.append(spoken)
            self.tally.expected += 1
        if accepted and twice and request is not None:
            self.tally.duplicated[spoken.channel] += 1
            with suppress(httpx.HTTPError):  # it was acknowledged before
                await self._client.send(_again(request))

    async def _try(self, spoken: Utterance, earlier: httpx.Request | None) -> tuple[httpx.Request | None, bool, bool]:
        """(request, accepted, whether sending it again can help)."""
        wire, channel, request = self._wires[spoken.channel], spoken.channel, earlier
        try:
            request = _again(earlier) if earlier else await wire.prepare(self._client, spoken)
            response = await self._client.send(request)
            accepted = wire.accepted(response)
        except (httpx.HTTPError, ValueError) as error:  # no answer, or not the vendor's kind of answer
            self._refuse(channel, type(error).__name__)
            return request, False, True
        if accepted:
            self.tally.accepted[channel] += 1
        else:
            self._refuse(channel, f"HTTP {response.status_code}")
        return request, accepted, response.status_code >= 500

    def _refuse(self, channel: str, reason: str) -> None:
        self.tally.refused[channel] += 1
        self.tally.reasons[f"{channel}: {reason}"] += 1

    async def check(self, progress: Callable[[], None]) -> None:
        """Look for every accepted message in the interface, patiently: tickets are made behind the answer."""
        async with asyncio.TaskGroup() as tasks:
            for spoken in self.kept:
                tasks.create_task(self._look_for(spoken, progress))

    async def _look_for(self, spoken: Utterance, progress: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        while (found := await self._count(spoken)) == 0 and loop.time() < until:
            await asyncio.sleep(1)
        if found == 0:
            self.tally.lost[spoken.channel] += 1
        self.tally.found += found > 0
        if found > 1:
            self.tally.doubled[spoken.channel] += 1
        progress()

    async def _count(self, spoken: Utterance) -> int:
        """How many tickets hold the message; an interface that does not answer has none to show."""
        headers = {"Authorization": f"Bearer {API_KEY}"}
        try:
            async with self._gate:
                response = await self._client.get("/api/v1/tickets", params={"q": spoken.mark}, headers=headers)
        except httpx.HTTPError as error:
            return self._blind(type(error).__name__)
        if response.status_code != 200:
            return self._blind(f"HTTP {response.status_code}")
        return len(response.json()["results"])

    def _blind(self, reason: str) -> int:
        self.tally.reasons[f"could not look: {reason}"] += 1
        return 0


def _again(request: httpx.Request) -> httpx.Request:
    """The same bytes once more; a request object can be sent only once."""
    return httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
