"""The exchange keeps the queue: a real Asterisk's calls followed, heard and resumed."""

from __future__ import annotations

import pytest

from channels_ingest.telephony.bridge import Side
from tests.exchange.building import Pbx
from tests.exchange.conftest import Side as OurSide
from tests.exchange.desk import Desk, Ours, loudest_tone
from tests.exchange.phones import Phone
from tests.exchange.waiting import becomes

QUEUE = "12346"
CITIZEN, LI, WANG = 400, 700, 900


def citizen(pbx: Pbx) -> Phone:
    return Phone("13800000001", pbx.sip, CITIZEN)


def li(pbx: Pbx, *, answers: bool = True) -> Phone:
    return Phone("8001", pbx.sip, LI, port=pbx.desks["8001"], answers=answers)


def wang(pbx: Pbx) -> Phone:
    return Phone("8002", pbx.sip, WANG, port=pbx.desks["8002"])


async def is_heard(desk: Desk, side: Side, hertz: int) -> None:
    await becomes(lambda: (pcm := desk.last(side)) and abs(loudest_tone(pcm) - hertz) < 10, f"{side} is {hertz} Hz")


async def reaches(ours: Ours, state: str) -> None:
    await becomes(lambda: ours.desk.state == state, f"the call is {state}", seconds=40)


@pytest.mark.asyncio
async def test_a_call_is_followed_and_each_side_heard_apart(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, li(pbx):
        await caller.dial(QUEUE)
        await reaches(ours, "talking")
        await is_heard(ours.desk, Side.CALLER, CITIZEN)
        await is_heard(ours.desk, Side.AGENT, LI)
        call = ours.desk.calls[-1]
        assert (call.caller, call.called, call.queue, call.agent) == ("13800000001", QUEUE, "hotline", "li")
        assert ours.desk.agents["li"] == "busy"
        caller.hang_up()
        await reaches(ours, "closed")
        assert ours.desk.calls[-1].outcome == "completed"
        await becomes(lambda: len(ours.desk.ended) == 2, "both copies ended")
        await becomes(lambda: ours.desk.agents["li"] == "idle", "the agent is free")
        assert len({one.uuid for one in ours.desk.calls}) == 1


@pytest.mark.asyncio
async def test_an_agent_holds_takes_back_and_transfers(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, li(pbx) as first, wang(pbx) as second:
        await caller.dial(QUEUE)
        await reaches(ours, "talking")
        first.hold()
        await reaches(ours, "held")
        first.unhold()
        await reaches(ours, "talking")
        await is_heard(ours.desk, Side.AGENT, LI)
        first.transfer("8002")
        await becomes(lambda: ours.desk.calls[-1].agent == "wang", "the call is Wang's")
        await reaches(ours, "talking")
        await is_heard(ours.desk, Side.AGENT, WANG)
        await is_heard(ours.desk, Side.CALLER, CITIZEN)
        second.hang_up()
        await reaches(ours, "closed")
        assert [one.state for one in ours.desk.calls] == [
            "queued",
            "ringing",
            "talking",
            "held",
            "talking",
            "ringing",
            "talking",
            "closed",
        ]
        assert len({one.uuid for one in ours.desk.calls}) == 1


@pytest.mark.asyncio
async def test_an_agent_asks_a_colleague_first_and_then_transfers(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, li(pbx) as first, wang(pbx) as second:
        await caller.dial(QUEUE)
        await reaches(ours, "talking")
        await is_heard(ours.desk, Side.AGENT, LI)
        await first.consult("8002")
        await reaches(ours, "held")
        assert ours.desk.calls[-1].agent == "li"
        await becomes(lambda: len(pbx.cli("bridge show all").splitlines()) == 3, "the two talk to each other")
        first.transfer_to_consulted()
        await becomes(lambda: ours.desk.calls[-1].agent == "wang", "the call is Wang's")
        await reaches(ours, "talking")
        await is_heard(ours.desk, Side.AGENT, WANG)
        await is_heard(ours.desk, Side.CALLER, CITIZEN)
        await becomes(lambda: abs(loudest_tone(second.sound.last(0.5)) - CITIZEN) < 10, "Wang hears the caller")
        caller.hang_up()
        await reaches(ours, "closed")
        assert [(one.state, one.agent) for one in ours.desk.calls[3:]] == [
            ("held", "li"),
            ("talking", "li"),
            ("talking", "wang"),
            ("closed", "wang"),
        ]
        assert len({one.uuid for one in ours.desk.calls}) == 1


@pytest.mark.asyncio
async def test_keys_and_the_rating_after_the_call_are_told(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, li(pbx) as agent:
        await caller.dial(QUEUE)
        await reaches(ours, "talking")
        uuid = ours.desk.calls[-1].uuid
        await caller.sound.press("7")
        await becomes(lambda: ours.desk.keys == [(uuid, "7")], "the key is known")
        agent.hang_up()
        await reaches(ours, "closed")
        assert not caller.ended.is_set()
        await becomes(lambda: "Read" in pbx.cli("core show channels concise"), "the caller is asked")
        await caller.sound.press("1")
        await becomes(caller.ended.is_set, "the caller is let go")
        assert ours.desk.keys == [(uuid, "7"), (uuid, "1")]
        await becomes(lambda: ours.desk.ratings == [(uuid, "1")], "the rating is known")


@pytest.mark.asyncio
async def test_a_caller_gives_up_while_it_rings(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, li(pbx, answers=False) as agent:
        await caller.dial(QUEUE)
        await reaches(ours, "ringing")
        await becomes(agent.ringing.is_set, "the telephone rings")
        caller.hang_up()
        await reaches(ours, "closed")
        assert (ours.desk.calls[-1].outcome, ours.desk.calls[-1].answered_at) == ("abandoned_ringing", None)
        assert ours.desk.forks == []


@pytest.mark.asyncio
async def test_a_telephone_that_nobody_takes_rings_again(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, li(pbx, answers=False) as agent:
        await caller.dial(QUEUE)
        await becomes(lambda: [one.state for one in ours.desk.calls].count("ringing") == 2, "it rang twice", seconds=40)
        assert [one.state for one in ours.desk.calls] == ["queued", "ringing", "queued", "ringing"]
        agent.answer()
        await reaches(ours, "talking")


@pytest.mark.asyncio
async def test_another_process_goes_on_with_a_talk_and_hears_it(pbx: Pbx, our_side: OurSide) -> None:
    async with citizen(pbx) as caller, li(pbx) as agent:
        async with our_side() as before:
            await caller.dial(QUEUE)
            await reaches(before, "talking")
            await is_heard(before.desk, Side.CALLER, CITIZEN)
        async with our_side() as after:
            call = before.desk.calls[-1]
            assert [(one.uuid, one.state, one.agent) for one in after.desk.calls] == [(call.uuid, "talking", "li")]
            assert after.desk.resyncs == [frozenset({call.uuid})]
            await is_heard(after.desk, Side.CALLER, CITIZEN)
            await is_heard(after.desk, Side.AGENT, LI)
            agent.hang_up()
            await reaches(after, "closed")
            assert after.desk.calls[-1].outcome == "completed"


@pytest.mark.asyncio
async def test_what_ended_while_nobody_looked_has_ended(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours:
        async with citizen(pbx) as caller, li(pbx):
            await caller.dial(QUEUE)
            await reaches(ours, "talking")
            pbx.cut_manager()
            await becomes(lambda: not ours.exchange.up.is_set(), "the connection is gone")
            caller.hang_up()
        await reaches(ours, "closed")
        assert ours.desk.calls[-1].lost
        assert ours.desk.resyncs[-1] == frozenset()
