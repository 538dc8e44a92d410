"""AMI on the wire: messages of `Key: Value` lines ended by CR LF, a blank line after each message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_END_OF_LINE = "\r\n"
_END = b"\r\n\r\n"
_BANNER = b"Asterisk Call Manager/"
MOST_BYTES = 4 * 2**20
"""Longest message that is believed: a command may print a lot, but a peer that never ends one is none of ours."""


class BadWire(ValueError):
    """What arrived is not AMI, or what should be sent would not be one message."""


class Message(Mapping[str, str]):
    """One message; names are found in any case, because Asterisk writes both `Uniqueid` and `UniqueID`."""

    __slots__ = ("_first", "lines")

    def __init__(self, lines: tuple[tuple[str, str], ...]) -> None:
        self.lines = lines
        self._first = {name.lower(): value for name, value in reversed(lines)}

    def __getitem__(self, name: str) -> str:
        return self._first[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)

    def __len__(self) -> int:
        return len(self._first)

    def __repr__(self) -> str:
        return f"Message({self.lines!r})"

    def text(self, name: str) -> str:
        """The value, or "" where there is none or Asterisk says that it does not know."""
        value = self.get(name, "")
        return "" if value in ("<unknown>", "<none>", "n/a") else value

    def all(self, name: str) -> list[str]:
        """Every value of a name that comes several times, as the lines of a command's output."""
        return [value for key, value in self.lines if key.lower() == name.lower()]

    @property
    def event(self) -> str:
        """Which event it is, or "" of an answer."""
        return self.get("Event", "")


@dataclass(slots=True)
class Decoder:
    """Cuts a stream of bytes into messages, whatever pieces it arrives in."""

    banner: str = ""
    """The version of the interface, once its first line has come."""
    _rest: bytearray = field(default_factory=bytearray)
    _looked: int = 0

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete now; raises BadWire."""
        self._rest += data
        if not self.banner and not self._take_banner():
            return []
        messages = []
        while (end := self._rest.find(_END, self._looked)) >= 0:
            block = bytes(self._rest[:end])
            del self._rest[: end + len(_END)]
            self._looked = 0
            if block.strip():
                messages.append(_message(block))
        self._looked = max(0, len(self._rest) - len(_END) + 1)
        self._check_size()
        return messages

    def _take_banner(self) -> bool:
        line, ended, rest = self._rest.partition(_END_OF_LINE.encode())
        if not bytes(line[: len(_BANNER)]) == _BANNER[: len(line)] or (ended and len(line) <= len(_BANNER)):
            raise BadWire(f"this is not Asterisk's manager interface: it begins with {bytes(line[:40])!r}")
        if not ended:
            self._check_size()
            return False
        self.banner = line[len(_BANNER) :].decode("ascii", "replace").strip()
        self._rest = rest
        return True

    def _check_size(self) -> None:
        if len(self._rest) > MOST_BYTES:
            raise BadWire(f"a message is longer than {MOST_BYTES} bytes")


def _message(block: bytes) -> Message:
    """Lines without a colon (there are some in the output of old commands) are kept under no name."""
    lines = []
    for line in block.decode("utf-8", "replace").split(_END_OF_LINE):
        name, colon, value = line.partition(":")
        lines.append((name.strip(), value.removeprefix(" ")) if colon else ("", line))
    return Message(tuple(lines))


def encode(action: str, fields: Mapping[str, str | list[str]]) -> bytes:
    """An order as bytes; raises BadWire where a value would begin a line of its own (AMI has no escapes)."""
    lines = [("Action", action)]
    for name, value in fields.items():
        lines += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    for name, value in lines:
        if not name.replace("-", "").isalnum() or not name.isascii():
            raise BadWire(f"{name!r} is no name of a field")
        if any(sign in value for sign in "\r\n\0"):
            raise BadWire(f"the value of {name} has a line break in it")
    return (_END_OF_LINE.join(f"{name}: {value}" for name, value in lines) + _END_OF_LINE * 2).encode()
