"""What is known of a call that the exchange queues by itself, and of those who answer such calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

FollowedState = Literal["queued", "ringing", "talking", "held", "closed"]
FollowedOutcome = Literal["", "completed", "abandoned_queue", "abandoned_ringing", "no_agent"]
ExtensionState = Literal["idle", "ringing", "busy", "paused", "offline"]

_CHANNEL_NUMBER: Final = re.compile(r"-[0-9a-f]{8}(;[12])?$")
_DEVICE_STATES: Final[dict[str, ExtensionState]] = {
    "0": "idle",  # unknown to the exchange, which rings it all the same
    "1": "idle",
    "2": "busy",
    "3": "busy",
    "4": "offline",
    "5": "offline",
    "6": "ringing",
    "7": "busy",  # rings while it talks
    "8": "busy",  # holds somebody
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedCall:
    """A call, always whole, as it is handed on after each change."""

    uuid: UUID
    state: FollowedState
    outcome: FollowedOutcome = ""
    caller: str = ""
    called: str = ""
    queue: str = ""
    extension: str = ""
    """Who rings or talks; "" where several ring at once."""
    agent: str = ""
    """The username behind the extension, where one is known."""
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    lost: bool = False
    """It ended while nobody of us looked: when and how is a guess."""


@dataclass(frozen=True, slots=True)
class Member:
    """A telephone that answers for one queue."""

    extension: str
    state: ExtensionState
    reason: str = ""


@dataclass(slots=True)
class Call:
    """A call while it is followed."""

    uuid: UUID
    channel: str
    started_at: datetime
    caller: str = ""
    called: str = ""
    queue: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: FollowedOutcome = ""
    extension: str = ""
    ringing: set[str] = field(default_factory=set)
    parties: dict[str, str] = field(default_factory=dict)
    """Who else is in the caller's bridge: channel id → channel."""
    holding: set[str] = field(default_factory=set)
    away: bool = False
    """Sent on to somebody who has not answered yet."""
    lost: bool = False

    @property
    def state(self) -> FollowedState:
        if self.ended_at is not None:
            return "closed"
        if self.answered_at is not None and not self.away:
            return "held" if self.holding else "talking"
        return "ringing" if self.ringing or self.away else "queued"

    def whole(self, agent: str) -> FollowedCall:
        return FollowedCall(
            uuid=self.uuid,
            state=self.state,
            outcome=self.outcome,
            caller=self.caller,
            called=self.called,
            queue=self.queue,
            extension=self.extension,
            agent=agent,
            started_at=self.started_at,
            answered_at=self.answered_at,
            ended_at=self.ended_at,
            lost=self.lost,
        )


def extension_of(name: str) -> str:
    """8001 of a telephone `PJSIP/8001`, of a channel `PJSIP/8001-0000002a`, of `Local/8001@from-queue/n`."""
    _, slash, rest = name.partition("/")
    return re.split("[@/]", _CHANNEL_NUMBER.sub("", rest))[0] if slash else ""


def device_state(status: str, paused: bool) -> ExtensionState:
    """What a queue's figures of a telephone mean."""
    state = _DEVICE_STATES.get(status, "offline")
    return "paused" if paused and state == "idle" else state
