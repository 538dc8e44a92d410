"""Our own caller: waits for its turn, says its words whole, and says what became of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from channels_ingest.telephony import calling, sounds
from channels_ingest.telephony.calls import FinishedCall, SipSettings, TelephonySettings
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import CallRefusedError, SipLeg, leg_id
from tests.channels_ingest.telephony.answering import telephony
from tests.channels_ingest.telephony.sounding import chirp, likeness
from tests.channels_ingest.telephony.test_audiosocket import caller_s
from tests.processes import free_port

pytestmark = pytest.mark.asyncio


def order(port: int, words: bytes, **more: object) -> calling.Order:
    return calling.Order(f"sip:12345@127.0.0.1:{port}", "13900001234", sounds.Clip.of(words), **more)


async def test_a_caller_speaks_when_the_tone_is_over_and_is_recorded_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "TURN_SECONDS", 0.3)
    monkeypatch.setattr(calling, "AFTER_SECONDS", 0.2)
    ended: asyncio.Queue[FinishedCall] = asyncio.Queue()

    async def take(call: FinishedCall) -> None:
        ended.put_nowait(call)

    port, words, steps = free_port(), chirp(1.0, 300, 1_500), []
    sip = SipSettings(port=port, rtp_ports=(21_000, 21_098))
    async with telephony(TelephonySettings(recordings=tmp_path, port=0), take, sip=sip):
        uuid = await calling.call(order(port, words, keys="1"), lambda step, more: steps.append(step))
        call = await asyncio.wait_for(ended.get(), 10)

    assert steps == ["ringing", "answered", "speaking"]
    assert (call.uuid, call.dtmf) == (uuid, "1")
    said = caller_s(call.path)
    assert likeness(words, said) > 0.95
    assert np.abs(np.frombuffer(said, "<i2")[:8_000]).max() < 20  # silent through the tone of 0.4 s


async def test_a_caller_who_is_hung_up_on_says_so() -> None:
    tasks: list[asyncio.Task[None]] = []

    async def brief(leg: SipLeg) -> None:
        await leg.answer()
        await leg.hang_up("bye")

    endpoint = SipEndpoint(
        SipSettings(port=0, rtp_ports=(21_000, 21_098)), lambda leg: tasks.append(asyncio.create_task(brief(leg)))
    )
    await endpoint.start()
    steps: list[str] = []
    await calling.call(order(endpoint.port, chirp(1.0, 300, 500)), lambda step, more: steps.append(step))
    await endpoint.stop()
    assert steps == ["ringing", "answered", "over"]


async def test_a_caller_whom_nobody_answers_gives_up() -> None:
    rung: list[SipLeg] = []
    endpoint = SipEndpoint(SipSettings(port=0, rtp_ports=(21_000, 21_098)), rung.append)
    await endpoint.start()
    with pytest.raises(CallRefusedError, match="No response within"):
        await calling.call(order(endpoint.port, b"", answer_seconds=0.3), lambda step, more: None)
    async with asyncio.timeout(10):
        while endpoint.calls:
            await asyncio.sleep(0.005)
    assert [leg.id for leg in rung] == [leg_id(rung[0].call.call_id, rung[0].call.dialog.remote_tag)]
    await endpoint.stop()


async def test_a_number_that_answers_nothing_is_given_up() -> None:
    with pytest.raises(CallRefusedError):
        await calling.call(order(free_port(), b"", answer_seconds=0.2), lambda step, more: None)
