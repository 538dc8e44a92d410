"""A number outside in a call: rung, joined, and hung up on as soon as the call is without it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from channels_ingest.telephony.acd_parts import Decision, NotNow
from channels_ingest.telephony.legs import CallLeg, Ended, Sound
from channels_ingest.telephony.line import Line

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)


class NotListed(NotNow):
    """The centre does not let its agents call this number."""

    def __init__(self) -> None:
        super().__init__("not_allowed")


def call(board: Switchboard, line: Line, number: str) -> None:
    """Ring a number and bring it into the call; `Line.leave_outside` ends the ringing as well as the talking."""
    line.leave_outside()
    line.outside_number = number
    line.asking_outside = board.spawn(_ask(board, line, number))


async def _ask(board: Switchboard, line: Line, number: str) -> None:
    leg = await _dialled(board, number)
    if leg is not None:
        await _talk(board, line, leg)

    def gone(now: float) -> list[Decision]:
        line.asking_outside = None  # the call need not leave what has ended by itself
        return board.acd.outside_gone(line.call, now, reached=leg is not None)

    await board.turn(gone)


async def _talk(board: Switchboard, line: Line, leg: CallLeg) -> None:
    line.outside, line.outside_talks = leg, True
    try:
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
