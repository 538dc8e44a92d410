"""A way between two processes that a test can cut: it goes silent, or breaks and lets nobody in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

PIECE = 64 * 1024
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """Listens on a loopback port and passes every byte on to `target`, both ways; use as a context manager."""

    def __init__(self, target: str | int) -> None:
        """`target` is the path of a unix socket, or a port of this machine."""
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._passing, self._broken = asyncio.Event(), False
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._listening = threading.Event()
        self._server: asyncio.Server | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._break)
        self._do(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def silence(self) -> None:
        """Connections stay open, new ones are taken, and nothing comes through any more."""
        self._do(self._passing.clear)

    def cut(self) -> None:
        """Every connection breaks, and whoever connects is shown out."""
        self._do(self._break)

    def mend(self) -> None:
        """As it was; what waited in silence comes through."""

        def whole() -> None:
            self._broken = False
            self._passing.set()

        self._do(whole)

    def _do(self, work: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(work)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._passing.set()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()
        self._server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    def _break(self) -> None:
        self._broken = True
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far: Streams | None = None
        self._writers.add(writer)
        try:
            if self._broken:
                return
            with suppress(OSError):  # the far end is not there: whoever connected sees the connection end
                far = await self._connect()
                self._writers.add(far[1])
                both = [asyncio.ensure_future(self._pass(*way)) for way in ((reader, far[1]), (far[0], writer))]
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for one in both:
                    one.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        finally:
            for end in (writer, *([far[1]] if far else [])):
                self._writers.discard(end)
                end.transport.abort()

    async def _connect(self) -> Streams:
        if isinstance(self._target, int):
            return await asyncio.open_connection("127.0.0.1", self._target)
        return await asyncio.open_unix_connection(self._target)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Any:
        while piece := await reader.read(PIECE):
            await self._passing.wait()
            writer.write(piece)
            await writer.drain()
