"""A recording that goes on after the process that began it was killed: the exchange had the call all the time."""

from __future__ import annotations

import wave
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from channels_ingest.telephony.bridge import Bridge
from channels_ingest.telephony.recording import Recording, unfinished
from channels_ingest.telephony.sounds import music

CALL, CALLER, AGAIN = UUID(int=9), UUID(int=1), UUID(int=2)
STARTED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECOND = np.full(16_000, 100, "<i2").tobytes()


def left(root: Path) -> Recording:
    """What the next process finds of a call of which one second was kept."""
    before = Recording(root, CALL, STARTED)
    before.begin()
    before.write(CALLER, False, SECOND, 1.0)
    (found,) = unfinished(root)
    return found


def test_sound_goes_on_at_its_place_and_what_was_missed_is_silence(tmp_path: Path) -> None:
    recording = left(tmp_path)
    assert (recording.left_open, recording.begun) == (True, False)
    recording.take_up()
    recording.write(AGAIN, False, SECOND, 4.0)
    call = recording.finish()
    with wave.open(str(call.path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert (call.uuid, call.seconds, call.started_at) == (CALL, 4.0, STARTED)
    assert [int(sound[at, 0]) for at in (0, 15_999, 16_000, 47_999, 48_000, 63_999)] == [100, 100, 0, 0, 100, 100]


def test_one_that_is_whole_is_not_gone_on_with(tmp_path: Path) -> None:
    recording = left(tmp_path)
    recording.finish()
    assert not recording.left_open


@pytest.mark.asyncio
async def test_the_call_s_clock_goes_on_with_it() -> None:
    assert 90 <= Bridge(music(), already=90.0).seconds < 91
