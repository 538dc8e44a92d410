"""The recording of a call into text: sides apart, in order, piece by piece."""

from __future__ import annotations

import struct
import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from nlp.speech.calls import is_call, transcribe_call
from nlp.speech.engine import RATE, Availability, Transcript, Utterance, Word
from nlp.speech.errors import Undecodable
from tests.nlp.speech.sounds import silence, tone


@dataclass
class LevelEngine:
    """Hears one utterance for each stretch of sound, named by its level."""

    name: str = "level"
    heard: list[float] = field(default_factory=list)

    def available(self) -> Availability:
        return Availability(ok=True)

    def rest(self) -> None:
        raise NotImplementedError

    def transcribe(self, pcm16: bytes, rate: int = RATE) -> Transcript:
        samples = np.frombuffer(pcm16, "<i2")
        self.heard.append(len(samples) / rate)
        loud = np.flatnonzero(samples)
        if not len(loud):
            return Transcript("", (), len(samples) / rate, self.name)
        start, end, text = float(loud[0] / rate), float(loud[-1] / rate), str(abs(samples).max())
        word = Word(text, start, end, 1.0)
        said = Utterance(0, text, start, end, (word,), final=True)
        return Transcript(text, (word,), len(samples) / rate, self.name, (said,))


def recorded(path: Path, *sides: np.ndarray[tuple[int], np.dtype[np.int16]], rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(sides))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.stack(sides, axis=1).astype("<i2").tobytes())
    return path


def test_sides_are_heard_apart_and_told_in_order(tmp_path: Path) -> None:
    caller = np.concatenate([silence(2.0, RATE), tone(1.0, RATE)])
    agent = np.concatenate([tone(1.0, RATE) // 2, silence(2.0, RATE)])

    heard = transcribe_call(recorded(tmp_path / "call.wav", caller, agent), LevelEngine())

    assert [(said.side, said.utterance.text, round(said.utterance.start, 1)) for said in heard.said] == [
        (1, "4000", 0.0),
        (0, "8000", 2.0),
    ]
    assert (heard.seconds, heard.engine) == (3.0, "level")


def test_a_long_call_is_heard_piece_by_piece_with_times_in_the_whole(tmp_path: Path) -> None:
    caller = np.concatenate([silence(100.0, RATE), tone(1.0, RATE), silence(24.0, RATE), tone(1.0, RATE)])
    engine = LevelEngine()

    heard = transcribe_call(recorded(tmp_path / "call.wav", caller, np.zeros_like(caller)), engine)

    assert [round(said.utterance.start, 2) for said in heard.said] == [100.0, 125.0]
    assert [round(said.utterance.words[0].start, 2) for said in heard.said] == [100.0, 125.0]
    assert sum(engine.heard) <= 126.0  # the silent side was not recognised
    assert max(engine.heard) <= 120.0


def test_a_call_without_sound_says_nothing(tmp_path: Path) -> None:
    empty = np.zeros(0, np.int16)

    assert transcribe_call(recorded(tmp_path / "call.wav", empty, empty), LevelEngine()).said == ()


def test_only_a_recording_of_two_sides_is_a_call(tmp_path: Path) -> None:
    sound = tone(0.1, RATE)
    assert is_call(recorded(tmp_path / "call.wav", sound, sound))
    assert not is_call(recorded(tmp_path / "voice.wav", sound))
    assert not is_call(recorded(tmp_path / "narrow.wav", sound, sound, rate=8_000))
    (tmp_path / "voice.amr").write_bytes(b"#!AMR")
    assert not is_call(tmp_path / "voice.amr")
    assert not is_call(tmp_path / "absent.wav")


def test_what_is_no_recording_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_bytes(b"no sound")
    with pytest.raises(Undecodable, match="not a recording in PCM"):
        transcribe_call(tmp_path / "text.wav", LevelEngine())
    with pytest.raises(Undecodable, match="16 bit at 16000 Hz"):
        transcribe_call(recorded(tmp_path / "narrow.wav", tone(0.1, 8_000), rate=8_000), LevelEngine())


def test_samples_are_found_whatever_stands_behind_them_and_what_is_cut_off_is_not_missed(tmp_path: Path) -> None:
    caller, agent = tone(1.0, RATE), tone(1.0, RATE) // 2
    path = recorded(tmp_path / "call.wav", caller, agent)
    whole = path.read_bytes()
    expected = [(0, "8000", 1.0), (1, "4000", 1.0)]

    def heard() -> list[tuple[int, str, float]]:
        said = transcribe_call(path, LevelEngine()).said
        return [(one.side, one.utterance.text, round(one.utterance.end, 1)) for one in said]

    path.write_bytes(whole + b"LIST" + struct.pack("<I", 6) + b"INFOab")
    assert heard() == expected
    path.write_bytes(whole[: len(whole) // 2 + 1])  # the machine went down; the header promises more than there is
    assert heard() == [(side, text, 0.5) for side, text, _end in expected]
