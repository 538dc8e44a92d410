"""Desks that stay: they keep their last entry, come back after every break, and remember every line they saw."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time

import websockets

SLOWNESS = float(os.environ.get("HOTLINE_TEST_SLOWNESS", "1"))
"""How many times slower than a quiet machine with two cores this one is."""
FIRST_WAIT = 0.5
"""Seconds after which the page connects anew."""
QUIET = 4.0 * SLOWNESS
"""Seconds without a frame after which it asks, and again so many after which it takes the connection for dead."""


class Console(threading.Thread):
    """One open page on the feed of the ledger."""

    def __init__(self, name: str, address: str, session: str) -> None:
        super().__init__(name=name, daemon=True)
        self._url, self._cookie = f"ws://{address}/ws/desk/", {"Cookie": f"sessionid={session}"}
        self._leaves = threading.Event()
        self.began: int | None = None
        self.last = 0
        self.lines: list[int] = []
        self.seen_at: dict[int, float] = {}
        self.connections = 0

    def run(self) -> None:
        asyncio.run(self._stay())

    def leave(self) -> None:
        """Close the page."""
        self._leaves.set()
        self.join()

    async def _stay(self) -> None:
        while not self._leaves.is_set():
            try:
                where = self._url if self.began is None else f"{self._url}?after={self.last}"
                headers = self._cookie
                async with websockets.connect(
                    where, additional_headers=headers, proxy=None, open_timeout=5 * SLOWNESS
                ) as feed:
                    self.connections += 1
                    await self._follow(feed)
            except (OSError, TimeoutError, websockets.WebSocketException):
                await asyncio.sleep(FIRST_WAIT)

    async def _follow(self, feed: websockets.ClientConnection) -> None:
        asked = False
        while not self._leaves.is_set():
            try:
                frame = json.loads(await asyncio.wait_for(feed.recv(), QUIET))
            except TimeoutError:
                if asked:
                    feed.transport.abort()
                    raise
                await feed.send(json.dumps({"kind": "ping", "entry": self.last}))
                asked = True
                continue
            asked = False
            self._saw(frame)

    def _saw(self, frame: dict[str, object]) -> None:
        entry = frame.get("entry")
        if not isinstance(entry, int):
            return
        if self.began is None:
            self.began = self.last = entry
        elif "ticket" in frame:
            self.lines.append(entry)
            self.seen_at.setdefault(entry, time.monotonic())
            self.last = max(self.last, entry)
        else:
            self.last = max(self.last, entry)
