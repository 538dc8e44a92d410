"""The steps that the rules of the queue are made of: each changes one call and whoever is in it."""

from __future__ import annotations

from channels_ingest.telephony.acd_outgoing import Outgoing
from channels_ingest.telephony.acd_parts import (
    NOT_ANSWERED,
    Agent,
    Call,
    Closed,
    Ended,
    Joined,
    Left,
    Message,
    NotNow,
    Queued,
    Rings,
    StopsRinging,
)
from hotline.calls.states import CallState, Outcome


class Steps(Outgoing):
    """What the rules do with a call; they say when."""

    def _own(self, agent: Agent, call: Call, *states: CallState) -> None:
        if call.owner != agent.id:
            raise NotNow("not_yours")
        require(call, *states)

    def _wait(self, call: Call, now: float) -> None:
        call.state, call.announce_at = CallState.QUEUED, now + self.figures.announce
        self.out.append(Queued(call.id))

    def _ring(self, call: Call, agent: Agent, now: float) -> None:
        asked = call.state == CallState.CONSULTING
        call.ringing, call.ring_until = agent.id, now + self.figures.ring
        call.state = call.state if asked else CallState.RINGING
        self.ring(agent, call.id, now)
        self.out.append(Rings(call.id, agent.id, call.ring_until, asked))

    def _unring(self, call: Call, why: str, now: float) -> None:
        """Nobody answered there: the agent is paused, the call waits again at its old place."""
        assert call.ringing is not None
        agent, call.ringing = self.agents[call.ringing], None
        self.out.append(StopsRinging(call.id, agent.id, why))  # type: ignore[arg-type]
        self.pause_now(agent, NOT_ANSWERED, now)
        if call.state == CallState.RINGING:
            self._wait(call, now)
        elif call.state == CallState.CONSULTING:
            call.state = CallState.TALKING

    def _release(self, call: Call, now: float) -> None:
        """The third party is out: the caller and the agent are alone again, or the call is over."""
        self._free_third(call, "withdrawn", now)
        call.outside = False
        if call.state in (CallState.CONSULTING, CallState.CONFERENCE):
            call.state = CallState.TALKING
        elif call.state == CallState.TRANSFERRING:
            self._end(call, Outcome.COMPLETED, "ended", now)

    def _free_third(self, call: Call, why: str, now: float) -> None:
        if call.ringing is not None:
            self.out.append(StopsRinging(call.id, call.ringing, why))  # type: ignore[arg-type]
            self.rest(self.agents[call.ringing], now)
        if call.consulted is not None:
            self.out.append(Left(call.id, call.consulted, "released"))
            self.rest(self.agents[call.consulted], now)
        call.ringing = call.consulted = None

    def _hand_on(self, call: Call, now: float) -> None:
        """The owner leaves, the third party goes on with the caller."""
        assert call.owner is not None
        self._leave(call, self.agents[call.owner], "transferred", now)
        if call.consulted is not None:
            call.owner, call.consulted, call.state = call.consulted, None, CallState.TALKING
            self.out.append(Joined(call.id, call.owner))
        else:
            call.state = CallState.TRANSFERRING

    def _abandon(self, call: Call, agent: Agent, now: float) -> None:
        """The owner is lost: who was asked takes over, or else the caller waits at the old place."""
        self.out.append(Left(call.id, agent.id, "gone"))
        call.owner = None
        if call.consulted is not None:
            call.owner, call.consulted, call.state = call.consulted, None, CallState.TALKING
            self.out.append(Joined(call.id, call.owner))
        elif call.outside and call.state == CallState.CONFERENCE:
            call.state = CallState.TRANSFERRING
        else:
            self._free_third(call, "withdrawn", now)
            call.outside, call.since = False, now
            self._wait(call, now)

    def _leave(self, call: Call, agent: Agent, why: str, now: float) -> None:
        self.out.append(Left(call.id, agent.id, why))  # type: ignore[arg-type]
        call.owner = None
        self.wrap_up(agent, None, now)

    def _to_message(self, call: Call, why: Outcome) -> None:
        call.state, call.ending = CallState.VOICEMAIL, why
        self.out.append(Message(call.id, why))

    def _end(self, call: Call, outcome: Outcome, why: str, now: float) -> None:
        call.outcome = outcome
        self._free_third(call, "caller_gone", now)
        self.out.append(Ended(call.id, outcome))
        call.outside, call.state = False, CallState.WRAPUP
        if call.owner is None:
            self._close(call)
            return
        agent = self.agents[call.owner]
        self.out.append(Left(call.id, agent.id, why))  # type: ignore[arg-type]
        self.wrap_up(agent, call.id, now)

    def _close(self, call: Call) -> None:
        call.state = CallState.CLOSED
        del self.calls[call.id]
        self.out.append(Closed(call.id))


def require(call: Call, *states: CallState) -> None:
    """Raises NotNow where the call stands elsewhere."""
    if call.state not in states:
        raise NotNow
