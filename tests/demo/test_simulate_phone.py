"""Simulated callers: real SIP calls, looked for in the book of calls."""

from __future__ import annotations

import asyncio
import random
from uuid import UUID

import httpx
import pytest

from channels_ingest.telephony import calling, sounds
from channels_ingest.telephony.calls import Bounds, SipSettings
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import SipLeg
from hotline.demo.simulate import telephone
from hotline.demo.simulate.running import Tally
from hotline.demo.simulate.telephone import Callers

pytestmark = pytest.mark.asyncio


async def simulated(monkeypatch: pytest.MonkeyPatch, *, room: int, kept: bool) -> tuple[Tally, list[str]]:
    """Four calls to a house of so much room, whose book holds them or not."""
    for name in ("TURN_SECONDS", "AFTER_SECONDS"):
        monkeypatch.setattr(calling, name, 0.05)
    monkeypatch.setattr(telephone, "PATIENCE", 0.1)
    numbers: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def answer(leg: SipLeg) -> None:
        numbers.append(leg.caller)
        await leg.answer()
        async for _ in leg.events():
            pass

    def book(request: httpx.Request) -> httpx.Response:
        assert UUID(request.url.path.rpartition("/")[2])
        return httpx.Response(200, json={"outcome": "completed"}) if kept else httpx.Response(404)

    settings = SipSettings(port=0, rtp_ports=(23_000, 23_098), bounds=lambda: Bounds(calls=room))
    house = SipEndpoint(settings, lambda leg: tasks.append(asyncio.create_task(answer(leg))))
    await house.start()
    tally = Tally()
    async with httpx.AsyncClient(transport=httpx.MockTransport(book), base_url="http://hotline") as client:
        callers = Callers(client, f"sip:12345@127.0.0.1:{house.port}", random.Random(1), tally)
        callers._clips = [sounds.Clip.of(b"\1\0" * 3_200)]
        await callers.call(rate=40, seconds=0.1, progress=lambda: None)
        await callers.check(lambda: None)
    await house.stop()
    await asyncio.gather(*tasks)
    return tally, numbers


async def test_every_caller_is_somebody_else_and_stands_in_the_book(monkeypatch: pytest.MonkeyPatch) -> None:
    tally, numbers = await simulated(monkeypatch, room=10, kept=True)
    assert (tally.sent["phone"], tally.accepted["phone"], tally.found, tally.lost["phone"]) == (4, 4, 4, 0)
    assert len(set(numbers)) == 4
    assert tally.clean


async def test_a_call_that_is_in_no_book_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    tally, _ = await simulated(monkeypatch, room=10, kept=False)
    assert (tally.accepted["phone"], tally.lost["phone"], tally.clean) == (4, 4, False)


async def test_a_call_that_is_refused_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    tally, _ = await simulated(monkeypatch, room=0, kept=True)
    assert (tally.refused["phone"], tally.lost["phone"]) == (4, 0)
    assert tally.reasons == {"phone: Call rejected: 486 Busy Here": 4}
