"""What a link asks of the protocol that it speaks, and the plain values that cross that border."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

DELIVER = 0x5  # the command that brings words and reports, in both protocols


class Malformed(Exception):
    """Bytes that cannot be read as what they claim to be; says in words why, and whom to answer."""

    def __init__(self, why: str, *, command: int = 0, sequence: int = 0, message_id: str = "") -> None:
        super().__init__(why)
        self.command, self.sequence, self.message_id = command, sequence, message_id


class Unacceptable(Exception):
    """Words that can be read but not kept, now or ever; says why, without quoting them."""


class LoginRefused(Exception):
    """The gateway does not let us in; says the reason, never a secret."""


class Verdict(Enum):
    """What a gateway answered to a piece."""

    ACCEPTED = "accepted"
    THROTTLED = "throttled"  # not taken because of flow control: the same piece may be offered again
    REFUSED = "refused"  # not taken, and never will be


class Coding(Enum):
    """How the bytes of a message are to be read."""

    TEXT = "ascii"
    LATIN = "latin-1"
    UCS2 = "utf-16-be"
    GB = "gb18030"
    BINARY = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One paid piece on its way out, UCS2 with its concatenation header where it has one."""

    pk: int
    number: str
    content: bytes
    index: int = 1
    total: int = 1


@dataclass(frozen=True, slots=True)
class Answered:
    """The gateway's answer to a piece; `reference` is the number that its status report will carry."""

    sequence: int
    verdict: Verdict
    reference: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Uplink:
    """A citizen's message, or one part of a long one; `message_id` is empty where the protocol has none."""

    sequence: int
    message_id: str
    number: str
    service_number: str
    content: bytes
    coding: Coding
    udhi: bool = False
    part: tuple[int, int, int] | None = None  # (reference, total, index) told beside the words, not within them


@dataclass(frozen=True, slots=True)
class Reported:
    """A status report: what became of an accepted piece. Neither delivered nor final: still under way."""

    sequence: int
    message_id: str
    reference: str
    number: str
    status: str
    delivered: bool
    final: bool = True


@dataclass(frozen=True, slots=True)
class Probe:
    """Is the other side there? To be answered at once."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The other side ends the session."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer that asks for nothing: the other side lives."""

    sequence: int


Event = Answered | Uplink | Reported | Probe | Goodbye | Heard


class Dialect(Protocol):
    """One protocol as one account speaks it: bytes in, events out, and the other way; no input, no output."""

    header_bytes: int

    def hello(self, sequence: int) -> bytes:
        """The login."""
        ...

    def welcome(self, pdu: bytes) -> None:
        """Read the answer to the login; raises LoginRefused or Malformed."""
        ...

    def submit(self, sequence: int, piece: Piece) -> bytes:
        """One piece; raises ValueError when the protocol cannot carry it."""
        ...

    def test(self, sequence: int) -> bytes:
        """Are you there?"""
        ...

    def goodbye(self, sequence: int) -> bytes:
        """We end the session."""
        ...

    def read(self, pdu: bytes) -> Event:
        """One PDU of a logged-in session; raises Malformed."""
        ...

    def answer(self, event: Uplink | Reported | Probe | Goodbye) -> bytes:
        """Say that it is kept, that we are here, that we understood."""
        ...

    def refuse(self, fault: Malformed) -> bytes:
        """Say that a PDU could not be read; empty when the protocol has no word for it."""
        ...
