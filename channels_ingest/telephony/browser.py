"""Browsers as telephones: one WebSocket for each, sound in binary frames and words of control in text frames.

A browser may go away and come back: its leg stays for a while, and its call with it. Nothing sent to a browser
ever waits: of sound it is too slow for, it loses the oldest.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from channels_ingest.telephony.calls import Bounds
from channels_ingest.telephony.legs import FRAME_BYTES, Ended, Inbox, LegEvent, LegKind, Reachable, Sound

log = logging.getLogger(__name__)

REFUSED, TAKEN_OVER, UNREADABLE, TOO_SLOW, TOO_MANY = 4401, 4409, 1003, 1008, 1008
_MOST_FRAMES = 10  # 200 ms of sound that could not be sent
_MOST_WORDS = 500
_MOST_BYTES = 65_536
_MOST_ORDERS = 50  # in a second; somebody at a desk gives a few
_UNSENT_BYTES = 8_192  # a quarter of a second of sound in the system's hands


class Visitor(Protocol):
    """Who a token names."""

    @property
    def username(self) -> str: ...


@dataclass(frozen=True, slots=True)
class BrowserSettings:
    """Where browsers connect, and from which pages."""

    host: str = "127.0.0.1"
    port: int = 8090
    path: str = "/phone/"
    origins: tuple[str, ...] = ()
    """Origins of pages beside those of this very host."""
    ping_seconds: float = 5.0
    bounds: Callable[[], Bounds] = Bounds
    """Asked each time, since its figures change."""


class _Line:
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
        self._line: _Line | None = None
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

    def connected(self, connection: ServerConnection, visitor: Visitor) -> _Line:
        """A connection of this person: the first, or one that takes over."""
        before, self.visitor = self._line, visitor
        self._stay()
        self._line = _Line(connection)
        if before is not None:
            self._drop(before, TAKEN_OVER, "opened elsewhere")
        self.inbox.put(Reachable(True))
        return self._line

    def disconnected(self, line: _Line) -> None:
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

    def _drop(self, line: _Line, code: int, reason: str) -> None:
        task = asyncio.create_task(line.connection.close(code, reason))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class BrowserServer:
    """Lets browsers in whose token `admit` knows; `on_leg` gets each person once, `on_control` what they say."""

    def __init__(
        self,
        settings: BrowserSettings,
        admit: Callable[[str], Visitor | None],
        on_leg: Callable[[WebLeg], None],
        on_control: Callable[[WebLeg, dict[str, Any]], None],
    ) -> None:
        self._settings = settings
        self._admit = admit
        self._on_leg = on_leg
        self._on_control = on_control
        self._legs: dict[str, WebLeg] = {}
        self._server: Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = next(iter(self._server.sockets)).getsockname()[1]
        return port

    async def start(self) -> None:
        self._server = await serve(
            self._serve,
            self._settings.host,
            self._settings.port,
            process_request=self._check,
            compression=None,
            max_size=_MOST_BYTES,
            write_limit=_UNSENT_BYTES,
            ping_interval=self._settings.ping_seconds,
            ping_timeout=self._settings.ping_seconds,
            close_timeout=2,
            server_header=None,
        )
        log.info("browsers connect to %s:%s", self._settings.host, self.port)

    async def stop(self) -> None:
        """Let everybody go: they connect again by themselves."""
        assert self._server is not None
        self._server.close(code=1001, reason="stopping")
        await self._server.wait_closed()
        for leg in list(self._legs.values()):
            await leg.hang_up("stopping")

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        if urlsplit(request.path).path != self._settings.path:
            return connection.respond(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        if not self._is_ours(request.headers):
            log.warning("refused a page of another origin")
            return connection.respond(HTTPStatus.FORBIDDEN, "Pages of this origin may not telephone.\n")
        return None

    def _is_ours(self, headers: Headers) -> bool:
        """A page of this host on whatever port, or of a named origin; what is no page names none."""
        origin = headers.get("Origin")
        host = urlsplit(f"//{headers.get('Host', '')}").hostname
        return origin is None or origin in self._settings.origins or urlsplit(origin).hostname == host

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        token = parse_qs(urlsplit(connection.request.path).query).get("token", [""])[0]
        visitor = self._admit(token)
        if visitor is None:
            await connection.close(REFUSED, "no valid token")
            return
        _keep_little(connection)
        leg, is_new = self._leg(visitor)
        line = leg.connected(connection, visitor)
        if is_new:
            self._on_leg(leg)
        sending = asyncio.create_task(line.run())
        try:
            await self._hear(leg, line)
        except ConnectionClosed:
            log.debug("the line to a browser broke")
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            leg.disconnected(line)

    def _leg(self, visitor: Visitor) -> tuple[WebLeg, bool]:
        leg = self._legs.get(visitor.username)
        if leg is not None:
            return leg, False
        leg = self._legs[visitor.username] = WebLeg(visitor, self._settings.bounds, self._gone)
        return leg, True

    def _gone(self, leg: WebLeg) -> None:
        if self._legs.get(leg.visitor.username) is leg:
            del self._legs[leg.visitor.username]

    async def _hear(self, leg: WebLeg, line: _Line) -> None:
        loop = asyncio.get_running_loop()
        async for message in line.connection:
            if isinstance(message, bytes):
                if len(message) == FRAME_BYTES:
                    leg.inbox.put(Sound(message, loop.time()))
                continue
            if not line.may_order(loop.time()):
                await line.connection.close(TOO_MANY, "too many orders")
                return
            words = _words(message)
            if words is None:
                await line.connection.close(UNREADABLE, "not a JSON object")
                return
            self._on_control(leg, words)


def _words(message: str) -> dict[str, Any] | None:
    try:
        words = json.loads(message)
    except (ValueError, RecursionError):  # the latter of '[' a few thousand times
        return None
    return words if isinstance(words, dict) else None


def _keep_little(connection: ServerConnection) -> None:
    """What waits in the system's own buffer cannot be dropped any more, and sound is late behind it."""
    raw = connection.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT_BYTES)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
