"""A browser as a leg: one person's page over all its connections, of which one counts.

A browser may go away and come back: its leg stays for a while, and its call with it. Nothing sent to a browser
ever waits: of sound it is too slow for, it loses the oldest.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5

from websockets.asyncio.server import ServerConnection

from channels_ingest.telephony.calls import Bounds
from channels_ingest.telephony.legs import Ended, Inbox, LegEvent, LegKind, Reachable

TAKEN_OVER, TOO_SLOW = 4409, 1008
_MOST_FRAMES = 10  # 200 ms of sound that could not be sent
_MOST_WORDS = 500
_MOST_ORDERS = 50  # in a second; somebody at a desk gives a few


class Visitor(Protocol):
    """Who a token names."""

    @property
    def username(self) -> str: ...


class Wire:
    """One connection of a browser, with what waits to be sent on it."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self._sound: deque[bytes] = deque(maxlen=_MOST_FRAMES)
        self._words: deque[str] = deque()
        self._something = asyncio.Event()
        self._orders: deque[float] = deque(maxlen=_MOST_ORDERS)
        self.dropped = 0

    def may_order(self, now: float) -> bool:
        """False for a page that is in a loop: each order is work for the whole switchboard."""
        if len(self._orders) == _MOST_ORDERS and now - self._orders[0] < 1:
            return False
        self._orders.append(now)
        return True

    def say(self, frame: bytes) -> None:
        self.dropped += len(self._sound) == _MOST_FRAMES
        self._sound.append(frame)
        self._something.set()

    def tell(self, words: str) -> bool:
        """False when the browser is hopelessly behind."""
        self._words.append(words)
        self._something.set()
        return len(self._words) <= _MOST_WORDS

    async def run(self) -> None:
        """Send what there is, words first, until the connection ends."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._words:
                await self.connection.send(self._words.popleft())
            while self._sound and not self._words:
                await self.connection.send(self._sound.popleft())
            if self._words:
                self._something.set()


class WebLeg:
    """One person's browser, over all its connections and calls."""

    kind: LegKind = "browser"
    caller = ""
    called = ""

    def __init__(self, visitor: Visitor, bounds: Callable[[], Bounds], on_gone: Callable[[WebLeg], None]) -> None:
        self.id = uuid5(NAMESPACE_URL, f"desk:{visitor.username}")
        self.visitor = visitor
        self.inbox = Inbox()
        self._bounds = bounds
        self._on_gone = on_gone
        self._line: Wire | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def reachable(self) -> bool:
        """Whether a browser is connected now."""
        return self._line is not None

    async def answer(self) -> None:
        return

    def send(self, pcm16: bytes) -> None:
        if self._line is not None:
            self._line.say(pcm16)

    def control(self, message: dict[str, Any]) -> None:
        """Tell the browser something; while it is away, nothing: it is told everything when it comes back."""
        if self._line is not None and not self._line.tell(json.dumps(message, ensure_ascii=False)):
            self._drop(self._line, TOO_SLOW, "too slow")

    def events(self) -> AsyncIterator[LegEvent]:
        return self.inbox.events()

    async def hang_up(self, reason: str = "") -> None:
        """Let the browser go for good; calls end by their bridge, not by this."""
        if self.inbox.ended:
            return
        self.inbox.put(Ended(reason))
        self._on_gone(self)
        self._stay()
        if self._line is not None:
            line, self._line = self._line, None
            await line.connection.close(1000, reason[:100])

    async def transfer(self, target: str) -> bool:
        return False

    def connected(self, connection: ServerConnection, visitor: Visitor) -> Wire:
        """A connection of this person: the first, or one that takes over."""
        before, self.visitor = self._line, visitor
        self._stay()
        self._line = Wire(connection)
        if before is not None:
            self._drop(before, TAKEN_OVER, "opened elsewhere")
        self.inbox.put(Reachable(True))
        return self._line

    def disconnected(self, line: Wire) -> None:
        """A connection has ended; if it was the present one, its person is away."""
        if self._line is line:
            self._line = None
            self.inbox.put(Reachable(False))
            self._leaving = asyncio.get_running_loop().call_later(self._bounds().away_seconds, self._leave)

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _leave(self) -> None:
        self.inbox.put(Ended("gone"))
        self._on_gone(self)

    def _drop(self, line: Wire, code: int, reason: str) -> None:
        task = asyncio.create_task(line.connection.close(code, reason))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
