"""An installation of the tests' own: a PostgreSQL that may be killed, and the product's processes on it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management import call_command
from django.db import connections

from hotline.demo import embedded
from tests.processes import free_port, hotline, wait_until_ready

CONNECTED = ("HOST", "PORT", "USER", "NAME", "PASSWORD", "OPTIONS")


class Database:
    """A PostgreSQL server that can be killed, made to hang, and started again with what it had."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder, self._durable = folder, durable
        self._running: embedded.Running | None = None
        # The kernel ends the server with the thread that started it, not only with its process.
        self._thread = ThreadPoolExecutor(1)
        self.start()

    @property
    def url(self) -> str:
        assert self._running is not None
        return self._running.url

    @property
    def pid(self) -> int:
        """Of the server itself; its connections have processes of their own below it."""
        assert self._running is not None
        return self._running.process.pid

    def start(self) -> None:
        self._running = self._thread.submit(embedded.start_postgres, self._folder, durable=self._durable).result()

    def hang(self) -> None:
        """Its connections stay open and say nothing any more."""
        self._signal(signal.SIGSTOP)

    def kill(self) -> None:
        """Gone at once, with everything that it had in hand; nothing where it is gone already."""
        if self._running is not None:
            self._signal(signal.SIGKILL)
            self._running.stop()
            self._running = None

    def close(self) -> None:
        self.kill()
        self._thread.shutdown()

    def _signal(self, number: signal.Signals) -> None:
        """To the server first, then to the processes that it has for its connections."""
        assert self._running is not None
        server = self._running.process.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (server, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """This process, and those that it starts, work with this database instead of the tests' own."""
    parts = urlsplit(url)
    default: dict[str, Any] = connections.settings["default"]
    before = {name: default[name] for name in CONNECTED}
    connections.close_all()
    default |= {
        "HOST": unquote(parts.netloc.rpartition("@")[2].rpartition(":")[0]),
        "PORT": str(parts.netloc.rpartition(":")[2]),
        "USER": parts.username,
        "PASSWORD": "",
        "NAME": parts.path.removeprefix("/"),
        "OPTIONS": {},  # no pool: what the tests ask must find the server at once when it is back
    }
    try:
        yield
    finally:
        connections.close_all()
        default |= before


def make_tables() -> None:
    """Everything that a new installation has in its database."""
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


class Web:
    """`hotline serve` at a port of its own, to be killed and started again."""

    def __init__(self) -> None:
        self._port = free_port()
        self._running = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        self._process = self._running.enter_context(hotline("serve", "--port", str(self._port)))
        wait_until_ready(self._process, f"http://{self.address}/readyz")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._running.close()
