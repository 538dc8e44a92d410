"""From 8 kHz to 16 kHz and back, and the buffer and clock between uneven sound and an even line."""

from __future__ import annotations

import numpy as np
import pytest

from channels_ingest.telephony.jitter import FrameQueue, Pacer
from channels_ingest.telephony.legs import FRAME_BYTES
from channels_ingest.telephony.rates import Doubler, Halver, resampled


def tone(hertz: float, rate: int) -> bytes:
    return (8_000 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate)).astype("<i2").tobytes()


def fed(filter_: Doubler | Halver, sound: bytes, frame: int) -> np.ndarray:
    parts = [filter_.feed(sound[at : at + frame]) for at in range(0, len(sound), frame)]
    return np.frombuffer(b"".join(parts), "<i2").astype(int)


def test_a_tone_is_the_same_at_twice_the_rate_without_a_seam_between_frames() -> None:
    doubled = fed(Doubler(), tone(1_000, 8_000), 320)

    wanted = np.frombuffer(tone(1_000, 16_000), "<i2").astype(int)
    assert len(doubled) == 16_000
    assert np.abs(doubled[1_023:] - wanted[1_000 : 16_000 - 23]).max() < 30


def test_what_the_narrow_band_cannot_carry_is_not_folded_into_it() -> None:
    assert np.abs(fed(Halver(), tone(1_000, 16_000), 640)[100:]).max() > 7_300
    assert np.abs(fed(Halver(), tone(6_000, 16_000), 640)[100:]).max() < 60


def test_a_whole_sound_changes_its_rate() -> None:
    assert len(resampled(tone(440, 24_000), 24_000, 16_000)) == 32_000
    assert resampled(b"\1\0", 16_000, 16_000) == b"\1\0"


def frame(value: int) -> bytes:
    return bytes([value, 0]) * (FRAME_BYTES // 2)


def test_a_queue_waits_for_a_little_store_and_then_gives_every_frame_in_order() -> None:
    queue = FrameQueue()
    queue.put(frame(1))
    assert queue.get() is None
    queue.put(frame(2) + frame(3)[:100])
    assert [queue.get(), queue.get(), queue.get()] == [frame(1), frame(2), None]
    queue.put(frame(3)[100:] + frame(4))
    assert [queue.get(), queue.get()] == [frame(3), frame(4)]


def test_sound_that_is_too_late_to_be_heard_is_dropped_from_the_front() -> None:
    queue = FrameQueue()
    for number in range(20):
        queue.put(frame(number))

    assert queue.dropped == 11
    assert queue.get() == frame(11)


def test_a_clock_keeps_its_beat() -> None:
    pacer = Pacer(10.0)
    assert pacer.wait(10.001) == pytest.approx(0.019)
    assert pacer.wait(10.025) == pytest.approx(0.015)
    assert pacer.late == 0


def test_a_clock_makes_up_for_a_little_lateness_only() -> None:
    pacer = Pacer(10.0)
    assert pacer.wait(10.07) == 0.0  # due 10.02: the next frames follow at once
    assert pacer.wait(10.07) == 0.0
    assert pacer.wait(10.07) == 0.0
    assert pacer.wait(10.07) == pytest.approx(0.01)
    assert pacer.late == 2
    assert pacer.wait(11.0) == 0.0  # a second late: what was missed is missed
    assert pacer.wait(11.0) == pytest.approx(0.02)
