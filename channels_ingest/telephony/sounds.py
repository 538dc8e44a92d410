"""What callers are played: the spoken words of this package, tones, and music while they wait."""

from __future__ import annotations

import asyncio
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from channels_ingest.telephony.legs import FRAME_BYTES, FRAME_SECONDS, RATE, SILENCE
from channels_ingest.telephony.rates import resampled

WORDS = Path(__file__).with_name("words")
"""Sound files of sentences, made from `words.json` beside them by scripts/synthesise."""

_LINE_HERTZ = 450  # of every tone of the Chinese telephone network
_LEVEL = 6000
_NOTES = (523.25, 587.33, 659.25, 783.99, 880.0)  # the five notes of gong, shang, jue, zhi, yu
_TUNE = (2, 3, 4, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 0, 1, 3, 4, 3, 2, 1, 2, 0)
_NOTE_SECONDS = 0.6


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound cut into frames."""

    frames: tuple[bytes, ...]

    @property
    def seconds(self) -> float:
        return len(self.frames) * FRAME_SECONDS

    @classmethod
    def of(cls, pcm16: bytes) -> Clip:
        """Any sound, filled up with silence to whole frames."""
        padded = pcm16 + bytes(-len(pcm16) % FRAME_BYTES)
        return cls(tuple(padded[at : at + FRAME_BYTES] for at in range(0, len(padded), FRAME_BYTES)))

    @classmethod
    def from_wav(cls, path: Path) -> Clip:
        """A 16-bit mono WAV of any rate."""
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise ValueError(f"{path} is not 16-bit mono.")
            return cls.of(resampled(file.readframes(file.getnframes()), file.getframerate(), RATE))


class Player:
    """A clip being played to somebody."""

    def __init__(self, clip: Clip, loop: bool, done: asyncio.Future[None]) -> None:
        self.done = done
        self._clip = clip
        self._loop = loop
        self._next = 0

    @property
    def finished(self) -> bool:
        return self.done.done()

    def next(self) -> bytes:
        """One frame; after the last one the player is finished, or begins again."""
        frame = self._clip.frames[self._next] if self._clip.frames else SILENCE
        self._next += 1
        if self._next >= len(self._clip.frames):
            self._next = 0
            if not self._loop and not self.done.done():
                self.done.set_result(None)
        return frame


@cache
def words(name: str) -> Clip:
    """A sentence of this package."""
    return Clip.from_wav(WORDS / f"{name}.wav")


@cache
def tone(on: float, off: float = 0.0) -> Clip:
    """The network's tone, on and off: ring-back is 1 s of 5 s, busy is 0.35 s of 0.7 s."""
    return Clip.of(_pcm(_sine(_LINE_HERTZ, on)) + bytes(round(off * RATE) * 2))


def ring_back() -> Clip:
    """What a caller hears while somebody is rung."""
    return tone(1.0, 4.0)


def busy() -> Clip:
    """What a caller hears when nobody can be reached."""
    return tone(0.35, 0.35)


def beep() -> Clip:
    """Before a message is spoken, or when a call is connected."""
    return tone(0.4)


@cache
def music() -> Clip:
    """A quiet tune of our own for who waits or is held."""
    return Clip.of(_pcm(np.concatenate([_plucked(_NOTES[note]) for note in _TUNE])) + bytes(RATE))


def _sine(hertz: float, seconds: float) -> NDArray[np.float64]:
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE) * _faded(seconds)


def _faded(seconds: float) -> NDArray[np.float64]:
    """A level that begins and ends softly: an edge is heard as a click."""
    count, edge = round(seconds * RATE), RATE // 200
    ramp = np.minimum(np.arange(count), np.arange(count)[::-1]) / edge
    return np.minimum(ramp, 1.0)


def _plucked(hertz: float) -> NDArray[np.float64]:
    fading = np.exp(-np.arange(round(_NOTE_SECONDS * RATE)) / RATE * 3)
    voices = [_sine(hertz * part, _NOTE_SECONDS) / part for part in (1, 2)]
    return sum(voices[1:], start=voices[0]) * fading * 0.6


def _pcm(wave_form: NDArray[np.float64]) -> bytes:
    sound: bytes = (wave_form * _LEVEL).astype("<i2").tobytes()
    return sound
