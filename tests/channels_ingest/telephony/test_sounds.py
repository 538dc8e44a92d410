"""What callers are played: every sentence has its sound, the sample calls have theirs, tones are the network's."""

from __future__ import annotations

import asyncio
import json
import wave
from pathlib import Path

import numpy as np
import pytest

from channels_ingest.telephony import sounds
from channels_ingest.telephony.legs import FRAME_BYTES, SILENCE
from hotline.demo import simulate

CALLS = Path(simulate.__file__).parents[1] / "calls"


def spoken() -> list[Path]:
    sentences = json.loads((sounds.WORDS / "words.json").read_text(encoding="utf-8"))
    calls = json.loads((CALLS / "calls.json").read_text(encoding="utf-8"))
    return [sounds.WORDS / f"{name}.wav" for name in sentences] + [CALLS / call["file"] for call in calls]


@pytest.mark.parametrize("path", spoken(), ids=lambda path: path.stem)
def test_a_sentence_has_its_sound_for_a_telephone_line(path: Path) -> None:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8_000, 1, 2)
        loudness = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    assert np.abs(loudness).max() == 20_000
    assert 1.5 < sounds.Clip.from_wav(path).seconds < 20


def test_no_sound_is_without_words() -> None:
    assert {path.name for path in [*sounds.WORDS.glob("*.wav"), *CALLS.glob("*.wav")]} == {p.name for p in spoken()}


def test_there_are_a_dozen_calls_by_callers_of_their_own() -> None:
    calls = json.loads((CALLS / "calls.json").read_text(encoding="utf-8"))
    assert len({call["from"] for call in calls}) == len({call["words"] for call in calls}) == 12


def test_any_sound_is_cut_into_whole_frames() -> None:
    clip = sounds.Clip.of(b"\1\0" * 321)
    assert clip.frames == (b"\1\0" * 320, b"\1\0" + SILENCE[2:])
    assert clip.seconds == 0.04


def test_a_stereo_file_is_not_taken_for_a_caller(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "stereo.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
    with pytest.raises(ValueError, match="not 16-bit mono"):
        sounds.Clip.from_wav(tmp_path / "stereo.wav")


def test_ring_back_is_a_second_of_450_hertz_in_five() -> None:
    pcm = np.frombuffer(b"".join(sounds.ring_back().frames), "<i2").astype(float)
    assert len(pcm) == 5 * 16_000
    assert np.argmax(np.abs(np.fft.rfft(pcm[:16_000]))) == 450
    assert not pcm[16_000:].any()


def test_music_is_quiet_and_never_cut_off() -> None:
    pcm = np.frombuffer(b"".join(sounds.music().frames), "<i2").astype(int)
    assert 1_000 < np.abs(pcm).max() < 12_000
    assert not pcm[-4_000:].any()
    assert {len(frame) for frame in sounds.music().frames} == {FRAME_BYTES}


def test_a_player_ends_or_begins_again() -> None:
    async def played(loop: bool) -> tuple[list[int], bool]:
        player = sounds.Player(
            sounds.Clip.of(b"\1\0" * 320 + b"\2\0" * 320), loop, asyncio.get_running_loop().create_future()
        )
        return [player.next()[0] for _ in range(4)], player.finished

    assert asyncio.run(played(loop=True)) == ([1, 2, 1, 2], False)
    assert asyncio.run(played(loop=False))[1] is True
