"""The recording of a call into text: each side by itself, so that nobody's words are put into another's mouth."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.speech.engine import RATE, Engine, Utterance, Word
from nlp.speech.errors import Undecodable
from nlp.speech.media import SAMPLE_BYTES
from nlp.speech.pieces import pieces

SIDES = ("caller", "agent")
"""Left and right of a recording."""


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance of one side: 0 is the left channel."""

    side: int
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class CallTranscript:
    """What both sides said, in the order in which they began, and who recognised it."""

    said: tuple[Said, ...]
    seconds: float
    engine: str


def is_call(path: Path) -> bool:
    """Whether a file is the recording of both sides of a call."""
    try:
        with wave.open(str(path)) as file:
            return (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, SAMPLE_BYTES)
    except (wave.Error, EOFError, OSError):
        return False


def transcribe_call(path: Path, engine: Engine) -> CallTranscript:
    """Recognise a PCM recording at 16 kHz side by side, piece by piece: a call of hours must fit into memory."""
    frames = _frames(path)
    said = [
        Said(side, utterance) for side in range(frames.shape[1]) for utterance in _utterances(frames[:, side], engine)
    ]
    ordered = tuple(sorted(said, key=lambda one: (one.utterance.start, one.side)))
    return CallTranscript(ordered, len(frames) / RATE, engine.name)


def _frames(path: Path) -> npt.NDArray[np.int16]:
    """The samples on disk, a row for each moment and a column for each side; of one that was cut off what is there."""
    try:
        with path.open("rb") as raw, wave.open(raw) as file:
            start = raw.tell()  # the header has been read up to the samples; other chunks may come behind them
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            count = min(file.getnframes(), (path.stat().st_size - start) // (channels * width))
    except (wave.Error, EOFError) as error:
        raise Undecodable(f"{path.name} is not a recording in PCM: {error}.") from error
    if (rate, width) != (RATE, SAMPLE_BYTES):
        raise Undecodable(f"{path.name} is not a recording of 16 bit at {RATE} Hz.")
    if not count:
        return np.zeros((0, channels), np.int16)
    return np.memmap(path, "<i2", "r", offset=start, shape=(count, channels))


def _utterances(samples: npt.NDArray[np.int16], engine: Engine) -> Iterator[Utterance]:
    offset = 0.0
    for piece in pieces(samples, RATE):
        if piece.any():
            for utterance in engine.transcribe(piece.tobytes()).utterances:
                yield _later(utterance, offset)
        offset += len(piece) / RATE


def _later(utterance: Utterance, seconds: float) -> Utterance:
    words = tuple(
        Word(word.text, word.start + seconds, word.end + seconds, word.confidence) for word in utterance.words
    )
    return replace(utterance, start=utterance.start + seconds, end=utterance.end + seconds, words=words)
