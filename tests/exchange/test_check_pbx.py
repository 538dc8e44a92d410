"""`hotline check-pbx` asks a real Asterisk that was set up with the files we ship."""

from __future__ import annotations

from typing import Any

import pytest

from channels_ingest.telephony.audiosocket import AudioSocketServer
from channels_ingest.telephony.calls import TelephonySettings
from hotline.commands import check_pbx
from tests.exchange.building import Pbx
from tests.exchange.conftest import ami

DESKS = frozenset({"8001", "8002"})


@pytest.mark.asyncio
async def test_an_asterisk_with_our_files_passes(pbx: Pbx, settings: Any) -> None:
    settings.TELEPHONY_AUDIOSOCKET_PORT = pbx.platform
    found = [finding async for finding in check_pbx.check(ami(pbx), "both", DESKS)]
    assert [(finding.name, finding.state) for finding in found] == [
        ("manager", "ok"),
        ("version", "ok"),
        ("clock", "ok"),
        ("modules", "ok"),
        ("dialplan hotline-in", "ok"),
        ("dialplan from-agent", "ok"),
        ("queues", "ok"),
        ("sound", "ok"),
    ]
    assert found[-1].detail == f"the exchange reaches 127.0.0.1:{pbx.platform} and answers in 16 kHz"


@pytest.mark.asyncio
async def test_nobody_hears_of_it_where_telephony_runs(pbx: Pbx, settings: Any, tmp_path: Any) -> None:
    settings.TELEPHONY_AUDIOSOCKET_PORT = pbx.platform
    calls: list[object] = []
    server = AudioSocketServer(TelephonySettings(recordings=tmp_path, port=pbx.platform), calls.append)
    await server.start()
    try:
        found = [finding async for finding in check_pbx.check(ami(pbx), "both", DESKS)]
    finally:
        await server.stop()
    assert found[-1].detail == "the exchange reaches our telephony, which runs"
    assert calls == []
