"""Carrying out what the queue has decided: into the record first, then to legs, sound and desks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from channels_ingest.telephony import estimates, sounds
from channels_ingest.telephony.acd_parts import (
    AgentMoved,
    Announce,
    Asked,
    Closed,
    Decision,
    Ended,
    Joined,
    Left,
    Message,
    Queued,
    Rings,
    StopsRinging,
)
from channels_ingest.telephony.bridge import Side
from channels_ingest.telephony.legs import CallLeg
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.taking import TOO_SHORT_SECONDS
from channels_ingest.telephony.wire_desk import OverOutcome
from hotline.calls.states import CallState, Outcome

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

MOST_PLACES = 10
"""Further back, the citizens before a caller are not counted out."""
LEVELS = {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}
_SOLVED = {"1": True, "2": False}
_WHY_STOPPED: dict[str, OverOutcome] = {
    "timeout": "not_answered",
    "rejected": "rejected",
    "caller_gone": "abandoned",
    "withdrawn": "abandoned",
    "gone": "not_answered",
}
_WHY_LEFT: dict[str, OverOutcome] = {
    "ended": "completed",
    "caller_gone": "caller_hung_up",
    "transferred": "transferred",
    "released": "transferred",
    "gone": "failed",
    "no_answer": "no_answer",
    "busy": "busy",
    "cancelled": "cancelled",
    "unreachable": "unreachable",
}


class Carrier:
    """What each decision means for the record, the sound and the screens."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    # --- the record ---------------------------------------------------------------------------------------------

    def note(self, decided: list[Decision]) -> list[Line]:
        """Write decisions into the records; the lines whose record is another now."""
        touched: dict[Line, None] = {}
        for decision in decided:
            if isinstance(decision, AgentMoved | Announce):
                continue
            line = self._board.lines.get(decision.call)
            if line is not None:
                self._note(line, decision)
                touched[line] = None
        for line in self._board.lines.values():
            if line.record.state != line.call.state:
                self._moved(line)
                touched[line] = None
        return list(touched)

    def _moved(self, line: Line) -> None:
        record, now = line.record, self._board.now()
        if record.state == CallState.HELD and line.held_at is not None:
            record.held_seconds += now - line.held_at
            line.held_at = None
        if line.call.state == CallState.HELD:
            line.held_at = now
        record.state = line.call.state

    def _note(self, line: Line, decision: Decision) -> None:
        record, now = line.record, datetime.now(UTC)
        if isinstance(decision, Queued):
            record.queued_at = record.queued_at or now
        elif isinstance(decision, Rings):
            record.ringing_at = record.ringing_at or now
        elif isinstance(decision, StopsRinging):
            record.happened("not_taken", agent=decision.agent, why=decision.why)
        elif isinstance(decision, Joined):
            if record.answered_at is not None:
                record.happened("given_to", agent=decision.agent)
            record.answered_at, record.agent = record.answered_at or now, decision.agent
        elif isinstance(decision, Asked):
            record.happened("asked", agent=decision.agent)
        elif isinstance(decision, Ended):
            record.outcome, record.ended_at = decision.outcome, now
            record.message = line.message_at is not None and self._board.now() - line.message_at >= TOO_SHORT_SECONDS
        elif isinstance(decision, Closed):
            record.closed_at = now

    # --- legs, sound, screens --------------------------------------------------------------------------------------

    def carry_out(self, decided: list[Decision], touched: list[Line]) -> None:
        """After it is kept: do it."""
        for decision in decided:
            if isinstance(decision, AgentMoved):
                self._board.shower.agent(decision.agent)
            elif line := self._board.lines.get(decision.call):
                self._do(line, decision)
        for line in touched:
            self.arrange(line)
            self._board.shower.call(line)

    def _do(self, line: Line, decision: Decision) -> None:
        if isinstance(decision, Queued):
            self._wait(line)
        elif isinstance(decision, Announce):
            self._announce(line, decision.place)
        elif isinstance(decision, Rings | StopsRinging | Joined | Left):
            self._at_a_desk(line, decision)
        elif isinstance(decision, Message):
            self._board.spawn(self._take_message(line, decision.why))
        elif isinstance(decision, Ended):
            self._end(line, decision.outcome)
        elif isinstance(decision, Closed) and line.gone:
            self._board.lines.pop(line.call.id, None)

    def _at_a_desk(self, line: Line, decision: Rings | StopsRinging | Joined | Left) -> None:
        shower = self._board.shower
        if isinstance(decision, Joined | Left):
            line.muted.discard(decision.agent)
        if isinstance(decision, Rings):
            shower.ringing(line, decision.agent)
            if not decision.asked:
                line.play(*self._greeting(line), loop=sounds.ring_back())
        elif isinstance(decision, StopsRinging):
            shower.over(line, decision.agent, _WHY_STOPPED[decision.why])
        elif isinstance(decision, Joined):
            line.hush()
            line.joined_at = line.joined_at or self._board.now()
            shower.words(line, decision.agent)
            self._board.recognise(line)
        else:
            shower.over(line, decision.agent, _WHY_LEFT[decision.why])
            if decision.why == "transferred" and line.call.state in (CallState.QUEUED, CallState.RINGING):
                line.play(sounds.words("transferring"), loop=None)

    def arrange(self, line: Line) -> None:
        """Who hears whom now, from the call's state alone."""
        if line.gone:
            return
        board, call = self._board, line.call
        if not call.outside:
            line.leave_outside()
        wanted: dict[CallLeg, Side] = {line.leg: Side.CALLER}
        owner = board.desks.get(call.owner) if call.owner is not None and call.outcome is None else None
        third = board.desks.get(call.consulted) if call.consulted is not None else None
        if owner is not None:
            wanted[owner.phone] = Side.AGENT
        if third is not None:
            wanted[third.phone] = Side.THIRD
        if line.outside is not None:
            wanted[line.outside] = Side.THIRD
        wanted |= dict.fromkeys(line.supervisors, Side.SUPERVISOR)
        away = owner is not None and not owner.reachable and third is None
        held = call.state in (CallState.HELD, CallState.CONSULTING) or (away and call.state == CallState.TALKING)
        line.arrange(wanted, held=held)
        if call.state == CallState.TRANSFERRING:
            line.hush() if line.outside is not None else line.play(loop=sounds.ring_back())

    def _greeting(self, line: Line) -> list[sounds.Clip]:
        """Said once, without a menu (GB/T 33358-2016 advises against one)."""
        if line.record.answered_at or line.greeted:
            return []
        line.greeted = True
        return [sounds.words("greeting")]

    def _wait(self, line: Line) -> None:
        said = self._greeting(line)
        if line.record.answered_at is None and said:
            said += [sounds.words("busy"), *self._offer(line)]
        line.play(*said, loop=sounds.music())

    def _offer(self, line: Line) -> list[sounds.Clip]:
        if not line.record.caller:
            return []
        line.offered = True
        return [sounds.words("offer_call_back")]

    def _announce(self, line: Line, place: int) -> None:
        names = ["still_waiting", f"place_{place}" if place <= MOST_PLACES else "place_many"]
        expected = self._board.figures.expected_at(place, working=self._board.acd.working())
        if expected is not None:
            names.append(f"wait_{estimates.said(expected)}")
        line.play(*map(sounds.words, names), *self._offer(line), loop=sounds.music())

    async def _take_message(self, line: Line, why: Outcome) -> None:
        words = "after_hours" if why == Outcome.AFTER_HOURS or not self._board.acd.present() else "leave_message"
        await line.say(sounds.words(words), sounds.beep())
        line.message_at = self._board.now()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._board.out.policies.now.message_seconds):
                await line.ended.wait()
        await self._board.end_leg(line)

    def _end(self, line: Line, outcome: Outcome) -> None:
        if line.joined_at is not None and not line.record.outgoing:
            self._board.figures.handled(self._board.now() - line.joined_at + self._board.acd.figures.wrapup / 2)
        if line.gone or line.record.asked or outcome == Outcome.FAILED:  # who found the fault ends the leg
            return
        asks = self._board.out.policies.now.rating and line.record.about is None  # 回访: the agent asks
        if outcome == Outcome.COMPLETED and line.record.answered_at and asks:
            self._board.spawn(self._ask_rating(line))
        else:
            self._board.spawn(self._board.end_leg(line))

    async def _ask_rating(self, line: Line) -> None:
        """Two questions apart, solved? and satisfied?; never forced: who hangs up has not rated."""
        patience = self._board.out.policies.now.rating_seconds
        line.play(sounds.words("solved"), loop=None)
        line.record.solved = _SOLVED.get(await line.key("12", patience))
        line.hush()
        line.play(sounds.words("rate"), loop=None)
        rating = LEVELS.get(await line.key("12345", patience))
        line.hush()
        if rating is not None:
            line.record.rating = rating
            await self._board.keep(line)
        if not line.gone:
            await line.say(sounds.words("rated" if rating else "goodbye"))
            await self._board.end_leg(line)
