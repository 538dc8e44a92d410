"""A number outside in a call: rung, joined, and hung up on as soon as the call is without it."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_ingest.telephony import sounds
from channels_ingest.telephony.acd_parts import Agent, Decision, NotNow
from channels_ingest.telephony.legs import CallLeg, Ended, Moved, Sound
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.wire_desk import Failure
from hotline.calls.states import CallState

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)


class NotListed(NotNow):
    """The centre does not let its agents call this number."""

    def __init__(self) -> None:
        super().__init__("not_allowed")


@dataclass(frozen=True, slots=True)
class Sending:
    """An agent sends the caller to a number, or to an emergency service."""

    agent: Agent
    number: str
    service: str = ""


def call(board: Switchboard, line: Line, number: str, sending: Sending | None = None) -> None:
    """Ring a number and bring it into the call; `Line.leave_outside` ends the ringing as well as the talking."""
    line.leave_outside()
    line.outside_number = number
    line.asking_outside = board.spawn(_ask(board, line, number, sending))


async def send(board: Switchboard, line: Line, sending: Sending) -> None:
    """Blind transfer. The agent keeps the caller until the number has them; raises NotNow where it never could."""
    if not board.out.reaches_outside(line.leg):
        raise NotNow("unreachable")

    def asks(now: float) -> list[Decision]:
        decided = board.acd.send_outside(sending.agent, line.call, now)
        line.outside_number = sending.number
        return decided

    await board.turn(asks)
    line.moving = board.spawn(_move(board, line, sending))


async def _move(board: Switchboard, line: Line, sending: Sending) -> None:
    """The exchange moves the caller where it can; else we ring the number. A call cannot take a move back."""
    if not sending.service:  # help must not wait
        await line.say(sounds.words("transferring"))
        if not _still(line, sending):
            return
        line.bridge.hold(line.leg)
    moved = Moved.NOT
    if board.out.transfer is not None and board.out.moves(line.leg):
        moved = await board.out.transfer(line.leg, sending.number)
    if moved is Moved.REACHED:
        if not await _gives(board, line, sending):  # the caller's leg has ended before the agent has left
            _write(line, sending)
            await board.keep(line)
    elif moved is Moved.CAME_BACK:
        await _came_back(board, line, sending)
    elif moved is Moved.NOT and _still(line, sending):
        call(board, line, sending.number, sending)


def _still(line: Line, sending: Sending) -> bool:
    """Whether the agent has not taken the caller back, nor the caller hung up."""
    asked = line.call.state == CallState.CONSULTING and line.call.outside and line.asking_outside is None
    return asked and not line.gone and line.outside_number == sending.number


async def _gives(board: Switchboard, line: Line, sending: Sending) -> bool:
    """The agent leaves the caller to the number; False where the call is already elsewhere."""

    def leaves(now: float) -> list[Decision]:
        decided = board.acd.complete_transfer(sending.agent, line.call, now)
        _write(line, sending)
        return decided

    try:
        await board.turn(leaves)
    except NotNow:
        return False
    return True


async def _came_back(board: Switchboard, line: Line, sending: Sending) -> None:
    """The exchange has them and brings them again, as another call: this one is over for the agent."""
    with suppress(NotNow):
        await board.turn(lambda now: board.acd.complete_transfer(sending.agent, line.call, now))
    if desk := board.desks.get(sending.agent.id):
        desk.tell(Failure(message=_("Nobody was reached there. The caller waits in the queue again.")))


def _write(line: Line, sending: Sending) -> None:
    """Only of who was reached: with a service the ticket is theirs, and ended here."""
    named = {"service": sending.service} if sending.service else {}
    line.record.happened("sent_outside", agent=sending.agent.id, number=sending.number, **named)
    line.record.service = sending.service or line.record.service


async def _ask(board: Switchboard, line: Line, number: str, sending: Sending | None) -> None:
    leg = await _dialled(board, number)
    if leg is not None:
        await _talk(board, line, leg, sending)
    else:
        _tell_unreached(board, line)

    def gone(now: float) -> list[Decision]:
        line.asking_outside = None  # the call need not leave what has ended by itself
        return board.acd.outside_gone(line.call, now)

    await board.turn(gone)


def _tell_unreached(board: Switchboard, line: Line) -> None:
    desk = board.desks.get(line.call.owner) if line.call.owner is not None else None
    if desk is not None and line.call.state == CallState.CONSULTING:
        desk.tell(Failure(message=_("Nobody was reached there. The caller is with you again.")))


async def _talk(board: Switchboard, line: Line, leg: CallLeg, sending: Sending | None) -> None:
    try:
        if sending is not None and not await _gives(board, line, sending):
            return
        line.outside, line.outside_talks = leg, True
        board.carrier.arrange(line)
        board.shower.call(line)
        async for event in leg.events():
            if isinstance(event, Sound):
                line.bridge.hear(leg, event)
            elif isinstance(event, Ended):
                break
    finally:
        if line.outside is leg:  # another may have been asked meanwhile
            line.outside, line.outside_talks = None, False
        await leg.hang_up()


async def _dialled(board: Switchboard, number: str) -> CallLeg | None:
    if board.out.dial is None:
        return None
    try:
        return await board.out.dial(number)
    except Exception as error:
        log.warning("a number outside was not reached: %s", error)
        return None
