"""What the stand-ins of SMS gateways share: a real socket, answers that can be withheld, and what was asked."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0


@dataclass(frozen=True)
class Taken:
    """One piece as it came over the wire."""

    number: str
    source: str
    text: str
    header: bytes  # the user data header, empty for a message of one piece
    report_wanted: bool


class Caller:
    """One connection of a client."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.logged_in = False
        self.unanswered = 0

    def write(self, pdu: bytes) -> None:
        with suppress(OSError):
            self.socket.sendall(pdu)

    def read(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            more = self.socket.recv(count - len(found))
            if not more:
                raise ConnectionError("ended")
            found += more
        return found


class SmsGateway:
    """Use as a context manager; subclasses know the protocol."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.logins: list[bool] = []  # whether each was right
        self.said: list[tuple[int, int, int]] = []  # (command, status, sequence) of what the client answered
        self.tests = 0
        self.goodbyes = 0
        self.most_unanswered = 0
        # What happens to the next pieces instead of being taken: "throttle", "refuse", "silent", "drop".
        self.instead: deque[str] = deque()
        self.holding = False  # pieces are taken but not answered, until `answer_held`
        self.deaf = False  # tests of the link are not answered
        self._held: list[Callable[[], None]] = []
        self._numbers = 0
        self._changed = threading.Condition()
        self._callers: list[Caller] = []
        self._threads: list[threading.Thread] = []
        self._tls: ssl.SSLContext | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listening.getsockname()[1]
        return port

    def encrypt(self, certificate: Path) -> None:
        """From now on speak TLS, with this certificate and its key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._tls = context

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.drop()
        for thread in self._threads:
            thread.join(PATIENCE)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to have come in; fails when it does not."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), "the gateway waited in vain"

    def drop(self) -> None:
        """Every connection breaks, without a word."""
        with self._changed:
            callers, self._callers = self._callers, []
        for caller in callers:
            with suppress(OSError):
                caller.socket.shutdown(socket.SHUT_RDWR)
            caller.socket.close()

    def write(self, pdu: bytes) -> None:
        """Send bytes, right or wrong, to the one client that is logged in."""
        self.until(lambda: any(caller.logged_in for caller in self._callers))
        next(caller for caller in self._callers if caller.logged_in).write(pdu)

    def answer_held(self) -> None:
        """Answer everything that was held, and hold no more."""
        with self._changed:
            held, self._held, self.holding = self._held, [], False
        for answer in held:
            answer()

    def answered(self, command: int, sequence: int) -> int | None:
        """The status with which the client answered; None as long as it has not."""
        return next((status for kind, status, number in self.said if (kind, number) == (command, sequence)), None)

    # --- for the protocols -------------------------------------------------------------------------

    def serve(self, caller: Caller) -> None:
        """Read and answer PDUs until the connection ends."""
        raise NotImplementedError

    def take(self, caller: Caller, piece: Taken, answer: Callable[[str], None]) -> None:
        """Keep a piece and answer it as the test wants: `answer` is given what to say."""
        with self._changed:
            self.taken.append(piece)
            fate = self.instead.popleft() if self.instead else "accept"
            caller.unanswered += 1
            self.most_unanswered = max(self.most_unanswered, caller.unanswered)
            self._changed.notify_all()

        def do() -> None:
            caller.unanswered -= 1
            answer(fate)

        if fate == "drop":
            self.drop()
        elif self.holding:
            self._held.append(do)
        elif fate != "silent":
            do()

    def note(self, change: Callable[[], None]) -> None:
        """Change what a test may be waiting for."""
        with self._changed:
            change()
            self._changed.notify_all()

    def next_number(self) -> int:
        """A number that no other message has."""
        with self._changed:
            self._numbers += 1
            return self._numbers

    def _accept(self) -> None:
        while True:
            try:
                sock, _address = self._listening.accept()
            except OSError:
                return
            if self._tls:
                try:
                    sock = self._tls.wrap_socket(sock, server_side=True)
                except OSError:
                    continue
            caller = Caller(sock)
            self.note(lambda caller=caller: self._callers.append(caller))  # type: ignore[misc]
            self._start(lambda caller=caller: self._serve(caller))  # type: ignore[misc]

    def _serve(self, caller: Caller) -> None:
        with suppress(OSError, struct.error):
            self.serve(caller)
        caller.socket.close()
        with self._changed:
            if caller in self._callers:
                self._callers.remove(caller)

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()


def split(content: bytes, udhi: bool) -> tuple[bytes, str]:
    """(user data header, words) of a UCS2 piece."""
    size = content[0] + 1 if udhi else 0
    return content[:size], content[size:].decode("utf-16-be")
