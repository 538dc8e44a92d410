"""A worker whose engine needs no model: it hears how many samples an utterance has, and a quiet piece ends it.

Started as a process of its own, like the real one: `python -m tests.nlp.speech.live.loudness [seconds a piece takes]`.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from nlp.speech.engine import RATE, Availability, Stream, Transcript, Utterance, Word
from nlp.speech.errors import NoModel
from nlp.speech.live import worker

NO_MODEL = "refuse"


class LoudnessEngine:
    """Recognises nothing but loud and quiet; each piece takes it as long as it is told."""

    name = "loudness"

    def __init__(self, cost: float) -> None:
        self._cost = cost

    def available(self) -> Availability:
        return Availability(ok=True)

    def transcribe(self, pcm16: bytes, rate: int = RATE) -> Transcript:
        raise NotImplementedError

    def rest(self) -> None:
        raise NotImplementedError

    def stream(self, rate: int = RATE) -> Stream:
        return LoudnessStream(rate, self._cost)


class RefusingEngine(LoudnessEngine):
    """Has lost its model."""

    def stream(self, rate: int = RATE) -> Stream:
        raise NoModel("The model is gone.")


class LoudnessStream:
    """One speaker: "loud 6400" for so many samples heard in the utterance."""

    def __init__(self, rate: int, cost: float) -> None:
        self._rate, self._cost = rate, cost
        self._samples = self._number = self._from = self._loud = 0

    @property
    def seconds(self) -> float:
        return self._samples / self._rate

    def feed(self, pcm16: bytes) -> Utterance | None:
        time.sleep(self._cost)
        if not np.frombuffer(pcm16, dtype="<i2").any():
            self._samples += len(pcm16) // 2
            return self.pause()
        if not self._loud:
            self._from = self._samples
        self._samples += len(pcm16) // 2
        self._loud += len(pcm16) // 2
        return self._heard(final=False)

    def pause(self) -> Utterance | None:
        if not self._loud:
            return None
        heard = self._heard(final=True)
        self._number, self._loud = self._number + 1, 0
        return heard

    def _heard(self, *, final: bool) -> Utterance:
        start, end, text = self._from / self._rate, (self._from + self._loud) / self._rate, f"loud {self._loud}"
        return Utterance(self._number, text, start, end, (Word(text, start, end, 1.0),) if final else (), final)


if __name__ == "__main__":
    engine = RefusingEngine(0.0) if sys.argv[1] == NO_MODEL else LoudnessEngine(float(sys.argv[1]))
    sys.exit(worker.serve(engine))
