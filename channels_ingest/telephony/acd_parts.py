"""What the queue is made of: its calls, its agents, its figures, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from hotline.calls.states import AgentState, CallState, Outcome

WITH_AGENT = frozenset({CallState.TALKING, CallState.HELD, CallState.CONSULTING, CallState.CONFERENCE})
OVER = frozenset({CallState.WRAPUP, CallState.CLOSED})
IN_CALL = frozenset({AgentState.BUSY, AgentState.HELD})

WireCode = Literal["not_yours", "wrong_state", "no_such_call", "unreachable", "not_allowed"]
NOT_ANSWERED = "not_answered"
SUPERVISING = "supervising"


class NotNow(Exception):
    """What was asked does not fit the state of the call or the agent; `code` is for the wire."""

    def __init__(self, code: WireCode = "wrong_state") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Figures:
    """The centre's figures, in seconds."""

    ring: float = 20.0
    wrapup: float = 30.0
    queue: float = 180.0
    announce: float = 30.0
    skill: float = 20.0
    """After so long anybody may take a call that wanted a skill."""


@dataclass(slots=True)
class Agent:
    """A member of staff who has logged in at the telephone at least once."""

    id: int
    skills: frozenset[str]
    state: AgentState
    since: float
    reason: str = ""
    call: UUID | None = None
    until: float | None = None
    then: Literal["", "offline", "paused"] = ""
    then_reason: str = ""
    reachable: bool = True
    takes: bool = True
    """Whether calls may ring here at all; others call out, or hear their colleagues."""

    @property
    def free(self) -> bool:
        """Whether a call may ring here."""
        return self.takes and self.state == AgentState.IDLE and self.reachable


@dataclass(slots=True)
class Call:
    """One call, from its first ring to the end of the wrap-up.

    `entered` gives it its place, however often it comes back to the queue; `since` is when this wait began.
    """

    id: UUID
    caller: str
    entered: float
    since: float = 0.0
    skill: str = ""
    again: bool = False
    last_agent: int | None = None
    state: CallState = CallState.INCOMING
    owner: int | None = None
    ringing: int | None = None
    ring_until: float = 0.0
    consulted: int | None = None
    outside: bool = False
    sent: bool = False
    """The agent does not ask the number outside, but sends the caller there."""
    announce_at: float = 0.0
    ending: Outcome | None = None
    outcome: Outcome | None = None

    @property
    def before(self) -> tuple[bool, float]:
        """Sorts the queue: who calls again comes first, then who waits longest."""
        return (not self.again, self.entered)


# --- what the queue decides; the switchboard carries it out --------------------------------------------


@dataclass(frozen=True, slots=True)
class Queued:
    """The caller waits, for the first time or again."""

    call: UUID


@dataclass(frozen=True, slots=True)
class Announce:
    """The caller is told where they stand."""

    call: UUID
    place: int


@dataclass(frozen=True, slots=True)
class Rings:
    """An agent is reserved and rung; `asked` when a colleague wants to ask them about the call."""

    call: UUID
    agent: int
    until: float
    asked: bool = False


@dataclass(frozen=True, slots=True)
class StopsRinging:
    """It rings there no more."""

    call: UUID
    agent: int
    why: Literal["timeout", "rejected", "caller_gone", "withdrawn", "gone"]


@dataclass(frozen=True, slots=True)
class Joined:
    """The agent has the caller."""

    call: UUID
    agent: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The colleague who is asked has answered; the caller waits."""

    call: UUID
    agent: int


@dataclass(frozen=True, slots=True)
class Left:
    """The agent is out of the call."""

    call: UUID
    agent: int
    why: Literal[
        "ended", "caller_gone", "transferred", "released", "gone", "no_answer", "busy", "cancelled", "unreachable"
    ]


@dataclass(frozen=True, slots=True)
class Message:
    """Nobody will come: the caller may leave a message."""

    call: UUID
    why: Outcome


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over for the caller; once for every call."""

    call: UUID
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing of the call is left to do; once for every call."""

    call: UUID


@dataclass(frozen=True, slots=True)
class AgentMoved:
    """The agent's state is another."""

    agent: int


Decision = Queued | Announce | Rings | StopsRinging | Joined | Asked | Left | Message | Ended | Closed | AgentMoved
