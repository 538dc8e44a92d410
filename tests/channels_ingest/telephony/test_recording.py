"""Recordings: kept to the wall clock, whole after a crash."""

from __future__ import annotations

import hashlib
import shutil
import wave
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from channels_ingest.telephony.recording import Recording, unfinished

CALL = UUID("6a1f6f0e-3c55-4d1c-9d0e-2f6a7b8c9d01")
STARTED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FRAME = b"\1\0" * 160


def begun(root: Path) -> Recording:
    recording = Recording(root, CALL, STARTED)
    recording.begin(8_000)
    return recording


def sound(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8_000, 1, 2)
        frames: bytes = file.readframes(file.getnframes())
    return frames


def test_a_recording_is_a_plain_wav_in_its_day_s_folder(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    for number in range(1, 51):
        recording.write(FRAME, number * 0.02)
    assert (tmp_path / f"2026/11/21/{CALL}.wav.part").exists()

    call = recording.finish()
    recording.handed_on()

    assert call.path == tmp_path / f"2026/11/21/{CALL}.wav"
    assert (call.uuid, call.started_at, call.seconds, call.dtmf) == (CALL, STARTED, 1.0, "")
    assert call.sha256 == hashlib.sha256(call.path.read_bytes()).hexdigest()
    assert sound(call.path) == FRAME * 50
    assert list(call.path.parent.iterdir()) == [call.path]


def test_a_gap_becomes_silence_where_it_was(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    recording.write(FRAME, 0.02)
    recording.write(FRAME, 0.80)  # frames stop for 740 ms when a key is pressed

    call = recording.finish()

    assert call.seconds == 0.8
    assert sound(call.path) == FRAME + bytes(12_800 - 2 * len(FRAME)) + FRAME


def test_a_burst_after_a_stall_of_ours_is_no_gap(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    recording.write(FRAME, 0.02)
    recording.write(FRAME * 49, 1.0)

    assert sound(recording.finish().path) == FRAME * 50


def test_jitter_is_not_padded(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    for number in range(1, 11):
        recording.write(FRAME, number * 0.02 + (0.15 if number % 3 else 0))

    assert sound(recording.finish().path) == FRAME * 10


def test_a_crash_loses_no_sound(tmp_path: Path) -> None:
    recording = begun(tmp_path / "before")
    recording.write(FRAME * 25 + b"\7", 0.5)  # half a sample more: cut off in the middle of a write
    recording.dtmf = "1"
    recording.note()
    root = shutil.copytree(tmp_path / "before", tmp_path / "after")
    recording.finish()

    (left,) = unfinished(root)
    call = left.finish()

    assert (call.uuid, call.started_at, call.seconds, call.dtmf) == (CALL, STARTED, 0.5, "1")
    assert sound(call.path) == FRAME * 25
    assert [again.uuid for again in unfinished(root)] == [CALL]
    left.handed_on()
    assert list(unfinished(root)) == []


def test_a_note_whose_recording_was_deleted_is_dropped(tmp_path: Path) -> None:
    begun(tmp_path).finish().path.unlink()

    assert list(unfinished(tmp_path)) == []
    assert list((tmp_path / "2026/11/21").iterdir()) == []
