"""What desks are shown: their own state and call, the queue, their colleagues, and for leads every call."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from channels_ingest.telephony import directory
from channels_ingest.telephony.acd_parts import Agent
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.phones import Desk
from channels_ingest.telephony.wire_desk import (
    AgentChanged,
    AgentNow,
    CallChanged,
    CallNow,
    CallOver,
    CallRow,
    Colleague,
    OverOutcome,
    Party,
    QueueChanged,
    QueueNow,
    Ringing,
    Whole,
)
from hotline.calls.states import AgentState, CallState
from hotline.people.masking import mask_phone
from hotline.people.models import DeskState

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)
TELL_DATABASE_SECONDS = 10.0
_DESK_STATES = {
    AgentState.OFFLINE: DeskState.OFFLINE,
    AgentState.IDLE: DeskState.IDLE,
    AgentState.WRAPUP: DeskState.WRAPUP,
}
Shown = Literal["ringing", "dialling", "talking", "held", "consulting", "conference", "wrapup"]
_SHOWN: dict[CallState, Shown] = {
    CallState.RINGING: "ringing",
    CallState.DIALLING: "dialling",
    CallState.HELD: "held",
    CallState.CONSULTING: "consulting",
    CallState.CONFERENCE: "conference",
    CallState.WRAPUP: "wrapup",
    CallState.CLOSED: "wrapup",
}


class Shower:
    """Makes messages of what the switchboard knows."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._last: tuple[QueueNow, tuple[Colleague, ...], tuple[CallRow, ...]] | None = None
        self._states: dict[int, tuple[str, str, datetime]] = {}
        self._call_backs = 0
        self._telling: asyncio.Task[None] | None = None
        self._told_at = 0.0

    # --- one desk ---------------------------------------------------------------------------------------------

    def whole(self, desk: Desk) -> None:
        """Everything, after a connection."""
        agent = self._board.acd.agents.get(desk.staff)
        if agent is None:
            return  # still being looked up; it is told when that is done
        line = self._board.lines.get(agent.call) if agent.call else None
        queue, colleagues, calls = self._all()
        leads = desk.phone.visitor.listens
        desk.tell(
            Whole(
                agent=self._agent_now(agent),
                call=self.call_now(line, agent) if line else None,
                queue=queue,
                colleagues=colleagues,
                calls=calls if leads else (),
                supervising=desk.supervising,
                leads=leads,
                joins=desk.phone.visitor.joins,
                dials=self._board.out.dial is not None and desk.phone.visitor.calls_out,
                services=self._board.out.policies.now.services,
            )
        )
        if line is not None:
            self.words(line, desk.staff)
        for tell in self._board.returned:
            tell(desk)

    def words(self, line: Line, staff: int) -> None:
        """What was heard in the call so far, for a desk that comes back or takes it over."""
        if desk := self._board.desks.get(staff):
            for heard in line.understood.so_far():
                desk.tell(heard)

    def agent(self, staff: int) -> None:
        """An agent's state is another: to their own desk now, to the other screens through the database."""
        agent = self._board.acd.agents[staff]
        state = _DESK_STATES.get(agent.state, DeskState.BUSY)
        self.state_of(staff, state, agent.reason, self._board.wall(agent.since))
        if desk := self._board.desks.get(staff):
            desk.tell(AgentChanged(agent=self._agent_now(agent)))

    def state_of(self, staff: int, state: str, reason: str, since: datetime) -> None:
        """For the other screens, through the database."""
        self._states[staff] = (state, reason, since)

    def ringing(self, line: Line, staff: int) -> None:
        """The screen pop."""
        if desk := self._board.desks.get(staff):
            desk.tell(Ringing(call=self.call_now(line, self._board.acd.agents[staff])))

    def call(self, line: Line) -> None:
        """The call is another: to everybody who has it."""
        for staff in (line.call.owner, line.call.consulted, line.call.ringing):
            desk = self._board.desks.get(staff) if staff is not None else None
            if desk is not None and self._board.acd.agents[desk.staff].call == line.call.id:  # else they have left it
                desk.tell(CallChanged(call=self.call_now(line, self._board.acd.agents[desk.staff])))

    def over(self, line: Line, staff: int, outcome: OverOutcome) -> None:
        """The call is no longer this desk's."""
        if desk := self._board.desks.get(staff):
            desk.tell(CallOver(call=line.call.id, outcome=outcome, ticket=line.ticket))

    def _agent_now(self, agent: Agent) -> AgentNow:
        return AgentNow(
            state=agent.state.value,  # type: ignore[arg-type]  # the same words
            reason=agent.reason,
            since=self._board.wall(agent.since),
            until=self._board.wall(agent.until) if agent.until is not None else None,
            then=agent.then,
        )

    def call_now(self, line: Line, agent: Agent) -> CallNow:
        """The call as this agent sees it."""
        call, record = line.call, line.record
        rings = call.ringing == agent.id
        waited = (record.answered_at or self._board.wall(self._board.now())) - record.started_at
        return CallNow(
            call=call.id,
            state="ringing" if rings else _SHOWN.get(call.state, "talking"),
            caller=line.caller,
            called=record.called,
            started_at=record.started_at,
            waited=round(waited.total_seconds(), 1),
            skill=call.skill,
            again=call.again,
            ring_until=self._board.wall(call.ring_until) if rings else None,
            answered_at=record.answered_at,
            outgoing=record.outgoing,
            muted=agent.id in line.muted,
            recording="paused" if line.paused else "on",
            ticket=line.ticket,
            outward=self._board.out.reaches_outside(line.leg),
            parties=tuple(self._parties(line, agent)),
        )

    def _parties(self, line: Line, agent: Agent) -> list[Party]:
        call, desks = line.call, self._board.desks
        others: list[Party] = []
        for staff, state in ((call.owner, "talking"), (call.consulted, "talking"), (call.ringing, "ringing")):
            if staff is not None and staff != agent.id and staff in desks:
                name = desks[staff].phone.visitor.name
                others.append(Party(role="agent", name=name, state=state))  # type: ignore[arg-type]
        if call.outside:
            state = "talking" if line.outside_talks else "ringing"
            others.append(Party(role="outside", name=line.outside_number, state=state))  # type: ignore[arg-type]
        for desk in desks.values():
            if desk.supervising == call.id and desk.phone in line.heard_supervisors:
                others.append(Party(role="supervisor", name=desk.phone.visitor.name, state="talking"))
        return others

    # --- all desks -----------------------------------------------------------------------------------------------

    async def show(self) -> None:
        """Once a second: the queue to all desks when it has changed; the agents' states to the database."""
        shown = self._all()
        if shown != self._last:
            self._last = shown
            queue, colleagues, calls = shown
            for desk in self._board.desks.values():
                rows = calls if desk.phone.visitor.listens else ()
                desk.tell(QueueChanged(queue=queue, colleagues=colleagues, calls=rows))
        due = self._states or self._board.now() - self._told_at > TELL_DATABASE_SECONDS
        if due and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._tell_database())

    async def _tell_database(self) -> None:
        """The agents' states, and how many call-backs are open; away, it is told the next time."""
        self._told_at, states = self._board.now(), self._states
        self._states = {}
        try:
            self._call_backs = await asyncio.to_thread(directory.agent_states, states)
            visitors = [desk.phone.visitor for desk in self._board.desks.values()]
            for staff in await asyncio.to_thread(directory.dismissed, visitors):
                if desk := self._board.desks.get(staff):
                    await desk.phone.hang_up("signed out")
        except Exception as error:
            self._states = states | self._states
            log.warning("the agents' states wait for the database: %s", type(error).__name__)

    def _all(self) -> tuple[QueueNow, tuple[Colleague, ...], tuple[CallRow, ...]]:
        board = self._board
        waiting = board.acd.waiting()
        now = board.now()
        states = Counter(agent.state for agent in board.acd.agents.values() if agent.takes)
        free = sum(agent.free for agent in board.acd.agents.values())
        expected = board.figures.expected(now, waiting_calls=len(waiting), free=free, working=board.acd.working())
        queue = QueueNow(
            waiting=len(waiting),
            longest=float(int(max((now - call.entered for call in waiting), default=0.0))),
            expected_wait=float(round(expected)) if expected is not None else None,
            idle=states[AgentState.IDLE],
            talking=states[AgentState.BUSY] + states[AgentState.HELD] + states[AgentState.RINGING],
            wrapup=states[AgentState.WRAPUP],
            paused=states[AgentState.PAUSED],
            call_backs=self._call_backs,
        )
        return queue, self._colleagues(), self._calls()

    def _colleagues(self) -> tuple[Colleague, ...]:
        agents = self._board.acd.agents
        return tuple(
            Colleague(username=desk.phone.visitor.username, name=desk.phone.visitor.name, state=agents[staff].state)
            for staff, desk in self._board.desks.items()
            if staff in agents and desk.phone.visitor.takes_calls
        )

    def _calls(self) -> tuple[CallRow, ...]:
        return tuple(
            CallRow(
                call=line.call.id,
                state=line.call.state,
                agent=desk.phone.visitor.username,
                agent_name=desk.phone.visitor.name,
                caller=mask_phone(line.record.caller),
                since=line.record.answered_at or line.record.started_at,
            )
            for line in self._board.lines.values()
            if line.call.owner is not None
            and line.call.outcome is None
            and (desk := self._board.desks.get(line.call.owner))
        )
