"""From a voice file to its text, with one engine loaded when needed and at rest when idle."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from nlp.speech.calls import CallTranscript, transcribe_call
from nlp.speech.engine import Engine, Transcript
from nlp.speech.engines import choose
from nlp.speech.media import decode
from nlp.speech.settings import SpeechSettings


class Transcriber:
    """One recognition at a time: the engine uses all of its threads, and its memory is paid once."""

    def __init__(self, settings: SpeechSettings, chooser: Callable[[SpeechSettings], Engine] = choose) -> None:
        self._settings = settings
        self._choose = chooser
        self._engine: Engine | None = None
        self._busy = threading.Lock()
        self._idle: threading.Timer | None = None

    def transcribe(self, data: bytes, hint: str | None = None) -> Transcript:
        """Recognise a voice file; raises NoModel, Undecodable or TooLong."""
        sound = decode(data, hint, self._settings.limits)
        with self._working() as engine:
            return engine.transcribe(sound.samples)

    def transcribe_call(self, recording: Path) -> CallTranscript:
        """Recognise both sides of a call's recording; raises NoModel or Undecodable."""
        with self._working() as engine:
            return transcribe_call(recording, engine)

    def rest(self) -> None:
        """Give the engine's memory back; the next recognition loads it again."""
        with self._busy:
            self._stop_waiting()
            if self._engine is not None:
                self._engine.rest()
                _trim_heap()

    @contextmanager
    def _working(self) -> Iterator[Engine]:
        """The engine for one recognition; its memory is given back after a while, also when that fails."""
        with self._busy:
            engine = self._loaded()
            try:
                yield engine
            finally:
                self._wait_for_more()

    def _loaded(self) -> Engine:
        if self._engine is None:
            self._engine = self._choose(self._settings)
        return self._engine

    def _wait_for_more(self) -> None:
        self._stop_waiting()
        self._idle = threading.Timer(self._settings.idle_seconds, self.rest)
        self._idle.daemon = True
        self._idle.start()

    def _stop_waiting(self) -> None:
        if self._idle:
            self._idle.cancel()


def transcribe(data: bytes, hint: str | None, settings: SpeechSettings) -> Transcript:
    """Recognise a voice file with this process's transcriber; raises NoModel, Undecodable or TooLong."""
    return _transcriber(settings).transcribe(data, hint)


def transcribe_recording(recording: Path, settings: SpeechSettings) -> CallTranscript:
    """Recognise a call's recording with this process's transcriber; raises NoModel or Undecodable."""
    return _transcriber(settings).transcribe_call(recording)


@cache
def _transcriber(settings: SpeechSettings) -> Transcriber:
    return Transcriber(settings)


def _trim_heap() -> None:
    """What a model leaves behind goes to the system only when glibc is asked; elsewhere it goes by itself."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
