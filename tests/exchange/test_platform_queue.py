"""The platform keeps the queue: the dialplan that we ship hands calls over, and takes them back when we fail."""

from __future__ import annotations

import pytest

from channels_ingest.telephony.ami.calls import FollowedCall
from tests.exchange.building import Pbx
from tests.exchange.conftest import Side as OurSide
from tests.exchange.desk import Ours, loudest_tone
from tests.exchange.test_exchange_queue import CITIZEN, citizen, wang
from tests.exchange.waiting import becomes

NUMBER = "12345"


async def handed_over(ours: Ours) -> None:
    await becomes(lambda: len(ours.desk.platform_heard) > 32_000, "the caller is heard for a second")


async def fallen_back(ours: Ours, state: str) -> FollowedCall:
    await becomes(lambda: ours.desk.state == state, f"the fallback queue's call is {state}")
    return ours.desk.calls[-1]


@pytest.mark.asyncio
async def test_a_call_is_announced_and_handed_over_in_wide_sound(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller:
        await caller.dial(NUMBER)
        await handed_over(ours)
        (leg,) = ours.desk.platform_legs
        announced = ours.exchange.announced(leg.id)
        assert announced is not None
        assert (announced.caller, announced.called) == ("13800000001", NUMBER)
        assert abs(loudest_tone(bytes(ours.desk.platform_heard[-16_000:])) - CITIZEN) < 10
        caller.hang_up()
        await becomes(lambda: ours.desk.ended == [leg], "the leg ended")
        assert ours.desk.calls == []


@pytest.mark.asyncio
async def test_a_call_that_we_end_on_purpose_is_over(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller:
        await caller.dial(NUMBER)
        await handed_over(ours)
        (leg,) = ours.desk.platform_legs
        assert await ours.exchange.done(leg.id)
        await leg.hang_up("completed")
        await becomes(caller.ended.is_set, "the caller was hung up on")
        assert ours.desk.calls == []


@pytest.mark.asyncio
async def test_a_call_that_we_drop_goes_on_in_the_fallback_queue(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, wang(pbx) as agent:
        await caller.dial(NUMBER)
        await handed_over(ours)
        (leg,) = ours.desk.platform_legs
        await leg.hang_up("a fault of ours")
        call = await fallen_back(ours, "talking")
        assert (call.uuid, call.queue, call.agent) == (leg.id, "hotline-fallback", "wang")
        await becomes(lambda: len(agent.sound.heard) > 8_000, "the agent hears the caller")
        assert not caller.ended.is_set()


@pytest.mark.asyncio
async def test_when_we_are_down_callers_are_queued_and_found_again(pbx: Pbx, our_side: OurSide) -> None:
    async with citizen(pbx) as caller, wang(pbx) as agent:
        await caller.dial(NUMBER)
        await becomes(lambda: len(agent.sound.heard) > 8_000, "the agent of the fallback queue hears the caller")
        async with our_side() as ours:
            call = await fallen_back(ours, "talking")
            assert (call.caller, call.queue, call.agent) == ("13800000001", "hotline-fallback", "wang")


@pytest.mark.asyncio
async def test_a_caller_is_sent_to_a_number_outside(pbx: Pbx, our_side: OurSide) -> None:
    async with our_side() as ours, citizen(pbx) as caller, wang(pbx) as outside:
        await caller.dial(NUMBER)
        await handed_over(ours)
        (leg,) = ours.desk.platform_legs
        assert await ours.exchange.transfer(leg.id, "8002")
        await becomes(lambda: len(outside.sound.heard) > 8_000, "the number outside hears the caller")
        assert not caller.ended.is_set()
        assert ours.desk.calls == []
