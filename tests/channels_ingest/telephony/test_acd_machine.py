"""Chance plays calls and agents: whatever happens, nobody has two calls and every call ends once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from uuid import UUID

from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from channels_ingest.telephony.acd import Acd
from channels_ingest.telephony.acd_parts import Agent, Call, Closed, Decision, Ended, Figures, NotNow
from hotline.calls.states import AgentState, CallState

AGENTS = strategies.integers(1, 3)
SKILLS = strategies.sampled_from(["", "cantonese"])
PICK = strategies.integers(0, 5)
IN_A_CALL = ["reject", "hold", "unhold", "hang_up", "requeue", "transfer", "consult_outside", "send"]
IN_A_CALL += ["cancel", "conference", "complete"]


class Telephone(RuleBasedStateMachine):
    """A centre of three agents; every decision is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.acd = Acd(Figures(ring=20, wrapup=15, queue=120, announce=30, skill=10))
        self.now = 0.0
        self.arrived = 0
        self.ended: Counter[UUID] = Counter()
        self.closed: Counter[UUID] = Counter()

    def took(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, Ended):
                self.ended[decision.call] += 1
            elif isinstance(decision, Closed):
                self.closed[decision.call] += 1

    def agent(self, number: int) -> Agent | None:
        return self.acd.agents.get(number)

    def any_call(self, pick: int) -> Call:
        calls = list(self.acd.calls.values())
        return calls[pick % len(calls)]

    def own(self, pick: int) -> tuple[Agent, Call]:
        """An agent with the call they are in or that rings at them."""
        busy = [(agent, self.acd.calls[agent.call]) for agent in self.acd.agents.values() if agent.call in self.calls]
        return busy[pick % len(busy)]

    @property
    def calls(self) -> dict[UUID | None, Call]:
        return {**self.acd.calls}

    @initialize()
    def the_day_begins(self) -> None:
        for number in (1, 2, 3):
            self.acd.log_in(number, frozenset({"cantonese"} if number == 1 else ()), self.now)
            self.acd.ready(self.acd.agents[number], self.now)

    # --- what may happen ----------------------------------------------------------------------------------

    @rule(seconds=strategies.sampled_from([0.5, 5.0, 20.0, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.took(self.acd.tick(self.now))

    @rule(agent=AGENTS, skill=SKILLS)
    def log_in(self, agent: int, skill: str) -> None:
        self.took(self.acd.log_in(agent, frozenset({skill} - {""}), self.now))

    @rule(
        agent=AGENTS, what=strategies.sampled_from(["ready", "ready", "pause", "leave", "gone", "away", "back", "done"])
    )
    def agent_does(self, agent: int, what: str) -> None:
        who = self.agent(agent)
        if who is None or who.state == AgentState.OFFLINE:
            return
        does = {
            "ready": lambda: self.acd.ready(who, self.now),
            "pause": lambda: self.acd.pause(who, "用餐", self.now),
            "leave": lambda: self.acd.leave(who, self.now),
            "gone": lambda: self.acd.agent_gone(who, self.now),
            "away": lambda: self.acd.reachable(who, self.now, on=False),
            "back": lambda: self.acd.reachable(who, self.now, on=True),
            "done": lambda: self.acd.wrapup_done(who, self.now),
        }
        with suppress(NotNow):
            self.took(does[what]())

    @precondition(lambda self: self.arrived < 12)
    @rule(skill=SKILLS, again=strategies.booleans(), last=AGENTS, open=strategies.sampled_from([True] * 5 + [False]))
    def arrives(self, skill: str, again: bool, last: int, open: bool) -> None:
        self.arrived += 1
        call = Call(UUID(int=self.arrived), "", self.now, skill=skill, again=again, last_agent=last)
        self.took(self.acd.arrive(call, self.now, open=open))

    @precondition(lambda self: self.acd.calls)
    @rule(pick=PICK, what=strategies.sampled_from(["gone", "gone", "fail", "outside_gone", "call_back"]))
    def caller_does(self, pick: int, what: str) -> None:
        call = self.any_call(pick)
        does = {
            "gone": self.acd.caller_gone,
            "fail": self.acd.fail,
            "outside_gone": self.acd.outside_gone,
            "call_back": self.acd.call_back_instead,
        }
        with suppress(NotNow):
            self.took(does[what](call, self.now))

    @precondition(lambda self: any(call.ringing for call in self.acd.calls.values()))
    @rule(pick=PICK)
    def somebody_answers(self, pick: int) -> None:
        ringing = [call for call in self.acd.calls.values() if call.ringing is not None]
        call = ringing[pick % len(ringing)]
        assert call.ringing is not None
        self.took(self.acd.answer(self.acd.agents[call.ringing], call, self.now))

    @precondition(lambda self: any(call.state == CallState.TALKING for call in self.acd.calls.values()))
    @rule(pick=PICK, to=AGENTS)
    def somebody_is_asked(self, pick: int, to: int) -> None:
        talking = [call for call in self.acd.calls.values() if call.state == CallState.TALKING]
        call = talking[pick % len(talking)]
        assert call.owner is not None
        with suppress(NotNow):
            self.took(self.acd.consult(self.acd.agents[call.owner], call, self.acd.agents[to], self.now))

    @precondition(lambda self: any(agent.call in self.acd.calls for agent in self.acd.agents.values()))
    @rule(pick=PICK, to=AGENTS, what=strategies.sampled_from(IN_A_CALL))
    def in_a_call(self, pick: int, to: int, what: str) -> None:
        acd, now, (who, call), other = self.acd, self.now, self.own(pick), self.acd.agents[to]
        does = {
            "reject": lambda: acd.reject(who, call, now),
            "hold": lambda: acd.hold(who, call, now, on=True),
            "unhold": lambda: acd.hold(who, call, now, on=False),
            "hang_up": lambda: acd.hang_up(who, call, now),
            "requeue": lambda: acd.requeue(who, call, "cantonese", now),
            "transfer": lambda: acd.transfer(who, call, other, now),
            "consult_outside": lambda: acd.consult(who, call, None, now),
            "send": lambda: acd.send_outside(who, call, now),
            "cancel": lambda: acd.cancel_consult(who, call, now),
            "conference": lambda: acd.conference(who, call, now),
            "complete": lambda: acd.complete_transfer(who, call, now),
        }
        with suppress(NotNow):
            self.took(does[what]())

    # --- what must always hold ------------------------------------------------------------------------------

    @invariant()
    def nobody_has_two_calls(self) -> None:
        held = Counter(
            agent
            for call in self.acd.calls.values()
            for agent in (call.owner, call.ringing, call.consulted)
            if agent is not None
        )
        assert all(count == 1 for count in held.values())

    @invariant()
    def both_sides_say_the_same(self) -> None:
        for call in self.acd.calls.values():
            for agent in (call.owner, call.ringing, call.consulted):
                assert agent is None or self.acd.agents[agent].call == call.id
            if call.ringing is not None:
                assert self.acd.agents[call.ringing].state == AgentState.RINGING
            if call.state in (CallState.TALKING, CallState.CONSULTING, CallState.CONFERENCE):
                assert call.owner is not None
                assert self.acd.agents[call.owner].state == AgentState.BUSY
            if call.state in (CallState.QUEUED, CallState.RINGING, CallState.VOICEMAIL, CallState.TRANSFERRING):
                assert call.owner is None
            if call.state == CallState.RINGING:
                assert call.ringing is not None
        for agent in self.acd.agents.values():
            if agent.state in (AgentState.RINGING, AgentState.BUSY, AgentState.HELD):
                call = self.acd.calls[agent.call]  # type: ignore[index]
                assert agent.id in (call.owner, call.ringing, call.consulted)
            elif agent.state != AgentState.WRAPUP:
                assert agent.call is None

    @invariant()
    def nobody_waits_while_a_fitting_agent_is_free(self) -> None:
        free = [agent for agent in self.acd.agents.values() if agent.free]
        for call in self.acd.waiting():
            assert not any(self.acd.fits(agent, call, self.now) for agent in free)
            assert self.acd.present(), "nobody is there to wait for"

    @invariant()
    def every_call_ends_once(self) -> None:
        assert all(count == 1 for count in (*self.ended.values(), *self.closed.values()))
        assert self.closed.keys() <= self.ended.keys()
        for call in self.acd.calls.values():
            assert (call.outcome is not None) == (call.id in self.ended) == (call.state == CallState.WRAPUP)
        assert self.arrived == len(self.acd.calls) + len(self.closed)

    @invariant()
    def time_never_stands_still(self) -> None:
        at = self.acd.next_at(self.now)
        assert at is None or at > self.now

    def teardown(self) -> None:
        for call in list(self.acd.calls.values()):
            self.took(self.acd.caller_gone(call, self.now))
        self.took(self.acd.tick(self.now + 1_000))
        assert self.acd.calls == {}
        assert set(self.closed) == {UUID(int=number + 1) for number in range(self.arrived)}
        self.every_call_ends_once()


Telephone.TestCase.settings = settings(max_examples=150, stateful_step_count=80, deadline=None)
TestTelephone = Telephone.TestCase
