"""Recordings: kept to the wall clock, whole after a crash."""

from __future__ import annotations

import hashlib
import json
import shutil
import wave
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from channels_ingest.telephony.recording import Recording, unfinished

CALL = UUID("6a1f6f0e-3c55-4d1c-9d0e-2f6a7b8c9d01")
CALLER, AGENT, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
STARTED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FRAME = np.full(320, 100, "<i2")  # 20 ms
LOW = np.full(320, -30, "<i2")


def begun(root: Path) -> Recording:
    recording = Recording(root, CALL, STARTED)
    recording.begin()
    return recording


def sides(path: Path) -> tuple[list[int], list[int]]:
    """Each frame's first sample, left and right."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 2, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return sound[::320, 0].tolist(), sound[::320, 1].tolist()


def test_a_recording_is_a_plain_wav_in_its_day_s_folder(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    for number in range(1, 51):
        recording.write(CALLER, False, FRAME.tobytes(), number * 0.02)
        recording.write(AGENT, True, LOW.tobytes(), number * 0.02)
    assert (tmp_path / f"2026/11/21/{CALL}.wav.part").exists()

    call = recording.finish()
    recording.handed_on()

    assert call.path == tmp_path / f"2026/11/21/{CALL}.wav"
    assert (call.uuid, call.started_at, call.seconds, call.dtmf) == (CALL, STARTED, 1.0, "")
    assert call.sha256 == hashlib.sha256(call.path.read_bytes()).hexdigest()
    assert sides(call.path) == ([100] * 50, [-30] * 50)
    assert list(call.path.parent.iterdir()) == [call.path]


def test_a_gap_becomes_silence_where_it_was(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    recording.write(CALLER, False, FRAME.tobytes(), 0.02)
    recording.write(CALLER, False, FRAME.tobytes(), 0.80)  # frames stop for 740 ms when a key is pressed

    call = recording.finish()

    assert call.seconds == 0.8
    assert sides(call.path) == ([100] + [0] * 38 + [100], [0] * 40)


def test_a_burst_after_a_stall_of_ours_is_no_gap(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    recording.write(CALLER, False, FRAME.tobytes(), 0.02)
    recording.write(AGENT, True, LOW.tobytes() * 50, 1.0)
    recording.write(CALLER, False, FRAME.tobytes() * 49, 1.0)

    assert sides(recording.finish().path) == ([100] * 50, [-30] * 50)


def test_jitter_is_not_padded(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    for number in range(1, 11):
        recording.write(CALLER, False, FRAME.tobytes(), number * 0.02 + (0.15 if number % 3 else 0))

    assert sides(recording.finish().path)[0] == [100] * 10


def test_two_at_the_desk_are_heard_together_on_the_right(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    recording.write(AGENT, True, LOW.tobytes() * 3, 0.06)
    recording.write(THIRD, True, FRAME.tobytes() * 2, 0.04)

    assert sides(recording.finish().path)[1] == [70, 70, -30]


def test_voices_too_loud_together_are_cut_and_do_not_wrap(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    for voice in (AGENT, THIRD):
        recording.write(voice, True, np.full(320, 30_000, "<i2").tobytes(), 0.02)

    assert sides(recording.finish().path)[1] == [32_767]


def test_who_joins_late_is_heard_from_then_on(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    recording.write(AGENT, True, LOW.tobytes(), 1.0)
    recording.reach(2.0)

    call = recording.finish()

    assert call.seconds == 2.0
    assert sides(call.path)[1] == [0] * 49 + [-30] + [0] * 50


def test_what_is_said_while_paused_is_not_on_disk(tmp_path: Path) -> None:
    recording = begun(tmp_path)
    for number in range(1, 31):
        if number == 11:
            recording.pause(0.2)
        if number == 21:
            recording.resume(0.4)
        recording.write(CALLER, False, FRAME.tobytes(), number * 0.02)

    (left,) = unfinished(tmp_path)
    assert left.pauses == [[0.2, 0.4]]
    assert sides(recording.finish().path)[0] == [100] * 10 + [0] * 10 + [100] * 10


def test_a_pause_before_the_first_sound_is_kept_to(tmp_path: Path) -> None:
    recording = Recording(tmp_path, uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    recording.pause(0.1)
    recording.resume(0.2)
    recording.pause(0.3)
    assert list(tmp_path.iterdir()) == []
    recording.begin()
    recording.write(CALLER, False, FRAME.tobytes(), 0.4)

    (left,) = unfinished(tmp_path)
    assert left.pauses == [[0.1, 0.2], [0.3]]
    assert not any(sides(recording.finish().path)[0])


def test_a_crash_loses_no_sound(tmp_path: Path) -> None:
    recording = begun(tmp_path / "before")
    recording.write(CALLER, False, FRAME.tobytes() * 25, 0.5)
    recording.dtmf = "1"
    recording.note()
    root = shutil.copytree(tmp_path / "before", tmp_path / "after")
    with next(root.rglob("*.part")).open("ab") as part:
        part.write(b"\7\7\7")  # cut off in the middle of a write
    recording.finish()

    (left,) = unfinished(root)
    call = left.finish()

    assert (call.uuid, call.started_at, call.seconds, call.dtmf) == (CALL, STARTED, 0.5, "1")
    assert sides(call.path) == ([100] * 25, [0] * 25)
    assert [again.uuid for again in unfinished(root)] == [CALL]
    left.handed_on()
    assert list(unfinished(root)) == []


def test_a_recording_of_one_channel_that_an_earlier_version_left_is_adopted(tmp_path: Path) -> None:
    folder = tmp_path / "2026/11/21"
    folder.mkdir(parents=True)
    (folder / f"{CALL}.json").write_text(
        json.dumps({"started_at": STARTED.isoformat(), "dtmf": "12", "rate": 8_000}), encoding="utf-8"
    )
    (folder / f"{CALL}.wav.part").write_bytes(bytes(44) + FRAME.tobytes() * 25)

    (left,) = unfinished(tmp_path)
    call = left.finish()

    assert (call.seconds, call.dtmf) == (1.0, "12")
    with wave.open(str(call.path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8_000, 1, 8_000)
        assert file.readframes(8_000) == FRAME.tobytes() * 25


def test_a_note_whose_recording_was_deleted_is_dropped(tmp_path: Path) -> None:
    begun(tmp_path).finish().path.unlink()

    assert list(unfinished(tmp_path)) == []
    assert list((tmp_path / "2026/11/21").iterdir()) == []


@pytest.mark.parametrize("torn", ["", '{"started_at": "2026-11-2', "[]", '{"dtmf": ""}'])
def test_a_call_whose_note_was_torn_is_taken_from_its_sound(tmp_path: Path, torn: str) -> None:
    recording = begun(tmp_path)
    recording.write(CALLER, False, FRAME.tobytes() * 5, 0.1)
    note = next(tmp_path.rglob("*.json"))
    assert note.stat().st_mode & 0o777 == 0o600
    note.write_text(torn, encoding="utf-8")

    (left,) = unfinished(tmp_path)
    call = left.finish()

    assert (call.uuid, call.started_at.date(), call.seconds) == (CALL, STARTED.date(), 0.1)
    assert sides(call.path) == ([100] * 5, [0] * 5)
    left.handed_on()
    assert list(unfinished(tmp_path)) == []


def test_a_note_that_is_none_of_ours_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "2026/11/21"
    folder.mkdir(parents=True)
    (folder / "strange.json").write_text("{}", encoding="utf-8")
    (folder / "strange.wav").write_bytes(b"")
    begun(tmp_path)

    assert [left.uuid for left in unfinished(tmp_path)] == [CALL]
