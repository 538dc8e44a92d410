"""Calling a citizen from the desk: the agent hears it ring there, and with the answer it is a call like any other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from channels_ingest.telephony import sounds, whom
from channels_ingest.telephony.acd_parts import Agent, Call, Decision, NotNow
from channels_ingest.telephony.bridge import Bridge, Side
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.outgoing import OutgoingLeg
from channels_ingest.telephony.outside import NotListed
from channels_ingest.telephony.phones import Desk
from channels_ingest.telephony.record import CallRecord
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.sip_leg import CallRefusedError
from channels_ingest.telephony.whom import NotToBeCalled, Whom, domestic
from hotline.calls.states import Outcome

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)
ASK_SECONDS = 5.0
_BUSY = frozenset({486, 600})
_NO_ANSWER = frozenset({408, 480, 487, 603})


class AlreadyCalled(NotNow):
    """The citizen is being called about this ticket by somebody else."""

    def __init__(self) -> None:
        super().__init__("wrong_state")


async def call(board: Switchboard, desk: Desk, agent: Agent, find: Callable[[], Whom]) -> None:
    """Ring whom `find` names; raises NotNow where that is nobody, or nobody whom this agent may call now."""
    if not desk.phone.visitor.calls_out:
        raise NotNow("not_allowed")
    if board.out.dial is None:
        raise NotNow("unreachable")
    found = await _asked(find)
    try:
        await _begin(board, desk, agent, found)
    except NotNow:
        if found.taken and found.task is not None:
            await _release(desk.staff, found.task)
        raise


async def _begin(board: Switchboard, desk: Desk, agent: Agent, found: Whom) -> None:
    number = domestic(found.number) or (found.number if board.out.policies.now.may_call(found.number) else "")
    if not number:
        raise NotListed
    line = await _line(board, desk, found, OutgoingLeg(number))
    called = _is_called(board, found)
    board.lines[line.call.id] = line  # without a pause after the look: of two agents one finds the other's call
    try:
        if called:
            raise AlreadyCalled
        await board.turn(lambda now: board.acd.call_out(agent, line.call, now))
    except NotNow:
        del board.lines[line.call.id]
        await line.close()
        raise
    board.spawn(_ring(board, desk, line))


def _is_called(board: Switchboard, found: Whom) -> bool:
    """Whether a call about this ticket goes on; over with the call, whatever became of it."""
    about = (line.record.about for line in board.lines.values() if not line.gone)
    return found.ticket is not None and found.ticket in about


async def _release(staff: int, task: int) -> None:
    """Where that cannot be, it stays theirs and they can give it back by hand."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            await asyncio.to_thread(whom.release, staff, task)
    except Exception as error:
        log.warning("call-back %s stays taken: %s", task, type(error).__name__)


async def _asked(find: Callable[[], Whom]) -> Whom:
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await asyncio.to_thread(find)
    except NotToBeCalled as error:
        raise NotNow("not_yours") from error
    except TimeoutError as error:
        raise NotNow("unreachable") from error


async def _line(board: Switchboard, desk: Desk, found: Whom, leg: OutgoingLeg) -> Line:
    known = await board.look_up(found.number, "")
    record = CallRecord(leg.id, datetime.now(UTC), found.number, agent=desk.staff, task=found.task, about=found.ticket)
    recording = Recording(board.out.recordings, leg.id, record.started_at)
    bridge = Bridge(sounds.music(), recording, on_tap=lambda *heard: line.feed(*heard))
    line = Line(leg, Call(leg.id, found.number, board.now()), record, bridge, recording)
    line.caller = known.shown
    bridge.add(leg, Side.CALLER)
    bridge.start()
    return line


async def _ring(board: Switchboard, desk: Desk, line: Line) -> None:
    over: Callable[[Call, float], list[Decision]] = board.acd.fail
    try:
        outcome = await _reached(board, desk, line)
        if outcome is None:
            board.spawn(_join(board, desk, line))
            await board.listen(line)
            over = board.acd.caller_gone
        else:
            over = partial(board.acd.unreached, outcome=outcome)
    finally:
        await line.leg.hang_up("failed")  # nothing, where it has ended
        await board.over(line, over)


async def _reached(board: Switchboard, desk: Desk, line: Line) -> Outcome | None:
    """Let it ring, heard by the agent, of whom nothing is kept meanwhile; None when somebody has answered."""
    assert board.out.dial is not None
    assert isinstance(line.leg, OutgoingLeg)
    _waits(line, desk, waits=True)
    try:
        await line.leg.connect(board.out.dial(line.leg.called))
    except (CallRefusedError, OSError) as error:
        log.info("call %s was not answered: %s", line.call.id, error)
        return _outcome(error)
    return None


async def _join(board: Switchboard, desk: Desk, line: Line) -> None:
    """The citizen is told who calls and that it is recorded; the agent hears that too, and is heard after it."""
    told = sounds.words("call_back_call")
    if desk.phone in line.present:
        line.bridge.play(desk.phone, told)
    await line.say(told)
    if not line.gone:
        _waits(line, desk, waits=False)
        await board.turn(lambda now: board.acd.reached(line.call, now))


def _waits(line: Line, desk: Desk, *, waits: bool) -> None:
    if desk.phone not in line.present:
        return
    line.bridge.mute(desk.phone, waits)
    if waits:
        line.bridge.play(desk.phone, sounds.ring_back(), loop=True)
    else:
        line.bridge.stop_playing(desk.phone)


def _outcome(error: Exception) -> Outcome:
    status = error.status if isinstance(error, CallRefusedError) else 0
    if status in _BUSY:
        return Outcome.BUSY
    return Outcome.NO_ANSWER if status in _NO_ANSWER else Outcome.FAILED
