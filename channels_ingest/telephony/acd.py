"""The queue: who gets which call. Pure rules without clock or wire: time is passed in, decisions come out.

An agent is reserved in the same breath as the call is given, so no call rings twice and nobody has two.
"""

from __future__ import annotations

from channels_ingest.telephony.acd_parts import (
    OVER,
    WITH_AGENT,
    Agent,
    Announce,
    Asked,
    Call,
    Decision,
    Joined,
    NotNow,
)
from channels_ingest.telephony.acd_steps import Steps, require
from hotline.calls.states import CallState, Outcome

SERVED = frozenset({*WITH_AGENT, CallState.TRANSFERRING})


class Acd(Steps):
    """Every call that is not closed and every agent; the only place that brings them together."""

    # --- calls come and go ------------------------------------------------------------------------------

    def arrive(self, call: Call, now: float, *, open: bool = True) -> list[Decision]:
        """A call has come in; it waits, rings at once, or may leave a message."""
        self.calls[call.id] = call
        call.since = now
        if not open:
            self._to_message(call, Outcome.AFTER_HOURS)
        else:
            self._wait(call, now)
        return self.decide(now)

    def caller_gone(self, call: Call, now: float) -> list[Decision]:
        """The caller has hung up, wherever the call stood."""
        if call.state == CallState.DIALLING:
            self.give_up(call, Outcome.NO_ANSWER, now)
        elif call.state not in OVER:
            self._end(call, _ending(call), "caller_gone", now)
        return self.decide(now)

    def fail(self, call: Call, now: float) -> list[Decision]:
        """The call broke off by a fault of ours."""
        if call.state == CallState.DIALLING:
            self.give_up(call, Outcome.FAILED, now)
        elif call.state not in OVER:
            self._end(call, Outcome.FAILED, "ended", now)
        return self.decide(now)

    def call_back_instead(self, call: Call, now: float) -> list[Decision]:
        """The caller will not wait any longer and wants to be called back."""
        require(call, CallState.QUEUED)
        self._end(call, Outcome.NO_AGENT, "ended", now)
        return self.decide(now)

    def place(self, call: Call) -> int:
        """The place of a waiting call, 1 for the next."""
        return self.waiting().index(call) + 1

    def waiting(self) -> list[Call]:
        """The calls that wait, the next one first."""
        return sorted((c for c in self.calls.values() if c.state == CallState.QUEUED), key=lambda c: c.before)

    # --- an agent and the call that rings ----------------------------------------------------------------

    def answer(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """The agent takes what rings."""
        if call.ringing != agent.id:
            raise NotNow("not_yours")
        call.ringing = None
        self.busy(agent, call.id, now)
        if call.state == CallState.RINGING:
            call.owner, call.state = agent.id, CallState.TALKING
            self.out.append(Joined(call.id, agent.id))
        else:
            call.consulted = agent.id
            self.out.append(Asked(call.id, agent.id))
        return self.decide(now)

    def reject(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """The agent does not take it: paused, and the call goes to another."""
        if call.ringing != agent.id:
            raise NotNow("not_yours")
        self._unring(call, "rejected", now)
        return self.decide(now)

    # --- while they talk -----------------------------------------------------------------------------------

    def hold(self, agent: Agent, call: Call, now: float, *, on: bool) -> list[Decision]:
        """The caller hears music, or the agent again."""
        self._own(agent, call, CallState.TALKING if on else CallState.HELD)
        call.state = CallState.HELD if on else CallState.TALKING
        self.holding(agent, now, on=on)
        return self.decide(now)

    def hang_up(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """The agent's part is over: the call's too, unless a third party goes on with the caller."""
        if agent.id == call.consulted:
            self._release(call, now)
            return self.decide(now)
        self._own(agent, call, *WITH_AGENT, CallState.DIALLING)
        if call.state == CallState.DIALLING:
            self.give_up(call, Outcome.CANCELLED, now)
        elif call.state == CallState.CONFERENCE:
            self._hand_on(call, now)
        else:
            self._end(call, Outcome.COMPLETED, "ended", now)
        return self.decide(now)

    def requeue(self, agent: Agent, call: Call, skill: str, now: float) -> list[Decision]:
        """Blind transfer into the queue, at the place that the call's first arrival gives it."""
        self._own(agent, call, CallState.TALKING, CallState.HELD)
        self._leave(call, agent, "transferred", now)
        call.skill, call.since = skill, now
        self._wait(call, now)
        return self.decide(now)

    def transfer(self, agent: Agent, call: Call, to: Agent, now: float) -> list[Decision]:
        """Blind transfer to a colleague who is free; if they do not answer, the call waits for anybody."""
        self._own(agent, call, CallState.TALKING, CallState.HELD)
        if not to.free:
            raise NotNow("unreachable")
        self._leave(call, agent, "transferred", now)
        call.since = now
        self._ring(call, to, now)
        return self.decide(now)

    # --- a third party ------------------------------------------------------------------------------------

    def consult(self, agent: Agent, call: Call, to: Agent | None, now: float) -> list[Decision]:
        """Ask a colleague, or a number outside (None), while the caller waits."""
        self._own(agent, call, CallState.TALKING, CallState.HELD)
        if to is not None and not to.free:
            raise NotNow("unreachable")
        call.state, call.sent = CallState.CONSULTING, False
        self.holding(agent, now, on=False)
        if to is None:
            call.outside = True
        else:
            self._ring(call, to, now)
        return self.decide(now)

    def send_outside(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """Send the caller to a number outside; the agent keeps them until it answers."""
        decided = self.consult(agent, call, None, now)
        call.sent = True
        return decided

    def cancel_consult(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """Whom the agent asked is out of it again."""
        self._own(agent, call, CallState.CONSULTING, CallState.CONFERENCE)
        self._release(call, now)
        return self.decide(now)

    def conference(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """The caller, the agent and whom they asked speak together."""
        self._own(agent, call, CallState.CONSULTING)
        if call.consulted is None and not call.outside:
            raise NotNow
        call.state = CallState.CONFERENCE
        return self.decide(now)

    def complete_transfer(self, agent: Agent, call: Call, now: float) -> list[Decision]:
        """Whom the agent asked has the caller, the agent is out of it."""
        self._own(agent, call, CallState.CONSULTING, CallState.CONFERENCE)
        if call.consulted is None and not call.outside:
            raise NotNow
        self._hand_on(call, now)
        return self.decide(now)

    def outside_gone(self, call: Call, now: float) -> list[Decision]:
        """The number outside has hung up, or was never reached."""
        if call.outside:
            self._release(call, now)
        return self.decide(now)

    # --- an agent goes ---------------------------------------------------------------------------------------

    def agent_gone(self, agent: Agent, now: float) -> list[Decision]:
        """The agent's telephone is lost for good: a caller they had is next in the queue."""
        call = self.calls.get(agent.call) if agent.call else None
        if call and call.ringing == agent.id:
            self._unring(call, "gone", now)
        elif call and call.consulted == agent.id:
            self._release(call, now)
        elif call and call.owner == agent.id and call.state in WITH_AGENT:
            self._abandon(call, agent, now)
        elif call and call.owner == agent.id and call.state == CallState.DIALLING:
            self.give_up(call, Outcome.CANCELLED, now)
        self.wrapped_up(agent)
        self.offline(agent, now)
        return self.decide(now)

    def wrapped_up(self, agent: Agent) -> None:
        """The agent's wrap-up is over, and with it the call."""
        call = self.calls.get(agent.call) if agent.call else None
        if call and call.state == CallState.WRAPUP and call.owner == agent.id:
            self._close(call)

    # --- time --------------------------------------------------------------------------------------------------

    def next_at(self, now: float) -> float | None:
        """When `tick` has something to do, if nothing else happens."""
        moments = [agent.until for agent in self.agents.values() if agent.until is not None]
        for call in self.calls.values():
            if call.ringing is not None:
                moments.append(call.ring_until)
            elif call.state == CallState.QUEUED:
                moments += [call.announce_at, call.since + self.figures.queue]
                moments += [call.since + self.figures.skill] if call.skill and not self._waived(call, now) else []
        return min(moments, default=None)

    def tick(self, now: float) -> list[Decision]:
        """Everything whose time has come."""
        for agent in self.agents.values():
            if agent.until is not None and agent.until <= now:
                self.rest(agent, now)
        for call in list(self.calls.values()):
            if call.ringing is not None and call.ring_until <= now:
                self._unring(call, "timeout", now)
            if call.state == CallState.QUEUED and call.since + self.figures.queue <= now:
                self._to_message(call, Outcome.NO_AGENT)
        decided = self.decide(now)
        for call in self.waiting():
            if call.announce_at <= now:
                call.announce_at = now + self.figures.announce
                decided.append(Announce(call.id, self.place(call)))
        return decided

    def decide(self, now: float) -> list[Decision]:
        """Bring waiting calls and free agents together; hand out everything that was decided."""
        for call in self.waiting():
            if agent := self._best(call, now):
                self._ring(call, agent, now)
            elif not self.present():
                self._to_message(call, Outcome.NO_AGENT)
        decided, self.out = self.out, []
        return decided

    def _best(self, call: Call, now: float) -> Agent | None:
        """The caller's last agent before who has waited longest; a skill that is wanted is a must at first."""
        fitting = [agent for agent in self.agents.values() if agent.free and self.fits(agent, call, now)]
        return min(
            fitting,
            key=lambda a: (call.skill not in ("", *a.skills), a.id != call.last_agent, a.since, a.id),
            default=None,
        )

    def fits(self, agent: Agent, call: Call, now: float) -> bool:
        """Whether the agent may take the call: has its skill, or the skill is no longer waited for."""
        if not call.skill or call.skill in agent.skills or self._waived(call, now):
            return True
        return not any(call.skill in other.skills for other in self.present())

    def _waived(self, call: Call, now: float) -> bool:
        return now >= call.since + self.figures.skill


def _ending(call: Call) -> Outcome:
    """How a call ends when its caller hangs up now."""
    if call.ending:
        return call.ending
    if call.state == CallState.RINGING or (call.state == CallState.CONSULTING and call.sent):
        return Outcome.ABANDONED_RINGING
    return Outcome.COMPLETED if call.state in SERVED else Outcome.ABANDONED_QUEUE
