"""Asterisk's manager interface on a real socket: login by challenge, listings, channel variables, events on demand."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from channels_ingest.telephony.ami.wire import Message

Lines = Mapping[str, str]


@dataclass
class AsteriskAmi:
    """Knows one account; `asked` is every action that came, `variables` what was written on channels."""

    username: str = "hotline"
    secret: str = "a-secret"
    members: list[Lines] = field(default_factory=list)
    waiting: list[Lines] = field(default_factory=list)
    channels: list[Lines] = field(default_factory=list)
    variables: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[Message] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Action → the words with which it is refused."""
    answers: dict[str, Callable[[Message], Lines]] = field(default_factory=dict)
    """Action → fields of its answer, where a test wants its own."""
    silent: bool = False
    logins: int = 0
    _connections: set[asyncio.StreamWriter] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> AsteriskAmi:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_away()

    async def go_away(self) -> None:
        """Stop listening and cut everybody off."""
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def come_back(self) -> None:
        """Listen at the same port again."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    def cut(self) -> None:
        """Cut every connection."""
        for writer in list(self._connections):
            writer.transport.abort()

    def say(self, event: str, **lines: str) -> None:
        """An event to everybody who is logged in."""
        self.say_raw(_text({"Event": event, **lines}))

    def say_raw(self, data: bytes) -> None:
        for writer in self._writers:
            writer.write(data)

    def actions(self, name: str) -> list[Message]:
        return [message for message in self.asked if message["Action"] == name]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._connections.add(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        challenge = f"{len(self.asked)}4711"
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n"))[:-4].decode()
                message = Message(tuple(_pair(line) for line in block.split("\r\n")))
                self.asked.append(message)
                if not self.silent:
                    self._answer(message, writer, challenge)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            self._connections.discard(writer)
            writer.close()

    def _answer(self, asked: Message, writer: asyncio.StreamWriter, challenge: str) -> None:
        action, number = asked["Action"], {"ActionID": asked["ActionID"]}
        if words := self.refuses(asked) or self._forbids(asked, writer, challenge):
            writer.write(_text({"Response": "Error", **number, "Message": words}))
            return
        if (events := self.listing(asked)) is not None:
            parts = [{"Response": "Success", **number, "EventList": "start", "Message": "will follow"}]
            parts += [{**event, **number} for event in events]
            parts.append({"Event": f"{action}Complete", "EventList": "Complete", "ListItems": "0", **number})
            writer.write(b"".join(_text(part) for part in parts))
            return
        own = self.answers[action](asked) if action in self.answers else self._fields(asked, challenge)
        writer.write(_text({"Response": "Success", **number, **own}))

    def _forbids(self, asked: Message, writer: asyncio.StreamWriter, challenge: str) -> str:
        """Nothing but a login before a login, and no other key than the right one."""
        if asked["Action"] == "Login":
            right = hashlib.md5(f"{challenge}{self.secret}".encode(), usedforsecurity=False).hexdigest()
            if (asked.get("Username"), asked.get("Key")) != (self.username, right):
                return "Authentication failed"
            self._writers.add(writer)
            self.logins += 1
        elif asked["Action"] != "Challenge" and writer not in self._writers:
            return "Permission denied"
        return ""

    def refuses(self, asked: Message) -> str:
        """With which words, or ""."""
        return self.refused.get(asked["Action"], "")

    def listing(self, asked: Message) -> list[Lines] | None:
        """The events of a listing; None of what is none."""
        if asked["Action"] == "QueueStatus":
            return [{"Event": "QueueMember", **member} for member in self.members] + [
                {"Event": "QueueEntry", **entry} for entry in self.waiting
            ]
        if asked["Action"] == "CoreShowChannels":
            return [{"Event": "CoreShowChannel", **channel} for channel in self.channels]
        return None

    def _fields(self, asked: Message, challenge: str) -> Lines:
        if asked["Action"] == "Challenge":
            return {"Challenge": challenge}
        if asked["Action"] == "Setvar":
            self.variables[asked["Channel"], asked["Variable"]] = asked["Value"]
        if asked["Action"] == "Getvar":
            return {
                "Variable": asked["Variable"],
                "Value": self.variables.get((asked["Channel"], asked["Variable"]), ""),
            }
        return {}


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name, value


def _text(lines: Lines) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n"
