"""The queue's rules: who gets which call, and what happens when nobody does."""

from __future__ import annotations

from uuid import UUID

import pytest

from channels_ingest.telephony.acd import Acd
from channels_ingest.telephony.acd_parts import (
    Agent,
    Announce,
    Asked,
    Call,
    Closed,
    Decision,
    Ended,
    Figures,
    Joined,
    Left,
    Message,
    NotNow,
    Queued,
    Rings,
    StopsRinging,
)
from hotline.calls.states import AgentState, CallState, Outcome

FIGURES = Figures(ring=20, wrapup=30, queue=100, announce=40, skill=15)


class Hall:
    """A queue and short words for what happens in it; `t` is the time."""

    def __init__(self, figures: Figures = FIGURES) -> None:
        self.acd = Acd(figures)
        self.t = 0.0
        self.last: list[Decision] = []

    def agent(self, id: int, *skills: str, ready: bool = True) -> Agent:
        self.acd.log_in(id, frozenset(skills), self.t)
        agent = self.acd.agents[id]
        if ready:
            self.last = self.acd.ready(agent, self.t)
        return agent

    def call(self, number: int, **fields: object) -> Call:
        call = Call(UUID(int=number), f"caller{number}", self.t, **fields)  # type: ignore[arg-type]
        self.last = self.acd.arrive(call, self.t)
        return call

    def tick(self, seconds: float) -> list[Decision]:
        self.t += seconds
        self.last = self.acd.tick(self.t)
        return self.last

    def talk(self, number: int = 1, agent: int = 1) -> tuple[Agent, Call]:
        """A call that this agent has answered."""
        who = self.agent(agent)
        call = self.call(number)
        self.last = self.acd.answer(who, call, self.t)
        return who, call

    def said(self, *kinds: type) -> list[Decision]:
        """The last decisions of these kinds."""
        return [decision for decision in self.last if isinstance(decision, kinds)]


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_a_call_rings_at_who_has_waited_longest(hall: Hall) -> None:
    hall.agent(1)
    hall.t = 5
    hall.agent(2)
    hall.t = 10
    call = hall.call(7)
    assert hall.said(Rings) == [Rings(call.id, 1, 30)]
    assert hall.call(8).ringing == 2
    third = hall.call(9)
    assert (third.state, hall.acd.place(third)) == (CallState.QUEUED, 1)


def test_from_the_answer_to_the_end_of_the_wrap_up(hall: Hall) -> None:
    agent, call = hall.talk()
    assert hall.said(Joined) == [Joined(call.id, 1)]
    assert (agent.state, call.state) == (AgentState.BUSY, CallState.TALKING)
    hall.last = hall.acd.hang_up(agent, call, 60)
    assert hall.said(Ended, Left) == [Ended(call.id, Outcome.COMPLETED), Left(call.id, 1, "ended")]
    assert (agent.state, agent.until, call.state) == (AgentState.WRAPUP, 90, CallState.WRAPUP)
    hall.t = 60
    assert not hall.tick(29)
    hall.tick(1)
    assert hall.said(Closed) == [Closed(call.id)]
    assert (agent.state, call.state, hall.acd.calls) == (AgentState.IDLE, CallState.CLOSED, {})


def test_without_a_wrap_up_the_next_call_comes_at_once() -> None:
    hall = Hall(Figures(wrapup=0))
    agent, call = hall.talk()
    waiting = hall.call(2)
    hall.last = hall.acd.hang_up(agent, call, 60)
    assert hall.said(Closed, Rings) == [Closed(call.id), Rings(waiting.id, 1, 80)]


def test_who_does_not_answer_is_paused_and_the_call_keeps_its_place(hall: Hall) -> None:
    agent = hall.agent(1)
    first = hall.call(1)
    hall.t = 1
    second = hall.call(2)
    hall.tick(18.9)
    assert first.ringing == 1
    hall.tick(0.1)
    assert hall.said(StopsRinging, Queued) == [StopsRinging(first.id, 1, "timeout"), Queued(first.id)]
    assert (agent.state, agent.reason) == (AgentState.PAUSED, "not_answered")
    assert hall.acd.waiting() == [first, second]
    hall.last = hall.acd.ready(agent, 25)
    assert hall.said(Rings) == [Rings(first.id, 1, 45)]


def test_a_rejected_call_goes_to_another(hall: Hall) -> None:
    agent = hall.agent(1)
    hall.t = 1
    hall.agent(2)
    call = hall.call(1)
    hall.last = hall.acd.reject(agent, call, 3)
    assert hall.said(Rings) == [Rings(call.id, 2, 23)]
    assert agent.state == AgentState.PAUSED


def test_a_skill_is_waited_for_but_not_for_long(hall: Hall) -> None:
    hall.agent(1)
    able = hall.agent(2, "cantonese")
    hall.acd.pause(able, "会议", 0)
    call = hall.call(1, skill="cantonese")
    assert call.state == CallState.QUEUED
    assert hall.acd.next_at(0) == 15
    hall.tick(14.9)
    assert call.state == CallState.QUEUED
    hall.tick(0.1)
    assert call.ringing == 1


def test_a_skill_that_nobody_here_has_is_not_waited_for(hall: Hall) -> None:
    hall.agent(1)
    assert hall.call(1, skill="hakka").ringing == 1


def test_who_has_the_skill_comes_before_who_waits_longer(hall: Hall) -> None:
    hall.agent(1)
    hall.t = 5
    hall.agent(2, "cantonese")
    assert hall.call(1, skill="cantonese").ringing == 2


def test_the_last_agent_of_a_caller_comes_first(hall: Hall) -> None:
    hall.agent(1)
    hall.t = 5
    hall.agent(2)
    assert hall.call(1, last_agent=2).ringing == 2


def test_who_calls_again_is_served_first(hall: Hall) -> None:
    agent = hall.agent(1, ready=False)
    hall.call(1)
    hall.t = 5
    again = hall.call(2, again=True)
    hall.acd.ready(agent, 6)
    assert again.ringing == 1


def test_after_the_limit_a_message_may_be_left(hall: Hall) -> None:
    hall.agent(1, ready=False)
    call = hall.call(1)
    hall.tick(40)
    assert hall.last == [Announce(call.id, 1)]
    hall.tick(59.9)
    assert call.state == CallState.QUEUED
    hall.tick(0.1)
    assert hall.last == [Message(call.id, Outcome.NO_AGENT)]
    hall.last = hall.acd.caller_gone(call, 130)
    assert hall.last == [Ended(call.id, Outcome.NO_AGENT), Closed(call.id)]


def test_where_nobody_works_a_message_is_taken_at_once(hall: Hall) -> None:
    call = hall.call(1)
    assert hall.said(Message) == [Message(call.id, Outcome.NO_AGENT)]


def test_after_hours_a_message_is_taken_whoever_is_there(hall: Hall) -> None:
    hall.agent(1)
    call = Call(UUID(int=1), "", 0)
    assert hall.acd.arrive(call, 0, open=False) == [Message(call.id, Outcome.AFTER_HOURS)]
    assert hall.acd.caller_gone(call, 9)[0] == Ended(call.id, Outcome.AFTER_HOURS)


def test_when_the_last_agent_leaves_those_who_wait_may_leave_a_message(hall: Hall) -> None:
    agent = hall.agent(1, ready=False)
    call = hall.call(1)
    hall.last = hall.acd.leave(agent, 3)
    assert hall.said(Message) == [Message(call.id, Outcome.NO_AGENT)]


def test_a_call_back_instead_of_waiting(hall: Hall) -> None:
    hall.agent(1, ready=False)
    call = hall.call(1)
    assert hall.acd.call_back_instead(call, 9)[0] == Ended(call.id, Outcome.NO_AGENT)


@pytest.mark.parametrize("ready", [True, False])
def test_a_caller_who_hangs_up_early(hall: Hall, ready: bool) -> None:
    agent = hall.agent(1, ready=ready)
    call = hall.call(1)
    hall.last = hall.acd.caller_gone(call, 9)
    expected = Outcome.ABANDONED_RINGING if ready else Outcome.ABANDONED_QUEUE
    assert hall.said(Ended) == [Ended(call.id, expected)]
    assert agent.state == (AgentState.IDLE if ready else AgentState.PAUSED)


def test_hold(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.acd.hold(agent, call, 5, on=True)
    assert (agent.state, call.state) == (AgentState.HELD, CallState.HELD)
    with pytest.raises(NotNow):
        hall.acd.hold(agent, call, 6, on=True)
    hall.acd.hold(agent, call, 7, on=False)
    assert (agent.state, call.state) == (AgentState.BUSY, CallState.TALKING)


def test_a_blind_transfer_to_a_colleague(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.last = hall.acd.transfer(agent, call, other, 50)
    assert hall.said(Left, Rings) == [Left(call.id, 1, "transferred"), Rings(call.id, 2, 70)]
    assert agent.state == AgentState.WRAPUP
    hall.acd.answer(other, call, 55)
    assert (call.owner, call.state) == (2, CallState.TALKING)
    hall.last = hall.acd.tick(80)
    assert (agent.state, call.state) == (AgentState.IDLE, CallState.TALKING)


def test_a_transfer_that_nobody_answers_waits_before_all_who_came_later(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.t = 10
    hall.acd.transfer(agent, call, other, hall.t)
    later = hall.call(2)
    hall.tick(20)
    assert hall.acd.waiting() == [call, later]
    assert call.since == 10


def test_no_transfer_to_who_is_not_free(hall: Hall) -> None:
    agent, call = hall.talk()
    with pytest.raises(NotNow, match="unreachable"):
        hall.acd.transfer(agent, call, hall.agent(2, ready=False), 5)
    assert call.owner == 1


def test_an_attended_transfer(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.last = hall.acd.consult(agent, call, other, 5)
    assert hall.said(Rings) == [Rings(call.id, 2, 25, asked=True)]
    hall.last = hall.acd.answer(other, call, 8)
    assert hall.said(Asked) == [Asked(call.id, 2)]
    assert (call.owner, call.consulted, call.state) == (1, 2, CallState.CONSULTING)
    hall.last = hall.acd.complete_transfer(agent, call, 20)
    assert hall.said(Left, Joined) == [Left(call.id, 1, "transferred"), Joined(call.id, 2)]
    assert (call.owner, call.consulted, call.state) == (2, None, CallState.TALKING)


def test_a_colleague_who_is_asked_and_does_not_answer(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.acd.consult(agent, call, other, 0)
    hall.tick(20)
    assert (call.state, call.owner, other.state) == (CallState.TALKING, 1, AgentState.PAUSED)


def test_three_speak_and_the_first_agent_leaves(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.acd.consult(agent, call, other, 0)
    with pytest.raises(NotNow):
        hall.acd.conference(agent, call, 1)
    hall.acd.answer(other, call, 2)
    hall.acd.conference(agent, call, 3)
    assert call.state == CallState.CONFERENCE
    hall.acd.hang_up(agent, call, 9)
    assert (call.owner, call.state, agent.state) == (2, CallState.TALKING, AgentState.WRAPUP)


def test_three_speak_and_who_was_asked_leaves(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.acd.consult(agent, call, other, 0)
    hall.acd.answer(other, call, 2)
    hall.acd.conference(agent, call, 3)
    hall.last = hall.acd.hang_up(other, call, 9)
    assert hall.said(Left) == [Left(call.id, 2, "released")]
    assert (call.owner, call.state, other.state) == (1, CallState.TALKING, AgentState.IDLE)


def test_given_to_a_number_outside(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.acd.consult(agent, call, None, 5)
    hall.acd.complete_transfer(agent, call, 8)
    assert (call.state, call.owner) == (CallState.TRANSFERRING, None)
    hall.last = hall.acd.outside_gone(call, 60)
    assert hall.said(Ended, Closed) == [Ended(call.id, Outcome.COMPLETED), Closed(call.id)]


@pytest.mark.parametrize("sent", [True, False])
def test_who_hangs_up_while_it_rings_where_they_are_sent_was_not_served(hall: Hall, sent: bool) -> None:
    agent, call = hall.talk()
    hall.acd.send_outside(agent, call, 2)
    if not sent:
        hall.acd.cancel_consult(agent, call, 4)
        hall.acd.consult(agent, call, None, 5)  # the caller waits for an answer of the agent's
    hall.last = hall.acd.caller_gone(call, 9)
    assert hall.said(Ended) == [Ended(call.id, Outcome.ABANDONED_RINGING if sent else Outcome.COMPLETED)]


def test_who_reached_the_number_they_were_sent_to_was_served(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.acd.send_outside(agent, call, 2)
    hall.acd.complete_transfer(agent, call, 4)
    hall.last = hall.acd.caller_gone(call, 9)
    assert hall.said(Ended, Closed) == [Ended(call.id, Outcome.COMPLETED), Closed(call.id)]


def test_a_number_outside_that_was_asked_is_gone(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.acd.consult(agent, call, None, 5)
    hall.acd.outside_gone(call, 9)
    assert (call.state, call.outside) == (CallState.TALKING, False)


def test_leaving_while_talking_waits_for_the_end(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.acd.leave(agent, 5)
    assert (agent.state, agent.then) == (AgentState.BUSY, "offline")
    hall.t = 10
    hall.acd.hang_up(agent, call, hall.t)
    assert agent.state == AgentState.WRAPUP
    hall.tick(30)
    assert (agent.state, agent.then) == (AgentState.OFFLINE, "")


def test_a_pause_asked_for_while_talking_comes_with_its_reason(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.acd.pause(agent, "用餐", 5)
    hall.acd.hang_up(agent, call, 10)
    hall.acd.wrapup_done(agent, 12)
    assert (agent.state, agent.reason) == (AgentState.PAUSED, "用餐")


def test_a_lost_telephone_gives_the_caller_to_the_next(hall: Hall) -> None:
    agent, call = hall.talk()
    other = hall.agent(2)
    hall.last = hall.acd.agent_gone(agent, 50)
    assert hall.said(Left, Rings) == [Left(call.id, 1, "gone"), Rings(call.id, 2, 70)]
    assert (agent.state, other.call) == (AgentState.OFFLINE, call.id)


def test_nothing_rings_at_a_telephone_that_is_away(hall: Hall) -> None:
    agent = hall.agent(1)
    hall.acd.reachable(agent, 1, on=False)
    call = hall.call(1)
    assert call.state == CallState.QUEUED
    hall.acd.reachable(agent, 2, on=True)
    assert call.ringing == 1


def test_who_supervises_gets_no_calls(hall: Hall) -> None:
    lead = hall.agent(1)
    hall.acd.supervise(lead, 1, on=True)
    assert hall.call(1).state == CallState.QUEUED
    hall.acd.supervise(lead, 2, on=False)
    assert (lead.state, lead.reason) == (AgentState.PAUSED, "")


def test_only_the_one_who_is_rung_may_answer(hall: Hall) -> None:
    hall.agent(1)
    other = hall.agent(2)
    call = hall.call(1)
    with pytest.raises(NotNow, match="not_yours"):
        hall.acd.answer(other, call, 1)


def test_a_fault_ends_a_call_for_all(hall: Hall) -> None:
    agent, call = hall.talk()
    hall.last = hall.acd.fail(call, 5)
    assert hall.said(Ended) == [Ended(call.id, Outcome.FAILED)]
    assert agent.state == AgentState.WRAPUP
    assert hall.acd.fail(call, 6) == []
