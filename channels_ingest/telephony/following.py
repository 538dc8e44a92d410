"""Calls that the exchange queues by itself: written down like our own, shown to who answers them, recorded."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from channels_ingest.telephony import book, directory, sounds
from channels_ingest.telephony.ami.calls import ExtensionState, FollowedCall
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.carrying import LEVELS
from channels_ingest.telephony.legs import CallLeg, Ended, Sound
from channels_ingest.telephony.phones import Desk
from channels_ingest.telephony.record import CallRecord
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.showing import Shown
from channels_ingest.telephony.speaking import Heard, Understood
from channels_ingest.telephony.wire_desk import (
    CallChanged,
    CallerNow,
    CallNow,
    CallOver,
    OverOutcome,
    Ringing,
    SpeechState,
)
from hotline.calls.states import Outcome
from hotline.people.masking import mask_phone
from hotline.people.models import DeskState

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)
EXTENSIONS_EVERY_SECONDS = 60.0
MOST_REMEMBERED = 200
_DESK_STATES = {"idle": DeskState.IDLE, "offline": DeskState.OFFLINE}


@dataclass(eq=False, slots=True)
class Followed:
    """One call of the exchange's, with the copies of its sound."""

    record: CallRecord
    caller: CallerNow
    agent: str = ""
    ticket: str | None = None
    bridge: Bridge | None = None
    recording: Recording | None = None
    understood: Understood = field(default_factory=Understood)
    legs: set[CallLeg] = field(default_factory=set)


class ExchangeCalls:
    """The exchange tells it everything (`exchange.ExchangeDesk`); nothing of it waits."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._calls: dict[UUID, Followed] = {}
        self._left: dict[UUID, Recording] = {}
        """Recordings in the middle of which an earlier process was killed; their calls may go on."""
        self._staff: dict[str, tuple[str, int]] = {}
        """Username and key of whose extension it is."""
        self._ended: dict[UUID, CallRecord] = {}
        """Calls that ended of late: their callers may still be asked how content they are."""
        board.followers.append(self._ticket)
        board.returned.append(self._again)

    async def run(self) -> None:
        """Know whose extension is whose; read anew each minute."""
        while True:
            try:
                self._staff = await asyncio.to_thread(directory.extensions)
            except Exception as error:
                log.warning("the extensions could not be read: %s", type(error).__name__)
            await asyncio.sleep(EXTENSIONS_EVERY_SECONDS)
            self._let_go(self._left.keys() - self._calls.keys())

    def left_over(self, recording: Recording) -> None:
        """Take it up when its call turns out to go on; else it is whole as it is."""
        self._left[recording.uuid] = recording

    def _let_go(self, calls: Iterable[UUID]) -> None:
        for call in list(calls):
            if recording := self._left.pop(call, None):
                self._board.out.hand_on(recording)

    def username(self, extension: str) -> str:
        """Whose telephone it is; empty where nobody's."""
        return self._staff.get(extension, ("", 0))[0]

    # --- what the exchange tells --------------------------------------------------------------------------------

    def follow(self, call: FollowedCall) -> None:
        """A call as it is now."""
        followed = self._calls.get(call.uuid)
        if followed is None:
            followed = self._calls[call.uuid] = self._new(call)
        before = (followed.agent, followed.record.state)
        self._write(followed, call)
        self._keep(followed.record)
        self._show(followed, *before)
        if call.ended_at is not None:
            self._calls.pop(call.uuid)
            self._remember(followed.record)
            self._let_go([call.uuid])
            if not followed.legs:
                self._board.spawn(self._close(followed))

    def agent(self, username: str, state: ExtensionState, reason: str) -> None:
        """How an agent's telephone is, for the other screens."""
        staff = next((key for name, key in self._staff.values() if name == username), None)
        if staff is not None:
            shown = _DESK_STATES.get(state, DeskState.BUSY)
            self._board.shower.state_of(staff, shown, reason, datetime.now(UTC))

    def fork(self, call: UUID, side: Side, leg: CallLeg) -> None:
        """A copy of one party's sound."""
        followed = self._calls.get(call)
        if followed is None:
            self._board.spawn(leg.hang_up("this call is over"))
            return
        bridge = followed.bridge or self._begin(followed)
        bridge.add(leg, side)
        followed.legs.add(leg)
        self._board.spawn(self._hear(followed, bridge, leg))

    def key(self, call: UUID, digit: str) -> None:
        """A key of the caller's."""
        if record := self._record(call):
            record.pressed(digit)
            self._keep(record)

    def rated(self, call: UUID, digit: str) -> None:
        """The exchange has asked the caller; the first answer counts."""
        level, record = LEVELS.get(digit), self._record(call)
        if record is not None and record.rating is None and level is not None:
            record.rating = level
            self._keep(record)

    def _record(self, call: UUID) -> CallRecord | None:
        followed = self._calls.get(call)
        return followed.record if followed is not None else self._ended.get(call)

    def _remember(self, record: CallRecord) -> None:
        self._ended[record.uuid] = record
        if len(self._ended) > MOST_REMEMBERED:
            del self._ended[next(iter(self._ended))]

    def _keep(self, record: CallRecord) -> None:
        self._board.spawn(self._board.out.journal.keep([record.line()]))

    def resynced(self, going_on: frozenset[UUID]) -> None:
        """Calls that ended while nobody looked are closed."""
        self._let_go(self._left.keys() - going_on)
        self._board.spawn(self._board.out.journal.keep([book.resynced(datetime.now(UTC), going_on)]))

    # --- writing down and showing -----------------------------------------------------------------------------------

    def _new(self, call: FollowedCall) -> Followed:
        caller = CallerNow(phone=mask_phone(call.caller))
        # Versions go by the clock: a row of ours from before (the fallback queue has its call now) has a lower one.
        record = CallRecord(call.uuid, call.started_at, call.caller, mode="exchange", version=int(time.time()))
        followed = Followed(record, caller)
        if call.caller:
            self._board.spawn(self._look_up(followed, call))
        return followed

    async def _look_up(self, followed: Followed, call: FollowedCall) -> None:
        followed.caller = (await self._board.look_up(call.caller, call.called)).shown
        if desk := self._desk(followed.agent):
            desk.tell(CallChanged(call=self._call_now(followed)))

    def _write(self, followed: Followed, call: FollowedCall) -> None:
        record, now = followed.record, datetime.now(UTC)
        record.state, record.outcome, record.called = call.state, call.outcome, call.called[:40]
        record.queued_at = record.queued_at or call.started_at
        record.ringing_at = record.ringing_at or (now if call.state == "ringing" else None)
        record.answered_at, record.ended_at, record.closed_at = call.answered_at, call.ended_at, call.ended_at
        if call.agent and call.state in ("talking", "held"):
            record.agent = next((key for name, key in self._staff.values() if name == call.agent), record.agent)
        if call.ended_at and not record.outcome:
            record.outcome = Outcome.COMPLETED if call.answered_at else Outcome.FAILED
        if call.lost:
            record.happened("lost_sight")
        followed.agent = call.agent

    def _show(self, followed: Followed, agent_before: str, state_before: str) -> None:
        record = followed.record
        left = agent_before != followed.agent or record.ended_at is not None
        if left and (desk := self._desk(agent_before)):
            desk.tell(CallOver(call=record.uuid, outcome=_over(record), ticket=followed.ticket))
        if record.ended_at is None and (desk := self._desk(followed.agent)):
            rings = record.state == "ringing" and (agent_before, state_before) != (followed.agent, "ringing")
            desk.tell((Ringing if rings else CallChanged)(call=self._call_now(followed)))

    def _again(self, desk: Desk) -> None:
        """A page that comes back knows its call of the exchange's, and every word of it."""
        for followed in self._calls.values():
            if followed.agent and followed.agent == desk.phone.visitor.username:
                shown = Ringing if followed.record.state == "ringing" else CallChanged
                for told in (shown(call=self._call_now(followed)), *followed.understood.so_far()):
                    desk.tell(told)

    def _desk(self, username: str) -> Desk | None:
        desks = self._board.desks.values()
        return next((desk for desk in desks if username and desk.phone.visitor.username == username), None)

    def _call_now(self, followed: Followed) -> CallNow:
        record = followed.record
        waited = (record.answered_at or datetime.now(UTC)) - record.started_at
        return CallNow(
            call=record.uuid,
            state=record.state if record.state in get_args(Shown) else "ringing",  # type: ignore[arg-type]
            caller=followed.caller,
            called=record.called,
            started_at=record.started_at,
            waited=round(waited.total_seconds(), 1),
            answered_at=record.answered_at,
            recording="on" if followed.recording else "off",
            ticket=followed.ticket,
        )

    def _ticket(self, call: UUID, number: str) -> None:
        followed = self._calls.get(call)
        if followed is not None and followed.ticket != number:
            followed.ticket = number
            if desk := self._desk(followed.agent):
                desk.tell(CallChanged(call=self._call_now(followed)))

    # --- sound -------------------------------------------------------------------------------------------------

    async def _hear(self, followed: Followed, bridge: Bridge, leg: CallLeg) -> None:
        try:
            async for event in leg.events():
                if isinstance(event, Sound):
                    bridge.hear(leg, event)
                elif isinstance(event, Ended):
                    break
        finally:
            bridge.remove(leg)
            followed.legs.discard(leg)
            if not followed.legs and followed.record.uuid not in self._calls:
                await self._close(followed)

    def _begin(self, followed: Followed) -> Bridge:
        def heard(side: Side, pcm16: bytes, at: float) -> None:
            if followed.understood.tap is not None and side in (Side.CALLER, Side.AGENT):
                followed.understood.tap.feed("caller" if side is Side.CALLER else "agent", pcm16, at)

        def tell(words: Heard) -> None:
            followed.understood.remember(words)
            if desk := self._desk(followed.agent):
                desk.tell(words)

        call = followed.record.uuid
        already = 0.0
        if recording := self._left.pop(call, None):
            recording.take_up()
            already = (datetime.now(UTC) - recording.started_at).total_seconds()
        else:
            recording = Recording(self._board.out.recordings, call, datetime.now(UTC))
        followed.recording = recording if recording.begun or not recording.known else None
        followed.bridge = Bridge(sounds.music(), followed.recording, heard, already=already)
        followed.bridge.start()
        if speech := self._board.out.speech:
            followed.understood.tap = speech.begin(call, tell)
            if followed.understood.tap is None:
                tell(SpeechState(call=call, state="later" if speech.state == "live" else speech.state))
        return followed.bridge

    async def _close(self, followed: Followed) -> None:
        bridge, followed.bridge = followed.bridge, None
        if bridge is None:
            return
        try:
            await bridge.close()
            if followed.understood.tap is not None:
                await followed.understood.tap.end()
        finally:  # whatever the recognisers do, what was recorded is kept
            if followed.recording is not None and followed.recording.begun:
                self._board.out.hand_on(followed.recording)


def _over(record: CallRecord) -> OverOutcome:
    """Why a desk has the call no longer."""
    if record.answered_at is None:
        return "abandoned"
    return "completed" if record.ended_at else "transferred"
