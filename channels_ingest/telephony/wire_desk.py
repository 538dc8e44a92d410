"""What the switchboard says to the browser of an agent: closed typed messages, as JSON (the other way: wire_orders).

Every frame to the browser carries `seq`, which rises by one for each agent's login; a fresh connection is
first sent `state`, which is everything, so that a page that was reloaded goes on where it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

VERSION = 1

OverOutcome = Literal[
    "completed",
    "caller_hung_up",
    "rejected",
    "not_answered",
    "abandoned",
    "transferred",
    "failed",
    "no_answer",
    "busy",
    "cancelled",
    "unreachable",
]
"""Why a call is no longer at a desk; the last four end calls of ours that nobody answered."""


class AgentNow(Struct, frozen=True, kw_only=True):
    """The agent's own state; `until` ends the wrap-up, `then` is what follows the call."""

    state: Literal["offline", "idle", "ringing", "busy", "held", "wrapup", "paused"]
    reason: str = ""
    since: datetime
    until: datetime | None = None
    then: Literal["", "offline", "paused"] = ""


class OpenTicket(Struct, frozen=True, kw_only=True):
    """A ticket of the caller's that is not ended."""

    number: str
    title: str
    state: str
    state_label: str
    created_at: datetime


class CallerNow(Struct, frozen=True, kw_only=True):
    """Who calls, masked; zeros for somebody new."""

    phone: str
    name: str = ""
    tickets: int = 0
    open: tuple[OpenTicket, ...] = ()
    calls: int = 0
    last_call_at: datetime | None = None


class Party(Struct, frozen=True, kw_only=True):
    """Somebody else in the call: a colleague by name, a number outside, a lead who is heard."""

    role: Literal["agent", "outside", "supervisor"]
    name: str
    state: Literal["ringing", "talking"]


class CallNow(Struct, frozen=True, kw_only=True):
    """One call, always whole."""

    call: UUID
    state: Literal["ringing", "dialling", "talking", "held", "consulting", "conference", "wrapup"]
    caller: CallerNow
    called: str = ""
    started_at: datetime
    waited: float = 0.0
    skill: str = ""
    again: bool = False
    ring_until: datetime | None = None
    answered_at: datetime | None = None
    outgoing: bool = False
    """We called them."""
    muted: bool = False
    recording: Literal["on", "paused", "off"] = "off"
    ticket: str | None = None
    outward: bool = False
    """Whether the caller could be given to a number outside."""
    parties: tuple[Party, ...] = ()


class QueueNow(Struct, frozen=True, kw_only=True):
    """The queue as everybody at the desk may see it."""

    waiting: int = 0
    longest: float = 0.0
    expected_wait: float | None = None
    idle: int = 0
    talking: int = 0
    wrapup: int = 0
    paused: int = 0
    call_backs: int = 0


class Colleague(Struct, frozen=True, kw_only=True):
    """Somebody a call can be given to."""

    username: str
    name: str
    state: str


class Service(Struct, frozen=True, kw_only=True):
    """An emergency service that a caller can be handed to: its number and its name."""

    code: str
    name: str
    name_en: str = ""


class CallRow(Struct, frozen=True, kw_only=True):
    """A call in progress as a lead sees it."""

    call: UUID
    state: str
    agent: str
    agent_name: str
    caller: str
    since: datetime


# --- to the browser ------------------------------------------------------------------------------------------


class Told(Struct, frozen=True, kw_only=True, tag_field="type"):
    """Something said to a browser."""


class Whole(Told, frozen=True, kw_only=True, tag="state"):
    """Everything, after each connection; whatever was known before is replaced."""

    version: int = VERSION
    agent: AgentNow
    call: CallNow | None
    queue: QueueNow
    colleagues: tuple[Colleague, ...] = ()
    calls: tuple[CallRow, ...] = ()
    supervising: UUID | None = None
    leads: bool = False
    """Whether I may listen to colleagues."""
    joins: bool = False
    """Whether I may whisper and barge in."""
    dials: bool = False
    """Whether citizens can be called from here."""
    services: tuple[Service, ...] = ()


class AgentChanged(Told, frozen=True, kw_only=True, tag="agent"):
    """My own state."""

    agent: AgentNow


class Ringing(Told, frozen=True, kw_only=True, tag="ringing"):
    """A call rings here: the screen pop."""

    call: CallNow


class CallChanged(Told, frozen=True, kw_only=True, tag="call"):
    """My call, whole."""

    call: CallNow


class CallOver(Told, frozen=True, kw_only=True, tag="call_over"):
    """The call is no longer mine, and why."""

    call: UUID
    outcome: OverOutcome
    ticket: str | None = None


class QueueChanged(Told, frozen=True, kw_only=True, tag="queue"):
    """The queue and the colleagues; leads also get the calls in progress."""

    queue: QueueNow
    colleagues: tuple[Colleague, ...] = ()
    calls: tuple[CallRow, ...] = ()


class TranscriptPiece(Told, frozen=True, kw_only=True, tag="transcript"):
    """Words of one side; a later piece with the same `piece` replaces it, `final` is the last of it."""

    call: UUID
    piece: int
    side: Literal["caller", "agent"]
    text: str
    start: float
    end: float
    final: bool


class SpeechState(Told, frozen=True, kw_only=True, tag="speech"):
    """Whether words come live, only after the call, or not at all; said on screen."""

    call: UUID
    state: Literal["live", "later", "none"]


class FieldSuggested(Told, frozen=True, kw_only=True, tag="suggestion"):
    """What was heard for a field of the ticket; a suggestion until the agent takes it."""

    call: UUID
    field: Literal["name", "place", "occurred_at", "matter", "type", "urgency", "title"]
    value: str
    label: str = ""
    confidence: float
    piece: int | None = None


class Done(Told, frozen=True, kw_only=True, tag="done"):
    """What was asked with this id is done."""

    id: str


class Refused(Told, frozen=True, kw_only=True, tag="refused"):
    """What was asked is not, with words for the screen."""

    id: str
    code: Literal["bad_message", "not_yours", "wrong_state", "no_such_call", "unreachable", "not_allowed"]
    message: str


class Failure(Told, frozen=True, kw_only=True, tag="error"):
    """Something went wrong that nobody asked for, in words."""

    message: str


ToBrowser = (
    Whole
    | AgentChanged
    | Ringing
    | CallChanged
    | CallOver
    | QueueChanged
    | TranscriptPiece
    | SpeechState
    | FieldSuggested
    | Done
    | Refused
    | Failure
)


def frame(told: ToBrowser, seq: int) -> dict[str, Any]:
    """The message as the object of a text frame, with its number; times are ISO 8601."""
    body: dict[str, Any] = msgspec.to_builtins(told)
    return {"seq": seq} | body
