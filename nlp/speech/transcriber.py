"""From a voice file to its text, with one engine loaded when needed and let go when idle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

from nlp.speech.engine import Engine, Transcript
from nlp.speech.engines import choose
from nlp.speech.media import decode
from nlp.speech.settings import SpeechSettings


class Transcriber:
    """One recognition at a time: the engine uses all of its threads, and its memory is paid once."""

    def __init__(
        self, settings: SpeechSettings, chooser: Callable[[SpeechSettings], Engine] = choose
    ) -> None:
        self._settings = settings
        self._choose = chooser
        self._engine: Engine | None = None
        self._busy = threading.Lock()
        self._idle: threading.Timer | None = None

    @property
    def loaded(self) -> bool:
        """Whether an engine is in memory now."""
        return self._engine is not None

    def transcribe(self, data: bytes, hint: str | None = None) -> Transcript:
        """Recognise a voice file; raises NoModel, Undecodable or TooLong."""
        sound = decode(data, hint, self._settings.limits)
        with self._busy:
            engine = self._engine or self._choose(self._settings)
            transcript = engine.transcribe(sound.samples)
            self._engine = engine
            self._wait_for_more()
            return transcript

    def unload(self) -> None:
        """Give the engine's memory back; the next recognition loads it again."""
        with self._busy:
            self._engine = None
            self._stop_waiting()

    def _wait_for_more(self) -> None:
        self._stop_waiting()
        self._idle = threading.Timer(self._settings.idle_seconds, self.unload)
        self._idle.daemon = True
        self._idle.start()

    def _stop_waiting(self) -> None:
        if self._idle:
            self._idle.cancel()


def transcribe(data: bytes, hint: str | None, settings: SpeechSettings) -> Transcript:
    """Recognise a voice file with this process's transcriber; raises NoModel, Undecodable or TooLong."""
    return _transcriber(settings).transcribe(data, hint)


@cache
def _transcriber(settings: SpeechSettings) -> Transcriber:
    return Transcriber(settings)
