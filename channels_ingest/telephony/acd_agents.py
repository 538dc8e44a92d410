"""The agents of the queue: ready, ringing, busy, wrapping up, paused or away, and what they have asked for."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from channels_ingest.telephony.acd_parts import IN_CALL, SUPERVISING, Agent, AgentMoved, Decision, Figures, NotNow
from hotline.calls.states import AgentState


class Agents:
    """Who works at the telephone, and the steps of one agent's state."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.agents: dict[int, Agent] = {}
        self.out: list[Decision] = []

    def decide(self, now: float) -> list[Decision]:
        """What follows for the calls; the queue knows."""
        raise NotImplementedError

    def wrapped_up(self, agent: Agent) -> None:
        """The agent's wrap-up is over; the queue closes its call."""
        raise NotImplementedError

    def present(self) -> Collection[Agent]:
        """Everybody at whom calls may ring, ready or not."""
        return [agent for agent in self.agents.values() if agent.takes and agent.state != AgentState.OFFLINE]

    def working(self) -> int:
        """How many take calls now, or will when they are done with theirs."""
        return sum(agent.state != AgentState.PAUSED for agent in self.present())

    # --- what an agent asks for ---------------------------------------------------------------------------

    def log_in(self, id: int, skills: frozenset[str], now: float, *, takes: bool = True) -> list[Decision]:
        """A telephone has come; it stays paused until its agent is ready. Who is here already goes on."""
        agent = self.agents.setdefault(id, Agent(id, skills, AgentState.OFFLINE, now))
        agent.skills, agent.reachable, agent.takes = skills, True, takes
        if agent.state == AgentState.OFFLINE:
            self._move(agent, AgentState.PAUSED, now)
        elif agent.then == "offline":
            agent.then = ""
        return self.decide(now)

    def ready(self, agent: Agent, now: float) -> list[Decision]:
        """示闲; while in a call it takes back what was to follow it."""
        if agent.state in (*IN_CALL, AgentState.RINGING):
            agent.then = agent.then_reason = ""
            self.out.append(AgentMoved(agent.id))
        elif agent.state != AgentState.IDLE:
            self.wrapped_up(agent)
            self._move(agent, AgentState.IDLE, now)
        return self.decide(now)

    def pause(self, agent: Agent, reason: str, now: float) -> list[Decision]:
        """示忙; during a call it counts from the end of the wrap-up."""
        self._later_or_now(agent, "paused", reason, now)
        return self.decide(now)

    def leave(self, agent: Agent, now: float) -> list[Decision]:
        """Log out; during a call it counts from the end of the wrap-up."""
        self._later_or_now(agent, "offline", "", now)
        return self.decide(now)

    def wrapup_done(self, agent: Agent, now: float) -> list[Decision]:
        """话后整理 is over before its time."""
        if agent.state != AgentState.WRAPUP:
            raise NotNow
        self.rest(agent, now)
        return self.decide(now)

    def reachable(self, agent: Agent, now: float, *, on: bool) -> list[Decision]:
        """The telephone is away for a moment, or back: nothing new rings at one that is away."""
        agent.reachable = on
        return self.decide(now)

    def supervise(self, agent: Agent, now: float, *, on: bool) -> list[Decision]:
        """A lead hears a colleague's call, and gets none meanwhile."""
        if on:
            if agent.state not in (AgentState.IDLE, AgentState.PAUSED, AgentState.WRAPUP):
                raise NotNow
            self.wrapped_up(agent)
            self.pause_now(agent, SUPERVISING, now)
        elif agent.reason == SUPERVISING:
            self.pause_now(agent, "", now)
        return self.decide(now)

    # --- steps --------------------------------------------------------------------------------------------

    def ring(self, agent: Agent, call: UUID, now: float) -> None:
        """The agent is reserved for a call."""
        agent.call = call
        self._move(agent, AgentState.RINGING, now)

    def busy(self, agent: Agent, call: UUID, now: float) -> None:
        """The agent is in a call."""
        agent.call = call
        self._move(agent, AgentState.BUSY, now)

    def holding(self, agent: Agent, now: float, *, on: bool) -> None:
        """The agent's caller hears music, or the agent again."""
        self._move(agent, AgentState.HELD if on else AgentState.BUSY, now)

    def wrap_up(self, agent: Agent, call: UUID | None, now: float) -> None:
        """The talk is over: time to finish its record, where the centre gives any."""
        agent.call = call
        if self.figures.wrapup <= 0:
            self.rest(agent, now)
            return
        self._move(agent, AgentState.WRAPUP, now)
        agent.until = now + self.figures.wrapup

    def rest(self, agent: Agent, now: float) -> None:
        """Free again, or what the agent has asked for meanwhile."""
        self.wrapped_up(agent)
        wanted, reason = agent.then, agent.then_reason
        if wanted == "offline":
            self.offline(agent, now)
        elif wanted == "paused":
            self.pause_now(agent, reason, now)
        else:
            self._move(agent, AgentState.IDLE, now)

    def pause_now(self, agent: Agent, reason: str, now: float) -> None:
        """No calls until the agent is ready again; who asked to leave meanwhile leaves."""
        self._move(agent, AgentState.OFFLINE if agent.then == "offline" else AgentState.PAUSED, now, reason)

    def offline(self, agent: Agent, now: float) -> None:
        """Gone."""
        self._move(agent, AgentState.OFFLINE, now)

    def _later_or_now(self, agent: Agent, then: str, reason: str, now: float) -> None:
        if agent.state in (*IN_CALL, AgentState.RINGING):
            agent.then, agent.then_reason = then, reason  # type: ignore[assignment]
            self.out.append(AgentMoved(agent.id))
            return
        self.wrapped_up(agent)
        if then == "offline":
            self.offline(agent, now)
        else:
            self.pause_now(agent, reason, now)

    def _move(self, agent: Agent, state: AgentState, now: float, reason: str = "") -> None:
        agent.state, agent.since, agent.reason, agent.until = state, now, reason, None
        if state in (AgentState.IDLE, AgentState.PAUSED, AgentState.OFFLINE):
            agent.call, agent.then, agent.then_reason = None, "", ""
        self.out.append(AgentMoved(agent.id))
