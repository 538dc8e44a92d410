"""What a finished call is, and how calls are taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """A call that has ended, with its recording kept on disk and the keys that the caller pressed."""

    uuid: UUID
    started_at: datetime
    seconds: float
    path: Path
    sha256: str
    dtmf: str
    lost_seconds: float = 0.0
    """Of both voices together, for which the disk had no room."""


PRIVATE_NETWORKS = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
OnCallEnded = Callable[[FinishedCall], Awaitable[None]]
"""Takes a call over; may be called twice for one call (after a crash), so it goes by the call's UUID."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the telephone may cost and how long it waits: the centre's figures."""

    calls: int = 50
    """At once."""
    call_seconds: float = 7200.0
    silence_seconds: float = 60.0
    """A call whose sound has stopped for so long, and that is not held, has lost its other end."""
    away_seconds: float = 20.0
    """A browser that is away for longer has left."""
    dial_seconds: float = 60.0
    """A number outside rings no longer."""


@dataclass(frozen=True, slots=True)
class TelephonySettings:
    """Where calls arrive; `bounds` is asked each time, since its figures change."""

    recordings: Path
    host: str = "127.0.0.1"
    port: int = 9092
    first_frame_seconds: float = 5.0
    narrow_rate: int = 8_000
    """Rate of frames of kind 0x10; older Asterisk sends 16 kHz under that kind."""
    bounds: Callable[[], Bounds] = Bounds

    def __post_init__(self) -> None:
        if not is_private(self.host):
            raise ValueError(f"{self.host} is a public address; calls arrive without authentication.")


@dataclass(frozen=True, slots=True)
class SipSettings:
    """Where SIP calls arrive, and from whom; `bounds` is asked each time, since its figures change."""

    host: str = "127.0.0.1"
    port: int = 5060
    advertised: str = ""
    """Our address as peers see it, where that is not `host`."""
    networks: tuple[str, ...] = PRIVATE_NETWORKS
    """Who is answered at all: there is no password."""
    rtp_ports: tuple[int, int] = (10_000, 10_400)
    bounds: Callable[[], Bounds] = Bounds

    def __post_init__(self) -> None:
        if self.host == "0.0.0.0" and not self.advertised:
            raise ValueError("Say which address peers reach us at: `advertised`.")


def is_private(address: str) -> bool:
    """Whether an address is this machine's or of a private network: AudioSocket has no authentication."""
    parsed = ip_address(address)
    inner = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (inner or parsed).is_private
