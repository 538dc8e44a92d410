"""Browsers as telephones, connected by a real WebSocket client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from channels_ingest.telephony.browser import BrowserServer, BrowserSettings
from channels_ingest.telephony.browser_leg import WebLeg
from channels_ingest.telephony.calls import Bounds
from channels_ingest.telephony.legs import FRAME_BYTES, Ended, LegEvent, Reachable, Sound
from tests.channels_ingest.telephony.sounding import chirp, likeness

pytestmark = pytest.mark.asyncio


@dataclass
class Agent:
    username: str


class Desk:
    """What the switchboard would do with browsers."""

    def __init__(self) -> None:
        self.legs: list[WebLeg] = []
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.told: dict[str, list[LegEvent]] = {}
        self.heard = bytearray()
        self.tasks: list[asyncio.Task[None]] = []

    def on_leg(self, leg: WebLeg) -> None:
        self.legs.append(leg)
        self.tasks.append(asyncio.create_task(self._read(leg)))

    def on_control(self, leg: WebLeg, message: dict[str, Any]) -> None:
        self.said.append((leg.visitor.username, message))

    async def _read(self, leg: WebLeg) -> None:
        async for event in leg.events():
            if isinstance(event, Sound):
                self.heard += event.pcm16
            else:
                self.told.setdefault(leg.visitor.username, []).append(event)


@asynccontextmanager
async def desk(**settings: Any) -> AsyncIterator[tuple[Desk, BrowserServer]]:
    switchboard = Desk()
    server = BrowserServer(
        BrowserSettings(port=0, **settings),
        lambda token: Agent(token.removeprefix("ok-")) if token.startswith("ok-") else None,
        switchboard.on_leg,
        switchboard.on_control,
    )
    await server.start()
    try:
        yield switchboard, server
    finally:
        await server.stop()
        await asyncio.wait_for(asyncio.gather(*switchboard.tasks), 10)


def browser(server: BrowserServer, token: str = "ok-agent1", **options: Any) -> Any:
    return connect(f"ws://127.0.0.1:{server.port}/phone/?token={token}", compression=None, **options)


async def closed(connection: ClientConnection) -> int | None:
    try:
        async with asyncio.timeout(10):
            while True:
                await connection.recv()
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_sound_goes_both_ways_and_words_too() -> None:
    up, down = chirp(0.4, 300, 1_500), chirp(0.4, 2_500, 400)
    async with desk() as (switchboard, server), browser(server) as agent:
        await agent.send(json.dumps({"type": "hello", "version": 1}))
        for at in range(0, len(up), FRAME_BYTES):
            await agent.send(up[at : at + FRAME_BYTES])
        await until(lambda: len(switchboard.heard) == len(up))
        leg = switchboard.legs[0]
        leg.control({"type": "state", "名": "坐席"})
        heard = [await agent.recv()]
        for at in range(0, len(down), FRAME_BYTES):
            leg.send(down[at : at + FRAME_BYTES])
            heard.append(await agent.recv())

        assert switchboard.said == [("agent1", {"type": "hello", "version": 1})]
        assert bytes(switchboard.heard) == up
        assert json.loads(heard[0]) == {"type": "state", "名": "坐席"}
        assert likeness(down, b"".join(heard[1:])) > 0.999
        assert {len(frame) for frame in heard[1:]} == {FRAME_BYTES}


async def test_a_token_that_is_not_known_is_told_so() -> None:
    async with desk() as (switchboard, server), browser(server, "bad") as agent:
        assert await closed(agent) == 4401
        assert switchboard.legs == []


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://evil.example", 403), ("http://127.0.0.1:8000", None), ("https://desk.example", None), (None, None)],
)
async def test_pages_of_this_host_and_of_named_origins_may_connect(origin: str | None, status: int | None) -> None:
    async with desk(origins=("https://desk.example",)) as (_, server):
        try:
            async with browser(server, origin=origin):
                refused = None
        except InvalidStatus as error:
            refused = error.response.status_code
    assert refused == status


async def test_there_is_one_address() -> None:
    async with desk() as (_, server):
        with pytest.raises(InvalidStatus, match="404"):
            await connect(f"ws://127.0.0.1:{server.port}/?token=ok-agent1")


async def test_who_comes_back_is_the_same_leg_and_the_old_page_is_told() -> None:
    async with desk() as (switchboard, server), browser(server) as first:
        await until(lambda: switchboard.legs)
        async with browser(server) as second:
            assert await closed(first) == 4409
            switchboard.legs[0].send(bytes(FRAME_BYTES))
            assert await second.recv() == bytes(FRAME_BYTES)
            assert switchboard.told["agent1"] == [Reachable(True), Reachable(True)]
            assert len(switchboard.legs) == 1


async def test_a_page_that_is_loaded_again_is_away_for_a_moment_and_back() -> None:
    async with desk() as (switchboard, server):
        async with browser(server):
            await until(lambda: switchboard.legs)
        leg = switchboard.legs[0]
        await until(lambda: not leg.reachable)
        leg.send(bytes(FRAME_BYTES))  # while nobody is there
        leg.control({"type": "lost"})
        async with browser(server) as again:
            leg.control({"type": "state"})
            assert json.loads(await again.recv()) == {"type": "state"}
            assert switchboard.told["agent1"] == [Reachable(True), Reachable(False), Reachable(True)]


async def test_who_does_not_come_back_is_gone_and_may_come_anew() -> None:
    async with desk(bounds=lambda: Bounds(away_seconds=0.05)) as (switchboard, server):
        async with browser(server):
            await until(lambda: switchboard.legs)
        await until(lambda: Ended("gone") in switchboard.told["agent1"])
        async with browser(server):
            await until(lambda: len(switchboard.legs) == 2)
        assert switchboard.legs[0].id == switchboard.legs[1].id


async def test_a_browser_that_is_let_go_is_gone_at_once() -> None:
    async with desk() as (switchboard, server), browser(server) as agent:
        await until(lambda: switchboard.legs)
        await switchboard.legs[0].hang_up("logged out")
        assert await closed(agent) == 1000
        await until(lambda: Ended("logged out") in switchboard.told["agent1"])


@pytest.mark.parametrize("words", ["{", "[1]", "12", "[" * 60_000])
async def test_words_that_are_no_message_end_the_connection(words: str) -> None:
    async with desk() as (switchboard, server), browser(server) as agent:
        await agent.send(words)
        assert await closed(agent) == 1003
        assert switchboard.said == []


async def test_a_page_that_gives_orders_without_end_is_disconnected() -> None:
    async with desk() as (switchboard, server), browser(server) as agent:
        with suppress(ConnectionClosed):
            for _ in range(1_000):
                await agent.send(json.dumps({"type": "answer"}))
        assert await closed(agent) == 1008
        assert 50 <= len(switchboard.said) < 1_000
        async with browser(server) as again:
            await again.send(json.dumps({"type": "hello"}))
            await until(lambda: switchboard.said[-1] == ("agent1", {"type": "hello"}))


async def test_sound_that_is_no_frame_is_not_heard() -> None:
    async with desk() as (switchboard, server), browser(server) as agent:
        await agent.send(b"\1\0\1")
        await agent.send(bytes(FRAME_BYTES * 2))
        await agent.send(json.dumps({"type": "hello"}))
        await until(lambda: switchboard.said)
        assert switchboard.heard == b""


async def test_a_browser_that_does_not_listen_loses_the_oldest_sound_and_delays_nobody() -> None:
    async with desk(ping_seconds=60.0) as (switchboard, server), browser(server, max_queue=1) as slow:
        await until(lambda: switchboard.legs)
        leg = switchboard.legs[0]
        slow.transport.pause_reading()
        for number in range(40_000):
            leg.send(number.to_bytes(4, "little") * 160)
            if number % 100 == 0:
                await asyncio.sleep(0)
        slow.transport.resume_reading()
        got = [0]
        async with asyncio.timeout(20):
            while got[-1] != 39_999:
                got.append(int.from_bytes((await slow.recv())[:4], "little"))
        assert got == sorted(got)
        assert len(got) < 10_000


async def test_a_server_that_stops_says_so() -> None:
    async with desk() as (switchboard, server), browser(server) as agent:
        await until(lambda: switchboard.legs)
        await server.stop()
        assert await closed(agent) == 1001
