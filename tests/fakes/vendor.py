"""A vendor's HTTP server on a free port: remembers what it was asked and can be told to misbehave."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    query: dict[str, str]
    raw_query: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """What the server answers."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


HANGS_UP = Said(b"", status=0)
"""Takes what it is asked, and breaks the connection before it answers."""


def said(value: Any, status: int = 200) -> Said:
    """An answer in JSON."""
    return Said(json.dumps(value, ensure_ascii=False).encode(), status)


class Vendor:
    """Use as a context manager; subclasses write `answer`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        # Answers given instead of the right one, first come first served: an outage, a rate limit.
        self.instead: deque[Said] = deque()
        # While this is clear every answer waits: a slow vendor.
        self.awake = threading.Event()
        self.awake.set()
        self.waiting = 0  # requests that are in its hands and not answered
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, asked: Asked) -> Said:
        """The right answer; called under a lock."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.awake.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _respond(self, asked: Asked) -> Said:
        with self._lock:
            self.waiting += 1
        self.awake.wait(30)
        with self._lock:
            self.waiting -= 1
            self.asked.append(asked)
            instead = self.instead.popleft() if self.instead else None
            if instead is HANGS_UP:
                self.answer(asked)
            return instead or self.answer(asked)

    def _handler(vendor) -> type[BaseHTTPRequestHandler]:  # noqa: N805 -- `self` is the request below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                reply = vendor._respond(Asked(self.command, parts.path, query, parts.query, headers, body))
                if reply is HANGS_UP:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_POST = _serve  # noqa: N815 -- the names that http.server calls

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: tests read `asked`."""

        return Handler
