"""What the browser of an agent says to the switchboard: closed typed messages, refused where they are none of these."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from channels_ingest.telephony.wire_desk import VERSION

Reason = Annotated[str, Meta(max_length=80)]
RequestId = Annotated[str, Meta(max_length=40)]
Number = Annotated[str, Meta(pattern=r"^\+?[0-9]{2,20}\Z")]
ServiceCode = Annotated[str, Meta(pattern=r"^[0-9]{2,8}\Z")]
Digits = Annotated[str, Meta(pattern=r"^[0-9*#A-D]{1,20}\Z")]


class Said(Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Something the browser said; with an `id` it is answered by `done` or `refused` with the same."""

    id: RequestId = ""


class OfCall(Said, frozen=True, kw_only=True):
    """Something said about one call."""

    call: UUID


class AgentTarget(Struct, frozen=True, tag_field="kind", tag="agent", forbid_unknown_fields=True):
    """A colleague at the desk."""

    username: Annotated[str, Meta(min_length=1, max_length=150)]


class NumberTarget(Struct, frozen=True, tag_field="kind", tag="number", forbid_unknown_fields=True):
    """A number outside."""

    number: Number


class QueueTarget(Struct, frozen=True, tag_field="kind", tag="queue", forbid_unknown_fields=True):
    """Back into the queue, for somebody with this skill ("" for anybody)."""

    skill: Annotated[str, Meta(max_length=40)] = ""


Target = AgentTarget | NumberTarget | QueueTarget


class Hello(Said, frozen=True, kw_only=True, tag="hello"):
    """The first frame of a connection."""

    version: int = VERSION


class Ready(Said, frozen=True, kw_only=True, tag="ready"):
    """示闲: give me calls."""


class Pause(Said, frozen=True, kw_only=True, tag="pause"):
    """示忙: no calls, and why; during a call it counts from its end."""

    reason: Reason


class Leave(Said, frozen=True, kw_only=True, tag="leave"):
    """I log out; during a call it counts from its end."""


class Answer(OfCall, frozen=True, kw_only=True, tag="answer"):
    """I take the call that rings."""


class Reject(OfCall, frozen=True, kw_only=True, tag="reject"):
    """I do not take it: another gets it, and I am paused."""


class Hold(OfCall, frozen=True, kw_only=True, tag="hold"):
    """The caller hears music."""


class Unhold(OfCall, frozen=True, kw_only=True, tag="unhold"):
    """The caller hears me again."""


class Mute(OfCall, frozen=True, kw_only=True, tag="mute"):
    """Nobody hears me, or again."""

    on: bool


class HangUp(OfCall, frozen=True, kw_only=True, tag="hang_up"):
    """My part is over; the caller is asked for a rating where the rules say so."""


class Transfer(OfCall, frozen=True, kw_only=True, tag="transfer"):
    """Blind: the caller goes there, I am out of it."""

    to: Target


class Consult(OfCall, frozen=True, kw_only=True, tag="consult"):
    """The caller waits with music while I ask somebody."""

    to: AgentTarget | NumberTarget


class CompleteTransfer(OfCall, frozen=True, kw_only=True, tag="complete_transfer"):
    """The caller goes to whom I asked, I am out of it."""


class CancelConsult(OfCall, frozen=True, kw_only=True, tag="cancel_consult"):
    """Whom I asked is out of it, I have the caller again."""


class Conference(OfCall, frozen=True, kw_only=True, tag="conference"):
    """The caller, I and whom I asked speak together (三方通话)."""


class Keys(OfCall, frozen=True, kw_only=True, tag="keys"):
    """Keys pressed towards a number outside that was asked or joined."""

    digits: Digits


class CallBack(Said, frozen=True, kw_only=True, tag="call_back"):
    """Call who waits to be called back; the task becomes mine."""

    task: int


class CallCitizen(Said, frozen=True, kw_only=True, tag="call_citizen"):
    """Call the citizen of a ticket at 回访."""

    ticket: Annotated[str, Meta(max_length=40)]


class WrapupDone(Said, frozen=True, kw_only=True, tag="wrapup_done"):
    """话后整理 is done before its time."""


class Listen(OfCall, frozen=True, kw_only=True, tag="listen"):
    """A lead hears a call unheard (监听)."""


class Whisper(OfCall, frozen=True, kw_only=True, tag="whisper"):
    """A lead is heard by the agent only (密语)."""


class Barge(OfCall, frozen=True, kw_only=True, tag="barge"):
    """A lead is heard by all (强插)."""


class StopListening(OfCall, frozen=True, kw_only=True, tag="stop_listening"):
    """A lead leaves the call."""


class PauseRecording(OfCall, frozen=True, kw_only=True, tag="pause_recording"):
    """Numbers are read out that nobody may hear later, or no more."""

    on: bool


class HandOver(OfCall, frozen=True, kw_only=True, tag="hand_over"):
    """转 110 and the like: the caller goes to this emergency service, and the ticket says so."""

    service: ServiceCode


FromBrowser = (
    Hello
    | Ready
    | Pause
    | Leave
    | Answer
    | Reject
    | Hold
    | Unhold
    | Mute
    | HangUp
    | Transfer
    | Consult
    | CompleteTransfer
    | CancelConsult
    | Conference
    | Keys
    | CallBack
    | CallCitizen
    | WrapupDone
    | Listen
    | Whisper
    | Barge
    | StopListening
    | PauseRecording
    | HandOver
)


class BadMessage(ValueError):
    """What the browser sent is none of these; the words say why."""


def read(message: dict[str, Any]) -> FromBrowser:
    """The message of a text frame; raises BadMessage."""
    try:
        said: FromBrowser = msgspec.convert(message, FromBrowser)
    except msgspec.ValidationError as error:
        raise BadMessage(str(error)) from error
    return said
