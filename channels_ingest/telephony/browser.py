"""Browsers as telephones: one WebSocket for each, sound in binary frames and words of control in text frames."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from channels_ingest.telephony.browser_leg import Visitor, WebLeg, Wire
from channels_ingest.telephony.calls import Bounds
from channels_ingest.telephony.legs import FRAME_BYTES, Sound

log = logging.getLogger(__name__)

REFUSED, UNREADABLE, TOO_MANY = 4401, 1003, 1008
_MOST_BYTES = 65_536
_UNSENT_BYTES = 8_192  # a quarter of a second of sound in the system's hands


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

    async def _hear(self, leg: WebLeg, line: Wire) -> None:
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
