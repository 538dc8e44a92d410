"""One speaker of a call on the recogniser: times by the call's clock, and no work over silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nlp.speech.engine import Stream, Utterance
from nlp.speech.media import SAMPLE_BYTES

_GAP_SECONDS = 0.25
"""So much missing sound (music on hold, a telephone without its line) ends the utterance."""
_QUIET_LEVEL = 60.0
"""Root mean square, of 32768: an open line without speech; a whisper has several hundred."""
_QUIET_SECONDS = 1.2
"""So long the recogniser goes on hearing silence, which it needs to find the end of an utterance."""


class Listener:
    """Feeds a stream what is worth it and puts what is heard on the call's clock."""

    def __init__(self, stream: Stream, rate: int, number: int) -> None:
        self._stream = stream
        self._rate = rate
        self._number = number
        self._clock: float | None = None
        self._offset = 0.0
        self._quiet = 0.0

    def seconds_of(self, pcm16: bytes) -> float:
        """How long this much sound is."""
        return len(pcm16) / SAMPLE_BYTES / self._rate

    def feed(self, pcm16: bytes, at: float) -> Iterator[Utterance]:
        """Sound whose first sample stands at the second `at` of the call."""
        seconds = self.seconds_of(pcm16)
        if self._clock is not None and abs(at - self._clock) > _GAP_SECONDS:
            yield from self.pause()
        self._quiet = self._quiet + seconds if _level(pcm16) < _QUIET_LEVEL else 0.0
        if self._quiet > _QUIET_SECONDS:
            yield from self.pause()
            return
        if self._clock is None:
            self._offset = at - self._stream.seconds
        self._clock = at + seconds
        yield from self._placed(self._stream.feed(pcm16))

    def pause(self) -> Iterator[Utterance]:
        """End the utterance; the clock is read anew from the next sound."""
        if self._clock is not None:
            self._clock = None
            yield from self._placed(self._stream.pause())

    def _placed(self, heard: Utterance | None) -> Iterator[Utterance]:
        if heard is not None:
            words = tuple(
                replace(word, start=word.start + self._offset, end=word.end + self._offset) for word in heard.words
            )
            yield replace(
                heard,
                number=heard.number + self._number,
                start=heard.start + self._offset,
                end=heard.end + self._offset,
                words=words,
            )


def _level(pcm16: bytes) -> float:
    samples = np.frombuffer(pcm16, dtype="<i2").astype(np.float32)
    return float(np.sqrt(np.square(samples).mean())) if len(samples) else 0.0
