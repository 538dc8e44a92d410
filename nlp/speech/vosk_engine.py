"""Vosk: recognises while the caller still speaks, on little memory, with any Vosk model folder."""

from __future__ import annotations

import json
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.speech import models
from nlp.speech.engine import RATE, Availability, Transcript, Utterance, Word
from nlp.speech.errors import ModelDamaged, NoModel
from nlp.speech.media import SAMPLE_BYTES
from nlp.speech.readable import asked, join, readable

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
        heard = [stream.feed(pcm16[start : start + step], partial=False) for start in range(0, len(pcm16), step)]
        said = tuple(utterance for utterance in [*heard, stream.pause()] if utterance)
        return Transcript(
            text=readable(join([utterance.text for utterance in said])),
            words=tuple(word for utterance in said for word in utterance.words),
            seconds=stream.seconds,
            engine=self.name,
            utterances=said,
        )

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
    """One speaker's sound on its way into the recogniser."""

    def __init__(self, recogniser: KaldiRecognizer, rate: int) -> None:
        self._recogniser = recogniser
        self._rate = rate
        self._bytes = 0
        self._number = 0
        self._began = 0.0
        self._speaking = ""

    @property
    def seconds(self) -> float:
        return self._bytes / SAMPLE_BYTES / self._rate

    def feed(self, pcm16: bytes, *, partial: bool = True) -> Utterance | None:
        """Take more sound; `partial` asks for what is heard of an utterance that goes on."""
        before = self.seconds
        self._bytes += len(pcm16)
        if self._recogniser.AcceptWaveform(pcm16):
            return self._ended(json.loads(self._recogniser.Result()))
        return self._going_on(before) if partial else None

    def pause(self) -> Utterance | None:
        return self._ended(json.loads(self._recogniser.FinalResult()))

    def _going_on(self, before: float) -> Utterance | None:
        speaking = json.loads(self._recogniser.PartialResult())["partial"]
        if speaking == self._speaking:
            return None
        if not self._speaking:
            self._began = before
        self._speaking = speaking
        return Utterance(self._number, readable(speaking), self._began, self.seconds)

    def _ended(self, result: dict[str, Any]) -> Utterance | None:
        """The utterance in its last form; empty when nothing is left of what was shown of it."""
        words = tuple(Word(word["word"], word["start"], word["end"], word["conf"]) for word in result.get("result", ()))
        if not words and not self._speaking:
            return None
        start, end = (words[0].start, words[-1].end) if words else (self._began, self.seconds)
        utterance = Utterance(self._number, asked(readable(result["text"])), start, end, words, final=True)
        self._number, self._speaking = self._number + 1, ""
        return utterance
