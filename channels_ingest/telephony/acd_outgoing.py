"""Calls that an agent makes to a citizen: the agent is theirs from the first ring, and the queue never sees them."""

from __future__ import annotations

from uuid import UUID

from channels_ingest.telephony.acd_agents import Agents
from channels_ingest.telephony.acd_parts import (
    SUPERVISING,
    Agent,
    Call,
    Closed,
    Decision,
    Ended,
    Figures,
    Joined,
    Left,
    NotNow,
)
from hotline.calls.states import AgentState, CallState, Outcome

_AT_REST = frozenset({AgentState.IDLE, AgentState.PAUSED, AgentState.WRAPUP})


class Outgoing(Agents):
    """The rules of such a call until somebody answers; from then on it is a call like any other."""

    def __init__(self, figures: Figures) -> None:
        super().__init__(figures)
        self.calls: dict[UUID, Call] = {}

    def call_out(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """The agent calls somebody; who was paused is paused again after it."""
        if agent.state not in _AT_REST or agent.reason == SUPERVISING or not agent.reachable:
            raise NotNow
        self.wrapped_up(agent)
        if agent.state == AgentState.PAUSED:
            agent.then, agent.then_reason = "paused", agent.reason
        self.calls[call.id] = call
        call.owner, call.state, call.since = agent.id, CallState.DIALLING, now
        self.busy(agent, call.id, now)
        return self.decide(now)

    def reached(self, call: Call, now: float) -> list[Decision]:
        """Somebody has answered."""
        if call.state == CallState.DIALLING and call.owner is not None:
            call.state = CallState.TALKING
            self.out.append(Joined(call.id, call.owner))
        return self.decide(now)

    def unreached(self, call: Call, now: float, *, outcome: Outcome) -> list[Decision]:
        """Nobody has answered, or nobody will."""
        if call.state == CallState.DIALLING:
            self.give_up(call, outcome, now)
        return self.decide(now)

    def give_up(self, call: Call, outcome: Outcome, now: float) -> None:
        """It rings no more, and there is nothing to wrap up."""
        assert call.owner is not None
        agent, call.owner = self.agents[call.owner], None
        call.outcome, call.state = outcome, CallState.CLOSED
        del self.calls[call.id]
        why = "unreachable" if outcome == Outcome.FAILED else outcome.value
        self.out += [Ended(call.id, outcome), Left(call.id, agent.id, why), Closed(call.id)]  # type: ignore[arg-type]
        self.rest(agent, now)
