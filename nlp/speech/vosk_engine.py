"""Vosk: recognises while the caller still speaks, on little memory, with any Vosk model folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.speech import models
from nlp.speech.engine import RATE, Availability, Partial, Transcript, Word
from nlp.speech.errors import ModelDamaged, NoModel
from nlp.speech.media import SAMPLE_BYTES
from nlp.speech.readable import join, readable

if TYPE_CHECKING:
    from vosk import KaldiRecognizer, Model

_FEED_SECONDS = 0.4
_SILENT = -1


class VoskEngine:
    """Recognises with a Kaldi model in Vosk's folder layout."""

    name = "vosk"

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._model: Model | None = None
        self._loading = threading.Lock()

    def available(self) -> Availability:
        if find_spec("vosk") is None:
            return Availability(False, "The package vosk is not installed.")
        return models.vosk_availability(self._models_dir)

    def transcribe(self, pcm16: bytes, rate: int = RATE) -> Transcript:
        stream = self.stream(rate)
        step = int(_FEED_SECONDS * rate) * SAMPLE_BYTES
        for start in range(0, len(pcm16), step):
            stream.feed(pcm16[start : start + step])
        return stream.finish()

    def stream(self, rate: int = RATE) -> VoskStream:
        model = self._loaded()
        from vosk import KaldiRecognizer

        recogniser = KaldiRecognizer(model, rate)
        recogniser.SetWords(True)
        return VoskStream(recogniser, rate)

    def rest(self) -> None:
        with self._loading:
            self._model = None

    def _loaded(self) -> Model:
        with self._loading:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Model:
        available = self.available()
        if not available.ok:
            raise NoModel(str(available))
        folder = models.vosk_folder(self._models_dir)
        import vosk

        vosk.SetLogLevel(_SILENT)
        try:
            return vosk.Model(model_path=str(folder))
        except Exception as error:  # vosk raises nothing more exact
            raise ModelDamaged(f"{folder} is not a Vosk model that can be loaded.") from error


class VoskStream:
    """One caller's sound on its way into the recogniser."""

    def __init__(self, recogniser: KaldiRecognizer, rate: int) -> None:
        self._recogniser = recogniser
        self._rate = rate
        self._bytes = 0
        self._utterances: list[dict[str, Any]] = []
        self._last_partial = ""

    def feed(self, pcm16: bytes) -> Partial | None:
        self._bytes += len(pcm16)
        if self._recogniser.AcceptWaveform(pcm16):
            self._keep(self._recogniser.Result())
            return self._partial("")
        return self._partial(json.loads(self._recogniser.PartialResult())["partial"])

    def finish(self) -> Transcript:
        self._keep(self._recogniser.FinalResult())
        return Transcript(
            text=readable(join([utterance["text"] for utterance in self._utterances])),
            words=tuple(word for utterance in self._utterances for word in _words(utterance)),
            seconds=self._bytes / SAMPLE_BYTES / self._rate,
            engine=VoskEngine.name,
        )

    def _keep(self, result: str) -> None:
        utterance = json.loads(result)
        if utterance["text"]:
            self._utterances.append(utterance)

    def _partial(self, speaking: str) -> Partial | None:
        heard = readable(join([*(utterance["text"] for utterance in self._utterances), speaking]))
        if heard == self._last_partial:
            return None
        self._last_partial = heard
        return Partial(heard)


def _words(utterance: dict[str, Any]) -> Iterator[Word]:
    for word in utterance.get("result", ()):
        yield Word(word["word"], word["start"], word["end"], word["conf"])
