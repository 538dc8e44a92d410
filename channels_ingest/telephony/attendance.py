"""Agents at their telephones: they come and go, are heard in their calls, and leads listen to those of others."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from channels_ingest.telephony import directory
from channels_ingest.telephony.bridge import Mode
from channels_ingest.telephony.legs import Ended, Reachable, Sound
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.phones import AgentPhone, Desk

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)
LOOK_UP_SECONDS = 1.0


class Attendance:
    """Who is at the telephone, and what comes from there; `phone` never waits."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def phone(self, phone: AgentPhone) -> None:
        """Somebody has logged in at the telephone."""
        desk = self._board.desks[phone.visitor.staff] = Desk(phone)
        self._board.spawn(self._attend(desk))

    async def _attend(self, desk: Desk) -> None:
        skills = await self._skills(desk.staff)
        takes = desk.phone.visitor.takes_calls
        await self._board.turn(lambda now: self._board.acd.log_in(desk.staff, skills, now, takes=takes))
        if line := self.line_of(desk):
            self._board.carrier.arrange(line)
            if desk.staff in line.muted and desk.phone in line.present:
                line.bridge.mute(desk.phone, True)
        self._board.shower.whole(desk)
        desk.known.set()
        try:
            await self._follow(desk)
        finally:
            if self._board.desks.get(desk.staff) is desk:
                del self._board.desks[desk.staff]
                await self.stop_listening(desk)
                agent = self._board.acd.agents[desk.staff]
                await self._board.turn(lambda now: self._board.acd.agent_gone(agent, now))

    async def _skills(self, staff: int) -> frozenset[str]:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                return await asyncio.to_thread(directory.skills_of, staff)
        except Exception as error:
            log.warning("an agent's skills are not known: %s", type(error).__name__)
            return frozenset()

    async def _follow(self, desk: Desk) -> None:
        async for event in desk.phone.events():
            if isinstance(event, Sound):
                if line := self.line_of(desk):
                    line.bridge.hear(desk.phone, event)
            elif isinstance(event, Reachable):
                await self._reachable(desk, on=event.on)
            elif isinstance(event, Ended):
                return

    async def _reachable(self, desk: Desk, *, on: bool) -> None:
        desk.reachable = on
        if not desk.phone.visitor.listens:  # the role may be another since the browser was here last
            await self.stop_listening(desk)
        agent = self._board.acd.agents[desk.staff]
        await self._board.turn(lambda now: self._board.acd.reachable(agent, now, on=on))
        if line := self.line_of(desk):
            self._board.carrier.arrange(line)

    def line_of(self, desk: Desk) -> Line | None:
        """The call whose sound this telephone hears."""
        if desk.supervising is not None:
            return self._board.lines.get(desk.supervising)
        agent = self._board.acd.agents.get(desk.staff)
        return self._board.lines.get(agent.call) if agent and agent.call else None

    def let_listen(self, desk: Desk, line: Line, mode: Mode) -> None:
        """A lead hears a call, or is heard in it."""
        line.supervisors[desk.phone] = mode
        self._board.carrier.arrange(line)
        self._board.shower.call(line)
        self._board.shower.whole(desk)

    async def stop_listening(self, desk: Desk) -> None:
        """A lead who listened listens no more."""
        line = self._board.lines.get(desk.supervising) if desk.supervising else None
        if desk.supervising is None:
            return
        desk.supervising = None
        if line is not None:
            line.supervisors.pop(desk.phone, None)
            self._board.carrier.arrange(line)
            self._board.shower.call(line)
        agent = self._board.acd.agents[desk.staff]
        await self._board.turn(lambda now: self._board.acd.supervise(agent, now, on=False))
        self._board.shower.whole(desk)
