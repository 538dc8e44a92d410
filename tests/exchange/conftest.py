"""One real exchange for all the tests here, and our side of it in the test's own process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.audiosocket import AudioSocketLeg, AudioSocketServer
from channels_ingest.telephony.calls import Bounds, TelephonySettings
from channels_ingest.telephony.exchange import Exchange
from tests.exchange.building import SECRET, Pbx, missing, running
from tests.exchange.desk import Desk, Ours

Side = Callable[[], AbstractAsyncContextManager[Ours]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is of the level `exchange`, and skips with one sentence where there is none."""
    why = missing()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("exchange")
            if why:
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def pbx() -> Iterator[Pbx]:
    with running() as exchange:
        yield exchange


def ami(pbx: Pbx) -> AmiSettings:
    return AmiSettings(
        host="127.0.0.1",
        port=pbx.ami,
        secret=SECRET,
        audiosocket=f"127.0.0.1:{pbx.platform}",
        transfer_context="from-agent",
        first_pause=2.0,  # long enough for something to happen during a break
    )


@pytest.fixture
def our_side(pbx: Pbx, tmp_path: Path) -> Side:
    """Our end of the exchange: AMI and AudioSocket, for as long as its block lasts; again is another process."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[Ours]:
        desk = Desk()
        waiting: set[asyncio.Task[None]] = set()
        exchange = Exchange(ami(pbx), desk, lambda extension: {"8001": "li", "8002": "wang"}.get(extension, ""))

        def on_call(leg: AudioSocketLeg) -> None:
            if not exchange.takes(leg):
                waiting.add(asyncio.create_task(announced(leg)))

        async def announced(leg: AudioSocketLeg) -> None:
            """The announcement may come a moment after the sound; what is never announced is another test's copy."""
            async with asyncio.timeout(5):
                while exchange.announced(leg.id) is None:
                    await asyncio.sleep(0.01)
            desk.platform(leg)

        server = AudioSocketServer(
            TelephonySettings(recordings=tmp_path, port=pbx.platform, bounds=lambda: Bounds(calls=1)), on_call
        )
        await server.start()
        following = asyncio.create_task(exchange.run())
        try:
            await asyncio.wait_for(exchange.up.wait(), 30)
            yield Ours(exchange, desk)
        finally:
            following.cancel()
            await server.stop()
            await desk.close()
            for task in waiting:
                task.cancel()
            await asyncio.gather(following, *waiting, return_exceptions=True)

    return begin
